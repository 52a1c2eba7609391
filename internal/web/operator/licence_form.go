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
	// Lines are the goods lines with their index in the form.
	Lines []lineView
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
	// Findings are the checks of what stands here, Count how many, Totals the goods lines' sums.
	Findings []counter.FindingLine
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
	p, err := s.licenceForm(r, l, false)
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
	p, err := s.licenceForm(r, c.Licence, true)
	if err != nil {
		return err
	}
	return s.Show(w, p, p.template())
}

// licenceForm makes the form of a licence as it stands, saved or not.
func (s pages) licenceForm(r *counter.Request, l flegt.Licence, check bool) (*licenceFormPage, error) {
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
	p.Blank = lineView{At: "goods.{i}.", Index: "{i}", Number: "{n}"}
	p.BlankWood = woodView{At: "goods.{i}.species.{j}."}
	p.Totals = totals(&p.Page, l.Form.Goods)
	p.Scans = p.ScanViews(l)
	p.CycleView = p.CycleOf(registry.Case{Licence: l})
	if l.Electronic { // further goods lines stand on the licence's page
		p.LineWindow = p.LinesOf(l, counter.LinesAt{Path: "/licences/" + url.PathEscape(l.ID), Fragment: "goods", Size: linesShown}, 1)
		p.Boxes, p.Goods = p.BoxTerms(l), p.GoodsShown(l, p.LineWindow)
	}
	if check {
		found, err := s.Office.CheckLicence(r.Context(), r.Viewer.Actor, l)
		if err != nil {
			return nil, err
		}
		p.Findings = p.FindingLines(found)
		p.Count = countFindings(p.Findings)
		p.MayAnswer = l.ID != "" && slices.ContainsFunc(found, func(f flegt.Finding) bool { return f.Severity == flegt.Look })
	}
	return p, nil
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

// readLicenceForm reads the boxes as posted. Nothing typed is refused here.
func (s pages) readLicenceForm(r *counter.Request) (flegt.Form, string) {
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
	for i := range flegt.MaxLines + 1 {
		at := "goods." + strconv.Itoa(i) + "."
		if _, posted := r.Form[at+"description"]; !posted {
			break
		}
		f.Goods = append(f.Goods, s.readLine(v, r.Form, at))
	}
	return s.withLocked(r, f), v("import_country")
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
	form, country := s.readLicenceForm(r)
	version, _ := strconv.Atoi(r.FormValue("version"))
	l, err := s.keepDraft(r, r.PathValue("id"), version, form, country)
	if err != nil {
		return s.licenceAgain(w, r, l, form, country, err)
	}
	if l, err = s.attachScans(r, l, up); err != nil {
		return s.licenceAgain(w, r, l, form, country, err)
	}
	return s.afterSave(w, r, l)
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

// editPath is the address of a draft's form.
func editPath(id string) string { return "/licences/" + url.PathEscape(id) + "/edit" }

// afterSave does what the button says.
func (s pages) afterSave(w http.ResponseWriter, r *counter.Request, l flegt.Licence) error {
	do, arg, _ := strings.Cut(r.FormValue("do"), ":")
	edit := editPath(l.ID)
	switch do {
	case "submit":
		if _, err := s.Office.SubmitLicence(r.Context(), r.Viewer.Actor, l.ID, l.Version); err != nil {
			return s.licenceAgain(w, r, l, l.Form, l.ImportCountry, err)
		}
		return s.Done(w, r, "/licences/"+url.PathEscape(l.ID), "licence.submitted")
	case "remove_scan":
		if _, err := s.Office.RemoveScan(r.Context(), r.Viewer.Actor, l.ID, arg); err != nil {
			return s.licenceAgain(w, r, l, l.Form, l.ImportCountry, err)
		}
		return s.Done(w, r, edit+"#scans", "scan.removed")
	case "add_line", "remove_line", "add_species":
		return s.changeLines(w, r, l, do, arg)
	}
	return s.Done(w, r, edit, "licence.saved")
}

// changeLines shows the form with a line or a species more, or a line less.
func (s pages) changeLines(w http.ResponseWriter, r *counter.Request, l flegt.Licence, do, arg string) error {
	i, _ := strconv.Atoi(arg)
	goods := append([]flegt.GoodsLine{}, l.Form.Goods...)
	switch {
	case do == "add_line":
		goods = append(goods, flegt.GoodsLine{})
	case i < 0 || i >= len(goods):
	case do == "add_species":
		goods[i].Species = append(append([]flegt.Species{}, goods[i].Species...), flegt.Species{})
	default:
		goods = append(goods[:i], goods[i+1:]...)
		form := l.Form
		form.Goods = goods
		saved, err := s.Office.SaveDraft(r.Context(), r.Viewer.Actor, l.ID, l.Version, form, "")
		if err != nil {
			return s.licenceAgain(w, r, l, l.Form, l.ImportCountry, err)
		}
		l, goods = saved, saved.Form.Goods
	}
	l.Form.Goods = goods
	p, err := s.licenceForm(r, l, false)
	if err != nil {
		return err
	}
	return s.Show(w, p, "licence_edit")
}

// licenceAgain shows the form with everything typed and what was wrong with it.
func (s pages) licenceAgain(w http.ResponseWriter, r *counter.Request, l flegt.Licence, form flegt.Form, country string, wrong error) error {
	if _, ok := counter.AsRefusal(wrong); !ok {
		return wrong
	}
	if l.ID == "" {
		l.ID = r.PathValue("id")
	}
	if l.State == "" {
		l.State = flegt.Draft
	}
	l.Form = form
	if country != "" {
		l.ImportCountry = country
	}
	p, err := s.licenceForm(r, l, false)
	if err != nil {
		return err
	}
	return s.Again(w, p, p.template(), wrong)
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
