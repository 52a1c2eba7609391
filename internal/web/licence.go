package web

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
)

// licencesPerPage is how many licences a list shows at a time.
const licencesPerPage = 25

// countedUpTo is where lists stop counting: "more than 1,000".
const countedUpTo = 1000

// licenceListPage is the list of the licences that the viewer may list: an operator's own
// and colleagues', or what was lodged in an authority's country.
type licenceListPage struct {
	Page
	// Search is what was typed; State and Sort are what was chosen.
	Search, State, Sort string
	// States are the filters; Sorts the orders offered.
	States, Sorts []Option
	// Table is what was found, Pages the way through it, Empty what to do when nothing was.
	Table Table
	Pages Pages
	Empty *Empty
	// MayCreate offers a new licence, MayIssue to put one in.
	MayCreate, MayIssue bool
}

func (s *Server) listLicences(w http.ResponseWriter, r *Request) error {
	p := licenceListPage{Page: s.page(r, "licence.list.title"), Search: r.Query("q"), State: r.Query("state"), Sort: r.Query("sort"),
		MayCreate: r.Viewer.Has(flegt.RoleOperator), MayIssue: r.Viewer.Has(flegt.RoleLicensing)}
	if p.Viewer.Acting == nil {
		return flegt.Missing()
	}
	p.Wide = true
	now := pageNumber(r)
	q := registry.LicenceQuery{Text: p.Search, Sort: p.Sort, Asc: p.Sort == "expires" || p.Sort == "number", Limit: licencesPerPage, Offset: (now - 1) * licencesPerPage}
	if slices.Contains(flegt.LicenceStates, flegt.LicenceState(p.State)) {
		q.States = []string{p.State}
	}
	found, err := s.Office.Licences(r.Context(), r.Viewer.Actor, q)
	if err != nil {
		return err
	}
	p.States, p.Sorts = p.stateOptions(), p.sortOptions()
	p.Table = p.licenceTable(found.Rows)
	if p.MayCreate {
		p.offerCopies(found.Rows)
	}
	p.Pages = s.pagesOfLicences(r, &p.Page, now, found)
	p.Empty = p.emptyList(len(found.Rows))
	return s.show(w, &p, "licence_list")
}

// pagesOfLicences is the way through a list of licences that may not be counted to its end.
func (s *Server) pagesOfLicences(r *Request, p *Page, now int, found registry.LicencePage) Pages {
	pages := s.pagesOf(r, p, now, licencesPerPage, found.Count)
	if found.More {
		pages.Summary = p.TN("licence.list.more", found.Count)
	}
	return pages
}

func (p *licenceListPage) emptyList(found int) *Empty {
	switch {
	case found > 0:
		return nil
	case p.Search != "" || p.State != "":
		return &Empty{Title: p.T("licence.list.none_found"), Text: p.T("licence.list.none_found.text"), Link: Link{"/licences", p.T("licence.list.all")}}
	case p.MayCreate:
		return &Empty{Title: p.T("licence.list.none"), Text: p.T("licence.list.none.text"), Link: Link{"/licences/new", p.T("licence.new.title")}}
	}
	return &Empty{Title: p.T("licence.list.none"), Text: p.T("licence.list.none.office")}
}

func (p *licenceListPage) stateOptions() []Option {
	out := []Option{{Value: "", Label: p.T("licence.list.every_state"), Selected: p.State == ""}}
	for _, st := range flegt.LicenceStates {
		if st == flegt.Draft && !p.MayCreate && !p.Viewer.Has(flegt.RoleLicensing) || st == flegt.Issued && !p.Viewer.Has(flegt.RoleLicensing) {
			continue
		}
		out = append(out, Option{Value: string(st), Label: p.T("licence.state." + string(st)), Selected: p.State == string(st)})
	}
	return out
}

func (p *licenceListPage) sortOptions() []Option {
	var out []Option
	for _, v := range []string{"updated", "submitted", "number", "expires"} {
		out = append(out, Option{Value: v, Label: p.T("licence.sort." + v), Selected: p.Sort == v})
	}
	return out
}

// licenceTable makes the rows of a list.
func (p *Page) licenceTable(found []flegt.Licence) Table {
	t := Table{Caption: p.Title, Columns: []string{p.T("licence.number"), p.T("licence.state"), p.T("licence.licensee"), p.T("licence.import_country"), p.T("licence.expires"), p.T("licence.updated")}}
	for _, l := range found {
		number := l.Form.Number
		if number == "" {
			number = p.T("licence.no_number")
		}
		status := p.licenceStatus(p.server.Office.StandingOf(l))
		if m, marked := l.MarkedAs(); marked {
			status = p.Status("stop", "licence.mark."+m.Name())
		} else if l.Electronic && l.State == flegt.Draft {
			status = p.Status("plain", "licence.state.claimed")
		}
		t.Rows = append(t.Rows, []Cell{
			{Text: number, URL: p.URL("/licences/%s", l.ID), Sub: p.country(l.Form.Export)},
			{Status: &status}, {Text: l.Form.Licensee.Name}, {Text: p.country(l.ImportCountry)}, {Text: p.day(l.Form.Expires)}, {Text: p.DateTime(l.UpdatedAt)},
		})
	}
	return t
}

// licenceStatus is the coloured label of a standing.
func (p *Page) licenceStatus(standing string) Status {
	tone := map[string]string{"draft": "plain", "submitted": "wait", "accepted": "ok", "rejected": "stop", "expired": "stop", "returned": "wait", "acceptance_withdrawn": "stop"}[standing]
	if tone == "" {
		tone = "plain"
	}
	return p.Status(tone, "licence.state."+standing)
}

// country writes a country's name; its code when it has none, nothing for no code.
func (p *Page) country(code string) string {
	if code == "" || p.server.Office == nil {
		return code
	}
	return p.server.countryName(p.Lang, code)
}

// CountryName writes a country's name, for templates.
func (p *Page) CountryName(code string) string { return p.country(code) }

// UnitName writes a unit, for templates.
func (p *Page) UnitName(u flegt.Unit) string { return p.unit(u) }

// day writes a day as typed: in the page's language when it is one.
func (p *Page) day(d flegt.Date) string {
	if !d.Valid() {
		return string(d)
	}
	return p.Date(d.Time())
}

// licencePage is one licence with its checks, its ledger and its history.
type licencePage struct {
	Page
	cycleView
	questionsView
	Case     registry.Case
	Status   Status
	Boxes    []Term
	Goods    Table
	Findings []FindingLine
	Ledger   *Table
	Scans    []ScanView
	History  []Moment
	// Proof is the sentence of the legal ground of an accepted licence (L13).
	Proof string
	// Block is ready to copy into the customs declaration.
	Block string
	// MayEdit and the others are what the viewer may do now.
	MayEdit, MayWithdraw, MayDecide, MayBook, MayCopy bool
}

// FindingLine is what a check found, in words.
type FindingLine struct {
	Status Status
	Box    string // number on the paper form
	Text   string
	Law    string
	// Where is the number on the paper form and the law, in words; may be empty.
	Where    string
	Field    string // name of the box in the form
	Severity flegt.Severity
	// Rule says which rule decided; Answer is the importer's remark.
	Rule, Answer string
	// FieldAddress leads to the box in the form.
	FieldAddress string
}

func (s *Server) showLicence(w http.ResponseWriter, r *Request) error {
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := s.licencePage(r, c, "licence.show.title")
	p.Crumbs = []Link{{"/licences", p.T("licence.list.title")}}
	return s.show(w, p, "licence_show")
}

// licencePage puts a case into words.
func (s *Server) licencePage(r *Request, c registry.Case, title string) *licencePage {
	l := c.Licence
	p := &licencePage{Page: s.page(r, title, "Number", s.numberOr(r, l)), Case: c}
	p.Wide = true
	p.Status = p.licenceStatus(c.Standing)
	p.Boxes, p.Goods = p.boxes(l), p.goodsTable(l)
	p.cycleView, p.questionsView = p.cycle(c), p.questions(c)
	p.Findings = p.findings(c.Findings)
	p.Ledger = p.ledgerTable(c.Positions)
	p.Scans = p.scans(l)
	p.History = p.history(c)
	if proves(c) {
		p.Proof = p.proof(l)
	}
	if l.Clearable() == nil {
		p.Block = p.declarationBlock(l)
	}
	can := func(v flegt.Verb) bool { _, ok := flegt.Next(l.State, r.Viewer.Actor.Role, v); return ok }
	p.MayEdit, p.MayWithdraw, p.MayDecide, p.MayBook = can(flegt.VerbEdit), can(flegt.VerbWithdraw), can(flegt.VerbAccept), r.Viewer.Has(flegt.RoleCustoms)
	p.MayCopy = r.Viewer.Has(flegt.RoleOperator)
	return p
}

// proves says whether goods came in legally under the licence, or may: it is accepted, and
// the issuing country did not replace or cancel it before any were released.
func proves(c registry.Case) bool {
	_, marked := c.Licence.MarkedAs()
	return c.Licence.State == flegt.Accepted && (!marked || flegt.Ledger{Licence: c.Licence, Movements: c.Movements}.Started())
}

func (s *Server) numberOr(r *Request, l flegt.Licence) string {
	if l.Form.Number != "" {
		return l.Form.Number
	}
	return s.Catalog.Say(r.Lang, "licence.no_number", nil)
}

// boxes lists the boxes of the paper form, by its own numbers.
func (p *Page) boxes(l flegt.Licence) []Term {
	var out []Term
	for _, b := range p.server.documents().Boxes(p.Lang, l) {
		t := Term{Name: b.Name, Box: b.Number}
		for _, line := range b.Lines {
			t.Lines = append(t.Lines, Cell{Text: line})
		}
		out = append(out, t)
	}
	return out
}

// countryCode writes a country with its ISO code.
func (p *Page) countryCode(code string) string { return p.server.documents().CountryCode(p.Lang, code) }

func (p *Page) goodsTable(l flegt.Licence) Table {
	columns, rows := p.server.documents().Goods(p.Lang, l)
	t := Table{Caption: p.T("licence.goods"), Columns: columns}
	for _, texts := range rows {
		var row []Cell
		for i, text := range texts {
			row = append(row, Cell{Text: text, Number: i == 0 || i > 4})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// amount writes what stands in a box: in the page's language when it is an amount.
func (p *Page) amount(a flegt.Amount) string { return p.server.documents().Amount(p.Lang, a) }

// findings puts what the checks found into words, what is wrong first.
func (p *Page) findings(list []flegt.Finding) []FindingLine {
	var out []FindingLine
	for _, f := range list {
		tone := map[flegt.Severity]string{flegt.OK: "ok", flegt.Look: "wait", flegt.Wrong: "stop"}[f.Severity]
		where := f.Law
		if f.Box != "" {
			where = strings.TrimSuffix(p.T("check.box", "Box", f.Box)+" · "+f.Law, " · ")
		}
		line := FindingLine{Where: where, Status: p.Status(tone, "check.severity."+string(f.Severity)), Box: f.Box, Law: f.Law, Field: f.Field, Severity: f.Severity,
			Text: p.server.Catalog.Say(p.Lang, f.Key, p.named(f.Args)), FieldAddress: "#" + boxID(f.Field)}
		if f.Rule != "" {
			line.Rule = p.server.Catalog.Say(p.Lang, f.Rule, p.named(f.Args))
		}
		if f.Answer != "" {
			line.Answer = p.T("check.answered", "Words", f.Answer)
		}
		out = append(out, line)
	}
	rank := map[flegt.Severity]int{flegt.Wrong: 0, flegt.Look: 1, flegt.OK: 2}
	slices.SortStableFunc(out, func(a, b FindingLine) int { return rank[a.Severity] - rank[b.Severity] })
	return out
}

// ledgerTable shows what is licensed, reserved, consumed and left, line by line.
func (p *Page) ledgerTable(positions []flegt.Position) *Table {
	if len(positions) == 0 {
		return nil
	}
	t := &Table{Caption: p.T("clearance.positions"), Columns: []string{p.T("licence.line"), p.T("clearance.unit"), p.T("clearance.granted"),
		p.T("clearance.limit"), p.T("clearance.reserved"), p.T("clearance.consumed"), p.T("clearance.elsewhere"), p.T("clearance.available")}}
	for _, x := range positions {
		n := func(q flegt.Quantity) Cell { return Cell{Text: p.Words(q), Number: true} }
		t.Rows = append(t.Rows, []Cell{{Text: p.Number(x.Line)}, {Text: p.unit(x.Unit)}, n(x.Granted), n(x.Limit), n(x.Reserved), n(x.Consumed), n(x.Elsewhere), n(x.Available)})
	}
	return t
}

// unit writes a unit's short name.
func (p *Page) unit(u flegt.Unit) string {
	if p.server.Office == nil {
		return string(u)
	}
	if _, known := p.server.Office.Reference().Unit(u); !known {
		return string(u)
	}
	return p.T("unit.name." + string(u))
}

// lookedAgain says that an event is one more look of the same person at the same licence,
// which a history need not tell line by line; the log has each.
func lookedAgain(a, b flegt.Event) bool {
	return a.Verb == "looked_up" && b.Verb == "looked_up" && a.Account == b.Account && flegt.DateOf(a.At) == flegt.DateOf(b.At)
}

// eventTitle says what happened to a licence, or to a question about it.
func (p *Page) eventTitle(e flegt.Event) string {
	if to, _ := e.Data["to"].(string); e.Noun == flegt.NounQuestion {
		return p.T("question.event." + e.Verb + "." + to)
	}
	return p.T("licence.event." + e.Verb)
}

// history puts the events of a licence into words, oldest first.
func (p *Page) history(c registry.Case) []Moment {
	var out []Moment
	for i := 0; i < len(c.History); i++ {
		e := c.History[i]
		looks := 1
		for i+1 < len(c.History) && lookedAgain(e, c.History[i+1]) {
			i++
			looks++
		}
		m := Moment{When: p.DateTime(e.At), Title: p.eventTitle(e)}
		if e.Account == "" {
			m.Text = p.T("licence.history.system")
		} else if c.Names[e.Account] == "" {
			m.Text = p.T("role." + string(e.Role))
		} else {
			m.Text = p.T("licence.history.by", "Name", c.Names[e.Account], "Role", p.T("role."+string(e.Role)))
		}
		if looks > 1 {
			m.Text += " · " + p.TN("licence.history.times", looks)
		}
		if mrn, ok := e.Data["mrn"].(string); ok {
			m.Text += " · " + p.T("licence.history.mrn", "MRN", mrn)
		}
		if words, ok := e.Data["reason"].(string); ok {
			m.Text += " · " + words
		}
		if code, ok := e.Data["reason_code"].(string); ok {
			m.Text += " · " + p.T("licence.reason."+code)
		}
		out = append(out, m)
	}
	return out
}

// proof says that the goods meet the timber regulation's requirement, with the article that
// counts on the day of acceptance (L13).
func (p *Page) proof(l flegt.Licence) string {
	ground, ok := p.ground(l)
	if !ok {
		return ""
	}
	return p.T(ground.Key, "Article", ground.Article)
}

func (p *Page) ground(l flegt.Licence) (reference.Ground, bool) {
	return p.server.Office.Reference().LegalGround(flegt.DateOf(p.local(l.DecidedAt)))
}

// declarationBlock is what customs wants in data element 12 03 of the declaration: type,
// reference, line, unit, quantity and validity under the numbers of their parts, once for
// each goods line. The quantity is in the first unit that the line states; six decimals.
// UCC Annex B, data element 12 03 (to be verified)
func (p *Page) declarationBlock(l flegt.Licence) string {
	var parts []string
	for _, it := range (flegt.Ledger{Licence: l}).Everything("") {
		parts = append(parts, "12 03 002 000  "+reference.DocumentLicence+"\n12 03 001 000  "+l.Form.Number+"\n12 03 013 000  "+strconv.Itoa(it.Line)+
			"\n12 03 005 000  "+string(it.Unit)+"\n12 03 006 000  "+it.Quantity.String()+"\n12 03 011 000  "+string(l.ValidUntil())+"\n")
	}
	return strings.Join(parts, "\n")
}

// proofPage is the page an importer prints and shows (L13).
type proofPage struct {
	Page
	Licence flegt.Licence
	Boxes   []Term
	Goods   Table
	Proof   string
	Country string
	When    string
}

func (s *Server) showProof(w http.ResponseWriter, r *Request) error {
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !proves(c) {
		return flegt.Missing()
	}
	p := proofPage{Page: s.page(r, "licence.proof.title", "Number", c.Licence.Form.Number), Licence: c.Licence}
	p.Crumbs = []Link{{"/licences", p.T("licence.list.title")}, {p.URL("/licences/%s", c.Licence.ID), c.Licence.Form.Number}}
	p.Boxes, p.Goods, p.Proof = p.boxes(c.Licence), p.goodsTable(c.Licence), p.proof(c.Licence)
	p.Country, p.When = p.country(c.Licence.ImportCountry), p.DateTime(c.Licence.DecidedAt)
	return s.show(w, &p, "licence_proof")
}

func (s *Server) withdrawLicence(w http.ResponseWriter, r *Request) error {
	id := r.PathValue("id")
	if _, err := s.Office.WithdrawLicence(r.Context(), r.Viewer.Actor, id, 0); err != nil {
		return err
	}
	return s.done(w, r, "/licences/"+url.PathEscape(id), "licence.withdrawn")
}

func (s *Server) discardLicence(w http.ResponseWriter, r *Request) error {
	if err := s.Office.DiscardDraft(r.Context(), r.Viewer.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return s.done(w, r, "/licences", "licence.discarded")
}

// asRefusal finds the refusal in an error.
func asRefusal(err error) (*flegt.Error, bool) {
	var e *flegt.Error
	ok := errors.As(err, &e)
	return e, ok
}
