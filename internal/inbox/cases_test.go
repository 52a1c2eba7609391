package inbox_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// TestMailsAsProgramsWriteThem takes real mails, byte for byte, through the inbox to Mette's
// pending request. testdata/mails/expected.txt says for each what must become of it: the
// outcome and the numbers of the broken rules.
func TestMailsAsProgramsWriteThem(t *testing.T) {
	table, err := os.ReadFile("testdata/mails/expected.txt")
	if err != nil {
		t.Fatal(err)
	}
	expected := strings.Split(strings.TrimSpace(string(table)), "\n")
	files, _ := filepath.Glob("testdata/mails/*.eml")
	if len(files) != len(expected) {
		t.Errorf("%d mails, but %d lines say what becomes of them", len(files), len(expected))
	}
	for _, line := range expected {
		name, want, _ := strings.Cut(line, " ")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			raw, err := os.ReadFile("testdata/mails/" + name + ".eml")
			if err != nil {
				t.Fatal(err)
			}
			d := open(t)
			m, err := d.in.Receive(ctx, bytes.NewReader(raw))
			if err != nil {
				t.Fatal(err)
			}
			if got := verdictLine(m); got != want {
				t.Errorf("%s, want %s\nfrom %q to %q cc %q\nsubject %q\n%s", got, want, m.From, m.To, m.Cc, m.Subject, m.Text[:min(len(m.Text), 400)])
			}
			z := d.status(t)
			if kept := want == "kept"; z.MailKept != kept || (z.Status == flegt.Denied) != strings.HasPrefix(want, "broken") {
				t.Errorf("the request is %s, mail kept: %v", z.Status, z.MailKept)
			}
		})
	}
}

// verdictLine writes what became of a mail as expected.txt does: "broken 1 3".
func verdictLine(m flegt.IncomingMail) string {
	out := m.Outcome
	for _, v := range m.Verdicts {
		if !v.Kept {
			out += " " + strconv.Itoa(v.Rule)
		}
	}
	return out
}

// TestMailFindsTheRequestWhoseOperatorItNames: of several pending requests a mail is about the one
// whose operator it names in full.
func TestMailFindsTheRequestWhoseOperatorItNames(t *testing.T) {
	for body, want := range map[string]int{
		"Mette Sørensen\r\nNordisk Træ A/S": 0, "Mette Sørensen\r\nNordisk Træ Import A/S": 1, "Mette Sørensen\r\nSkovriget ApS": 2,
		"nothing of use": 2, // the newest
	} {
		t.Run(body, func(t *testing.T) {
			d := open(t)
			ids := []string{d.request.ID}
			for _, name := range []string{"Nordisk Træ Import", "Skovriget"} {
				op, err := d.CreateOperator(ctx, d.mette, flegt.Operator{Name: name, LegalForm: "A/S", Country: "DK", Town: "Aarhus", Street: "Havnegade 1", Postcode: "8000",
					ContactName: "Mette", ContactEmail: "mette@nordisktrae.example", Section: flegt.SectionTimber, Identifiers: []flegt.Identifier{{Kind: "NATIONAL", Country: "DK", Value: "37606030"}}}, true)
				if err != nil {
					t.Fatal(err)
				}
				d.ask(t, op.ID)
				ids = append(ids, d.request.ID)
			}
			m, err := d.in.Receive(ctx, bytes.NewReader(mailText("mette@nordisktrae.example", support, "svana@svana.dk", wanted, "", body)))
			if err != nil || m.Authorisation != ids[want] {
				t.Errorf("request %d, want %d: %v", slices.Index(ids, m.Authorisation), want, err)
			}
		})
	}
}

// TestSameMailByTwoWays: a mail without Message-ID that comes twice is one mail, although
// its Received lines differ.
func TestSameMailByTwoWays(t *testing.T) {
	d := open(t)
	raw := strings.Replace(string(mailText("mette@nordisktrae.example", support, "svana@svana.dk", wanted, "", names)), "Message-ID:", "X-Id:", 1)
	for i, want := range []string{"kept", "duplicate"} {
		m, err := d.in.Receive(ctx, strings.NewReader("Received: by mx"+strconv.Itoa(i)+".example\r\n"+raw))
		if err != nil || m.Outcome != want {
			t.Errorf("%d: %s, want %s (%v)", i, m.Outcome, want, err)
		}
	}
}

// TestInternationalDomain: an account's domain may have been entered in either form.
func TestInternationalDomain(t *testing.T) {
	for _, entered := range []string{"mette@nordisktræ.example", "mette@xn--nordisktr-o3a.example"} {
		for _, from := range []string{"mette@nordisktræ.example", "mette@xn--nordisktr-o3a.example", "METTE@XN--NORDISKTR-O3A.example"} {
			d := openFor(t, entered)
			m, err := d.in.Receive(ctx, bytes.NewReader(mailText(from, support, "svana@svana.dk", wanted, "", names)))
			if err != nil || verdictLine(m) != "kept" {
				t.Errorf("account %s, from %s: %s %v", entered, from, verdictLine(m), err)
			}
		}
	}
}

// TestMailBombs: mails made to exhaust a reader are judged, quickly, like any other.
func TestMailBombs(t *testing.T) {
	d := open(t)
	head := "From: mette@nordisktrae.example\r\nTo: " + support + "\r\nCc: svana@svana.dk\r\nSubject: " + wanted + "\r\nMIME-Version: 1.0\r\n"
	deep := strings.Builder{}
	deep.WriteString(head + "Content-Type: multipart/mixed; boundary=b0\r\n\r\n")
	for i := range 5000 {
		deep.WriteString("--b" + strconv.Itoa(i) + "\r\nContent-Type: multipart/mixed; boundary=b" + strconv.Itoa(i+1) + "\r\n\r\n")
	}
	for name, raw := range map[string]string{
		"deep":      deep.String(),
		"parts":     head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + strings.Repeat("--b\r\n\r\nx\r\n", 30000),
		"names":     head + "\r\n" + strings.Repeat("Mette Sørensen Nordisk ", 30000),
		"halves":    head + "\r\n" + strings.Repeat("Mette\nSørensen,\nNordisk\n", 30000),
		"quotes":    head + "\r\n" + strings.Repeat("On 1 a:1 wrote\n", 30000),
		"addresses": "Cc: " + strings.Repeat("x@example.org, ", 60000) + "\r\n" + head + "\r\n" + names,
		"html":      head + "Content-Type: text/html\r\n\r\n" + strings.Repeat("<div style='font-size:0'><p>", 30000) + names,
	} {
		m, err := d.in.Receive(ctx, strings.NewReader(raw))
		if err != nil || !m.Handled || m.Outcome == "kept" {
			t.Errorf("%s: %s %v", name, m.Outcome, err)
		}
	}
}
