package counter

import (
	"slices"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// CycleView is what a licence's page shows of its life beside the state: marks of the issuing
// country, the last sending back, confirmations, relatives, and the steps the viewer may take.
type CycleView struct {
	// Marks says what the issuing country reported.
	Marks []string
	// Return is what the authority wants put right; nil when it sent nothing back. Earlier are
	// the sendings back before it, the last first, as many as there is room for; EarlierWord is
	// what one asks for them by. Returns leads to all; empty where all are here.
	Return      *ReturnView
	Earlier     []ReturnView
	EarlierWord string
	Returns     Link
	// Confirmations are extensions and corrections, with their proof.
	Confirmations []Term
	// Family is the tree of predecessors and successors, oldest first.
	Family []RelativeLine
	// Steps lead to what the viewer may do now, beside deciding.
	Steps []Link
	// MayUnclaim offers to give an electronic licence back, MayAnswer to answer findings.
	MayUnclaim, MayAnswer bool
}

// ReturnView is one sending back: when, words on the whole, and remarks on boxes.
type ReturnView struct {
	When, Words string
	Remarks     []RemarkLine
}

// RemarkLine is what the authority says about one box.
type RemarkLine struct {
	Field, Name, Words string
	// Short is the beginning of the words where the whole stands at the box; else empty.
	Short string
	// URL leads to the box in the form, for whoever may change it; Do is what a button of the form
	// posts instead when the box stands on another page of it.
	URL, Do string
}

// RelativeLine is one licence of a family.
type RelativeLine struct {
	Number, URL string
	Status      *Status
	Mark        *Status
	Self        bool
	More        string // says that others of the family are not shown
	Successors  []RelativeLine
}

// CycleOf puts the life of a licence into words.
func (p *Page) CycleOf(c registry.Case) CycleView {
	l := c.Licence
	v := CycleView{Family: p.Relatives(c.Family, "/licences/%s"), Steps: p.steps(l)}
	for _, m := range l.Marks {
		text := p.T("licence.marked."+m.Name(), "Number", l.Form.Number, "From", m.From) + " " + sentence(m.Reason)
		if len(m.Successors) > 0 {
			text += " " + p.T("licence.successors", "Numbers", strings.Join(m.Successors, ", "))
		}
		v.Marks = append(v.Marks, text)
	}
	if all := p.returns(l); len(all) > 0 {
		v.Return, v.Earlier = &all[0], all[1:]
		v.EarlierWord = p.T("licence.returned.earlier", "Count", len(v.Earlier))
		room := roomOfEarlier
		for i, r := range v.Earlier {
			if room -= r.bytes(); room < 0 {
				v.Earlier = v.Earlier[:i]
				v.EarlierWord = p.T("licence.returned.last", "Count", i)
				v.Returns = Link{p.URL("/licences/%s/returns", l.ID), p.T("licence.returned.all", "Count", len(all))}
				break
			}
		}
	}
	v.Confirmations = p.confirmations(l)
	_, may := flegt.Next(l.State, p.Viewer.Actor.Role, flegt.VerbUnclaim)
	v.MayUnclaim = may && l.Electronic
	_, edits := flegt.Next(l.State, p.Viewer.Actor.Role, flegt.VerbEdit)
	v.MayAnswer = edits && slices.ContainsFunc(c.Findings, func(f flegt.Finding) bool { return f.Severity == flegt.Look })
	return v
}

// roomOfEarlier is how many bytes of earlier sendings back stand on the page of a licence.
const roomOfEarlier = 9_000

// returns puts each sending back into words, the last first.
func (p *Page) returns(l flegt.Licence) (out []ReturnView) {
	if l.Return != nil {
		out = append(out, p.returned(l, *l.Return))
	}
	for _, r := range slices.Backward(l.Returned) {
		out = append(out, p.returned(l, r))
	}
	return out
}

// bytes is about how many bytes a sending back has.
func (v ReturnView) bytes() int {
	n := 200 + BytesOf(v.Words)
	for _, x := range v.Remarks {
		n += 130 + BytesOf(x.Name, x.Words, x.URL, x.Do)
	}
	return n
}

// bytesOfFamily is about how many bytes a tree of licences has.
func bytesOfFamily(list []RelativeLine) (n int) {
	for _, r := range list {
		n += 80 + 2*BytesOf(r.Number) + bytesOfFamily(r.Successors)
		if r.Status != nil {
			n += 250
		}
		n += 2 * len(r.More)
	}
	return n
}

// bytes is about how many bytes the life of a licence has.
func (v CycleView) bytes() int {
	n := BytesOfTerms(v.Confirmations) + bytesOfFamily(v.Family) + BytesOf(v.Marks...) + 400*len(v.Marks)
	if v.Return != nil {
		n += v.Return.bytes()
	}
	for _, r := range v.Earlier {
		n += r.bytes()
	}
	return n
}

// sentence closes words that others may follow.
func sentence(words string) string {
	if words = strings.TrimSpace(words); words == "" || strings.ContainsAny(words[len(words)-1:], ".!?") {
		return words
	}
	return words + "."
}

// returned puts a sending back into words. A remark leads to its box as the licence has it
// now, and says when its goods line was taken out since.
func (p *Page) returned(l flegt.Licence, r flegt.Return) ReturnView {
	v := ReturnView{When: p.DateTime(r.At), Words: r.Words}
	_, may := flegt.Next(l.State, p.Viewer.Actor.Role, flegt.VerbEdit)
	for _, remark := range r.Remarks {
		b, there := l.RemarkBox(remark)
		line := RemarkLine{Field: b.Field, Name: remark.Field, Words: remark.Words}
		if b.Key != "" {
			line.Name = p.FormBox(b)
		}
		switch {
		case !there && b.Line > 0:
			line.Name = p.T("licence.returned.line_gone", "Name", line.Name)
		case there && may && l.Electronic && b.Box != "":
			line.Name = p.T("licence.returned.locked", "Name", line.Name)
		case there && may && !l.Electronic:
			line.URL = p.URL("/licences/%s/edit", l.ID)
			if b.Line > 0 {
				line.URL += "?line=" + strconv.Itoa(b.Line)
			}
			line.URL += "#" + boxID(b.Field)
		}
		v.Remarks = append(v.Remarks, line)
	}
	return v
}

// FormBox names a box of the form: with its number on the paper, and its goods line.
func (p *Page) FormBox(b flegt.FormBox) string {
	name := p.T(b.Key)
	if b.Box != "" {
		name = p.T("licence.box", "Box", b.Box, "Name", name)
	}
	if b.Line > 0 {
		name = p.T("licence.line_box", "Line", b.Line, "Name", name)
	}
	return name
}

// confirmations lists extensions and corrections with what proves them.
func (p *Page) confirmations(l flegt.Licence) (out []Term) {
	proof := func(t Term, c flegt.Proof) Term {
		if c.Reference != "" {
			t.Lines = append(t.Lines, Cell{Text: p.T("licence.proof_reference", "Reference", c.Reference)})
		}
		if c.File != nil {
			t.Lines = append(t.Lines, Cell{Text: c.File.Name, URL: p.URL("/licences/%s/scans/%s", l.ID, c.File.ID)})
		}
		return t
	}
	for _, c := range l.Confirmations {
		t := Term{Name: p.T("licence.event.extended"), Lines: []Cell{{Text: p.T("licence.until", "Until", c.Until)}}}
		if c.Verb == flegt.VerbCorrectOnPaper {
			t = Term{Name: p.T("licence.event.corrected_on_paper"), Lines: []Cell{{Text: p.boxName(l, c.Field) + ": " + c.Words}}}
		}
		out = append(out, proof(t, c.Confirmation))
	}
	for _, m := range l.Marks {
		if m.Confirmation != (flegt.Proof{}) {
			out = append(out, proof(Term{Name: p.T("licence.event." + m.Name())}, m.Confirmation))
		}
	}
	return out
}

func (p *Page) boxName(l flegt.Licence, field string) string {
	for _, b := range l.Boxes() {
		if b.Field == field {
			return p.FormBox(b)
		}
	}
	return field
}

// Relatives puts a tree of licences into words, each with a link to its page of that form.
func (p *Page) Relatives(list []registry.Relative, page string) (out []RelativeLine) {
	for _, r := range list {
		line := RelativeLine{Number: r.Number, Self: r.Self, Successors: p.Relatives(r.Successors, page)}
		if r.More {
			line.More = p.T("licence.family.more")
		}
		if r.ID != "" {
			status := p.LicenceStatus(string(r.State))
			line.Status = &status
			if !r.Self {
				line.URL = p.URL(page, r.ID)
			}
		}
		if r.Mark != "" {
			mark := p.Status("stop", "licence.mark."+r.Mark)
			line.Mark = &mark
		}
		out = append(out, line)
	}
	return out
}

// stepPages are the steps that have a page of their own, in the order offered.
var stepPages = []struct {
	verb flegt.Verb
	path string
}{
	{flegt.VerbReturn, "/desk/%s/return"}, {flegt.VerbWithdrawAcceptance, "/desk/%s/withdraw-acceptance"},
	{flegt.VerbExtend, "/licences/%s/report/extend"}, {flegt.VerbCorrectOnPaper, "/licences/%s/report/correct_on_paper"},
	{flegt.VerbReplace, "/licences/%s/report/replace"}, {flegt.VerbCancel, "/licences/%s/report/cancel"}, {flegt.VerbReportLost, "/licences/%s/report/report_lost"},
}

// steps leads to what the viewer may do with the licence in its state.
func (p *Page) steps(l flegt.Licence) (out []Link) {
	last, marked := l.MarkedAs()
	for _, s := range stepPages {
		if _, ok := flegt.Next(l.State, p.Viewer.Actor.Role, s.verb); !ok {
			continue
		}
		mark := s.verb == flegt.VerbReplace || s.verb == flegt.VerbCancel || s.verb == flegt.VerbReportLost
		if mark && marked && (last.Verb != flegt.VerbReportLost || s.verb == flegt.VerbReportLost) {
			continue
		}
		out = append(out, Link{p.URL(s.path, l.ID), p.T("licence.step." + string(s.verb))})
	}
	return out
}
