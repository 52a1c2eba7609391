package main

import (
	"context"
	"fmt"
)

// backupCommand copies the registry while it is in use.
type backupCommand struct {
	Place
	To string `arg:"" name:"dir" help:"Folder to copy into. It becomes a data folder like any other; an older copy in it is brought up to date."`
}

// Run copies.
func (c *backupCommand) Run(s streams) error {
	ctx := context.Background()
	db, err := c.open(ctx, s)
	if err != nil {
		return err
	}
	defer db.Close()
	tell, end := s.progress("backup")
	err = db.Backup(ctx, c.To, tell)
	end()
	if err != nil {
		return err
	}
	fmt.Fprintf(s.Out, "copied to %s\n", c.To)
	if db.Postgres() {
		fmt.Fprintln(s.Out, "The database itself is copied by pg_dump, which must run before this.")
	}
	return nil
}
