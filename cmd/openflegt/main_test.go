package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"openflegt": main})
}

// TestScripts runs the scripts of testdata against the program itself.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
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
