package e2e

import (
	"bytes"
	"fmt"
	"mime"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// country is where a journey takes place. Names and addresses are made up.
type country struct {
	lang, code string
	// known is the authority's official address when the registry knows it; when it does
	// not, the Support Team enters entered.
	known, entered string
	// company is the importer's, rival another one's.
	company, rival company
	// office is a customs office, sends a mail program.
	office string
	sends  func(j *journey, m roleMail)
}

// company is an importer as it is created.
type company struct{ name, form, postcode, town, street, kind, number string }

func (c company) full() string { return c.name + " " + c.form }

// denmark is the letter's own case, in Danish.
var denmark = country{lang: "da", code: "DK", known: "eutr@mst.dk", office: "DK003103", sends: (*journey).sendWithMsmtp,
	company: company{"Nordisk Træ", "A/S", "8000", "Aarhus C", "Havnegade 1", "NATIONAL", "10150817"},
	rival:   company{"Sønderborg Møbler", "ApS", "6400", "Sønderborg", "Perlegade 7", "NATIONAL", "36212993"}}

// germany is another country, in English: its authority's address is not in the data.
var germany = country{lang: "en", code: "DE", entered: "flegt@holzaufsicht.example", office: "DE004851", sends: (*journey).sendWithSwaks,
	company: company{"Elbe Holzkontor", "GmbH", "20457", "Hamburg", "Am Sandtorkai 5", "EORI", "DE1234567"},
	rival:   company{"Isar Parkett", "GmbH", "80331", "München", "Tal 12", "EORI", "DE7654321"}}

// authority is where the copy of the role mail goes.
func (c country) authority() string { return c.known + c.entered }

// person is somebody who has, or makes, an account.
type person struct{ first, last, email string }

func (p person) name() string { return p.first + " " + p.last }

const password = "krage lampe vinter bog"

// arrives makes an account: it signs up, follows the link in the mail that came and
// chooses a password. Then the person is signed in and without a role.
func (j *journey) arrives(who person) *visitor {
	j.t.Helper()
	v := newVisitor(j.t, j.p.Base, j.lang)
	if j.scriptless {
		v.withoutScripts()
	}
	v.open("/sign-up")
	v.fill(v.T("account.first_name"), who.first)
	v.fill(v.T("account.last_name"), who.last)
	v.fill(v.T("account.email"), who.email)
	v.fill(v.T("account.lang"), j.lang)
	v.press(v.T("account.sign_up.button"))
	v.sees(v.T("account_sent.text"))
	v.open(j.mail.wait(j.t, who.email, v.T("notice.account.confirm.subject")).link(j.t, "/confirm"))
	v.fill(v.T("account.new_password"), password)
	v.press(v.T("account.confirm.button"))
	v.sees(v.T("home.role.title"))
	return v
}

// grants gives an account the Support Team's role at the machine itself, first without
// doing it and then for good.
func (j *journey) grants(who person) {
	j.t.Helper()
	args := append([]string{"admin", "grant", "--email", who.email, "--role", "support", "--reason", "first of the team"}, j.p.place...)
	if out, err := j.p.command(nil, args...); err != nil || !strings.Contains(out, "--yes") {
		j.t.Fatalf("dry run: %v\n%s", err, out)
	}
	if out, err := j.p.command(nil, append(args, "--yes")...); err != nil {
		j.t.Fatalf("admin grant: %v\n%s", err, out)
	}
}

// joins lets somebody of an authority or of customs ask for the role there, and the
// Support Team approve it for a reason in words: no mail is needed from them.
func (j *journey) joins(who person, role, body string) *visitor {
	j.t.Helper()
	v := j.arrives(who)
	v.open("/roles/request")
	v.press(v.T("role." + role))
	v.fill(v.T("request.body."+role), body)
	v.press(v.T("request.go_on"))
	v.fill(v.T("authorisation.phone"), "+45 12 34 56 78")
	v.press(v.T("request.send"))
	v.sees(v.T("roles.waits.staff"))
	j.support.open("/support/requests?country=" + j.at.code + "&role=" + role + "&status=requested")
	j.support.press(who.name())
	j.support.fill(j.w.T(j.t, "authorisation.override"), "Confirmed with the authority by telephone")
	j.support.press(j.w.T(j.t, "support.approve"))
	j.support.sees(j.w.T(j.t, "support.approved"))
	j.mail.wait(j.t, who.email, j.w.Start(j.t, "notice.authorisation.approved.text"))
	return v
}

// creates creates a company that the search does not find.
func (j *journey) creates(v *visitor, who person, c company) {
	j.t.Helper()
	v.open("/roles/request")
	v.press(v.T("role.operator"))
	v.fill(v.T("request.search"), c.name)
	v.press(v.T("form.search"))
	v.sees(v.T("request.not_there"))
	v.press(v.T("operator.create"))
	v.press(v.T("operator.create"))
	v.answered(422)
	v.sees(v.T("error.required"))
	v.fill(v.T("operator.name"), c.name)
	v.fill(v.T("operator.legal_form"), c.form)
	v.fill(v.T("operator.country"), j.at.code)
	v.fill(v.T("operator.postcode"), c.postcode)
	v.fill(v.T("operator.town"), c.town)
	v.fill(v.T("operator.street"), c.street)
	v.fill(v.T("operator.contact_name"), who.name())
	v.fill(v.T("operator.contact_email"), who.email)
	v.fill(v.T("operator.identifier.kind", "Number", 1), c.kind)
	v.fill(v.T("operator.identifier.value", "Number", 1), c.number)
	v.tick(v.T("section.live_animals"))
	v.press(v.T("operator.create"))
	v.answered(422)
	v.sees(v.T("section.live_animals.where"))
	v.tick(v.T("section.imported_timber_products"))
	v.press(v.T("operator.create"))
	v.sees(v.T("operator.created", "Operator", c.full()))
}

// asks sends the authorisation request for the company whose page stands open.
func (j *journey) asks(v *visitor) {
	j.t.Helper()
	v.tick(v.T("authorisation.capacity.importer"))
	v.fill(v.T("authorisation.phone"), "+45 12 34 56 78")
	v.press(v.T("request.send"))
	v.sees(v.T("roles.asked"))
	v.sees(v.T("authorisation.status.requested"))
}

// roleMail is a mail that asks for a role.
type roleMail struct{ from, to, cc, subject, body string }

// shownMail reads from the page of a request the mail to send.
func (v *visitor) shownMail(from string) roleMail {
	v.t.Helper()
	part := func(id string) string {
		return ask[string](v, `id => document.getElementById("mail-" + id).textContent`, id)
	}
	return roleMail{from, part("to"), part("cc"), part("subject"), part("body")}
}

// sendWithSwaks sends a mail as swaks does.
func (j *journey) sendWithSwaks(m roleMail) {
	j.t.Helper()
	args := []string{"--server", j.p.SMTP, "--from", m.from, "--to", m.to, "--header", "Subject: " + mime.QEncoding.Encode("utf-8", m.subject),
		"--header", "Content-Type: text/plain; charset=utf-8", "--body", m.body}
	if m.cc != "" {
		args = append(args, "--header", "Cc: "+m.cc)
	}
	hand(j.t, "", "swaks", args...)
}

// sendWithMsmtp sends a mail as msmtp does for a mail program.
func (j *journey) sendWithMsmtp(m roleMail) {
	j.t.Helper()
	head := "From: " + m.from + "\nTo: " + m.to + "\n"
	if m.cc != "" {
		head += "Cc: " + m.cc + "\n"
	}
	head += "Subject: " + mime.BEncoding.Encode("utf-8", m.subject) + "\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
	host, port, _ := strings.Cut(j.p.SMTP, ":")
	hand(j.t, head+"\n"+m.body, "msmtp", "--host="+host, "--port="+port, "--auth=off", "--tls=off", "--from="+m.from, m.to)
}

// scan makes a file that is a PDF of one page.
func (j *journey) scan(number string) string {
	j.t.Helper()
	var b bytes.Buffer
	var at []int
	text := "BT /F1 18 Tf 60 700 Td (FLEGT licence " + number + ") Tj ET"
	b.WriteString("%PDF-1.4\n")
	for i, object := range []string{"<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(text), text), "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"} {
		at = append(at, b.Len())
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	table := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(at)+1)
	for _, offset := range at {
		fmt.Fprintf(&b, "%010d 00000 n \n", offset)
	}
	fmt.Fprintf(&b, "trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n", len(at)+1, table)
	path := filepath.Join(j.t.TempDir(), "licence.pdf")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		j.t.Fatal(err)
	}
	return path
}

// inDays is the day so many days from today.
func inDays(days int) string { return time.Now().AddDate(0, 0, days).Format("2006-01-02") }
