package main

import (
	"fmt"
	"os"
	"path/filepath"
)

// demoCommand runs the registry with made-up people, companies and licences.
type demoCommand struct{ Config }

// Run serves until the program is told to stop.
func (c *demoCommand) Run(s streams) error {
	if c.Data == "" {
		c.Data = filepath.Join(os.TempDir(), "openflegt-demo")
	}
	m := &Main{Config: c.Config, Stderr: s.Err, Demo: true}
	return m.runUntilSignal(func() { fmt.Fprintf(s.Out, "OpenFLEGT is at %s\n", m.Address()) })
}
