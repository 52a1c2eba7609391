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
	// Cut says that the text shown is the beginning of it.
	Cut bool
}

// verdictView is one rule's outcome in words.
type verdictView struct {
	Status       Status
	Text, Remedy string
}

// How many mails are shown at a time on the page of a request, how many bytes they may have, and how
// many bytes of a mail's text are shown anywhere; all of it is in the mail as it came.
const (
	mailsShown  = 10
	roomOfMails = 45_000
	roomOfMail  = 30_000
)

// MailViews puts the mails about a request into words that stand on the page asked for at an address, or
// else on the last one.
func (p *Page) MailViews(r *Request, address string, mails []flegt.IncomingMail) (out []MailView, way Pages) {
	bytes := make([]int, len(mails))
	for i, m := range mails {
		bytes[i] = 3_500 + min(BytesOf(m.Text), roomOfMail) + 2*BytesOf(append(append([]string{m.From, m.Subject}, m.To...), m.Cc...)...)
	}
	first, end, way := p.LastOf(r, "mails", address, bytes, mailsShown, roomOfMails)
	way.Label = p.T("roles.mails.title")
	for _, m := range mails[first:end] {
		out = append(out, p.MailView(m))
	}
	return out, way
}

// MailView puts a mail into words.
func (p *Page) MailView(m flegt.IncomingMail) MailView {
	v := MailView{IncomingMail: m, When: p.DateTime(m.ReceivedAt), Outcome: p.MailOutcome(m), Auth: authWords(m.Auth)}
	v.Text, v.Cut = beginningOf(m.Text, roomOfMail)
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
