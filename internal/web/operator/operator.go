package operator

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// maxIdentifiers is how many numbers a company can have in the form, as many as a program can give it.
const maxIdentifiers = 20

// operatorFormPage is "Create Operator" with its four parts, and the same form to change a
// company's data.
type operatorFormPage struct {
	counter.Page
	Operator flegt.Operator
	// Rows are the boxes for identifiers, at least two.
	Rows []identifierRow
	// Countries and Sections are offered; Kinds are the systems of numbers.
	Countries, Sections, Kinds []counter.Option
	// Action is where the form is sent.
	Action string
	// Similar are companies that may be the same; with them the person must say that this
	// one is new.
	Similar *counter.Table
	// New is the form that creates a company.
	New bool
}

// identifierRow is one number's boxes, with their names in the form.
type identifierRow struct {
	Kind, Value       string
	KindBox, ValueBox string
	Number            int
	// Country is whose number it is, Name that country's name: a program can give a company the number
	// of another country. The form keeps it; empty means the company's own.
	Country, CountryBox, Name string
}

// readOperator reads the posted form.
func readOperator(r *counter.Request) flegt.Operator {
	text := func(box string) string { return counter.Clean(r.Posted(box)) }
	op := flegt.Operator{Name: text("name"), LegalForm: text("legal_form"), Country: text("country"), Region: text("region"), Postcode: text("postcode"),
		Town: text("town"), Street: text("street"), ContactName: text("contact_name"), ContactEmail: text("contact_email"), ContactPhone: text("contact_phone"),
		Section: text("section")}
	for i := range maxIdentifiers {
		value := text(fmt.Sprintf("identifier.%d.value", i))
		if value != "" {
			op.Identifiers = append(op.Identifiers, flegt.Identifier{Kind: flegt.IdentifierKind(text(fmt.Sprintf("identifier.%d.kind", i))),
				Country: text(fmt.Sprintf("identifier.%d.country", i)), Value: value})
		}
	}
	op.Version, _ = strconv.Atoi(r.Posted("version"))
	return op
}

// operatorForm makes the form's page.
func (s pages) operatorForm(r *counter.Request, title string, op flegt.Operator) *operatorFormPage {
	p := &operatorFormPage{Page: s.Page(r, title, "Operator", op.FullName()), Operator: op}
	p.Countries = p.EveryCountry()
	for _, x := range s.Office.Reference().Sections() {
		p.Sections = append(p.Sections, counter.Option{Value: x.Key, Label: p.T(x.Name()), Hint: p.T(x.Where())})
	}
	for _, k := range flegt.IdentifierKinds() {
		p.Kinds = append(p.Kinds, counter.Option{Value: string(k), Label: p.T("identifier.kind." + string(k))})
	}
	p.setRows(2)
	return p
}

// setRows makes the boxes for identifiers: those filled in, and empty ones up to least.
func (p *operatorFormPage) setRows(least int) {
	p.Rows = nil
	defaults := []flegt.IdentifierKind{flegt.IdentifierEORI, flegt.IdentifierNational}
	for i := 0; i < max(least, len(p.Operator.Identifiers)) && i < maxIdentifiers; i++ {
		row := identifierRow{Number: i + 1, KindBox: fmt.Sprintf("identifier.%d.kind", i), ValueBox: fmt.Sprintf("identifier.%d.value", i),
			CountryBox: fmt.Sprintf("identifier.%d.country", i), Kind: string(flegt.IdentifierVAT)}
		switch {
		case i < len(p.Operator.Identifiers):
			id := p.Operator.Identifiers[i]
			row.Kind, row.Value, row.Country = string(id.Kind), id.Value, id.Country
			if id.Country != "" && id.Country != p.Operator.Country {
				row.Name = p.CountryName(id.Country)
			}
		case i < len(defaults):
			row.Kind = string(defaults[i])
		}
		p.Rows = append(p.Rows, row)
	}
}

func (s pages) newOperator(w http.ResponseWriter, r *counter.Request) error {
	op := flegt.Operator{Name: r.Query("name"), Country: r.Query("country"), Town: r.Query("town"), Postcode: r.Query("postcode"),
		ContactName: r.Viewer.Name, ContactEmail: r.Viewer.Email}
	return s.Show(w, s.newOperatorForm(r, op), "operator_form")
}

func (s pages) newOperatorForm(r *counter.Request, op flegt.Operator) *operatorFormPage {
	p := s.operatorForm(r, "operator.new.title", op)
	p.New, p.Action = true, "/operators/new"
	p.Crumbs = []counter.Link{{URL: "/roles", Text: p.T("roles.title")}, {URL: "/roles/request?role=operator", Text: p.T("request.title.operator")}}
	return p
}

func (s pages) createOperator(w http.ResponseWriter, r *counter.Request) error {
	op := readOperator(r)
	p := s.newOperatorForm(r, op)
	if r.Posted("act") == "add_identifier" {
		p.setRows(len(op.Identifiers) + 2)
		return s.Show(w, p, "operator_form")
	}
	made, err := s.Office.CreateOperator(r.Context(), r.Viewer.Actor, op, r.Posted("sure") != "")
	if err == nil {
		return s.Done(w, r, counter.RequestPath(flegt.RoleOperator, made.ID), "operator.created", "Operator", made.FullName())
	}
	var refusal *flegt.Error
	if errors.As(err, &refusal) && refusal.Key == "operator.similar" {
		found, failed := s.Office.SimilarOperators(r.Context(), r.Viewer.Actor, op)
		if failed != nil {
			return failed
		}
		t := p.OperatorTable(found, true)
		t.Caption = p.T("operator.similar.title")
		p.Similar = &t
	}
	return s.Again(w, p, "operator_form", err)
}

// operatorPage shows a company.
type operatorPage struct {
	counter.Page
	Terms []counter.Term
	// Contact is shown to the company's own users and to offices.
	Contact []counter.Term
	MayEdit bool
	Edit    string
	Ask     string
}

func (s pages) showOperator(w http.ResponseWriter, r *counter.Request) error {
	op, err := s.Office.Operator(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := operatorPage{Page: s.Page(r, "operator.show.title", "Operator", op.FullName()), Edit: "/operators/" + url.PathEscape(op.ID) + "/edit"}
	p.Terms = p.OperatorTerms(op)
	if op.ContactName != "" {
		p.Contact = []counter.Term{counter.TermOf(p.T("operator.contact_name"), op.ContactName), counter.TermOf(p.T("operator.contact_email"), op.ContactEmail), counter.TermOf(p.T("operator.contact_phone"), op.ContactPhone)}
	}
	p.MayEdit = r.Viewer.Has(flegt.RoleSupport) || r.Viewer.Has(flegt.RoleOperator) && r.Viewer.Actor.Body == op.ID
	if op.MayHoldRoles() && !p.MayEdit {
		p.Ask = counter.RequestPath(flegt.RoleOperator, op.ID)
	}
	return s.Show(w, &p, "operator_show")
}

func (s pages) editOperator(w http.ResponseWriter, r *counter.Request) error {
	op, err := s.operatorToEdit(r)
	if err != nil {
		return err
	}
	return s.Show(w, s.editOperatorForm(r, op), "operator_form")
}

// operatorToEdit reads a company that the viewer may change; for everybody else there is no
// such page.
func (s pages) operatorToEdit(r *counter.Request) (flegt.Operator, error) {
	id := r.PathValue("id")
	if !r.Viewer.Has(flegt.RoleSupport) && !(r.Viewer.Has(flegt.RoleOperator) && r.Viewer.Actor.Body == id) {
		return flegt.Operator{}, flegt.Missing()
	}
	return s.Office.Operator(r.Context(), r.Viewer.Actor, id)
}

func (s pages) editOperatorForm(r *counter.Request, op flegt.Operator) *operatorFormPage {
	p := s.operatorForm(r, "operator.edit.title", op)
	p.Action = "/operators/" + url.PathEscape(r.PathValue("id")) + "/edit"
	p.Crumbs = []counter.Link{{URL: "/operators/" + url.PathEscape(r.PathValue("id")), Text: op.FullName()}}
	return p
}

func (s pages) saveOperator(w http.ResponseWriter, r *counter.Request) error {
	old, err := s.operatorToEdit(r)
	if err != nil {
		return err
	}
	op := readOperator(r)
	op.ID, op.Country, op.Section = old.ID, old.Country, old.Section
	p := s.editOperatorForm(r, op)
	if r.Posted("act") == "add_identifier" {
		p.setRows(len(op.Identifiers) + 2)
		return s.Show(w, p, "operator_form")
	}
	if err := s.Office.EditOperator(r.Context(), r.Viewer.Actor, op); err != nil {
		return s.Again(w, p, "operator_form", err)
	}
	return s.Done(w, r, "/operators/"+url.PathEscape(op.ID), "operator.saved")
}
