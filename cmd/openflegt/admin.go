package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// adminCommand is what the host does at the machine itself.
type adminCommand struct {
	Grant adminGrantCommand `cmd:"" help:"Give an account a role."`
	End   adminEndCommand   `cmd:"" help:"End a role that an account holds."`
}

// order is what giving and ending a role have in common.
type order struct {
	Place
	Email  string `required:"" placeholder:"ADDRESS" help:"Address of the account."`
	Role   string `required:"" placeholder:"ROLE" help:"operator, competent_authority, customs, support, licensing_authority or observer."`
	Body   string `placeholder:"BODY" help:"What the role is for: CA-DK, CUSTOMS-DK, LA-ID or an operator's id; nothing for support and observer."`
	Reason string `placeholder:"WORDS" help:"Why, for the record."`
	Yes    bool   `help:"Do it. Without this flag the command only says what it would do."`
}

func (o order) order() registry.HostOrder {
	return registry.HostOrder{Email: o.Email, Role: flegt.Role(o.Role), Body: o.Body, User: machineUser(), Reason: o.Reason, DryRun: !o.Yes}
}

// adminGrantCommand gives an account a role.
type adminGrantCommand struct{ order }

// Run gives it.
func (c *adminGrantCommand) Run(s streams) error {
	return c.give(s, "gets", (*registry.Office).Grant)
}

// adminEndCommand ends a role.
type adminEndCommand struct{ order }

// Run ends it.
func (c *adminEndCommand) Run(s streams) error {
	return c.give(s, "no longer holds", (*registry.Office).EndGrant)
}

func (o order) give(s streams, verb string, do func(*registry.Office, context.Context, registry.HostOrder) (flegt.Authorisation, error)) error {
	if !slices.Contains(flegt.Roles, flegt.Role(o.Role)) {
		return failed{exitUsage, fmt.Errorf("there is no role %q (%s)", o.Role, roleWords())}
	}
	ctx := context.Background()
	db, office, err := o.office(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close()
	z, err := do(office, ctx, o.order())
	if err != nil {
		return say(err)
	}
	fmt.Fprintf(s.Out, "%s %s the role %s for %s.\n", o.Email, verb, z.Role, z.Body)
	if !o.Yes {
		sayDryRun(s)
	}
	return nil
}

func sayDryRun(s streams) {
	fmt.Fprintln(s.Out, "Nothing was changed. Give --yes to do it.")
}

func roleWords() string {
	words := make([]string, len(flegt.Roles))
	for i, r := range flegt.Roles {
		words[i] = string(r)
	}
	return strings.Join(words, ", ")
}
