package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestExamplesRun takes the examples out of docs/api.md and runs them against a started
// program, the shell's one after the other in one shell.
func TestExamplesRun(t *testing.T) {
	text, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	day := time.Date(2026, 11, 24, 10, 0, 0, 0, time.UTC)
	m := start(t, func(m *Main) { m.Demo, m.Clock = true, func() time.Time { return day } })
	dir := t.TempDir()
	write(t, dir, "licence.pdf", "%PDF-1.4\n% a scan\n")
	env := append(os.Environ(), "BASE="+m.Address(), "GOFLAGS=-mod=mod", "GO111MODULE=off")
	for _, p := range []struct{ name, role, scopes string }{
		{"OPERATOR_TOKEN", "operator", "licences:read licences:write events:read"},
		{"AUTHORITY_TOKEN", "competent_authority", "licences:read licences:decide desk:read desk:write"},
		{"CUSTOMS_TOKEN", "customs", "customs:read customs:write"},
	} {
		_, _, secret := program(t, m, p.role, "token", strings.Fields(p.scopes)...)
		env = append(env, p.name+"="+secret)
	}
	_, id, secret := program(t, m, "customs", "client", "customs:read")
	env = append(env, "CLIENT_ID="+id, "CLIENT_SECRET="+secret)

	var shell strings.Builder
	shell.WriteString("set -euo pipefail\n")
	var programs []string
	for _, block := range regexp.MustCompile("(?s)```(sh|go)\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		if block[1] == "sh" {
			shell.WriteString(block[2])
		} else {
			programs = append(programs, block[2])
		}
	}
	said := runIn(t, dir, env, "bash", "-c", shell.String())
	for _, text := range []string{`"role":"operator"`, `"access_token":"oflegta_`, `"severity":"ok"`, `"limit":"13.75"`, `"reserved":"12.5"`, `"outcome":"01"`, `"code":"06"`, `"result":"not_usable"`} {
		if !strings.Contains(said, text) {
			t.Errorf("the examples do not answer %s:\n%s", text, said)
		}
	}
	if len(programs) != 1 {
		t.Fatalf("%d programs", len(programs))
	}
	write(t, dir, "main.go", programs[0])
	if said := runIn(t, dir, env, "go", "run", "main.go"); !strings.Contains(said, "licence released") {
		t.Errorf("the program says:\n%s", said)
	}
}

func write(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// runIn runs a command in a folder and gives what it says.
func runIn(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir, cmd.Env = dir, env
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	return string(said)
}
