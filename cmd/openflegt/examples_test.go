package main

import (
	"bufio"
	"encoding/json"
	"net"
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
	m := start(t, func(m *Main) { m.Demo, m.Clock, m.WebhooksAllowPrivate = true, func() time.Time { return day }, true })
	dir := t.TempDir()
	write(t, dir, "licence.pdf", "%PDF-1.4\n% a scan\n")
	listen := freeAddress(t)
	env := append(os.Environ(), "RECEIVER=http://"+listen+"/flegt", "BASE="+m.Address(), "GOFLAGS=-mod=mod", "GO111MODULE=off")
	for _, p := range []struct{ name, role, scopes string }{
		{"OPERATOR_TOKEN", "operator", "licences:read licences:write events:read webhooks:read webhooks:write questions:read questions:write"},
		{"AUTHORITY_TOKEN", "competent_authority", "licences:read licences:decide desk:read desk:write questions:write"},
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
	for _, text := range []string{`"role":"operator"`, `"access_token":"oflegta_`, `"severity":"ok"`, `"limit":"13.75"`, `"reserved":"12.5"`, `"outcome":"01"`, `"code":"06"`, `"result":"not_usable"`, `"type":"webhook.test"`} {
		if !strings.Contains(said, text) {
			t.Errorf("the examples do not answer %s:\n%s", text, said)
		}
	}
	if len(programs) != 2 {
		t.Fatalf("%d programs", len(programs))
	}
	write(t, dir, "main.go", programs[0])
	if said := runIn(t, dir, env, "go", "run", "main.go"); !strings.Contains(said, "licence released") {
		t.Errorf("the program says:\n%s", said)
	}
	write(t, dir, "receiver.go", programs[1])
	hearExample(t, m, dir, listen)
}

// hearExample builds the receiver of the examples, which needs a library that this module has,
// runs it with the secret that the examples were given, and has a test event sent to it.
func hearExample(t *testing.T, m *Main, dir, listen string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "hook.json"))
	if err != nil {
		t.Fatal(err)
	}
	var hook aHook
	if err := json.Unmarshal(text, &hook); err != nil || hook.Secret == "" {
		t.Fatalf("%s: %v", text, err)
	}
	runIn(t, "../..", os.Environ(), "go", "build", "-o", filepath.Join(dir, "receiver"), filepath.Join(dir, "receiver.go"))
	receiver := exec.CommandContext(t.Context(), filepath.Join(dir, "receiver"))
	receiver.Env = append(os.Environ(), "LISTEN="+listen, "WEBHOOK_SECRET="+hook.Secret)
	out, err := receiver.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := receiver.Start(); err != nil {
		t.Fatal(err)
	}
	defer receiver.Wait() // ended with the test's context
	defer receiver.Process.Kill()
	eventually(t, func() bool {
		c, err := net.Dial("tcp", listen)
		if err == nil {
			c.Close()
		}
		return err == nil
	})
	_, _, token := program(t, m, "operator", "token", "webhooks:write")
	if answer, text := apiAsk(t, m, token, "POST", "/api/v1/webhooks/"+hook.ID+"/test", ""); answer.StatusCode != 202 {
		t.Fatal(answer.Status, text)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); strings.TrimSpace(line) != "webhook.test "+hook.ID {
		t.Errorf("the receiver says %q, %v", line, err)
	}
}

// freeAddress gives an address of this machine on which nobody listens.
func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
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
