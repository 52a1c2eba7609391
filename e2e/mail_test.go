package e2e

import (
	"os/exec"
	"strings"
	"testing"
)

// TestAMailProgramSendsTheRoleMail sends the mail of a pending request with swaks, as an
// applicant's mail program would, and another with msmtp that breaks rules. In between the
// plug is pulled: what was acknowledged is still there.
func TestAMailProgramSendsTheRoleMail(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	var pending []demoRequest
	for _, r := range d.RoleRequests {
		if r.Status == "requested" && r.Country == "DK" {
			pending = append(pending, r)
		}
	}
	good, bad := pending[0], pending[1]
	body := "Dear Support Team,\n\nI request the role.\n\nUser: " + good.FirstName + " " + good.LastName + "\nImporting company: " + good.Operator + "\n"
	hand(t, "", "swaks", "--server", p.SMTP, "--from", good.Email, "--to", d.SupportAddress, "--header", "Cc: "+good.AuthorityAddress,
		"--header", "Subject: role request for a FLEGT timber importer", "--header", "Content-Type: text/plain; charset=utf-8", "--body", body)
	p.pull()
	p.start()

	host, port, _ := strings.Cut(p.SMTP, ":")
	mail := "From: " + bad.Email + "\nTo: " + d.SupportAddress + "\nSubject: hello\n\nHello\n"
	hand(t, mail, "msmtp", "--host="+host, "--port="+port, "--auth=off", "--tls=off", "--from="+bad.Email, d.SupportAddress)

	d = p.demo()
	v := newVisitor(t, p.Base, "en")
	v.open(d.person(t, "support", "").SignInURL)
	v.open("/support/mails")
	v.seesSoon(v.T("mail.outcome.kept"))
	v.seesSoon(v.T("mail.outcome.broken"))
	v.open("/support/requests?status=rejected")
	v.sees(bad.FirstName + " " + bad.LastName)
	v.press(bad.FirstName + " " + bad.LastName)
	for _, rule := range []string{"Rule 3", "Rule 4", "Rule 5"} {
		v.sees(rule)
	}
	v.open("/support/requests?mail=kept")
	v.press(good.FirstName + " " + good.LastName)
	v.press(v.T("support.approve"))
	v.sees(v.T("support.approved"))
	v.open("/demo/mailbox")
	v.seesSoon(bad.Email)
}

// hand runs a program with something on its standard input and wants it to succeed.
func hand(t *testing.T, in, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stdin = strings.NewReader(in)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}
