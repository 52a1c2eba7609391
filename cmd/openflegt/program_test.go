package main

import (
	"context"
	"io"
	"net/http"
	"net/smtp"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// start runs the program in this process, on ports of its own choice.
func start(t *testing.T, change func(*Main)) *Main {
	t.Helper()
	m := &Main{Config: Config{Listen: "127.0.0.1:0", SMTP: "127.0.0.1:0", DNS: "off", LogLevel: "warn", Place: Place{Data: t.TempDir(), Database: storetest.MainAddress(t)}}, Stderr: t.Output()}
	if change != nil {
		change(m)
	}
	if err := m.Start(context.Background()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Stop(); err != nil {
			t.Error(err)
		}
	})
	return m
}

// get reads a page and checks its status.
func get(t *testing.T, client *http.Client, url string, status int) string {
	t.Helper()
	answer, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	if answer.StatusCode != status {
		t.Fatalf("%s: %s\n%s", url, answer.Status, body)
	}
	return string(body)
}

func TestServe(t *testing.T) {
	m := start(t, nil)
	if body := get(t, http.DefaultClient, m.Address()+"/", 200); !strings.Contains(body, "OpenFLEGT") {
		t.Errorf("no landing page: %s", body)
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if body := get(t, http.DefaultClient, m.Address()+path, 200); body != "ok\n" {
			t.Errorf("%s: %q", path, body)
		}
	}
}

// TestSecondStart refuses a busy address and leaves the first one alone.
func TestSecondStart(t *testing.T) {
	m := start(t, nil)
	second := &Main{Config: Config{Listen: strings.TrimPrefix(m.Address(), "http://"), Place: Place{Data: t.TempDir()}}, Stderr: t.Output()}
	if err := second.Start(context.Background()); err == nil {
		t.Error("two on one address")
	}
	get(t, http.DefaultClient, m.Address()+"/readyz", 200)
}

// TestMailIsKept sends a mail over SMTP; other recipients are refused.
func TestMailIsKept(t *testing.T) {
	m := start(t, nil)
	body := []byte("From: mette@nordisktrae.example\r\nSubject: hello\r\n\r\nHello\r\n")
	if err := smtp.SendMail(m.MailAddress(), nil, "mette@nordisktrae.example", []string{"SANTE-traces@ec.europa.eu"}, body); err != nil {
		t.Fatal(err)
	}
	if err := smtp.SendMail(m.MailAddress(), nil, "mette@nordisktrae.example", []string{"other@else.example"}, body); err == nil {
		t.Error("mail for somebody else was taken")
	}
	v, err := registry.Verify(context.Background(), m.db, nil)
	if err != nil || v.Mails != 1 {
		t.Errorf("%d mails kept, %v", v.Mails, err)
	}
}
