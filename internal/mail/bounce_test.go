package mail

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadBounce(t *testing.T) {
	const mette, id = "mette@nordisktrae.example", "01a20e28-0169-7193-8718-2cb20d52e11e@flegt.example"
	want := map[string]Bounce{
		"postfix-failed":            {BounceFailed, "5.1.1", "550 5.1.1 <mette@nordisktrae.example>: Recipient address rejected: User unknown in virtual mailbox table", mette, id},
		"postfix-delayed":           {BounceDelayed, "4.4.1", "connect to mail.nordisktrae.example[192.0.2.7]:25: Connection timed out", mette, id},
		"postfix-expired":           {BounceFailed, "4.4.1", "connect to mail.nordisktrae.example[192.0.2.7]:25: Connection timed out", mette, id},
		"success-report":            {Action: BounceOther, MessageID: id},
		"two-recipients-one-failed": {BounceFailed, "5.2.2", "552 5.2.2 mailbox full", "b@x.example", id},
		"exchange-online":           {BounceFailed, "5.1.10", "550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient eutr@mst.example not found by SMTP address lookup", "eutr@mst.example", id},
		"international-address":     {BounceFailed, "5.1.1", "550 no such user", "sørensen@nordisktræ.example", id},
		"base64-status":             {BounceFailed, "5.7.1", "", mette, id},
		"qmail":                     {BounceFailed, "5.1.1", "Remote host said: 550 5.1.1 No such user here", mette, id},
		"exim-old":                  {BounceFailed, "", "550 Unknown user", mette, id},
		"exim-warning":              {Action: BounceDelayed, MessageID: id},
		"danish-appliance":          {BounceFailed, "5.1.1", "550 5.1.1 Ukendt modtager", "", ""},
	}
	files, _ := filepath.Glob(filepath.Join("testdata", "bounce", "*.eml"))
	if len(files) < len(want) {
		t.Fatalf("%d files", len(files))
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := strings.TrimSuffix(filepath.Base(file), ".eml")
		got, ok := ReadBounce(raw)
		if expected, is := want[name]; ok != is || got != expected {
			t.Errorf("%s: %v %+v\nwant %v %+v", name, ok, got, is, expected)
		}
		if m, err := Read(raw); err != nil || !m.Automatic && !strings.HasPrefix(name, "not-a-person") {
			t.Errorf("%s would be answered: %v", name, err)
		}
	}
}

func FuzzReadBounce(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join("testdata", "bounce", "*.eml"))
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		b, ok := ReadBounce(raw)
		if !ok && b != (Bounce{}) {
			t.Errorf("no report, but %+v", b)
		}
		if strings.ContainsAny(b.Reason+b.Status+b.Recipient, "\r\n") || strings.ToValidUTF8(b.Reason+b.Recipient+b.MessageID, "") != b.Reason+b.Recipient+b.MessageID {
			t.Errorf("%+v", b)
		}
	})
}
