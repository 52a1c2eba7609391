package registry

import (
	"bytes"
	"context"
	"errors"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// MailFile is an attachment of a mail as it came.
type MailFile struct {
	Name  string
	Bytes []byte
}

// mailFiles are the attachments of a mail that answers a question: what was taken and kept,
// and what was not.
type mailFiles struct {
	taken   []flegt.Attachment
	refused []flegt.RefusedFile
}

// takeMailFiles keeps the attachments of a mail that answers a question, before anything is
// written: each is looked at like a scan, by its content and for viruses. One that is not
// taken is named with the reason; where it cannot be told now, the mail is tried again later.
func (o *Office) takeMailFiles(ctx context.Context, r ReadMail) (out mailFiles, err error) {
	if r.Question == "" || r.Unreadable || r.Mail.Automatic || r.Returned != nil || len(r.Files) == 0 {
		return out, nil
	}
	err = o.db.View(ctx, func(tx *store.Tx) error {
		_, err := tx.Question(r.Question)
		return err
	})
	if flegt.KindOf(err) == flegt.NotFound && err != nil {
		return out, nil
	}
	for _, f := range r.Files {
		if err != nil {
			return out, err
		}
		err = o.takeMailFile(ctx, f, &out)
	}
	return out, err
}

func (o *Office) takeMailFile(ctx context.Context, f MailFile, out *mailFiles) error {
	name := cleanName(f.Name)
	if len(out.taken) >= flegt.MaxScans {
		out.refused = append(out.refused, flegt.RefusedFile{Name: name, Key: "scan.too_many", Args: flegt.Args{"Max": flegt.MaxScans}})
		return nil
	}
	kept, err := o.keepScan(ctx, flegt.TheSystem(), bytes.NewReader(f.Bytes))
	var refusal *flegt.Error
	switch {
	case err == nil:
		kept.ID, kept.Name, kept.At = o.newID(), name, o.now()
		out.taken = append(out.taken, kept)
	case errors.As(err, &refusal) && refusal.Kind != flegt.TooMany:
		out.refused = append(out.refused, flegt.RefusedFile{Name: name, Key: refusal.Key, Args: refusal.Args})
	default:
		return err
	}
	return nil
}

// answerByMail attaches a mail to the question that it answers by the address it came to. Who
// sent it, and what SPF, DKIM and DMARC say, is noted: whoever was not asked, or is not who he
// says, can inform the officer but ends no waiting. false when there is no such question.
func (o *Office) answerByMail(tx *store.Tx, m *flegt.IncomingMail, r ReadMail, files mailFiles) (bool, *flegt.Account, error) {
	q, err := tx.Question(r.Question)
	if flegt.KindOf(err) == flegt.NotFound && err != nil {
		return false, nil, nil
	}
	if err != nil {
		return false, nil, err
	}
	a := flegt.Reply{ID: o.newID(), Mail: m.ID, From: m.From, Text: firstLetters(m.Text, flegt.MaxMailAnswer), Files: files.taken, Refused: files.refused,
		Forged: r.Forged, Checks: map[string]string{"spf": m.Auth["spf"], "dkim": m.Auth["dkim"], "dmarc": m.Auth["dmarc"]}}
	sender, err := o.senderOf(tx, q, r.Facts.FromAddrs, &a)
	if err != nil {
		return false, nil, err
	}
	m.Question = q.ID
	before := q.State
	e, err := q.Answer(flegt.TheSystem(), o.now(), o.TodayIn(q.Country), a)
	if err != nil && flegt.KindOf(err) != flegt.Internal {
		m.Outcome = "empty" // or one answer too many: the mail is kept, and nothing is attached
		if flegt.KindOf(err) == flegt.TooLarge {
			m.Outcome = "too_many_answers"
		}
		return true, sender, nil
	}
	if err != nil {
		return false, nil, err
	}
	m.Outcome = "answer"
	return true, sender, o.saveQuestion(tx, flegt.TheSystem(), before, &q, e)
}

// senderOf notes in an answer whether the one address it comes from is one of those who were
// asked. The account is that of the address, nil where there is none.
func (o *Office) senderOf(tx *store.Tx, q flegt.Question, from []string, a *flegt.Reply) (*flegt.Account, error) {
	if len(from) != 1 {
		return nil, nil
	}
	body := q.Operator
	if q.To == flegt.ToIssuing {
		body = flegt.LicensingID(q.Export)
		official, err := o.issuingAddresses(tx, q.Export)
		if err != nil {
			return nil, err
		}
		for _, address := range official {
			a.Known = a.Known || strings.EqualFold(readableAddress(address), readableAddress(from[0]))
		}
	}
	acc, err := accountOf(tx, from[0])
	if flegt.KindOf(err) == flegt.NotFound && err != nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	held, err := tx.AuthorisationsOf(acc.ID)
	for _, z := range held {
		if z.Body == body && z.Active() {
			a.Known, a.By = true, acc.ID
		}
	}
	return &acc, err
}

// firstLetters cuts a text to so many characters.
func firstLetters(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return strings.TrimSpace(string(r[:most-1])) + "…"
	}
	return s
}
