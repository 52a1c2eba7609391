package flegt

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// MaxAnswers is how many findings one licence may have answered.
const MaxAnswers = 400

// AnswerFinding keeps the importer's remark on a finding that asks for a look, for the
// officer to read beside it; empty words take it back. What is wrong cannot be answered.
func (l *Licence) AnswerFinding(by Actor, now time.Time, findings []Finding, key, field, words string) (Event, error) {
	words = strings.TrimSpace(words)
	if _, ok := Next(l.State, by.Role, VerbEdit); !ok {
		return l.step(by, now, VerbEdit, "answered")
	}
	if !slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == Look && f.Key == key && f.Field == field }) {
		return Event{}, Refuse(Conflict, "licence.answer.gone", nil)
	}
	kept := slices.DeleteFunc(slices.Clone(l.Answers), func(a Answer) bool { return a.Key == key && a.Field == field })
	switch {
	case tooLong(words, 500):
		return Event{}, InvalidBoxes([]BoxError{{Box: "words", Key: "error.too_long", Args: Args{"Max": 500}}})
	case len(kept) >= MaxAnswers:
		return Event{}, Refuse(TooLarge, "licence.answer.too_many", Args{"Max": MaxAnswers})
	}
	e, err := l.step(by, now, VerbEdit, "answered")
	if err != nil {
		return e, err
	}
	if words != "" {
		kept = append(kept, Answer{Key: key, Field: field, Words: words, By: by.Account, At: now.UTC()})
	}
	l.Answers = kept
	return e.With("finding", key).With("field", field), nil
}

// Return is the sending back of a licence by the competent authority: "please change box
// 14". It is kept after the importer has put it right, so that the officer can compare.
type Return struct {
	At      time.Time
	By      string // account
	Words   string // about the whole; may be empty when there are remarks
	Remarks []BoxRemark
}

// BoxRemark is what the authority says about one box.
type BoxRemark struct {
	Field string // name of the field as the form posts it ("goods.0.volume") on the day of the remark
	Line  int    `json:",omitempty"` // number of its goods line; 0 for other boxes
	Words string
}

// MaxReturns is how often one licence can be sent back.
const MaxReturns = 30

// MaxRemarks is how many boxes can be remarked on at once.
const MaxRemarks = 40

// FormBox is a box of the form in the Annex to Regulation (EC) 1024/2008, or a box beside
// it that the desks need.
type FormBox struct {
	Box   string // its number on the paper; empty for what is not on it
	Field string // name of the field as the form posts it
	Key   string // of its name
	Line  int    // number of the goods line; 0 for other boxes
}

// Boxes lists the boxes of the licence in the order of the paper, goods line by goods line.
func (l Licence) Boxes() []FormBox {
	out := []FormBox{
		{"1", "issuing_body.name", "licence.issuing_body", 0}, {"2", "importer.name", "licence.importer", 0}, {"3", "number", "licence.number", 0},
		{"4", "expires", "licence.expires", 0}, {"6", "export", "licence.export", 0}, {"7", "transport", "licence.transport", 0}, {"8", "licensee.name", "licence.licensee", 0},
	}
	for i, g := range l.Form.Goods {
		out = append(out, lineBoxes(i, g.Line)...)
	}
	return append(out, FormBox{"17", "invoice", "licence.invoice", 0}, FormBox{"17", "bar_code", "licence.bar_code", 0}, FormBox{"17", "lot", "licence.lot", 0}, FormBox{"17", "bill_of_lading", "licence.bill_of_lading", 0}, FormBox{"17", "containers", "licence.containers", 0},
		FormBox{"17", "marks", "licence.marks", 0}, FormBox{"18", "issue_place", "licence.issue_place", 0}, FormBox{"18", "issued", "licence.issued", 0},
		FormBox{"", "import_country", "licence.import_country", 0}, FormBox{"", "arrival", "licence.arrival", 0}, FormBox{"", "office", "licence.office", 0}, FormBox{"", "scan", "scan.title", 0})
}

// lineBoxes are the boxes of one goods line, the i-th.
func lineBoxes(i, line int) []FormBox {
	at := "goods." + strconv.Itoa(i) + "."
	return []FormBox{{"9", at + "description", "licence.description", line}, {"10", at + "hs", "licence.hs", line},
		{"11", at + "species.0.scientific", "licence.species", line}, {"13", at + "harvest", "licence.harvest", line},
		{"14", at + "volume", "licence.volume", line}, {"15", at + "weight", "licence.weight", line}, {"16", at + "units", "licence.units", line}}
}

// LodgeIn chooses the country of import; empty leaves it. A licence that was sent back stays
// with the authority that sent it back.
func (l *Licence) LodgeIn(country string) error {
	if country == "" || country == l.ImportCountry {
		return nil
	}
	if l.State == Returned {
		return InvalidBoxes([]BoxError{{Box: "import_country", Key: "licence.return.country"}})
	}
	l.ImportCountry = country
	return nil
}

// SendBack returns a submitted licence to the importer with a remark on each box that is to
// be put right, or words on the whole. The place in the queue is kept.
func (l *Licence) SendBack(by Actor, now time.Time, words string, remarks []BoxRemark) (Event, error) {
	if _, ok := Next(l.State, by.Role, VerbReturn); !ok {
		return l.step(by, now, VerbReturn, "returned")
	}
	words = strings.TrimSpace(words)
	kept, boxes := l.goodRemarks(remarks)
	if words == "" && len(kept) == 0 && len(boxes) == 0 {
		boxes = append(boxes, BoxError{Box: "reason", Key: "licence.return.nothing"})
	}
	if tooLong(words, 2000) {
		boxes = append(boxes, BoxError{Box: "reason", Key: "error.too_long", Args: Args{"Max": 2000}})
	}
	if len(l.Returned)+1 >= MaxReturns {
		return Event{}, Refuse(TooLarge, "licence.return.too_often", Args{"Max": MaxReturns})
	}
	if err := InvalidBoxes(boxes); err != nil {
		return Event{}, err
	}
	e, err := l.step(by, now, VerbReturn, "returned")
	if err == nil {
		if l.Return != nil {
			l.Returned = append(l.Returned[:len(l.Returned):len(l.Returned)], *l.Return)
		}
		l.Return = &Return{At: now.UTC(), By: by.Account, Words: words, Remarks: kept}
	}
	return e, err
}

// goodRemarks drops empty remarks and says what is wrong with the others; the box of an
// error is "remarks.N.words" or "remarks.N.field".
func (l Licence) goodRemarks(remarks []BoxRemark) (kept []BoxRemark, wrong []BoxError) {
	full := 0
	for _, r := range remarks {
		if strings.TrimSpace(r.Words) != "" {
			full++
		}
	}
	if full > MaxRemarks {
		return nil, []BoxError{{Box: "reason", Key: "licence.return.too_many", Args: Args{"Max": MaxRemarks}}}
	}
	known := l.Boxes()
	for i, r := range remarks {
		r.Words, r.Line = strings.TrimSpace(r.Words), 0
		at := "remarks." + strconv.Itoa(i) + "."
		switch {
		case r.Words == "" && r.Field == "":
		case !slices.ContainsFunc(known, func(b FormBox) bool { return b.Field == r.Field }):
			wrong = append(wrong, BoxError{Box: at + "field", Key: "error.choose"})
		case r.Words == "":
			wrong = append(wrong, BoxError{Box: at + "words", Key: "licence.return.words"})
		case tooLong(r.Words, 500):
			wrong = append(wrong, BoxError{Box: at + "words", Key: "error.too_long", Args: Args{"Max": 500}})
		default:
			r.Line = known[slices.IndexFunc(known, func(b FormBox) bool { return b.Field == r.Field })].Line
			kept = append(kept, r)
		}
	}
	return kept, wrong
}

// RemarkBox gives the box that a remark is about as the licence has it now: goods lines move
// up when the importer takes one out. False when it is gone; a box of a line that is gone
// still has its number and name, and no field.
func (l Licence) RemarkBox(r BoxRemark) (FormBox, bool) {
	if r.Line == 0 {
		boxes := l.Boxes()
		if i := slices.IndexFunc(boxes, func(b FormBox) bool { return b.Field == r.Field }); i >= 0 {
			return boxes[i], true
		}
		return FormBox{}, false
	}
	at := slices.IndexFunc(l.Form.Goods, func(g GoodsLine) bool { return g.Line == r.Line })
	_, part, _ := strings.Cut(strings.TrimPrefix(r.Field, "goods."), ".")
	for _, b := range lineBoxes(at, r.Line) {
		if strings.HasSuffix(b.Field, "."+part) {
			if at < 0 {
				b.Field = ""
			}
			return b, at >= 0
		}
	}
	return FormBox{}, false
}
