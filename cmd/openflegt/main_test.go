package main

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"openflegt": main})
}

// TestScripts runs the scripts of testdata against the program itself.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:  "testdata",
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"begin": begin, "tamper": tamper, "status": status},
		Setup: func(e *testscript.Env) error {
			e.Setenv("TMPDIR", e.WorkDir)
			return nil
		},
	})
}

// TestManual finds settings without a comment, an environment variable or a place in the
// printed settings file.
func TestManual(t *testing.T) {
	var c commands
	k, err := newParser(&c, streams{nil, os.Stdout, os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, flag := range settings(k) {
		if flag.Name == "help" {
			continue
		}
		n++
		if flag.Help == "" || len(flag.Envs) != 1 || flag.PlaceHolder == "" {
			t.Errorf("--%s: help %q, environment %v, placeholder %q", flag.Name, flag.Help, flag.Envs, flag.PlaceHolder)
		}
	}
	if n < 10 {
		t.Errorf("%d settings", n)
	}
}

// begin makes an empty registry in a folder, as the first start of the program does.
func begin(ts *testscript.TestScript, _ bool, args []string) {
	m := &Main{Config: Config{Listen: "127.0.0.1:0", SMTP: "off", LogLevel: "error", Place: Place{Data: ts.MkAbs(args[0])}}}
	ts.Check(m.Start(context.Background()))
	ts.Check(m.Stop())
}

// tamper changes a registry behind the program's back.
func tamper(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", filepath.Join(ts.MkAbs(args[0]), "openflegt.db"))
	ts.Check(err)
	_, err = db.Exec(args[1])
	ts.Check(errors.Join(err, db.Close()))
}

// status runs a command and checks its exit status.
func status(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	var ended *exec.ExitError
	if got := 0; !errors.As(err, &ended) || ended.ExitCode() != want {
		if ended != nil {
			got = ended.ExitCode()
		}
		ts.Fatalf("exit status %d, want %d (%v)", got, want, err)
	}
}
