package mail

import (
	"fmt"
	"strings"
	"testing"
)

// mixed makes a mail of parts, each with its header lines and its content.
func mixed(parts ...string) []byte {
	return []byte("From: a@b.example\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n" + strings.Join(parts, "\r\n--x\r\n") + "\r\n--x--\r\n")
}

func TestReadFiles(t *testing.T) {
	text := "Content-Type: text/plain\r\n\r\nhello"
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"a text alone":               {[]byte("From: a@b.example\r\n\r\nhello\r\n"), ""},
		"no mail":                    {[]byte("\x00"), ""},
		"a PDF":                      {mixed(text, "Content-Type: application/pdf; name=\"a.pdf\"\r\nContent-Disposition: attachment; filename=\"a.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERi0="), "a.pdf application/pdf %PDF-"},
		"a PDF shown in the mail":    {mixed(text, "Content-Type: application/pdf\r\nContent-Disposition: inline; filename=\"b.pdf\"\r\n\r\n%PDF-"), "b.pdf application/pdf %PDF-"},
		"a picture without a name":   {mixed(text, "Content-Type: image/jpeg\r\n\r\njpeg"), " image/jpeg jpeg"},
		"a text as a file":           {mixed(text, "Content-Type: text/plain; name=\"c.txt\"\r\nContent-Disposition: attachment; filename=\"c.txt\"\r\n\r\nwords"), "c.txt text/plain words"},
		"a name in other letters":    {mixed(text, "Content-Type: image/png\r\nContent-Disposition: attachment; filename*=UTF-8''tr%C3%A6.png\r\n\r\npng"), "træ.png image/png png"},
		"a digital signature":        {mixed(text, "Content-Type: application/pkcs7-signature; name=\"smime.p7s\"\r\nContent-Disposition: attachment; filename=\"smime.p7s\"\r\n\r\nx"), ""},
		"an empty file":              {mixed(text, "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"d.pdf\"\r\n\r\n"), ""},
		"two":                        {mixed(text, "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"1.pdf\"\r\n\r\none", "Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=\"2.pdf\"\r\n\r\ntwo"), "1.pdf application/pdf one|2.pdf application/pdf two"},
		"a logo inside the text":     {mixed("Content-Type: multipart/related; boundary=y\r\n\r\n--y\r\nContent-Type: text/html\r\n\r\n<p>hello\r\n--y\r\nContent-Type: image/png\r\nContent-ID: <logo>\r\nContent-Disposition: inline; filename=\"logo.png\"\r\n\r\nlogo\r\n--y--"), ""},
		"a scan beside, with its id": {mixed(text, "Content-Type: image/png\r\nContent-ID: <scan>\r\nContent-Disposition: inline; filename=\"scan.png\"\r\n\r\nscan"), "scan.png image/png scan"},
	} {
		var got []string
		for _, f := range ReadFiles(c.raw) {
			got = append(got, fmt.Sprintf("%s %s %s", f.Name, f.Type, strings.TrimSpace(string(f.Content))))
		}
		if found := strings.Join(got, "|"); found != c.want {
			t.Errorf("%s: %q", name, found)
		}
	}
	if n := len(ReadFiles(mixed(strings.Split(strings.Repeat("Content-Type: image/png\r\n\r\nx|", 60), "|")...))); n != maxFiles {
		t.Errorf("%d files of sixty are read", n)
	}
}

func TestAnswersGoWhereTheMailSays(t *testing.T) {
	o := Outgoing{From: Address{Email: "flegt@flegt.example"}, To: []Address{{Email: "mette@x.example"}}, ReplyTo: "flegt+q-1@flegt.example", Subject: "x", Text: "x"}
	raw, err := Compose(o)
	if err != nil {
		t.Fatal(err)
	}
	if m, err := Read(raw); err != nil || len(m.ReplyTo) != 1 || m.ReplyTo[0].Email != o.ReplyTo {
		t.Errorf("%v, %v", m.ReplyTo, err)
	}
	o.ReplyTo = "no address"
	if _, err := Compose(o); err == nil {
		t.Error("it was written all the same")
	}
}
