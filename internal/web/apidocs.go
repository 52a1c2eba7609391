package web

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"sort"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// openAPI is what our page reads of the description of the interface, OpenAPI 3.1.
type openAPI struct {
	Info struct {
		Version     string `json:"version"`
		Description string `json:"description"`
	} `json:"info"`
	Servers []struct {
		URL string `json:"url"`
	} `json:"servers"`
	Paths      map[string]map[string]openOperation `json:"paths"`
	Components struct {
		Schemas map[string]openSchema `json:"schemas"`
	} `json:"components"`
}

type openOperation struct {
	ID          string                  `json:"operationId"`
	Tags        []string                `json:"tags"`
	Summary     string                  `json:"summary"`
	Description string                  `json:"description"`
	Parameters  []openParameter         `json:"parameters"`
	Body        openContent             `json:"requestBody"`
	Responses   map[string]openResponse `json:"responses"`
}

type openParameter struct {
	Name        string     `json:"name"`
	In          string     `json:"in"`
	Description string     `json:"description"`
	Required    bool       `json:"required"`
	Schema      openSchema `json:"schema"`
}

type openContent struct {
	Content map[string]struct {
		Schema openSchema `json:"schema"`
	} `json:"content"`
}

type openResponse struct {
	Description string `json:"description"`
	openContent
}

type openSchema struct {
	Ref         string                `json:"$ref"`
	Type        any                   `json:"type"`
	Format      string                `json:"format"`
	Description string                `json:"description"`
	Properties  map[string]openSchema `json:"properties"`
	Required    []string              `json:"required"`
	Items       *openSchema           `json:"items"`
	Enum        []any                 `json:"enum"`
}

// name is the schema's own name when it is a reference.
func (s openSchema) name() string { return strings.TrimPrefix(s.Ref, "#/components/schemas/") }

// typeText says in a word what a schema is.
func (s openSchema) typeText() string {
	switch {
	case s.Ref != "":
		return s.name()
	case s.Items != nil:
		return "[" + s.Items.typeText() + "]"
	case s.Format != "":
		return s.Format
	}
	if several, ok := s.Type.([]any); ok {
		return fmt.Sprint(several[0])
	}
	if text, ok := s.Type.(string); ok {
		return text
	}
	return "object"
}

// inner is the name of the schema in it to which a link leads; empty when there is none.
func (s openSchema) inner() string {
	if s.Items != nil {
		return s.Items.inner()
	}
	return s.name()
}

// apiDocsPage is what the interface for programs can do, made from its description: its
// operations by group, and what holds for all.
type apiDocsPage struct {
	counter.Page
	Version string
	// Text is what is said of the whole, a paragraph each, in English.
	Text     []string
	Groups   []apiGroup
	Problems []counter.Link
}

// apiGroupPage is a group of the interface's operations, with the schemas of what they are sent
// and answer.
type apiGroupPage struct {
	counter.Page
	Group   apiGroup
	Schemas []apiSchema
}

// apiGroup is the operations of one noun.
type apiGroup struct {
	Name, URL  string
	Operations []apiOperation
	uses       map[string]bool // names of schemas
}

// apiOperation is one operation with tables of what goes in.
type apiOperation struct {
	ID, Method, Path, Summary string
	Text                      []string
	Parameters, Fields        counter.Table
	// BodyLink and AnswerLink lead to what the body is and what is answered.
	BodyLink, AnswerLink *counter.Link
	Statuses             string
}

// apiSchema is one thing that is sent or answered.
type apiSchema struct {
	Name   string
	Fields counter.Table
}

// apiDocs is where the pages of the interface begin, and apiShared the one of the schemas that
// several groups use.
const (
	apiDocs   = "/api/v1/docs"
	apiShared = "schemas"
)

func (s pages) showAPIDocs(w http.ResponseWriter, r *counter.Request) error {
	d, err := s.described()
	if err != nil {
		return err
	}
	p := apiDocsPage{Page: s.Page(r, "apidocs.title"), Version: d.Info.Version, Text: paragraphs(d.Info.Description)}
	p.Lead, p.Wide = p.T("apidocs.lead"), true
	p.Groups = groupsOf(&p.Page, d)
	for _, kind := range d.problems() {
		p.Problems = append(p.Problems, counter.Link{URL: "/api/problems/" + kind, Text: p.T("api.problem." + kind + ".title")})
	}
	return s.Show(w, &p, "api_docs")
}

// showAPIGroup shows a group of operations. The whole interface on one page is more than a
// reader takes in, and a browser long at work.
func (s pages) showAPIGroup(w http.ResponseWriter, r *counter.Request) error {
	d, err := s.described()
	if err != nil {
		return err
	}
	p := apiGroupPage{Page: s.Page(r, "apidocs.title")}
	p.Wide, p.Crumbs = true, []counter.Link{{URL: apiDocs, Text: p.T("apidocs.title")}}
	users := map[string]int{} // of each schema, groups
	for _, g := range groupsOf(&p.Page, d) {
		for name := range g.uses {
			users[name]++
		}
		if g.URL == apiDocs+"/"+r.PathValue("group") {
			p.Group = g
		}
	}
	shown := func(name string) bool { return users[name] == 1 && p.Group.uses[name] }
	switch {
	case r.PathValue("group") == apiShared:
		p.Title = p.T("apidocs.shared")
		shown = func(name string) bool { return users[name] > 1 }
	case p.Group.Name == "":
		return flegt.Missing()
	default:
		p.Title = p.T("apidocs.group", "Group", p.Group.Name)
	}
	for _, name := range sortedKeys(users) {
		if shown(name) {
			p.Schemas = append(p.Schemas, apiSchema{name, fieldsOf(&p.Page, name, d.Components.Schemas[name])})
		}
	}
	p.leadOn(shown)
	return s.Show(w, &p, "api_group")
}

// leadOn lets links to schemas that several groups use lead to the page where those stand.
func (p *apiGroupPage) leadOn(shown func(name string) bool) {
	lead := func(url *string) {
		if name, ok := strings.CutPrefix(*url, "#schema-"); ok && !shown(name) {
			*url = apiDocs + "/" + apiShared + *url
		}
	}
	inTable := func(t counter.Table) {
		for _, row := range t.Rows {
			for i := range row {
				lead(&row[i].URL)
			}
		}
	}
	for _, o := range p.Group.Operations {
		for _, link := range []*counter.Link{o.BodyLink, o.AnswerLink} {
			if link != nil {
				lead(&link.URL)
			}
		}
		inTable(o.Fields)
	}
	for _, s := range p.Schemas {
		inTable(s.Fields)
	}
}

// described is the description of the interface; NotFound when there is no interface.
func (s pages) described() (*openAPI, error) {
	d, err := s.description()
	if err == nil && d == nil {
		err = flegt.Missing()
	}
	return d, err
}

func paragraphs(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.ReplaceAll(text, "`", ""), "\n\n")
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// groupsOf gathers the operations by noun, in the order of their addresses.
func groupsOf(p *counter.Page, d *openAPI) []apiGroup {
	byName := map[string]*apiGroup{}
	base := ""
	if len(d.Servers) > 0 {
		base = d.Servers[0].URL
	}
	for _, path := range sortedKeys(d.Paths) {
		for _, method := range []string{"get", "post", "put", "delete"} {
			op, ok := d.Paths[path][method]
			if !ok {
				continue
			}
			name := strings.Join(op.Tags, ", ")
			g := byName[name]
			if g == nil {
				g = &apiGroup{Name: name, URL: apiDocs + "/" + slugOf(name), uses: map[string]bool{}}
				byName[name] = g
			}
			g.Operations = append(g.Operations, operationOf(p, strings.ToUpper(method), base+path, op))
			op.schemas(func(s openSchema) { d.reach(s, g.uses) })
		}
	}
	var out []apiGroup
	for _, name := range sortedKeys(byName) {
		out = append(out, *byName[name])
	}
	return out
}

// slugOf is a group's name as it stands in an address: "Authority's desk" is authoritys-desk.
func slugOf(name string) string {
	name = strings.ReplaceAll(strings.ToLower(name), "'", "")
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r < 'a' || r > 'z' }), "-")
}

// schemas hands what an operation is sent and answers when all is well to fn.
func (op openOperation) schemas(fn func(openSchema)) {
	for _, media := range op.Body.Content {
		fn(media.Schema)
	}
	for status, answer := range op.Responses {
		for _, media := range answer.Content {
			if status <= "299" {
				fn(media.Schema)
			}
		}
	}
}

// reach notes the names of the schemas that a schema refers to, and of those that they do.
func (d *openAPI) reach(s openSchema, names map[string]bool) {
	if s.Items != nil {
		d.reach(*s.Items, names)
	}
	for _, f := range s.Properties {
		d.reach(f, names)
	}
	if name := s.name(); name != "" && !names[name] {
		names[name] = true
		d.reach(d.Components.Schemas[name], names)
	}
}

func operationOf(p *counter.Page, method, path string, op openOperation) apiOperation {
	out := apiOperation{ID: op.ID, Method: method, Path: path, Summary: op.Summary, Text: paragraphs(op.Description)}
	out.Parameters = counter.Table{Caption: p.T("apidocs.parameters_of", "What", op.Summary), Columns: []string{p.T("apidocs.name"), p.T("apidocs.where"), p.T("apidocs.type"), p.T("apidocs.meaning")}}
	for _, param := range op.Parameters {
		out.Parameters.Rows = append(out.Parameters.Rows, []counter.Cell{nameCell(p, param.Name, param.Required), {Text: param.In}, {Text: param.Schema.typeText()}, {Text: param.Description}})
	}
	for _, media := range op.Body.Content {
		if name := media.Schema.inner(); name != "" {
			out.BodyLink = &counter.Link{URL: "#schema-" + name, Text: media.Schema.typeText()}
		} else if len(media.Schema.Properties) > 0 {
			out.Fields = fieldsOf(p, op.Summary, media.Schema)
		}
	}
	for _, status := range sortedKeys(op.Responses) {
		if status > "299" {
			continue
		}
		out.Statuses = status
		for _, media := range op.Responses[status].Content {
			if name := media.Schema.inner(); name != "" {
				out.AnswerLink = &counter.Link{URL: "#schema-" + name, Text: media.Schema.typeText()}
			}
		}
	}
	return out
}

func nameCell(p *counter.Page, name string, required bool) counter.Cell {
	c := counter.Cell{Text: name}
	if required {
		c.Sub = p.T("apidocs.needed")
	}
	return c
}

// fieldsOf lists the fields of a schema.
func fieldsOf(p *counter.Page, what string, schema openSchema) counter.Table {
	t := counter.Table{Caption: p.T("apidocs.fields_of", "What", what), Columns: []string{p.T("apidocs.name"), p.T("apidocs.type"), p.T("apidocs.meaning")}}
	for _, name := range sortedKeys(schema.Properties) {
		f := schema.Properties[name]
		kind := counter.Cell{Text: f.typeText()}
		if inner := f.inner(); inner != "" {
			kind.URL = "#schema-" + inner
		}
		t.Rows = append(t.Rows, []counter.Cell{nameCell(p, name, slices.Contains(schema.Required, name)), kind, {Text: f.Description}})
	}
	return t
}

// problems lists the kinds of problem that the description names.
func (d *openAPI) problems() []string {
	var out []string
	for _, v := range d.Components.Schemas["Problem"].Properties["type"].Enum {
		if text, ok := v.(string); ok {
			out = append(out, strings.TrimPrefix(text, "/api/problems/"))
		}
	}
	return out
}

// problemPage explains a kind of problem: its address is the problem's type.
type problemPage struct {
	counter.Page
	Detail string
}

func (s pages) showProblem(w http.ResponseWriter, r *counter.Request) error {
	kind := r.PathValue("kind")
	d, err := s.description()
	if err != nil {
		return err
	}
	if d == nil || !slices.Contains(d.problems(), kind) {
		return flegt.Missing()
	}
	p := problemPage{Page: s.Page(r, "api.problem."+kind+".title")}
	p.Crumbs = []counter.Link{{URL: apiDocs, Text: p.T("apidocs.title")}}
	p.Detail = p.T("api.problem." + kind + ".text")
	return s.Show(w, &p, "api_problem")
}

// readDescription takes in the description of the interface.
func readDescription(give func() ([]byte, error)) (*openAPI, error) {
	if give == nil {
		return nil, nil
	}
	text, err := give()
	if err != nil {
		return nil, err
	}
	var d openAPI
	if err := json.Unmarshal(text, &d); err != nil {
		return nil, fmt.Errorf("web: description of the interface: %w", err)
	}
	return &d, nil
}
