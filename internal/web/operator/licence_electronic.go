package operator

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// claimPage is where an operator takes over an electronic licence.
type claimPage struct {
	counter.Page
	// Number and Verification are what was typed.
	Number, Verification string
}

func (s pages) claimForm(r *counter.Request) (*claimPage, error) {
	if !r.Viewer.Has(flegt.RoleOperator) {
		return nil, flegt.Refuse(flegt.Forbidden, "licence.operators_only", nil)
	}
	p := &claimPage{Page: s.Page(r, "licence.claim.title"), Number: r.Posted("number"), Verification: r.Posted("verification")}
	p.Crumbs = []counter.Link{{URL: "/licences", Text: p.T("licence.list.title")}}
	return p, nil
}

func (s pages) showClaim(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.claimForm(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "licence_claim")
}

func (s pages) claimLicence(w http.ResponseWriter, r *counter.Request) error {
	l, err := s.Office.ClaimLicence(r.Context(), r.Viewer.Actor, counter.Clean(r.Posted("number")), counter.Clean(r.Posted("verification")))
	if err == nil {
		return s.Done(w, r, "/licences/"+url.PathEscape(l.ID)+"/edit", "licence.claimed")
	}
	p, failed := s.claimForm(r)
	if failed != nil {
		return failed
	}
	return s.Again(w, p, "licence_claim", err)
}

func (s pages) unclaimLicence(w http.ResponseWriter, r *counter.Request) error {
	version, _ := strconv.Atoi(r.Posted("version"))
	if err := s.Office.UnclaimLicence(r.Context(), r.Viewer.Actor, r.PathValue("id"), version); err != nil {
		return err
	}
	return s.Done(w, r, "/licences", "licence.unclaimed")
}

// template is the form of the licence: of an electronic one the facts beside the paper.
func (p *licenceFormPage) template() string {
	if p.Licence.Electronic {
		return "licence_facts"
	}
	return "licence_edit"
}

// issuePage is the form in which a licensing authority puts a licence in: the boxes of the
// paper and nothing else.
type issuePage struct {
	counter.Page
	Form          flegt.Form
	ImportCountry string
	Verification  string
	// Paper, Marks are the boxes; Lines the goods lines with theirs.
	Paper, Marks []counter.Field
	Lines        []issueLine
	// Rest are the goods lines of the other parts, packed: nothing is kept before the licence is put in.
	partView
	Rest    string
	Imports []counter.Option
	// Bodies and SpeciesNames are what the boxes suggest.
	Bodies, SpeciesNames []string
}

type issueLine struct {
	Index, Number int
	Line          string // name of the hidden box of the line's number
	Fields        []counter.Field
}

func (s pages) issueForm(r *counter.Request, form flegt.Form, part linePart, country, verification string) (*issuePage, error) {
	if !r.Viewer.Has(flegt.RoleLicensing) {
		return nil, flegt.Missing()
	}
	form.Export = r.Viewer.Actor.Country
	p := &issuePage{Page: s.Page(r, "licence.issue.title"), Form: form, ImportCountry: country, Verification: verification}
	p.Crumbs = []counter.Link{{URL: "/licences", Text: p.T("licence.list.title")}}
	p.Wide = true
	ref := s.Office.Reference()
	for _, c := range ref.Members(s.Office.Today()) {
		p.Imports = append(p.Imports, counter.Option{Value: c.Code, Label: p.CountryName(c.Code)})
	}
	for _, b := range ref.IssuingBodies(form.Export) {
		p.Bodies = append(p.Bodies, b.Name)
	}
	for _, sp := range ref.AllSpecies() {
		p.SpeciesNames = append(p.SpeciesNames, sp.Scientific)
	}
	p.show(form.Goods, part)
	return p, nil
}

// show chooses the goods lines and the part of them that is shown.
func (p *issuePage) show(goods []flegt.GoodsLine, part linePart) {
	p.Form.Goods = goods
	p.partView = viewOfPart(&p.Page, roomsOf(p.Form, nil), goods, part, toIndex)
	p.Rest = packLines(slices.Concat(goods[:part.First], goods[part.End:]))
}

// toIndex is what a button posts that leads to the part with the line at index i.
func toIndex(i int) string { return "lines:" + strconv.Itoa(i) }

// ProblemLinks lead to the boxes that are wrong, in this part or another.
func (p *issuePage) ProblemLinks() []counter.ProblemLink {
	if p.Problem == nil {
		return nil
	}
	return p.problemLinks(&p.Page, "issue-form", toIndex)
}

// fields makes the boxes, once it is known what was wrong with them.
func (p *issuePage) fields() error {
	f := p.Form
	var failed error
	field := func(box, key string, value any, pairs ...any) counter.Field {
		x, err := p.Field(box, key, value, pairs...)
		if err != nil {
			failed = err
		}
		return x
	}
	p.Paper = []counter.Field{
		field("number", "licence.form.number", f.Number, "required", true, "hint", "licence.form.number.hint", "width", "m"),
		field("issuing_body.name", "licence.form.issuing_body", f.IssuingBody.Name, "required", true, "list", "issuing-bodies"), field("issuing_body.address", "licence.form.issuing_body.address", f.IssuingBody.Address),
		field("importer.name", "licence.form.importer", f.Importer.Name, "required", true), field("importer.address", "licence.form.importer.address", f.Importer.Address),
		field("expires", "licence.form.expires", f.Expires, "required", true, "type", "date", "width", "s"),
		field("transport", "licence.form.transport", f.Transport, "required", true, "hint", "licence.form.transport.hint", "width", "m"),
		field("licensee.name", "licence.form.licensee", f.Licensee.Name, "required", true), field("licensee.address", "licence.form.licensee.address", f.Licensee.Address),
	}
	views, _ := lineViews(flegt.Licence{Form: f})
	for i, v := range views {
		if len(f.Goods) > 0 && (i < p.First || i >= p.End) {
			continue
		}
		line := issueLine{Index: i, Number: i + 1, Line: v.At + "line", Fields: []counter.Field{
			field(v.At+"description", "licence.form.description", v.Description, "required", true),
			field(v.At+"hs", "licence.form.hs", v.HS, "required", true, "hint", "licence.form.hs.hint", "width", "s", "inputMode", "decimal")}}
		for _, wood := range v.Woods {
			line.Fields = append(line.Fields, field(wood.At+"common", "licence.form.common", wood.Common, "width", "m"), field(wood.At+"scientific", "licence.form.scientific", wood.Scientific, "width", "m", "required", true, "list", "species-names"))
		}
		line.Fields = append(line.Fields, field(v.At+"harvest", "licence.form.harvest", v.Harvest, "required", true, "hint", "licence.form.harvest.hint", "width", "m"),
			field(v.At+"volume", "licence.form.volume", v.Volume, "width", "s", "inputMode", "decimal"), field(v.At+"weight", "licence.form.weight", v.Weight, "width", "s", "inputMode", "decimal"),
			field(v.At+"units", "licence.form.units", v.Units, "width", "s", "inputMode", "numeric"))
		p.Lines = append(p.Lines, line)
	}
	p.Marks = []counter.Field{
		field("invoice", "licence.form.invoice", f.Invoice, "width", "m"), field("bill_of_lading", "licence.form.bill_of_lading", f.BillOfLading, "width", "m"),
		field("containers", "licence.form.containers", f.Containers, "hint", "licence.form.containers.hint"), field("bar_code", "licence.form.bar_code", f.BarCode, "width", "m"),
		field("lot", "licence.form.lot", f.Lot, "width", "m"), field("marks", "licence.form.marks", f.Marks),
		field("issue_place", "licence.form.issue_place", f.IssuePlace, "required", true, "width", "m"),
		field("issued", "licence.form.issued", f.Issued, "required", true, "type", "date", "width", "s"),
	}
	return failed
}

func (s pages) showIssue(w http.ResponseWriter, r *counter.Request) error {
	form := flegt.Form{Issued: s.Office.Today()}
	if only := s.Office.Reference().IssuingBodies(r.Viewer.Actor.Country); len(only) == 1 {
		form.IssuingBody.Name = only[0].Name
	}
	p, err := s.issueForm(r, form, linePart{}, "", "")
	if err != nil {
		return err
	}
	if err := p.fields(); err != nil {
		return err
	}
	return s.Show(w, p, "licence_issue")
}

// issuedPage tells the verification number, this once.
type issuedPage struct {
	counter.Page
	Licence      flegt.Licence
	Verification string
}

func (s pages) showIssued(w http.ResponseWriter, r *counter.Request, l flegt.Licence, number string) error {
	p := issuedPage{Page: s.Page(r, "licence.issued.title", "Number", l.Form.Number), Licence: l, Verification: number}
	p.Crumbs = []counter.Link{{URL: "/licences", Text: p.T("licence.list.title")}}
	return s.Show(w, &p, "licence_issued")
}
