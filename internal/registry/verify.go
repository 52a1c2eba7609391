package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Disagreement is one thing in the registry that does not agree with another.
type Disagreement struct {
	What string // "event 17", "licence 0199…"
	Says string // in English, for the host
}

// String gives both as one line.
func (d Disagreement) String() string { return d.What + ": " + d.Says }

// Verification is what Verify found.
type Verification struct {
	Events, Rows, Movements, Mails, Scans int
	Disagreements                         []Disagreement
}

// Verify reads the whole registry and holds every record against the event log: numbers
// without gaps, every row as its last event left it, every column as its row's body says,
// every movement in the event that carries it, every balance within its licence, every
// attachment and mail with the hash it came with. It changes nothing. tell hears of the
// progress; it may be nil. The error is of reading alone: what does not agree is in the
// answer.
//
// The registry is read by spans of ids: all events, rows and movements of some hundred nouns at a
// time, so that the memory needed does not grow with it.
func Verify(ctx context.Context, db *store.DB, tell func(done, total int)) (Verification, error) {
	v := &verifier{ctx: ctx, db: db, tell: tell, atOnce: eventsAtOnce}
	err := db.View(ctx, v.all)
	return v.found, err
}

// eventsAtOnce is how many events a span has, or one noun's if that has more.
const eventsAtOnce = 2000

// trace is what a noun's last event says of its row.
type trace struct {
	seq     int64
	hash    string
	version int
	state   string
	verb    string
}

// nounID names a noun.
type nounID struct {
	noun flegt.Noun
	id   string
}

type verifier struct {
	ctx      context.Context
	db       *store.DB
	tell     func(done, total int)
	atOnce   int // events of a span
	done     int
	total    int
	numbered int // events that are not looks, by their numbers
	named    int // and by their nouns
	found    Verification
	// What follows is of the span at hand.
	last    map[nounID]trace
	carried map[int64][]string // movements of an event, as they stand in it
	ledgers map[string][]flegt.Movement
	uses    map[string]flegt.Use // of licences, as the lists have it
	files   []filedAt            // looked at when the rows are read: a connection answers one question at a time
}

// filedAt is an attachment and the licence or question it lies with.
type filedAt struct {
	what string
	file flegt.Attachment
}

func (v *verifier) all(tx *store.Tx) error {
	head, err := tx.Head()
	if err != nil {
		return err
	}
	rows, err := tx.CountFiled()
	if err != nil {
		return err
	}
	v.total = int(head) + rows
	if err := v.numbers(tx, head); err != nil {
		return err
	}
	reader, err := tx.Verifying()
	if err != nil {
		return err
	}
	for after, more := "", true; more; {
		span, err := v.events(tx, after)
		for _, step := range []func() error{
			func() error { return v.movements(tx, span) },
			func() error { return v.rows(tx, reader, span) },
			func() error { return v.attachments(tx) },
		} {
			if err == nil {
				err = step()
			}
		}
		if err != nil {
			return err
		}
		after, more = span.Until, span.Until != ""
	}
	if v.numbered != v.named {
		v.say("event log", "%d events are found by their number, %d by what they speak of", v.numbered, v.named)
	}
	return v.mails(tx)
}

func (v *verifier) say(what, format string, args ...any) {
	v.found.Disagreements = append(v.found.Disagreements, Disagreement{what, fmt.Sprintf(format, args...)})
}

func (v *verifier) step() {
	v.done++
	if v.tell != nil {
		v.tell(v.done, max(v.done, v.total))
	}
}

// numbers goes through the log by its numbers.
func (v *verifier) numbers(tx *store.Tx, head int64) error {
	next := int64(1)
	err := tx.EachEventNumber(func(seq int64, look *store.EventRow) error {
		v.found.Events++
		if seq != next {
			v.say(fmt.Sprintf("event %d", seq), "the events %d to %d are missing", next, seq-1)
		}
		next = seq + 1
		if look == nil {
			v.numbered++
			return nil
		}
		v.event(*look)
		if look.Event.RowHash != "" || len(look.Event.Data) > 0 && look.Event.Data["movements"] != nil {
			v.say(fmt.Sprintf("event %d", seq), "it is a look, and says that it changed something")
		}
		return nil
	})
	if err == nil && next-1 != head {
		v.say("event log", "it ends with event %d, but %d were counted", next-1, head)
	}
	return err
}

// event says what does not agree in an event; false when it cannot be read.
func (v *verifier) event(row store.EventRow) bool {
	v.step()
	if len(row.Astray) > 0 {
		v.say(fmt.Sprintf("event %d", row.Seq), "%s not as its body says", strings.Join(row.Astray, ", "))
	}
	return !slices.Contains(row.Astray, "body")
}

// events replays the log of the nouns of a span: it remembers what the last event of each says.
func (v *verifier) events(tx *store.Tx, after string) (store.Span, error) {
	v.last, v.carried = map[nounID]trace{}, map[int64][]string{}
	return tx.EventSpan(after, v.atOnce, func(row store.EventRow) error {
		v.named++
		if v.event(row) {
			v.remember(row.Seq, row.Event)
		}
		return nil
	})
}

func (v *verifier) remember(seq int64, e flegt.Event) {
	if e.RowHash != "" || e.Verb == "discarded" || e.Noun == flegt.NounWebhook && e.Verb == "deleted" {
		v.last[nounID{e.Noun, e.NounID}] = trace{seq: seq, hash: e.RowHash, version: e.Version, state: e.State, verb: e.Verb}
	}
	mrn, _ := e.Data["mrn"].(string)
	moves, _ := e.Data["movements"].([]any)
	for _, m := range moves {
		if m, ok := m.(map[string]any); ok {
			v.carried[seq] = append(v.carried[seq], moved(e.NounID, mrn, m["line"], m["kind"], m["quantity"], m["unit"], m["item"], m["hs"]))
		}
	}
}

// moved writes a movement as it is compared. Goods item and commodity code, which the
// declaration need not state, are left out when they are nothing.
func moved(licence, mrn string, line, kind, quantity, unit, item, hs any) string {
	out := fmt.Sprint(licence, " ", mrn, " line ", line, " ", kind, " ", quantity, " ", unit)
	if text := fmt.Sprint(item); item != nil && text != "0" {
		out += " item " + text
	}
	if text := fmt.Sprint(hs); hs != nil && text != "" {
		out += " code " + text
	}
	return out
}

// movements compares the ledger of a span's licences with the events that carry it.
func (v *verifier) movements(tx *store.Tx, span store.Span) error {
	v.ledgers = map[string][]flegt.Movement{}
	booked := map[int64][]string{}
	err := tx.EachMovement(span, func(row store.MovementRow) error {
		v.found.Movements++
		m := row.Movement
		if len(row.Astray) > 0 {
			v.say("movement "+m.ID, "%s not as its body says", strings.Join(row.Astray, ", "))
		}
		v.ledgers[m.Licence] = append(v.ledgers[m.Licence], m)
		booked[m.Seq] = append(booked[m.Seq], moved(m.Licence, m.MRN, m.Line, m.Kind, m.Quantity, m.Unit, m.GoodsItem, m.HS))
		return nil
	})
	for seq, want := range v.carried {
		if !slices.Equal(want, booked[seq]) {
			v.say(fmt.Sprintf("event %d", seq), "it carries the movements [%s], the ledger has [%s]", strings.Join(want, "; "), strings.Join(booked[seq], "; "))
		}
	}
	for seq, moves := range booked {
		if len(v.carried[seq]) == 0 {
			v.say(fmt.Sprintf("event %d", seq), "the ledger has [%s], which no event carries", strings.Join(moves, "; "))
		}
	}
	return err
}

// rows compares every row of a span with the last event about its noun.
func (v *verifier) rows(tx *store.Tx, reader *store.Verifying, span store.Span) (err error) {
	if v.uses, err = tx.Uses(span); err != nil {
		return err
	}
	err = reader.EachFiled(span, func(f store.Filed) error {
		v.step()
		v.found.Rows++
		what := string(f.Noun) + " " + f.ID
		if len(f.Astray) > 0 {
			v.say(what, "%s not as its body says", strings.Join(f.Astray, ", "))
		}
		v.row(what, f)
		switch noun := f.Value.(type) {
		case flegt.Licence:
			v.licence(what, noun)
		case flegt.Question:
			v.keptWith(what, noun.Files()...)
		case flegt.Specimen:
			v.keptWith(what, noun.Image)
		}
		delete(v.last, nounID{f.Noun, f.ID})
		return nil
	})
	for of, t := range v.last {
		if t.hash != "" && err == nil {
			v.say(string(of.noun)+" "+of.id, "event %d (%s) speaks of it, but it is gone", t.seq, t.verb)
		}
	}
	return err
}

func (v *verifier) row(what string, f store.Filed) {
	t, known := v.last[nounID{f.Noun, f.ID}]
	switch {
	case !known:
		v.say(what, "no event speaks of it")
	case t.hash == "":
		v.say(what, "event %d (%s) ended it, but it is there", t.seq, t.verb)
	case t.hash != f.Hash:
		v.say(what, "it is not as event %d (%s) left it", t.seq, t.verb)
	case t.version != 0 && t.version != f.Version:
		v.say(what, "its version is %d, event %d says %d", f.Version, t.seq, t.version)
	case t.state != "" && f.State != "" && t.state != f.State:
		v.say(what, "its state is %s, event %d says %s", f.State, t.seq, t.state)
	}
}

// licence checks a licence's balances, and notes its attachments.
func (v *verifier) licence(what string, l flegt.Licence) {
	g := flegt.Ledger{Licence: l, Movements: v.ledgers[l.ID]}
	for _, p := range g.Positions() {
		if p.Reserved < 0 || p.Consumed < 0 || p.Available < 0 {
			v.say(what, "line %d: %s reserved, %s consumed, %s left of %s %s", p.Line, p.Reserved, p.Consumed, p.Available, p.Limit, p.Unit)
		}
	}
	if use := g.Use(); use != v.uses[l.ID] {
		v.say(what, "its use is noted as %q, the ledger says %q", v.uses[l.ID], use)
	}
	if len(g.Movements) > 0 && l.State != flegt.Accepted && l.State != flegt.AcceptanceWithdrawn {
		v.say(what, "its ledger has movements, but it is %s", l.State)
	}
	v.keptWith(what, l.Files()...)
}

// keptWith notes attachments of a noun.
func (v *verifier) keptWith(what string, files ...flegt.Attachment) {
	for _, file := range files {
		v.files = append(v.files, filedAt{what, file})
	}
}

// attachments reads those of a span.
func (v *verifier) attachments(tx *store.Tx) error {
	for _, at := range v.files {
		if err := v.scan(tx, at.what, at.file); err != nil {
			return err
		}
	}
	v.files = nil
	return nil
}

// scan reads an attachment and compares size and hash with what was kept about it.
func (v *verifier) scan(tx *store.Tx, what string, s flegt.Attachment) error {
	v.found.Scans++
	used, err := tx.BlobUsed(s.SHA256)
	if err != nil {
		return err
	}
	if !used {
		v.say(what, "the attachment %q (%s) is not noted as in use", s.Name, s.SHA256)
	}
	f, err := v.db.Blob(v.ctx, s.SHA256)
	if err != nil && flegt.KindOf(err) == flegt.NotFound {
		v.say(what, "the attachment %q (%s) is not there", s.Name, s.SHA256)
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	h := sha256.New()
	size, err := io.Copy(h, f)
	if err != nil {
		return err
	}
	if sum := hex.EncodeToString(h.Sum(nil)); sum != s.SHA256 || size != s.Size {
		v.say(what, "the attachment %q has %d bytes and hash %s, %d and %s were kept", s.Name, size, sum, s.Size, s.SHA256)
	}
	return nil
}

// mails compares every mail that came in with the hash that was kept about it.
func (v *verifier) mails(tx *store.Tx) error {
	return tx.EachRawMail(func(m flegt.IncomingMail, sum string) error {
		v.found.Mails++
		if m.SHA256 != sum {
			v.say("mail "+m.ID, "its bytes are not those that came in")
		}
		return nil
	})
}
