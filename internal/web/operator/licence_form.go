package operator

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// licenceFormPage is the form in which an operator enters a licence, with the paper's own
// numbers of the boxes.
type licenceFormPage struct {
	counter.Page
	// Licence is the draft; its ID is empty until it was saved once.
	Licence flegt.Licence
	// Version is what the draft was when the form was made.
	Version int
	// Lines are the goods lines of the part shown, with their index in the licence.
	Lines []lineView
	partView
	// Exports and Imports are the countries offered.
	Exports, Imports []counter.Option
	// Key becomes the id of a draft that was not saved yet: the same form sent twice makes one
	// draft.
	Key string
	// NextLine is the number of the next goods line; Blank is an empty one for the page's script
	// to fill in, with {i}, {j} and {n} for its index, its species' index and its number.
	NextLine  int
	Blank     lineView
	BlankWood woodView
	// Findings are the checks of what stands here, Count how many there are with those of other
	// parts, which Further leads to; Totals are the goods lines' sums.
	Findings []counter.FindingLine
	Further  []partButton
	Count    findingCount
	Totals   []string
	Scans    []counter.ScanView
	// SpeciesNames are suggestions.
	SpeciesNames []string
	// Fate is where the licence stands: what the authority wants changed, and for an electronic
	// one that it can be given back.
	counter.CycleView
	// Boxes and Goods show the locked boxes of an electronic licence, LineWindow which goods lines.
	counter.LineWindow
	Boxes []counter.Term
	Goods counter.Table
	// Bodies are the issuing bodies known.
	Bodies []string
}

// MaxScan is the most a scan may have, in bytes.
func (p *licenceFormPage) MaxScan() int64 { return flegt.MaxScan }

// MaxScanMB is the same in megabytes.
func (p *licenceFormPage) MaxScanMB() int64 { return flegt.MaxScan >> 20 }

// lineView is a goods line in the form.
type lineView struct {
	flegt.GoodsLine
	// At is the beginning of the names of its boxes: "goods.2."
	At string
	// Index counts from 0; Number is the line's own.
	Index, Number string
	Woods         []woodView
	Harvest       string
}

type woodView struct {
	flegt.Species
	At string
}

func (s pages) newLicence(w http.ResponseWriter, r *counter.Request) error {
	a := r.Viewer.Actor
	if !r.Viewer.Has(flegt.RoleOperator) {
		return flegt.Refuse(flegt.Forbidden, "licence.operators_only", nil)
	}
	l := flegt.Licence{State: flegt.Draft, ImportCountry: a.Country, NextLine: 1}
	op, err := s.Office.Operator(r.Context(), a, a.Body)
	if err != nil {
		return err
	}
	if a.Capacity != flegt.Agent {
		l.Form.Importer = flegt.Party{Name: op.FullName(), Address: strings.Join([]string{op.Street, strings.TrimSpace(op.Postcode + " " + op.Town)}, ", ")}
	}
	l.Form.Transport = ""
	p, err := s.licenceForm(r, l, linePart{})
	if err != nil {
		return err
	}
	return s.Show(w, p, "licence_edit")
}

func (s pages) editLicence(w http.ResponseWriter, r *counter.Request) error {
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if _, may := flegt.Next(c.Licence.State, r.Viewer.Actor.Role, flegt.VerbEdit); !may {
		http.Redirect(w, r.Request, "/licences/"+url.PathEscape(c.Licence.ID), http.StatusSeeOther)
		return nil
	}
	p, err := s.licenceForm(r, c.Licence, roomsOf(c.Licence.Form, c.Licence.Return).partWith(c.Licence.Form.Goods, lineAsked(c.Licence, r.Query("line"))))
	if err != nil {
		return err
	}
	if err := s.showChecks(r, p, r.Query("wrong") != ""); err != nil {
		return err
	}
	return s.Show(w, p, p.template())
}

// lineAsked is the index of the goods line with a number; 0 when there is none.
func lineAsked(l flegt.Licence, number string) int {
	return max(0, slices.IndexFunc(l.Form.Goods, func(g flegt.GoodsLine) bool { return strconv.Itoa(g.Line) == number }))
}

// licenceForm makes the form of a licence as it stands, saved or not, with a part of its goods lines.
func (s pages) licenceForm(r *counter.Request, l flegt.Licence, part linePart) (*licenceFormPage, error) {
	title := "licence.new.title"
	if l.ID != "" {
		title = "licence.edit.title"
	}
	p := &licenceFormPage{Page: s.Page(r, title, "Number", s.NumberOf(r, l)), Licence: l, Version: l.Version}
	p.Wide = true
	p.Crumbs = []counter.Link{{URL: "/licences", Text: p.T("licence.list.title")}}
	ref := s.Office.Reference()
	today := s.Office.Today()
	for _, c := range ref.LicensingCountries(today) {
		p.Exports = append(p.Exports, counter.Option{Value: c.Code, Label: p.CountryName(c.Code)})
	}
	for _, c := range ref.Members(today) {
		p.Imports = append(p.Imports, counter.Option{Value: c.Code, Label: p.CountryName(c.Code)})
	}
	for _, sp := range ref.AllSpecies() {
		p.SpeciesNames = append(p.SpeciesNames, sp.Scientific)
	}
	for _, b := range ref.IssuingBodies(l.Form.Export) {
		p.Bodies = append(p.Bodies, b.Name)
	}
	if l.ID == "" {
		if p.Key = r.FormValue("key"); p.Key == "" {
			p.Key = s.Office.DraftID()
		}
	}
	p.Lines, p.NextLine = lineViews(l)
	p.partView = viewOfPart(&p.Page, roomsOf(l.Form, l.Return), l.Form.Goods, part, p.toLine)
	if part.First < part.End {
		p.Lines = p.Lines[part.First:part.End]
	}
	p.Blank = lineView{At: "goods.{i}.", Index: "{i}", Number: "{n}"}
	p.BlankWood = woodView{At: "goods.{i}.species.{j}."}
	p.Totals = totals(&p.Page, l.Form.Goods)
	p.Scans = p.ScanViews(l)
	p.CycleView = p.CycleOf(registry.Case{Licence: l})
	p.leadToRemarks()
	if l.Electronic { // further goods lines stand on the licence's page
		p.Boxes = p.BoxTerms(l)
		p.showLocked(nil)
	}
	return p, nil
}

// showChecks shows what the checks find in the licence as it is kept; marked also marks the boxes
// that are wrong, as after it could not be submitted.
func (s pages) showChecks(r *counter.Request, p *licenceFormPage, marked bool) error {
	found, err := s.Office.CheckLicence(r.Context(), r.Viewer.Actor, p.Licence)
	if err != nil {
		return err
	}
	p.Count = countFindings(found)
	p.MayAnswer = p.Count.Look > 0
	here := found
	if p.Licence.Electronic {
		p.showLocked(found)
		here = p.FindingsShown(&p.LineWindow, linesAt(p.Licence, found), found)
	} else {
		here, p.Further = p.elsewhere(&p.Page, found, p.toLine)
	}
	p.Findings = p.FindingLines(shortAnswers(here))
	if boxes := flegt.Errors(found); marked && len(boxes) > 0 {
		p.Problem = &flegt.Error{Kind: flegt.Invalid, Key: "licence.submit.findings", Args: flegt.Args{"Count": len(boxes)}, Boxes: boxes}
	}
	return nil
}

// showLocked shows the first goods lines of an electronic licence, with room for what the checks
// found. The licence's page has all: its pages of lines may be cut elsewhere, so that none of them is
// taken to be here.
func (p *licenceFormPage) showLocked(found []flegt.Finding) {
	at := linesAt(p.Licence, found)
	at.Taken += counter.BytesOfTerms(p.Boxes)
	p.LineWindow = p.LinesOf(p.Licence, at, 1)
	p.Goods = p.GoodsShown(p.Licence, p.LineWindow)
	p.LinePages.Next = counter.Link{}
	for i := range p.LinePages.Numbers {
		p.LinePages.Numbers[i].Current = false
	}
}

// shortAnswers are findings with the beginnings of long answers; the page of answers has the whole.
func shortAnswers(list []flegt.Finding) []flegt.Finding {
	out := slices.Clone(list)
	for i := range out {
		out[i].Answer = short(out[i].Answer)
	}
	return out
}

// toLine is what a button posts that leads to the part with the line at index i.
func (p *licenceFormPage) toLine(i int) string {
	return "line:" + strconv.Itoa(p.Licence.Form.Goods[i].Line)
}

// ProblemLinks lead to the boxes that are wrong, in this part or another.
func (p *licenceFormPage) ProblemLinks() []counter.ProblemLink {
	switch {
	case p.Problem == nil:
		return nil
	case p.Licence.Electronic:
		return p.Page.ProblemLinks()[:min(len(p.Problem.Boxes), problemsShown)]
	}
	return p.problemLinks(&p.Page, "licence-form", func(i int) string { return p.toLine(i) + ":wrong" })
}

// problemsShown is how many boxes are named that are wrong in an electronic licence, which its
// importer cannot change.
const problemsShown = 100

// wordsInList is how much of a remark stands in the list of them, in bytes, when they are many; the
// whole stands at its box.
const wordsInList = 80

// short is the beginning of words of which the whole stands elsewhere.
func short(words string) string {
	if len(words) <= wordsInList {
		return words
	}
	return strings.ToValidUTF8(words[:wordsInList], "") + "…"
}

// leadToRemarks has the remarks on boxes lead to them in this part, or to another one.
func (p *licenceFormPage) leadToRemarks() {
	if p.Return != nil {
		n := 0
		for _, x := range p.Return.Remarks {
			n += len(x.Words)
		}
		for i := range p.Return.Remarks {
			if x := &p.Return.Remarks[i]; n > usualTexts && x.URL != "" {
				x.Short = short(x.Words)
			}
		}
	}
	lead := func(v *counter.ReturnView) {
		for i := range v.Remarks {
			x := &v.Remarks[i]
			_, box, _ := strings.Cut(x.URL, "#")
			switch part, ofLine := p.partOf(x.Field); {
			case x.URL == "":
			case ofLine && part != p.linePart:
				index, _, _ := strings.Cut(strings.TrimPrefix(x.Field, "goods."), ".")
				n, _ := strconv.Atoi(index)
				x.Do = p.toLine(n) + ":" + box
			default:
				x.URL = "#" + box
			}
		}
	}
	if p.Return != nil {
		lead(p.Return)
	}
	for i := range p.Earlier {
		lead(&p.Earlier[i])
	}
}

// lineViews shows every goods line, and an empty one when there is none; next is the number
// of the line after them.
func lineViews(l flegt.Licence) (out []lineView, next int) {
	if len(l.Form.Goods) == 0 {
		l.Form.Goods = []flegt.GoodsLine{{}}
	}
	numbers := numbersOf(l)
	for i, g := range l.Form.Goods {
		index := strconv.Itoa(i)
		v := lineView{GoodsLine: g, Index: index, Number: strconv.Itoa(numbers[i]), At: "goods." + index + ".", Harvest: strings.Join(g.Harvest, ", ")}
		woods := g.Species
		if len(woods) == 0 {
			woods = []flegt.Species{{}}
		}
		for j, wood := range woods {
			v.Woods = append(v.Woods, woodView{wood, v.At + "species." + strconv.Itoa(j) + "."})
		}
		out = append(out, v)
	}
	return out, max(l.NextLine, slices.Max(numbers)+1)
}

// typedForm is the form as posted.
type typedForm struct {
	flegt.Form
	// Country is the country of import.
	Country string
	// Part is which goods lines were posted; the others are as the draft has them.
	Part linePart
	// Kept is the draft behind the form; zero when there is none, or none to be seen.
	Kept flegt.Licence
}

// readLicenceForm reads the boxes as posted. Nothing typed is refused here.
func (s pages) readLicenceForm(r *counter.Request) typedForm {
	v := func(name string) string { return counter.Clean(r.FormValue(name)) }
	f := flegt.Form{
		IssuingBody: flegt.Party{Name: v("issuing_body.name"), Address: v("issuing_body.address")},
		Importer:    flegt.Party{Name: v("importer.name"), Address: v("importer.address")},
		Number:      v("number"), Expires: flegt.ParseDate(v("expires")), Export: v("export"), Transport: v("transport"),
		Licensee: flegt.Party{Name: v("licensee.name"), Address: v("licensee.address")},
		Invoice:  v("invoice"), BillOfLading: v("bill_of_lading"), Containers: v("containers"), Marks: v("marks"),
		IssuePlace: v("issue_place"), Issued: flegt.ParseDate(v("issued")), OwnInvoice: v("own_invoice"),
		BarCode: v("bar_code"), Lot: v("lot"), Agent: flegt.Party{Name: v("agent.name"), Address: v("agent.address")},
		Arrival: flegt.ParseDate(v("arrival")), ArrivalPlace: v("arrival_place"), Office: v("office"), Remarks: v("remarks"),
	}
	t := typedForm{Country: v("import_country"), Kept: s.draftBehind(r)}
	if t.Kept.Electronic && f.Number == "" { // its form posts the facts beside the paper alone
		t.Form = t.Kept.Form.WithFacts(f)
		return t
	}
	number := func(name string) int { n, _ := strconv.Atoi(v(name)); return n }
	var posted []flegt.GoodsLine
	for i := max(0, number("lines.first")); len(posted) <= flegt.MaxLines; i++ {
		at := "goods." + strconv.Itoa(i) + "."
		if _, there := r.Form[at+"description"]; !there {
			break
		}
		posted = append(posted, s.readLine(v, r.Form, at))
	}
	t.Form = f
	t.Goods, t.Part = posted, linePart{0, len(posted)}
	if after, before := number("lines.after"), number("lines.before"); after != 0 || before != 0 {
		t.Goods, t.Part = placed(t.Kept.Form.Goods, posted, after, before)
	}
	return t
}

// draftBehind is the draft that a form was made of; zero when there is none, or none to be seen.
func (s pages) draftBehind(r *counter.Request) flegt.Licence {
	id := r.PathValue("id")
	if id == "" {
		id = r.FormValue("id")
	}
	if id == "" {
		return flegt.Licence{}
	}
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, id)
	if err != nil {
		return flegt.Licence{}
	}
	return c.Licence
}

func (s pages) readLine(v func(string) string, posted url.Values, at string) flegt.GoodsLine {
	line, _ := strconv.Atoi(v(at + "line"))
	g := flegt.GoodsLine{Line: line, Description: v(at + "description"), HS: v(at + "hs"),
		Volume: flegt.Amount(v(at + "volume")), Weight: flegt.Amount(v(at + "weight")), Units: flegt.Amount(v(at + "units"))}
	for j := range 20 {
		wood := at + "species." + strconv.Itoa(j) + "."
		if _, ok := posted[wood+"scientific"]; !ok {
			break
		}
		if sp := (flegt.Species{Common: v(wood + "common"), Scientific: v(wood + "scientific")}); sp != (flegt.Species{}) {
			g.Species = append(g.Species, sp)
		}
	}
	g.Harvest = s.countries(v(at + "harvest"))
	return g
}

// countries reads a list of countries: ISO codes, or names in any of our languages.
func (s pages) countries(text string) []string {
	var out []string
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '/' || r == '\n' }) {
		part = strings.TrimSpace(part)
		if part == "" {
			continue
		}
		if len(part) > 2 {
			for _, lang := range s.Catalog.Langs() {
				named := s.Office.Reference().CountriesNamed(part, string(lang))
				if !reference.HasNames(string(lang)) {
					named = s.Office.Reference().Countries("en")
				}
				for _, c := range named {
					if flegt.Fold(s.CountryName(lang, c.Code)) == flegt.Fold(part) {
						part = c.Code
					}
				}
			}
		} else {
			part = strings.ToUpper(part)
		}
		out = append(out, part)
	}
	return out
}

// saveLicence keeps what was typed, adds what was uploaded, and then does what the button
// says: save, submit, or add and take away lines.
func (s pages) saveLicence(w http.ResponseWriter, r *counter.Request) error {
	up, err := s.TakeUpload(w, r)
	if err != nil {
		return err
	}
	defer up.Close()
	t := s.readLicenceForm(r)
	version, _ := strconv.Atoi(r.FormValue("version"))
	l, err := s.keepDraft(r, r.PathValue("id"), version, t.Form, t.Country)
	if err != nil {
		return s.licenceAgain(w, r, t, err)
	}
	t.saved(l)
	if t.Kept, err = s.attachScans(r, l, up); err != nil {
		return s.licenceAgain(w, r, t, err)
	}
	return s.afterSave(w, r, t)
}

// keepDraft saves the boxes. A new draft takes the id that its form brought along, so that
// the same form sent twice, by a second press or because an answer was lost, makes one draft.
func (s pages) keepDraft(r *counter.Request, id string, version int, form flegt.Form, country string) (flegt.Licence, error) {
	ctx, a, key := r.Context(), r.Viewer.Actor, r.FormValue("key")
	switch {
	case id == "" && key == "":
		return s.Office.NewDraft(ctx, a, form, country)
	case id == "":
		l, err := s.Office.BeginDraft(ctx, a, key, form, country)
		if refusal, ok := counter.AsRefusal(err); ok && refusal.Key == "licence.begun" {
			return s.Office.SaveDraft(ctx, a, key, 1, form, country)
		}
		return l, err
	}
	return s.Office.SaveDraft(ctx, a, id, version, form, country)
}

// Field makes a box, with what the authority said about it when it sent the licence back.
func (p *licenceFormPage) Field(box, label string, value any, pairs ...any) (counter.Field, error) {
	f, err := p.Page.Field(box, label, value, pairs...)
	if p.Return == nil {
		return f, err
	}
	for _, r := range p.Return.Remarks {
		if r.Field == box {
			f.Remark = p.T("licence.returned.remark", "Words", r.Words)
		}
	}
	return f, err
}
