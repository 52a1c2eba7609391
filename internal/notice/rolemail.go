package notice

import (
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// maxAnswers is how many answers one address gets in a day, so that two programs that answer
// each other soon stop.
const maxAnswers = 20

// answer answers a mail that came in: what became of it, and each broken rule with what was
// found and what to write instead. Mail that is itself automatic is never answered
// (RFC 3834); the office has said in the event whether this one may be.
func (n *Notice) answer(tx *store.Tx, e flegt.Event) error {
	if may, _ := e.Data["answer"].(bool); !may {
		return nil
	}
	m, err := tx.Mail(e.NounID)
	if err != nil {
		return err
	}
	if !flegt.GoodAddress(m.From) {
		return nil
	}
	count, err := tx.Throttle("answer:"+m.From, n.now(), 24*time.Hour)
	if err != nil {
		return err
	}
	if count > maxAnswers {
		n.Logger.Warn("no more answers to this address today", "mail", m.ID)
		return nil
	}
	lang, greeting := "en", ""
	if id, ok := e.Data["account"].(string); ok && id != "" {
		acc, err := tx.Account(id)
		if err != nil {
			return err
		}
		lang, greeting = acc.Lang, acc.FirstName+" "+acc.LastName
		if m.Outcome == "unknown_sender" {
			greeting = ""
		}
	}
	t := n.answerText(tx, m)
	t.seq, t.greeting, t.reply, t.auto, t.both = e.Seq, greeting, m.MessageID, true, true
	return n.post(tx, m.From, lang, t)
}

// answerText says what became of a mail.
func (n *Notice) answerText(tx *store.Tx, m flegt.IncomingMail) text {
	t := text{kind: "mail." + m.Outcome, subject: "notice.mail.subject", args: flegt.Args{"Subject": m.Subject}}
	args := flegt.Args{"Body": "", "Support": n.SupportAddress}
	if z, err := tx.Authorisation(m.Authorisation); err == nil {
		if name, err := n.bodyName(tx, z); err == nil {
			args["Body"] = name
		}
		t.path, t.linkKey = "/roles/"+z.ID, "notice.authorisation.link"
	}
	switch m.Outcome {
	case "kept":
		t.parts = []part{p("notice.mail.kept", args)}
	case "broken":
		t.parts = append([]part{p("notice.mail.broken", args)}, verdictParts(m.Verdicts)...)
		t.parts = append(t.parts, p("notice.mail.ask_again", nil))
	case "broken_after_kept":
		t.parts = append([]part{p("notice.mail.broken_after_kept", args)}, verdictParts(m.Verdicts)...)
	case "other_address":
		t.parts = []part{p("notice.mail.other_address", args)}
		t.path, t.linkKey = "/contact", "notice.mail.contact"
	case "answer":
		t.parts = []part{p("notice.mail.answer", nil)}
	case "empty":
		t.parts = []part{p("notice.mail.empty", nil)}
	case "too_many_answers":
		t.parts = []part{p("notice.mail.too_many_answers", nil)}
	case "staff":
		t.parts = []part{p("notice.mail.staff", args)}
	case "nothing_pending":
		t.parts = []part{p("notice.mail.nothing_pending", args)}
		t.path, t.linkKey = "/roles", "notice.authorisation.link"
	default:
		t.parts = []part{p("notice.mail.unknown_sender", args)}
		t.path, t.linkKey = "/sign-up", "notice.mail.sign_up"
	}
	return t
}

// verdictParts says each broken rule, what was found, and what to write instead.
func verdictParts(verdicts []flegt.RuleVerdict) []part {
	var out []part
	for _, v := range verdicts {
		if v.Kept {
			continue
		}
		out = append(out, p(v.Key, v.Args()))
		if v.RemedyKey != "" {
			out = append(out, p(v.RemedyKey, v.Args()))
		}
	}
	return out
}
