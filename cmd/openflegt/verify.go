package main

import (
	"context"
	"fmt"

	"github.com/openflegt/openflegt/internal/registry"
)

// verifyCommand holds the whole registry against its event log.
type verifyCommand struct{ Place }

// Help says what it looks at.
func (verifyCommand) Help() string {
	return `Reads the whole registry, while it is in use or not, and replays the event log:
event numbers without gaps, rows as their last event left them, search columns,
the ledger of quantities and its balances, attachments and mails by their hashes.
Prints a line for everything that does not agree, and then exits with status 1.`
}

// Run verifies and prints what does not agree.
func (c *verifyCommand) Run(s streams) error {
	ctx := context.Background()
	db, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close()
	tell, end := s.progress("verify")
	v, err := registry.Verify(ctx, db, tell)
	end()
	if err != nil {
		return err
	}
	for _, d := range v.Disagreements {
		fmt.Fprintln(s.Out, d)
	}
	fmt.Fprintf(s.Out, "%d events, %d rows, %d movements, %d mails, %d attachments\n", v.Events, v.Rows, v.Movements, v.Mails, v.Scans)
	if n := len(v.Disagreements); n > 0 {
		return failed{exitFailed, fmt.Errorf("%d things do not agree", n)}
	}
	fmt.Fprintln(s.Out, "everything agrees")
	return nil
}
