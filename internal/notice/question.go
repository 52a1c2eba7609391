package notice

import (
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// question tells of a question: whoever was asked, when it is put, when its deadline is near
// and when it needs no answer any more; the officers, when an answer came. A question is
// written to whom it is put to whatever he chose about mail: it has a deadline.
func (n *Notice) question(tx *store.Tx, e flegt.Event) error {
	q, err := tx.Question(e.NounID)
	if err != nil {
		return err
	}
	l, err := tx.Licence(q.Licence)
	if err != nil {
		return err
	}
	switch e.Verb {
	case "asked":
		return n.tellAsked(tx, e, q, l)
	case "reminded":
		if q.State != flegt.QuestionOpen { // an answer came meanwhile
			return nil
		}
		return n.tellAsked(tx, e, q, l)
	case "answered":
		return n.tellAnswered(tx, e, q, l)
	case "closed":
		return n.tellClosed(tx, e, q, l)
	}
	return nil
}

// askedBody is the body for which those act who were asked.
func askedBody(q flegt.Question) string {
	if q.To == flegt.ToIssuing {
		return flegt.LicensingID(q.Export)
	}
	return q.Operator
}

func questionArgs(q flegt.Question, l flegt.Licence) flegt.Args {
	return flegt.Args{"Number": l.Form.Number, "Country": q.Country, "Export": q.Export, "Deadline": q.Deadline, "Box": q.Box}
}

func questionPath(q flegt.Question) string { return "/questions/" + q.ID }

// tellAsked puts the question, or reminds of it: to the issuing country at its official
// address, in English, and to everybody who acts here for whom it is put to.
func (n *Notice) tellAsked(tx *store.Tx, e flegt.Event, q flegt.Question, l flegt.Licence) error {
	key := "notice.question." + e.Verb + "." + string(q.To)
	args := questionArgs(q, l)
	t := text{kind: "question." + e.Verb, subject: key, args: args, seq: e.Seq, question: q.ID, linkKey: "notice.question.link"}
	if q.To == flegt.ToIssuing {
		t.asks = q.Country
		la, err := tx.Authority(flegt.LicensingID(q.Export))
		if err != nil {
			return err
		}
		for _, address := range la.AddressesOn(n.Reference.DayIn(q.Country, e.At)) {
			official := t
			official.parts = n.questionParts("en", e.Verb, q, l)
			if err := n.post(tx, address, "en", official); err != nil {
				return err
			}
		}
	}
	accounts, err := n.holders(tx, askedBody(q))
	if err != nil {
		return err
	}
	for _, acc := range accounts {
		if err := n.note(tx, e, acc.ID, "licence", key, questionPath(q), flegt.Args{"Number": l.Form.Number, "Country": q.Country}); err != nil {
			return err
		}
		own := t
		own.parts, own.path, own.account, own.greeting = n.questionParts(acc.Lang, e.Verb, q, l), questionPath(q), acc.ID, acc.FirstName+" "+acc.LastName
		if err := n.post(tx, acc.Email, acc.Lang, own); err != nil {
			return err
		}
	}
	return nil
}

// questionParts is the letter: what is asked, until when, how to answer; for the issuing
// country, which knows the licence by its paper, what stands on it.
func (n *Notice) questionParts(lang, verb string, q flegt.Question, l flegt.Licence) []part {
	args := questionArgs(q, l)
	key := "notice.question." + verb + "." + string(q.To) + ".text"
	out := []part{p(key, args), {raw: q.Text}}
	if box, known := flegt.PaperBoxNumbered(q.Box); known {
		out = append(out, p("notice.question.box", flegt.Args{"Box": box.Number, "Name": n.say(lang, box.Key, nil)}))
	}
	out = append(out, p("notice.question.until", args))
	if q.To == flegt.ToIssuing {
		out = append(out, part{raw: n.paper(lang, l), pre: true})
	}
	if _, ok := flegt.AnswerAddress(n.From, q.ID); ok {
		out = append(out, p("notice.question.reply", args))
	}
	return append(out, p("notice.question.token", flegt.Args{"Token": q.ID}))
}

// paper is what stands on the licence, a line for each box that tells it apart, and one for
// each goods line.
func (n *Notice) paper(lang string, l flegt.Licence) string {
	var b strings.Builder
	line := func(key string, value any) {
		if s := n.say(lang, "notice.question.line", flegt.Args{"Name": n.say(lang, key, nil), "Value": value}); value != "" {
			b.WriteString(s + "\n")
		}
	}
	f := l.Form
	line("licence.number", f.Number)
	line("licence.issued", n.day(lang, f.Issued))
	line("licence.expires", n.day(lang, f.Expires))
	line("licence.issuing_body", f.IssuingBody.Name)
	line("licence.licensee", f.Licensee.Name)
	line("licence.importer", f.Importer.Name)
	line("licence.invoice", f.Invoice)
	line("licence.bill_of_lading", f.BillOfLading)
	line("licence.containers", f.Containers)
	for _, g := range f.Goods {
		b.WriteString(n.goods(lang, g) + "\n")
	}
	return strings.TrimRight(b.String(), "\n")
}

func (n *Notice) day(lang string, d flegt.Date) string {
	if !d.Valid() {
		return string(d)
	}
	return n.Catalog.Write(n.lang(lang), d)
}

// goods is one goods line in one line of text.
func (n *Notice) goods(lang string, g flegt.GoodsLine) string {
	words := []string{g.Description, g.HS}
	for _, s := range g.Species {
		words = append(words, strings.TrimSpace(s.Common+" "+s.Scientific))
	}
	words = append(words, strings.Join(g.Harvest, ", "))
	for _, u := range []flegt.Unit{flegt.CubicMetre, flegt.Kilogram, flegt.Piece} {
		if q, ok := g.Granted(u); ok {
			words = append(words, n.Catalog.Quantity(n.lang(lang), q, u))
		}
	}
	words = slices.DeleteFunc(words, func(w string) bool { return w == "" })
	return n.Catalog.Write(n.lang(lang), g.Line) + ". " + strings.Join(words, "; ")
}

// tellAnswered tells the officer who handles the case, and the one who asked, that an answer
// came: by whom, and whether in time. What it says is never sent on.
func (n *Notice) tellAnswered(tx *store.Tx, e flegt.Event, q flegt.Question, l flegt.Licence) error {
	d, err := tx.Dossier(l.ID)
	if err != nil {
		return err
	}
	key := "notice.question.answered." + string(q.To)
	known, _ := e.Data["known"].(bool)
	forged, _ := e.Data["forged"].(bool)
	if !known || forged {
		key = "notice.question.answered.doubtful"
	}
	args := flegt.Args{"Number": l.Form.Number, "Country": q.Country, "Export": q.Export}
	officers, err := n.officersOf(tx, q, d)
	for _, acc := range officers {
		if err := n.tellAccount(tx, e, acc, "question.answered", key, "/questions/"+q.ID, args); err != nil {
			return err
		}
	}
	return err
}

// officersOf are who asked and who handles the case, as long as they act for the authority.
func (n *Notice) officersOf(tx *store.Tx, q flegt.Question, d flegt.Dossier) (out []flegt.Account, err error) {
	all, err := n.holders(tx, flegt.AuthorityID(q.Country))
	for _, acc := range all {
		if acc.ID == q.AskedBy || acc.ID == d.Officer {
			out = append(out, acc)
		}
	}
	if len(out) == 0 { // both have left: somebody must know
		out = all
	}
	return out, err
}

// tellAccount tells one account by a line in the application and, where it wants mail about
// licences, by a letter whose text is the key's with ".text".
func (n *Notice) tellAccount(tx *store.Tx, e flegt.Event, acc flegt.Account, kind, key, path string, args flegt.Args) error {
	if err := n.note(tx, e, acc.ID, "licence", key, path, args); err != nil {
		return err
	}
	wanted, err := n.wantsMail(tx, acc.ID, "licence")
	if err != nil || !wanted {
		return err
	}
	return n.post(tx, acc.Email, acc.Lang, text{kind: kind, subject: key, args: args, parts: []part{p(key+".text", args)}, path: path,
		linkKey: "notice.question.case", seq: e.Seq, account: acc.ID, greeting: acc.FirstName + " " + acc.LastName, topic: "licence"})
}

// tellClosed says that an answer is no longer needed, in the application alone; not when the
// licence was decided, of which a letter of its own tells.
func (n *Notice) tellClosed(tx *store.Tx, e flegt.Event, q flegt.Question, l flegt.Licence) error {
	if decided, _ := e.Data["decided"].(bool); decided {
		return nil
	}
	accounts, err := n.holders(tx, askedBody(q))
	for _, acc := range accounts {
		if err := n.note(tx, e, acc.ID, "licence", "notice.question.closed", questionPath(q), flegt.Args{"Number": l.Form.Number, "Country": q.Country}); err != nil {
			return err
		}
	}
	return err
}
