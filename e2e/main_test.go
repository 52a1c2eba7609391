// Package e2e holds scripts against the built program: a person's browser, a person's
// mail program, and nothing of the inside. The rooms of the house are tested in their
// own rooms; here is proved that a person who uses the whole of it gets through.
//
// A test starts a program of its own on free ports and an empty folder, so that tests
// neither need nor disturb each other. Boxes, buttons and links are found by the words a
// person reads, which are looked up in internal/wording/locale; so every script runs in
// every language. Nothing sleeps: a script waits for the page, the mail or the address
// that it expects, and fails when it does not come.
package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// binary is where TestMain put the built program.
var binary string

func TestMain(m *testing.M) {
	if os.Getenv(nothingEnv) != "" {
		os.Exit(serveNothing())
	}
	os.Exit(run(m))
}

// run builds the program once, as it is shipped, and runs the tests.
func run(m *testing.M) int {
	dir, err := os.MkdirTemp("", "openflegt-e2e-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "openflegt")
	build := exec.Command("go", "build", "-o", binary, "../cmd/openflegt")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	build.Stdout, build.Stderr = os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		fmt.Fprintln(os.Stderr, "building the program:", err)
		return 1
	}
	defer closeBrowser()
	return m.Run()
}
