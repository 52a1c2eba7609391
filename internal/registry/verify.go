package registry

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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
func Verify(ctx context.Context, db *store.DB, tell func(done, total int)) (Verification, error) {
	v := &verifier{ctx: ctx, db: db, tell: tell, last: map[flegt.Noun]map[string]trace{}, carried: map[int64][]string{}}
	err := db.View(ctx, v.all)
	return v.found, err
}

// trace is what a noun's last event says of its row.
type trace struct {
	seq     int64
	hash    string
	version int
	state   string
	verb    string
}

type verifier struct {
	ctx     context.Context
	db      *store.DB
	tell    func(done, total int)
	done    int
	total   int
	found   Verification
	last    map[flegt.Noun]map[string]trace
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
	for _, step := range []func(*store.Tx) error{
		func(tx *store.Tx) error { return v.events(tx, head) }, v.movements, v.rows, v.mails,
	} {
		if err := step(tx); err != nil {
			return err
		}
	}
	return nil
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

// events replays the log: it remembers what the last event of each noun says.
func (v *verifier) events(tx *store.Tx, head int64) error {
	next := int64(1)
	err := tx.EachEventRow(func(seq int64, e flegt.Event, astray []string) error {
		v.step()
		v.found.Events++
		what := fmt.Sprintf("event %d", seq)
		if seq != next {
			v.say(what, "the events %d to %d are missing", next, seq-1)
		}
		next = seq + 1
		if len(astray) > 0 {
			v.say(what, "%s not as its body says", strings.Join(astray, ", "))
		}
		if slices.Contains(astray, "body") {
			return nil
		}
		v.remember(seq, e)
		return nil
	})
	if err == nil && next-1 != head {
		v.say("event log", "it ends with event %d, but %d were counted", next-1, head)
	}
	return err
}

func (v *verifier) remember(seq int64, e flegt.Event) {
	if v.last[e.Noun] == nil {
		v.last[e.Noun] = map[string]trace{}
	}
	if e.RowHash != "" || e.Verb == "discarded" || e.Noun == flegt.NounWebhook && e.Verb == "deleted" {
		v.last[e.Noun][e.NounID] = trace{seq: seq, hash: e.RowHash, version: e.Version, state: e.State, verb: e.Verb}
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

// movements compares the ledger with the events that carry it.
func (v *verifier) movements(tx *store.Tx) error {
	v.ledgers = map[string][]flegt.Movement{}
	booked := map[int64][]string{}
	err := tx.EachMovement(func(m flegt.Movement, astray []string) error {
		v.found.Movements++
		if len(astray) > 0 {
			v.say("movement "+m.ID, "%s not as its body says", strings.Join(astray, ", "))
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

// rows compares every noun's row with the last event about it.
func (v *verifier) rows(tx *store.Tx) error {
	there := map[string]bool{}
	var err error
	if v.uses, err = tx.Uses(); err != nil {
		return err
	}
	err = tx.EachFiled(func(f store.Filed) error {
		v.step()
		v.found.Rows++
		what := string(f.Noun) + " " + f.ID
		there[what] = true
		if len(f.Astray) > 0 {
			v.say(what, "%s not as its body says", strings.Join(f.Astray, ", "))
		}
		v.row(what, f)
		if f.Noun == flegt.NounLicence {
			v.licence(what, f)
		}
		if f.Noun == flegt.NounQuestion {
			v.question(what, f)
		}
		if f.Noun == flegt.NounSpecimen {
			v.specimen(what, f)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, at := range v.files {
		if err := v.scan(tx, at.what, at.file); err != nil {
			return err
		}
	}
	for noun, nouns := range v.last {
		for id, t := range nouns {
			if what := string(noun) + " " + id; !there[what] && t.hash != "" {
				v.say(what, "event %d (%s) speaks of it, but it is gone", t.seq, t.verb)
			}
		}
	}
	return nil
}

func (v *verifier) row(what string, f store.Filed) {
	t, known := v.last[f.Noun][f.ID]
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
func (v *verifier) licence(what string, f store.Filed) {
	var l flegt.Licence
	if json.Unmarshal([]byte(f.Body), &l) != nil {
		return // "body" was said already
	}
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
	for _, s := range l.Files() {
		v.files = append(v.files, filedAt{what, s})
	}
}

// question notes the files of a question's answers.
func (v *verifier) question(what string, f store.Filed) {
	var q flegt.Question
	if json.Unmarshal([]byte(f.Body), &q) != nil {
		return // "body" was said already
	}
	for _, file := range q.Files() {
		v.files = append(v.files, filedAt{what, file})
	}
}

// specimen notes a specimen's image.
func (v *verifier) specimen(what string, f store.Filed) {
	var s flegt.Specimen
	if json.Unmarshal([]byte(f.Body), &s) == nil {
		v.files = append(v.files, filedAt{what, s.Image})
	}
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
