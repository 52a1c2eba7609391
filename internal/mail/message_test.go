package mail

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func readFile(t *testing.T, name string) Message {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "read", name))
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read(raw)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return m
}

func TestReadMailAsItReallyIs(t *testing.T) {
	for _, c := range []struct {
		file, from, to, cc, subject, own string
		attachments                      string
		automatic                        string
	}{
		{"latin1-8bit-headers.eml", "mette@nordisktrae.example", "sante-traces@ec.europa.eu", "svana@svana.dk", "Rolle ønskes", "Mette Sørensen\nNordisk Træ A/S", "", ""},
		{"windows1252-qp.eml", "mette@nordisktrae.example", "sante-traces@ec.europa.eu", "svana@svana.dk", "Anmodning om rolle – importør", "Mette Sørensen, “Nordisk Træ” A/S", "", ""},
		{"base64-html-only.eml", "mette@nordisktrae.example", "sante-traces@ec.europa.eu", "svana@svana.dk", "role request", "Name\tMette\nSørensen\n\nNordisk Træ A/S", "", ""},
		{"multipart-attachments.eml", "mette@nordisktrae.example", "a@x.example sante-traces@ec.europa.eu b@x.example", "svana@svana.dk two@x.example", "role request for a FLEGT timber importer", "I, Mette Sørensen, request the role for \nNordisk Træ A/S.\n-- \nMette Sørensen", "Træ.pdf application/pdf 9; message/rfc822 70;note.txt text/plain 12", ""},
		{"reply-quoted.eml", "mette@nordisktrae.example", "sante-traces@ec.europa.eu", "", "SV: Your role request", "Please see below.\n\n\nThanks", "", ""},
		{"outlook-html.eml", "mette@nordisktrae.example", "sante-traces@ec.europa.eu", "", "SV: role", "Own words", "", ""},
		{"gmail-html.eml", "mette@nordisktrae.example", "sante-traces@ec.europa.eu", "", "Re: role", "Own words\n\nBelow", "", ""},
		{"forged-names.eml", "evil@evil.example", "evil@evil.example", "evil@evil.example", "role request", "x", "", ""},
		{"sloppy.eml", "METTE@nordisktrae.example", "sante-traces@ec.europa.eu other@x.example", "svana@svana.dk", "", "Mette Sørensen", "", ""},
		{"idn.eml", "mette@nordisktræ.example", "info@nordisktræ.example", "", "x", "y", "", ""},
		{"bounce.eml", "MAILER-DAEMON@x.example", "sante-traces@ec.europa.eu", "", "Undelivered", "Not delivered.", " message/delivery-status 13", "Return-Path"},
		{"broken-mime.eml", "mette@nordisktrae.example", "sante-traces@ec.europa.eu", "", "=?utf-8?B?!!!?= role request", "Mette Sørensen\nNordisk Træ", "", ""},
		{"keeps-all.eml", "mette@nordisktrae.example", "sante-traces@ec.europa.eu", "svana@svana.dk", "role request for a FLEGT timber importer", "Dear Support Team,\n\nI request the role of importer.\nMette Sørensen\nNordisk Træ A/S", "", ""},
		{"breaks-1.eml", "mette.private@webmail.example", "sante-traces@ec.europa.eu", "svana@svana.dk", "role request for a FLEGT timber importer", "Mette Sørensen, Nordisk Træ A/S", "", ""},
		{"breaks-3.eml", "mette@nordisktrae.example", "sante-traces@ec.europa.eu", "", "role request for a FLEGT timber importer", "Mette Sørensen, Nordisk Træ A/S", "", ""},
		{"signed-related.eml", "mette@nordisktrae.example", "sante-traces@ec.europa.eu", "", "=?bad", "Mette Sørensen & Co – Træ", "logo.png image/png 3;signature.asc application/pgp-signature 3", ""},
		{"two-from.eml", "mette@nordisktrae.example jens@x.example", "sante-traces@ec.europa.eu", "", "", "", "", ""},
	} {
		m := readFile(t, c.file)
		var attached []string
		for _, a := range m.Attachments {
			attached = append(attached, fmt.Sprintf("%s %s %d", a.Name, a.Type, a.Size))
		}
		for _, f := range []struct{ name, got, want string }{
			{"From", strings.Join(Emails(m.From), " "), c.from},
			{"To", strings.Join(Emails(m.To), " "), c.to},
			{"Cc", strings.Join(Emails(m.Cc), " "), c.cc},
			{"Subject", m.Subject, c.subject},
			{"OwnText", m.OwnText, c.own},
			{"Attachments", strings.Join(attached, ";"), c.attachments},
			{"AutomaticBy", m.AutomaticBy, c.automatic},
		} {
			if f.got != f.want {
				t.Errorf("%s: %s %q, want %q (%v)", c.file, f.name, f.got, f.want, m.Problems)
			}
		}
	}
}

func TestReadNames(t *testing.T) {
	for file, want := range map[string]string{
		"latin1-8bit-headers.eml": "Mette Sørensen", "windows1252-qp.eml": "Mette Sørensen", "forged-names.eml": "mette@nordisktrae.example,",
	} {
		if got := readFile(t, file).From[0].Name; got != want {
			t.Errorf("%s: %q", file, got)
		}
	}
}

func TestAutomaticMail(t *testing.T) {
	for head, want := range map[string]bool{
		"Auto-Submitted: auto-replied": true, "auto-submitted: auto-generated; x=y": true, "Auto-Submitted: no": false,
		"Precedence: bulk": true, "Precedence: list": true, "Precedence: junk": true, "Precedence: first-class": false,
		"List-Id: <x.example>": true, "List-Unsubscribe: <mailto:x@x.example>": true, "Return-Path: <>": true, "Return-Path: <a@x.example>": false,
		"Content-Type: multipart/report; boundary=x": true, "X-Autoreply: yes": true, "X-Auto-Response-Suppress: All": true, "X-Auto-Response-Suppress: DR": false,
		"From: MAILER-DAEMON@x.example": true, "Subject: Auto-Submitted: auto-replied": false,
	} {
		m, err := Read([]byte(head + "\r\n\r\ntext"))
		if err != nil || m.Automatic != want {
			t.Errorf("%s: %v %v", head, m.Automatic, err)
		}
	}
}

func TestOwnText(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"signature kept", "Hi\n-- \nMette Sørensen", "Hi\n-- \nMette Sørensen"},
		{"english", "Own\n\nOn Tue, 6 Dec 2016 at 09:12, Support <s@x.example> wrote:\n\nquoted without marks", "Own"},
		{"wrapped", "Own\nOn Tue, Dec 6, 2016 at 9:12 AM Support Team of the European Union\n<s@x.example>\nwrote:\n> q\nbelow", "Own\nbelow"},
		{"danish", "Egen\nDen 06-12-2016 kl. 09:12 skrev Support:\n> citat", "Egen"},
		{"danish other way", "Egen\nSupport <s@x.example> skrev den 6. dec. 2016 kl. 09.12:\n> citat", "Egen"},
		{"german", "Eigen\nAm 6. Dezember 2016 um 09:12 schrieb Support <s@x.example>:\nZitat", "Eigen"},
		{"gmail iso", "Own\n2016-12-06 9:12 GMT+01:00 Support <s@x.example>:\n> q", "Own"},
		{"own sentence", "On 6 December I wrote to you:\nI am Mette", "On 6 December I wrote to you:\nI am Mette"},
		{"list of own", "Den 6. december beder jeg om:\nen rolle", "Den 6. december beder jeg om:\nen rolle"},
		{"original message", "Own\n-----Original Message-----\nquoted", "Own"},
		{"forwarded", "See below\n---------- Forwarded message ---------\nFrom: x\nquoted", "See below"},
		{"apple forward", "FYI\nBegin forwarded message:\n\nquoted", "FYI"},
		{"outlook block", "Own\n\nFrom: Support\nSent: 6 December 2016 09:12\nTo: Mette\nSubject: x\n\nquoted", "Own"},
		{"outlook block bold", "Egen\n*Fra:* Support\n*Sendt:* 6. december\n*Til:* Mette\n\ncitat", "Egen"},
		{"copied headers are own", "To: sante-traces@ec.europa.eu\nCc: svana@svana.dk\nSubject: role request\n\nMette", "To: sante-traces@ec.europa.eu\nCc: svana@svana.dk\nSubject: role request\n\nMette"},
		{"only quoted", "> all\n> of it", ""},
		{"nested marks", ">> a\n > b\nc", "c"},
		{"empty", "", ""},
	} {
		if got := ownText(c.text); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestReadRefuses(t *testing.T) {
	if _, err := Read(nil); err != ErrNoHeader {
		t.Error(err)
	}
	if _, err := Read([]byte("no header at all")); err != ErrNoHeader {
		t.Error(err)
	}
	if _, err := Read(make([]byte, MaxMessageBytes+1)); err != ErrTooLarge {
		t.Error(err)
	}
}

func TestReadSurvivesBombs(t *testing.T) {
	deep := bytes.Buffer{}
	deep.WriteString("From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b0\r\n\r\n")
	for i := range 50000 {
		fmt.Fprintf(&deep, "--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n", i, i+1)
	}
	parts := bytes.NewBufferString("From: a@x.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n")
	for range 100000 {
		parts.WriteString("--b\r\n\r\nx\r\n")
	}
	many := "From: " + strings.Repeat("a@x.example, ", 100000) + "b@x.example\r\n\r\nx"
	nested := "From: a@x.example\r\nContent-Type: text/html\r\n\r\n" + strings.Repeat("<blockquote><div>", 100000) + "x"
	comments := "From: " + strings.Repeat("(", 500000) + "a@x.example\r\n\r\nx"
	attribution := "From: a@x.example\r\n\r\n" + strings.Repeat("On a\n", 100000)
	for name, raw := range map[string][]byte{
		"deep": deep.Bytes(), "parts": parts.Bytes(), "many": []byte(many), "nested": []byte(nested), "comments": []byte(comments), "attribution": []byte(attribution),
	} {
		m, err := Read(raw)
		if err != nil || len(m.From) > maxAddresses {
			t.Errorf("%s: %v, %d senders", name, err, len(m.From))
		}
	}
}

func TestFingerprintIsOfTheMailNotItsWay(t *testing.T) {
	one, _ := Read([]byte("Received: by a\r\nFrom: a@x.example\r\nSubject: s\r\n\r\nbody\r\n"))
	same, _ := Read([]byte("Received: by b\nX-Spam: no\nFrom: a@x.example\nSubject: s\n\nbody"))
	other, _ := Read([]byte("From: a@x.example\r\nSubject: s\r\n\r\nanother body\r\n"))
	if one.Fingerprint != same.Fingerprint || one.Fingerprint == other.Fingerprint {
		t.Error("fingerprints")
	}
}

func FuzzRead(f *testing.F) {
	files, _ := filepath.Glob(filepath.Join("testdata", "read", "*.eml"))
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := Read(raw)
		if err != nil {
			return
		}
		for _, s := range append(Emails(m.From), m.Subject, m.Text, m.OwnText) {
			if strings.ToValidUTF8(s, "") != s {
				t.Errorf("not UTF-8: %q", s)
			}
		}
	})
}
