package counter

import (
	"net/http"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// LastStep is the moment of a request's last step.
func LastStep(z flegt.Authorisation) time.Time {
	switch {
	case !z.EndedAt.IsZero():
		return z.EndedAt
	case !z.DecidedAt.IsZero():
		return z.DecidedAt
	}
	return z.RequestedAt
}

// MailView is a mail that came in, with the five checks side by side.
type MailView struct {
	flegt.IncomingMail
	When     string
	Outcome  Status
	Verdicts []verdictView
	// Headers are what the rules look at, as they came.
	Headers []Term
	// Auth says what SPF, DKIM and DMARC gave.
	Auth string
}

// verdictView is one rule's outcome in words.
type verdictView struct {
	Status       Status
	Text, Remedy string
}

// MailViews puts mails into words.
func (p *Page) MailViews(mails []flegt.IncomingMail) []MailView {
	var out []MailView
	for _, m := range mails {
		out = append(out, p.MailView(m))
	}
	return out
}

// MailView puts a mail into words.
func (p *Page) MailView(m flegt.IncomingMail) MailView {
	v := MailView{IncomingMail: m, When: p.DateTime(m.ReceivedAt), Outcome: p.MailOutcome(m), Auth: authWords(m.Auth)}
	for _, x := range m.Verdicts {
		v.Verdicts = append(v.Verdicts, p.verdict(x))
	}
	v.Headers = []Term{
		TermOf(p.T("mail.from"), m.From), TermOf(p.T("mail.to"), strings.Join(m.To, ", ")), TermOf(p.T("mail.cc"), strings.Join(m.Cc, ", ")),
		TermOf(p.T("mail.subject"), m.Subject),
	}
	return v
}

// MailOutcome is the coloured label of what became of a mail.
func (p *Page) MailOutcome(m flegt.IncomingMail) Status {
	if !m.Handled {
		return p.Status("plain", "mail.outcome.open")
	}
	tone := "plain"
	switch m.Outcome {
	case "kept":
		tone = "ok"
	case "broken", "broken_after_kept":
		tone = "stop"
	}
	return p.Status(tone, "mail.outcome."+m.Outcome)
}

// verdict writes one rule's outcome, with what to write instead.
func (p *Page) verdict(v flegt.RuleVerdict) verdictView {
	args := v.Args()
	args["Country"] = p.CountryName(v.Country)
	out := verdictView{Status: p.Status("stop", "rolemail.broken"), Text: p.server.Catalog.Say(p.Lang, v.Key, args)}
	if v.Kept {
		out.Status = p.Status("ok", "rolemail.kept")
	}
	if v.RemedyKey != "" {
		out.Remedy = p.server.Catalog.Say(p.Lang, v.RemedyKey, args)
	}
	return out
}

// authWords writes what was found out about a mail's sender: "SPF pass, DKIM none".
func authWords(auth map[string]string) string {
	var parts []string
	for _, name := range []string{"spf", "dkim", "dmarc"} {
		if auth[name] != "" {
			parts = append(parts, strings.ToUpper(name)+" "+auth[name])
		}
	}
	return strings.Join(parts, ", ")
}

// SendMail sends a mail as it came, to be kept as a file.
func SendMail(w http.ResponseWriter, raw []byte) error {
	if len(raw) == 0 {
		return flegt.Missing()
	}
	h := w.Header()
	h.Set("Content-Type", "message/rfc822")
	h.Set("Content-Disposition", `attachment; filename="mail.eml"`)
	h.Set("Cache-Control", "no-store")
	_, err := w.Write(raw)
	return err
}
