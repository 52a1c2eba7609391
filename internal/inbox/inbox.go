// Package inbox takes what an e-mail asks for to the office. A mail is kept, raw, before it
// is acknowledged or read; an e-mail can ask, never decide.
package inbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/mail"
	"github.com/openflegt/openflegt/internal/registry"
)

// Options are what the inbox needs. Office is required.
type Options struct {
	Office *registry.Office
	// Resolver answers for SPF, DKIM and DMARC; nil asks the machine's own.
	Resolver mail.Resolver
	// From is the address that letters come from, to which bounces go; the Support Team's
	// when empty.
	From   string
	Logger *slog.Logger
	// Handled is called after a mail was handled; may be nil.
	Handled func()
}

// Inbox is the door for mail. Kept mails are handled one after the other by Run.
type Inbox struct {
	Options
	work chan string
}

// New makes the inbox.
func New(o Options) *Inbox {
	if o.From == "" {
		o.From = o.Office.SupportAddress()
	}
	if o.Resolver == nil {
		o.Resolver = net.DefaultResolver
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	return &Inbox{Options: o, work: make(chan string, 1024)}
}

// Accept says for which addresses mail is taken: the Support Team's, and the one that
// letters come from, with the tag of a letter or a question or without.
func (in *Inbox) Accept(address string) bool {
	_, back := flegt.LetterOf(in.From, address)
	_, answer := flegt.QuestionOf(in.From, address)
	return back || answer || strings.EqualFold(address, in.From) || in.Office.IsSupportAddress(address)
}

// Deliver keeps a mail. When it returns nil the mail is on disk and may be acknowledged;
// it is handled afterwards.
func (in *Inbox) Deliver(ctx context.Context, e mail.Envelope) error {
	id, err := in.keep(ctx, e)
	if err != nil {
		return tooMuch(err)
	}
	select {
	case in.work <- id:
	default: // Run finds it among the open ones
	}
	return nil
}

// Admit refuses a sender who has sent his share of the day, before he sends more.
func (in *Inbox) Admit(ctx context.Context, ip net.IP, from string) error {
	address, from := wayOf(mail.Envelope{RemoteIP: ip, From: from})
	return tooMuch(in.Office.MayMail(ctx, address, from))
}

// tooMuch tells the mail server of a sender who has sent his share.
func tooMuch(err error) error {
	if err != nil && flegt.KindOf(err) == flegt.TooMany {
		return mail.ErrTooMuch
	}
	return err
}

func (in *Inbox) keep(ctx context.Context, e mail.Envelope) (string, error) {
	ip, from := wayOf(e)
	return in.Office.KeepMail(ctx, e.Raw, ip, e.Helo, from, e.To...)
}

// wayOf gives the address a mail came from, empty when that is not known, and the sender of
// its envelope.
func wayOf(e mail.Envelope) (ip, from string) {
	if e.RemoteIP != nil {
		ip = e.RemoteIP.String()
	}
	if e.NullReturnPath() {
		return ip, nullPath
	}
	return ip, e.From
}

// nullPath stands for an empty MAIL FROM of a mail that came over SMTP.
const nullPath = "<>"

// Run handles mails that were kept, the ones of an earlier run first, until the context
// ends. One that fails is tried again.
func (in *Inbox) Run(ctx context.Context) {
	tick := time.NewTicker(5 * time.Second)
	defer tick.Stop()
	in.CatchUp(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case id := <-in.work:
			in.try(ctx, id)
		case <-tick.C:
			in.CatchUp(ctx)
		}
	}
}

// CatchUp handles every mail that was kept but not handled: what a stop in the middle left
// behind, or another program put in through a pipe.
func (in *Inbox) CatchUp(ctx context.Context) {
	ids, err := in.Office.OpenMails(ctx)
	if err != nil {
		if ctx.Err() == nil {
			in.Logger.Error("inbox", "error", err)
		}
		return
	}
	for _, id := range ids {
		if ctx.Err() != nil {
			return
		}
		in.try(ctx, id)
	}
}

func (in *Inbox) try(ctx context.Context, id string) {
	if _, err := in.Handle(ctx, id); err != nil && ctx.Err() == nil {
		in.Logger.Error("a mail could not be handled yet", "mail", id, "error", err)
	}
}

// Handle reads a kept mail and takes it to the office. Handling it twice changes nothing.
func (in *Inbox) Handle(ctx context.Context, id string) (flegt.IncomingMail, error) {
	stored, raw, err := in.Office.StoredMail(ctx, id)
	if err != nil || stored.Handled {
		return stored, err
	}
	out, err := in.Office.HandleMail(ctx, in.read(ctx, stored, raw))
	if err != nil {
		return out, err
	}
	in.Logger.Info("mail handled", "mail", out.ID, "outcome", out.Outcome, "request", out.Authorisation)
	if in.Handled != nil {
		in.Handled()
	}
	return out, nil
}

// maxText is how much of a mail's text is kept beside its raw form, in bytes.
const maxText = 64 << 10

// read takes a mail apart and checks who sent it.
func (in *Inbox) read(ctx context.Context, stored flegt.IncomingMail, raw []byte) registry.ReadMail {
	r := registry.ReadMail{Mail: stored}
	m, err := mail.Read(raw)
	if err != nil {
		in.Logger.Info("a mail cannot be read", "mail", stored.ID, "error", err)
		r.Unreadable = true
		return r
	}
	envelope := stored.EnvelopeFrom
	if envelope == nullPath {
		envelope = ""
	}
	auth := mail.Authenticate(ctx, raw, net.ParseIP(stored.RemoteIP), stored.Helo, envelope, in.Resolver)
	r.MayAnswer = auth.MayAnswer()
	r.Mail.MessageID, r.Mail.Fingerprint, r.Mail.Subject = m.MessageID, m.Fingerprint, m.Subject
	r.Mail.To, r.Mail.Cc = mail.Emails(m.To), mail.Emails(m.Cc)
	from := mail.Emails(m.From)
	if len(from) > 0 {
		r.Mail.From = from[0]
	}
	r.Mail.Text = m.OwnText
	if len(r.Mail.Text) > maxText {
		r.Mail.Text = strings.ToValidUTF8(r.Mail.Text[:maxText], "")
	}
	r.Mail.Automatic = m.Automatic || stored.EnvelopeFrom == nullPath
	r.Returned = in.returned(raw, stored, m)
	r.Elsewhere = len(stored.EnvelopeTo) > 0 && !slices.ContainsFunc(stored.EnvelopeTo, in.Office.IsSupportAddress)
	r.Mail.Auth = map[string]string{"spf": auth.SPF, "dkim": auth.DKIM, "dmarc": auth.DMARC, "policy": auth.Policy, "from_domain": auth.FromDomain}
	r.Forged = auth.FailsPolicy()
	if r.Question = in.question(stored, m); r.Question != "" {
		for _, f := range mail.ReadFiles(raw) {
			r.Files = append(r.Files, registry.MailFile{Name: f.Name, Bytes: f.Content})
		}
	}
	r.Facts = flegt.RoleMail{FromAddrs: from, To: r.Mail.To, Cc: r.Mail.Cc, Subject: m.Subject, Body: m.OwnText,
		DMARCFail: auth.FailsPolicy(), ReceivedAt: stored.ReceivedAt}
	return r
}

// question gives the question that a mail answers, by the address it came to: of the envelope
// where that is known, else of its header.
func (in *Inbox) question(stored flegt.IncomingMail, m mail.Message) string {
	to := stored.EnvelopeTo
	if len(to) == 0 {
		to = append(mail.Emails(m.To), mail.Emails(m.Cc)...)
	}
	for _, address := range to {
		if id, ok := flegt.QuestionOf(in.From, address); ok {
			return id
		}
	}
	return ""
}

// returned reads what a mail says of a letter that came back; nil when it is no such report.
// The address it came to, and else the mail that it holds, say which letter.
func (in *Inbox) returned(raw []byte, stored flegt.IncomingMail, m mail.Message) *registry.Returned {
	b, ok := mail.ReadBounce(raw)
	if !ok || b.Action == mail.BounceOther {
		return nil
	}
	r := &registry.Returned{MessageID: b.MessageID, Failed: b.Action == mail.BounceFailed, Reason: strings.TrimSpace(b.Status + " " + b.Reason)}
	if strings.HasPrefix(b.Reason, b.Status) || strings.Contains(b.Reason, " "+b.Status) {
		r.Reason = b.Reason
	}
	if r.Reason == "" {
		r.Reason = m.Subject
	}
	for _, address := range append(stored.EnvelopeTo, mail.Emails(m.To)...) {
		if id, ok := flegt.LetterOf(in.From, address); ok {
			r.Letter = id
			break
		}
	}
	return r
}

// ErrTooLarge is what Receive gives for a mail above the limit.
var ErrTooLarge = errors.New("the mail is larger than 25 MB")

// Receive takes one mail from a mail server's pipe: it is kept and handled before Receive
// returns. A mail that was kept but could not be handled yet is no error: the running
// program takes it up.
func (in *Inbox) Receive(ctx context.Context, r io.Reader) (flegt.IncomingMail, error) {
	raw, err := io.ReadAll(io.LimitReader(r, mail.MaxMessageBytes+1))
	if err != nil {
		return flegt.IncomingMail{}, fmt.Errorf("reading the mail: %w", err)
	}
	if len(raw) > mail.MaxMessageBytes {
		return flegt.IncomingMail{}, ErrTooLarge
	}
	id, err := in.keep(ctx, mail.Envelope{Raw: raw, ReceivedAt: time.Now()})
	if err != nil {
		return flegt.IncomingMail{}, err
	}
	out, err := in.Handle(ctx, id)
	if err != nil {
		in.Logger.Error("a mail could not be handled yet", "mail", id, "error", err)
		return flegt.IncomingMail{ID: id}, nil
	}
	return out, nil
}
