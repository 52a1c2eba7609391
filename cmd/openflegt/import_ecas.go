package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/notice"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/wording"
)

// importEcasCommand brings earlier ECAS accounts over: they are the same EU Login account
// (the letter, L1).
type importEcasCommand struct {
	Place
	File    string `arg:"" help:"CSV file with the columns user_name, email, first_name, last_name and, where there are any, lang and hash." type:"existingfile"`
	Yes     bool   `help:"Do it. Without this flag the command only says what it would do."`
	Tell    bool   `help:"Mail those who need a password; the running program sends the letters."`
	BaseURL string `name:"base-url" placeholder:"URL" env:"OPENFLEGT_BASE_URL" help:"Address of the pages, for links in letters; needed with --tell."`
	Support string `name:"support-address" default:"sante-traces@ec.europa.eu" env:"OPENFLEGT_SUPPORT_ADDRESS" help:"The Support Team's address, named in letters."`
}

// Help says what becomes of a row.
func (importEcasCommand) Help() string {
	return `An account with the same address is the same account and gets the user name; its
password stays. Others are made. A hash that we understand keeps working; whoever has none
sets a password by mail. The same import twice changes nothing twice. A row that cannot be
taken is named, and the exit status is then 1.`
}

// Run reads the file and imports it.
func (c *importEcasCommand) Run(s streams) (err error) {
	if c.Tell && c.BaseURL == "" {
		return failed{exitUsage, errors.New("--tell needs --base-url, for the links in the letters")}
	}
	file, err := os.Open(filepath.Clean(c.File))
	if err != nil {
		return err
	}
	defer file.Close()
	rows, err := identity.ReadEcas(file)
	if err != nil {
		return say(err)
	}
	ctx := context.Background()
	db, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	accounts, err := c.accounts(db, quiet(s.Err))
	if err != nil {
		return err
	}
	counts, done := map[identity.EcasFate]int{}, 0
	tell, end := s.progress("accounts")
	err = accounts.ImportEcas(ctx, rows, identity.EcasImport{By: flegt.TheSystem(), DryRun: !c.Yes, Tell: c.Tell, Each: func(r identity.EcasResult) {
		counts[r.Fate]++
		done++
		tell(done, len(rows))
		if r.Why != nil {
			fmt.Fprintf(s.Err, "line %d, %s: %v\n", r.Row.Line, r.Row.UserName, say(r.Why))
		}
	}})
	end()
	if err != nil {
		return say(err)
	}
	fmt.Fprintf(s.Out, "%d created, %d linked, %d unchanged, %d refused\n", counts[identity.EcasCreated], counts[identity.EcasLinked], counts[identity.EcasUnchanged], counts[identity.EcasRefused])
	if !c.Yes {
		sayDryRun(s)
	}
	if n := counts[identity.EcasRefused]; n > 0 {
		return fmt.Errorf("%d rows were refused", n)
	}
	return nil
}

// accounts opens the room of accounts, with a way to put letters into the outbox.
func (c *importEcasCommand) accounts(db *store.DB, logger *slog.Logger) (*identity.Identity, error) {
	catalog, err := wording.New(wording.Options{})
	if err != nil {
		return nil, err
	}
	ref, err := referenceIn(db.Dir())
	if err != nil {
		return nil, err
	}
	letters := notice.New(notice.Options{DB: db, Catalog: catalog, Reference: ref, Logger: logger, BaseURL: c.BaseURL, SupportAddress: c.Support})
	return identity.New(identity.Options{DB: db, Logger: logger, BaseURL: c.BaseURL, Post: func(tx *store.Tx, l identity.Mailing) error {
		return letters.PostAccount(tx, string(l.Kind), l.Account, l.To, l.Link, l.Hours, l.Secret)
	}})
}
