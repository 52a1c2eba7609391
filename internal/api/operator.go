package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// OperatorEdit is what is entered about a company.
type OperatorEdit struct {
	Name         string       `json:"name" maxLength:"200" doc:"Without the legal form."`
	LegalForm    string       `json:"legal_form,omitempty" maxLength:"60" example:"A/S"`
	Country      string       `json:"country" maxLength:"2" doc:"ISO 3166-1 alpha-2. It cannot be changed later." example:"DK"`
	Region       string       `json:"region,omitempty" maxLength:"100"`
	Postcode     string       `json:"postcode,omitempty" maxLength:"20"`
	Town         string       `json:"town" maxLength:"100"`
	Street       string       `json:"street" maxLength:"200"`
	ContactName  string       `json:"contact_name,omitempty" maxLength:"150" doc:"Only for whoever may see the company whole."`
	ContactEmail string       `json:"contact_email,omitempty" maxLength:"254"`
	ContactPhone string       `json:"contact_phone,omitempty" maxLength:"40"`
	Identifiers  []Identifier `json:"identifiers" nullable:"false" maxItems:"20"`
	Section      string       `json:"section" maxLength:"60" doc:"The section chapter; only imported_timber_products leads to a FLEGT role. It cannot be changed later."`
}

// Identifier is one number by which a company is known.
type Identifier struct {
	Kind    flegt.IdentifierKind `json:"kind" enum:"EORI,VAT,NATIONAL"`
	Country string               `json:"country,omitempty" maxLength:"2" doc:"Whose number it is; absent: the company's own country."`
	Value   string               `json:"value" maxLength:"60" example:"DK12345678"`
}

// Operator is a company.
type Operator struct {
	ID string `json:"id"`
	OperatorEdit
	Version int `json:"version" doc:"Rises with each change; it is also the ETag."`
}

type operatorOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     Operator
}

func operatorAnswer(op flegt.Operator, location string) *operatorOutput {
	return &operatorOutput{etag(op.Version), location, operatorOf(op)}
}

func operatorOf(op flegt.Operator) Operator {
	out := Operator{ID: op.ID, Version: op.Version, OperatorEdit: OperatorEdit{Name: op.Name, LegalForm: op.LegalForm, Country: op.Country,
		Region: op.Region, Postcode: op.Postcode, Town: op.Town, Street: op.Street, ContactName: op.ContactName,
		ContactEmail: op.ContactEmail, ContactPhone: op.ContactPhone, Section: op.Section, Identifiers: []Identifier{}}}
	for _, id := range op.Identifiers {
		out.Identifiers = append(out.Identifiers, Identifier(id))
	}
	return out
}

// operator makes the office's word of what came in.
func (e OperatorEdit) operator() flegt.Operator {
	op := flegt.Operator{Name: e.Name, LegalForm: e.LegalForm, Country: e.Country, Region: e.Region, Postcode: e.Postcode, Town: e.Town,
		Street: e.Street, ContactName: e.ContactName, ContactEmail: e.ContactEmail, ContactPhone: e.ContactPhone, Section: e.Section}
	for _, id := range e.Identifiers {
		op.Identifiers = append(op.Identifiers, flegt.Identifier(id))
	}
	return op
}

func (s *Server) operatorOperations() {
	const tag = "Operators"
	register(s, about{id: "search-operators", method: http.MethodGet, path: "/operators", scope: flegt.ScopeOperatorsRead, tag: tag,
		summary: "Search companies", text: "By part of name, town or identifier; typing errors are forgiven. The best come first. At least one parameter is needed, else nothing is found."}, s.searchOperators)
	register(s, about{id: "create-operator", method: http.MethodPost, path: "/operators", scope: flegt.ScopeOperatorsWrite, tag: tag, status: http.StatusCreated,
		summary: "Create a company", text: "Refused as a conflict when there is one much like it; sure=true says that it is another."}, s.createOperator)
	register(s, about{id: "read-operator", method: http.MethodGet, path: "/operators/{id}", scope: flegt.ScopeOperatorsRead, tag: tag, summary: "Read a company"}, s.readOperator)
	register(s, about{id: "edit-operator", method: http.MethodPut, path: "/operators/{id}", scope: flegt.ScopeOperatorsWrite, tag: tag,
		summary: "Change a company's data", text: "The whole of what is entered, as it shall be."}, s.editOperator)
}

type operatorSearch struct {
	Paged
	Q          string `query:"q" maxLength:"200" doc:"Part of name, town or identifier."`
	Name       string `query:"name" maxLength:"200"`
	Country    string `query:"country" maxLength:"2"`
	Town       string `query:"town" maxLength:"100" doc:"How the town begins."`
	Postcode   string `query:"postcode" maxLength:"20" doc:"How the postcode begins."`
	Identifier string `query:"identifier" maxLength:"60"`
}

func (s *Server) searchOperators(ctx context.Context, c *call, in *operatorSearch) (*page[Operator], error) {
	question := strings.Join([]string{"operators", in.Q, in.Name, in.Country, in.Town, in.Postcode, in.Identifier}, "|")
	after, err := in.operatorPlace(question)
	if err != nil {
		return nil, err
	}
	found, err := s.Office.SearchOperators(ctx, c.actor(), registry.OperatorQuery{Text: in.Q, Name: in.Name, Country: in.Country,
		Town: in.Town, Postcode: in.Postcode, Identifier: in.Identifier, After: after, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	return pageOf(c, in.Paged, question, found, func(f registry.FoundOperator) string {
		return strconv.Itoa(f.Place.Fit) + " " + f.Place.ID + " " + f.Place.Name
	}, func(f registry.FoundOperator) Operator { return operatorOf(f.Operator) }), nil
}

// operatorPlace reads where a search for companies goes on.
func (p Paged) operatorPlace(question string) (at registry.OperatorPlace, err error) {
	last, err := p.after(question)
	if err != nil || last == "" {
		return at, err
	}
	fit, rest, _ := strings.Cut(last, " ")
	at.ID, at.Name, _ = strings.Cut(rest, " ")
	if at.Fit, err = strconv.Atoi(fit); err != nil || at.ID == "" {
		return at, flegt.InvalidBoxes([]flegt.BoxError{{Box: "cursor", Key: "api.bad_cursor"}})
	}
	return at, nil
}

// IDInput names a noun by its id. Embedded structs are exported because huma looks into no others.
type IDInput struct {
	ID string `path:"id" maxLength:"60"`
}

func (s *Server) readOperator(ctx context.Context, c *call, in *IDInput) (*operatorOutput, error) {
	op, err := s.Office.Operator(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	return operatorAnswer(op, ""), nil
}

type createOperatorInput struct {
	Sure bool `query:"sure" doc:"It is not one of those that are much like it."`
	Body OperatorEdit
}

func (s *Server) createOperator(ctx context.Context, c *call, in *createOperatorInput) (*operatorOutput, error) {
	op, err := s.Office.CreateOperator(ctx, c.actor(), in.Body.operator(), in.Sure)
	if err != nil {
		return nil, err
	}
	return operatorAnswer(op, Prefix+"/operators/"+op.ID), nil
}

type editOperatorInput struct {
	IDInput
	Match
	Body OperatorEdit
}

func (s *Server) editOperator(ctx context.Context, c *call, in *editOperatorInput) (*operatorOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	op := in.Body.operator()
	op.ID, op.Version = in.ID, version
	if err := s.Office.EditOperator(ctx, c.actor(), op); err != nil {
		return nil, err
	}
	return s.readOperator(ctx, c, &in.IDInput)
}
