package main

import (
	"context"
	"errors"
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

// room is how many bytes more than four times what is alive may be taken before memory is looked
// through. A page takes up to one MB and lets go of it; with the little that is alive one page in
// thirty would meet a collection, which takes both processors for some milliseconds.
const room = 64 << 20

// makeRoom keeps something that counts as alive and is never touched, so that the system gives it
// no memory. What starting has left is given back before.
func makeRoom() {
	debug.FreeOSMemory()
	unused = make([]byte, room/(1+garbage/100))
}

var unused []byte

// Run serves until the program is told to stop.
func (c *serveCommand) Run(s streams) error {
	if c.Data == "" {
		c.Data = defaultData
	}
	own := os.Getenv("GOGC") == ""
	if own {
		debug.SetGCPercent(garbage)
	}
	m := &Main{Config: c.Config, Stderr: s.Err}
	return m.runUntilSignal(func() {
		fmt.Fprintf(s.Out, "OpenFLEGT is at %s\n", m.Address())
		if own {
			go makeRoom()
		}
	})
}

// runUntilSignal starts, tells, waits for SIGTERM or SIGINT, and stops gracefully. A second
// signal ends the program at once.
func (m *Main) runUntilSignal(started func()) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := m.Start(ctx); err != nil {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) { // what is left is done at the next start
			return nil
		}
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
