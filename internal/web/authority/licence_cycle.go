package authority

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/document"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// stepPage is the form of one step: sending back, withdrawing the acceptance, or recording
// what the issuing country reports.
type stepPage struct {
	counter.Page
	counter.CycleView
	counter.LineWindow
	Licence flegt.Licence
	Verb    flegt.Verb
	Version int
	// Remarks are the boxes of the licence with what stands in them, for sending back.
	Remarks []remarkField
	// Boxes are the boxes of the paper, for a correction.
	Boxes []counter.Option
	// NeedsProof asks for the issuing authority's confirmation.
	NeedsProof bool
	// Values are what was typed.
	Values map[string]string
	// Back leads to the licence without doing anything.
	Back counter.Link
	// To is where the form is sent.
	To string
}

// remarkField is a box on which the authority may remark.
type remarkField struct {
	Box, Name, Found, Field, Words string
	Shown                          bool // its box stands on the page, not only what was typed in it
}

// stepForm reads the licence and makes the form; NotFound when the viewer may not take the
// step, so that no page is a dead end.
func (s pages) stepForm(r *counter.Request, verb flegt.Verb) (*stepPage, error) {
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	l := c.Licence
	if !flegt.Does(r.Viewer.Actor.Role, verb) {
		return nil, flegt.Refuse(flegt.Forbidden, "error.forbidden", nil)
	}
	if _, ok := flegt.Next(l.State, r.Viewer.Actor.Role, verb); !ok {
		return nil, flegt.Refuse(flegt.Conflict, "licence.no_such_step", nil)
	}
	p := &stepPage{Page: s.Page(r, "licence.step."+string(verb)), Licence: l, Verb: verb, Version: l.Version, Values: map[string]string{}, To: r.URL.Path}
	p.Lead = p.T("licence.step.of", "Number", l.Form.Number)
	p.NeedsProof = r.Viewer.Has(flegt.RoleAuthority) && verb != flegt.VerbReturn && verb != flegt.VerbWithdrawAcceptance
	p.Back = counter.Link{URL: p.URL("/licences/%s", l.ID), Text: l.Form.Number}
	p.Crumbs = []counter.Link{{URL: "/licences", Text: p.T("licence.list.title")}, p.Back}
	if r.Viewer.Has(flegt.RoleAuthority) {
		p.Back.URL = p.URL("/desk/%s", l.ID)
		p.Crumbs = []counter.Link{{URL: "/desk", Text: p.T("desk.title")}, p.Back}
	}
	p.LineWindow = p.LinesOf(l, linesAt(r, verb, l), linesAsked(r))
	for i, b := range l.Boxes() {
		at := "remarks." + strconv.Itoa(i) + "."
		shown := p.LineWindow.ShowsBox(b.Field)
		p.Remarks = append(p.Remarks, remarkField{Box: at + "words", Name: p.FormBox(b), Found: p.stands(l, b.Field), Field: b.Field, Shown: shown, Words: r.FormValue(at + "words")})
		if b.Box != "" && shown {
			p.Boxes = append(p.Boxes, counter.Option{Value: b.Field, Label: p.FormBox(b)})
		}
	}
	return p, nil
}

// stands is what stands in a box, in words.
func (p *stepPage) stands(l flegt.Licence, field string) string {
	f := l.Form
	if rest, ok := strings.CutPrefix(field, "goods."); ok {
		index, box, _ := strings.Cut(rest, ".")
		i, err := strconv.Atoi(index)
		if err != nil || i >= len(f.Goods) {
			return ""
		}
		g := f.Goods[i]
		return map[string]string{"description": g.Description, "hs": g.HS, "species.0.scientific": document.SpeciesText(g.Species), "harvest": strings.Join(g.Harvest, ", "),
			"volume": p.Amount(g.Volume), "weight": p.Amount(g.Weight), "units": p.Amount(g.Units)}[box]
	}
	return map[string]string{"issuing_body.name": f.IssuingBody.Name, "importer.name": f.Importer.Name, "number": f.Number, "expires": p.Day(f.Expires), "export": p.CountryCode(f.Export),
		"transport": f.Transport, "licensee.name": f.Licensee.Name, "invoice": f.Invoice, "bill_of_lading": f.BillOfLading, "containers": f.Containers, "marks": f.Marks,
		"issue_place": f.IssuePlace, "issued": p.Day(f.Issued), "import_country": p.CountryCode(l.ImportCountry), "arrival": p.Day(f.Arrival), "office": f.Office}[field]
}

// stepTemplate is the template of a step's form.
func stepTemplate(verb flegt.Verb) string {
	switch verb {
	case flegt.VerbReturn:
		return "desk_return"
	case flegt.VerbWithdrawAcceptance:
		return "desk_unaccept"
	}
	return "licence_report"
}

func (s pages) showStep(verb flegt.Verb) counter.Handler {
	return func(w http.ResponseWriter, r *counter.Request) error {
		p, err := s.stepForm(r, verb)
		if err != nil {
			return err
		}
		return s.Show(w, p, stepTemplate(verb))
	}
}

// stepped goes on to the licence, or shows the form again with what was wrong.
func (s pages) stepped(w http.ResponseWriter, r *counter.Request, verb flegt.Verb, err error) error {
	if err == nil {
		to := "/licences/"
		if r.Viewer.Has(flegt.RoleAuthority) {
			to = "/desk/"
		}
		return s.Done(w, r, to+url.PathEscape(r.PathValue("id")), "licence.step.done."+string(verb))
	}
	p, failed := s.stepForm(r, verb)
	if failed != nil {
		return failed
	}
	for name := range r.Form {
		p.Values[name] = r.FormValue(name)
	}
	for i := range p.Remarks {
		p.Remarks[i].Words = r.FormValue(p.Remarks[i].Box)
	}
	return s.Again(w, p, stepTemplate(verb), err)
}

// linesRemarked is how many goods lines a step's form shows at a time, with a box for each of theirs.
const linesRemarked = 15

// linesAt is where they stand. Those of a sending back have a box for each of theirs, and what was
// typed for others goes along.
func linesAt(r *counter.Request, verb flegt.Verb, l flegt.Licence) counter.LinesAt {
	at := counter.LinesAt{Path: r.URL.Path, Fragment: "lines", Size: linesRemarked, Each: 700, Taken: 10_000}
	if verb != flegt.VerbReturn {
		return at
	}
	at.Each, at.Taken = 4_500, 17_000+bytesOfBoxes(l)
	typed := 0
	for i := range l.Boxes() {
		typed += counter.BytesOf(r.FormValue("remarks." + strconv.Itoa(i) + ".words"))
	}
	if typed > usualRemarks { // as many as may be: where the pages of lines end changes once at most
		at.Taken += 700 * flegt.MaxRemarks
	}
	return at
}

// usualRemarks is how many bytes remarks have that need no room of their own.
const usualRemarks = 3_000

// bytesOfBoxes is how many bytes stand in the boxes of no goods line.
func bytesOfBoxes(l flegt.Licence) int {
	f := l.Form
	return counter.BytesOf(f.IssuingBody.Name, f.Importer.Name, f.Transport, f.Licensee.Name, f.Invoice, f.BillOfLading, f.Containers, f.Marks, f.IssuePlace)
}

// linesAsked is the page of goods lines to show: the one that was gone to from a step's form, which
// brings along what was typed on the others, else the one it stood on.
func linesAsked(r *counter.Request) int {
	if n, ok := strings.CutPrefix(r.FormValue("do"), "lines:"); ok {
		return counter.LinesAsked(n)
	}
	return counter.LinesAsked(r.FormValue("lines"))
}

func (s pages) returnLicence(w http.ResponseWriter, r *counter.Request) error {
	if strings.HasPrefix(r.Posted("do"), "lines:") { // to other goods lines: nothing is done yet
		p, err := s.stepForm(r, flegt.VerbReturn)
		if err != nil {
			return err
		}
		p.Values["reason"] = r.Posted("reason")
		return s.Show(w, p, stepTemplate(flegt.VerbReturn))
	}
	var remarks []flegt.BoxRemark
	for i := range 8*flegt.MaxLines + 40 {
		at := "remarks." + strconv.Itoa(i) + "."
		field := r.Posted(at + "field")
		words := counter.Clean(r.Posted(at + "words")) // empty too for a goods line that was not shown
		if words == "" {
			field = ""
		}
		remarks = append(remarks, flegt.BoxRemark{Field: field, Words: words})
	}
	for n := len(remarks); n > 0 && remarks[n-1] == (flegt.BoxRemark{}); n-- {
		remarks = remarks[:n-1]
	}
	version, _ := strconv.Atoi(r.Posted("version"))
	_, err := s.Office.ReturnLicence(r.Context(), r.Viewer.Actor, r.PathValue("id"), version, counter.Clean(r.Posted("reason")), remarks)
	return s.stepped(w, r, flegt.VerbReturn, err)
}

func (s pages) withdrawAcceptance(w http.ResponseWriter, r *counter.Request) error {
	version, _ := strconv.Atoi(r.Posted("version"))
	_, err := s.Office.WithdrawAcceptance(r.Context(), r.Viewer.Actor, r.PathValue("id"), version, counter.Clean(r.Posted("reason")))
	return s.stepped(w, r, flegt.VerbWithdrawAcceptance, err)
}

// reportVerb is the step that the address names; NotFound for any other.
func reportVerb(r *counter.Request) (flegt.Verb, error) {
	switch v := flegt.Verb(r.PathValue("verb")); v {
	case flegt.VerbExtend, flegt.VerbCorrectOnPaper, flegt.VerbReplace, flegt.VerbCancel, flegt.VerbReportLost:
		return v, nil
	}
	return "", flegt.Missing()
}

func (s pages) showReport(w http.ResponseWriter, r *counter.Request) error {
	verb, err := reportVerb(r)
	if err != nil {
		return err
	}
	return s.showStep(verb)(w, r)
}

func (s pages) report(w http.ResponseWriter, r *counter.Request) error {
	verb, err := reportVerb(r)
	if err != nil {
		return err
	}
	counter.AllowTime(w)
	if err := r.ParseMultipartForm(counter.FormLimit); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return counter.BadBody(err)
	}
	if r.MultipartForm != nil {
		defer r.MultipartForm.RemoveAll()
	}
	ev := registry.Evidence{Reference: counter.Clean(r.FormValue("reference"))}
	if file, header, err := r.FormFile("file"); err == nil {
		defer file.Close()
		ev.Name, ev.File = header.Filename, file
	}
	return s.stepped(w, r, verb, s.reportStep(r, verb, ev))
}

// reportStep calls the office's method for the step.
func (s pages) reportStep(r *counter.Request, verb flegt.Verb, ev registry.Evidence) (err error) {
	ctx, a, id := r.Context(), r.Viewer.Actor, r.PathValue("id")
	version, _ := strconv.Atoi(r.FormValue("version"))
	reason := counter.Clean(r.FormValue("reason"))
	switch verb {
	case flegt.VerbExtend:
		_, err = s.Office.ExtendLicence(ctx, a, id, version, flegt.ParseDate(r.FormValue("until")), ev)
	case flegt.VerbCorrectOnPaper:
		_, err = s.Office.CorrectOnPaper(ctx, a, id, version, r.FormValue("field"), reason, ev)
	default:
		split := func(c rune) bool { return c == ',' || c == ';' || c == '\n' || c == '\r' }
		_, err = s.Office.MarkLicence(ctx, a, id, version, flegt.Mark{Verb: verb, From: flegt.ParseDate(r.FormValue("from")), Reason: reason,
			Successors: strings.FieldsFunc(r.FormValue("successors"), split)}, ev)
	}
	return err
}
