package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// serveCommand runs the registry.
type serveCommand struct{ Config }

// garbage is how much more memory may be taken before it is looked through for what is not
// needed any more, in percent of what is: the registry keeps little, and with Go's 100 it would
// look many times a second under load.
const garbage = 300

// Run serves until the program is told to stop.
func (c *serveCommand) Run(s streams) error {
	if c.Data == "" {
		c.Data = defaultData
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	m := &Main{Config: c.Config, Stderr: s.Err}
	return m.runUntilSignal(func() { fmt.Fprintf(s.Out, "OpenFLEGT is at %s\n", m.Address()) })
}

// runUntilSignal starts, tells, waits for SIGTERM or SIGINT, and stops gracefully. A second
// signal ends the program at once.
func (m *Main) runUntilSignal(started func()) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := m.Start(ctx); err != nil {
		return err
	}
	started()
	err := m.Wait(ctx)
	stop()
	if closing := m.Stop(); err == nil {
		err = closing
	}
	return err
}
