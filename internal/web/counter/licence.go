package counter

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/document"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
)

// LicencesPerPage is how many licences a list shows at a time.
const LicencesPerPage = 25

// CountedUpTo is where lists stop counting: "more than 1,000".
const CountedUpTo = 1000

// PagesOfLicences is the way through a list of licences that may not be counted to its end.
func (s *Server) PagesOfLicences(r *Request, p *Page, now int, found registry.LicencePage) Pages {
	pages := s.PagesOf(r, p, now, LicencesPerPage, found.Count)
	if found.More {
		pages.Summary = p.TN("licence.list.more", found.Count)
	}
	if found.Searched > 0 {
		pages.Summary, pages.Further = p.TN("licence.list.searched", found.Searched), p.wholeSearch(r)
	}
	return pages
}

// wholeSearch leads to the same list with its words looked for among all licences.
func (p *Page) wholeSearch(r *Request) Link {
	query := r.URL.Query()
	query.Del("lang")
	query.Del("page")
	query.Set("whole", "1")
	return Link{(&url.URL{Path: r.URL.Path, RawQuery: query.Encode()}).String(), p.T("licence.list.whole")}
}

// NotAmongFirst stands where a list's first licences were searched, and none fits; nil when all
// were.
func (p *Page) NotAmongFirst(r *Request, found registry.LicencePage) *Empty {
	if found.Searched == 0 || len(found.Rows) > 0 {
		return nil
	}
	return &Empty{Title: p.T("licence.list.none_found"), Text: p.TN("licence.list.searched", found.Searched), Link: p.wholeSearch(r)}
}

// LicenceStatus is the coloured label of a standing.
func (p *Page) LicenceStatus(standing string) Status {
	tone := map[string]string{"draft": "plain", "submitted": "wait", "accepted": "ok", "rejected": "stop", "expired": "stop", "returned": "wait", "acceptance_withdrawn": "stop"}[standing]
	if tone == "" {
		tone = "plain"
	}
	return p.Status(tone, "licence.state."+standing)
}

// LicencePage is one licence with its checks, its ledger and its history.
type LicencePage struct {
	Page
	CycleView
	questionsView
	LineWindow
	Case     registry.Case
	Status   Status
	Boxes    []Term
	Goods    Table
	Findings []FindingLine
	Ledger   *Table
	Scans    []ScanView
	History  []Moment
	// Earliest leads to the whole history; empty where all of it is here.
	Earliest Link
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

// Appeal is what the authority said of appeal when it decided against the importer; empty when
// it said nothing, or did not.
func (p *LicencePage) Appeal() string {
	switch l := p.Case.Licence; l.State {
	case flegt.Rejected, flegt.AcceptanceWithdrawn:
		return p.Case.Authority.Desk.Appeal(l.DecidedAt, string(p.Lang))
	}
	return ""
}

// WhomToAsk names the authority that decided against the importer, with its addresses of today.
func (p *LicencePage) WhomToAsk() string {
	l := p.Case.Licence
	args := []any{"Authority", p.AuthorityName(p.Case.Authority)}
	if at := p.Case.Authority.AddressesOn(p.server.Office.TodayIn(l.ImportCountry)); len(at) > 0 {
		return p.T("document.decision.ask.mail", append(args, "Addresses", at)...)
	}
	return p.T("document.decision.ask.nobody", args...)
}

// LicencePage puts a case into words, with the goods lines that are asked for.
func (s *Server) LicencePage(r *Request, c registry.Case, title string, at LinesAt, lines int) *LicencePage {
	l := c.Licence
	p := &LicencePage{Page: s.Page(r, title, "Number", s.NumberOf(r, l)), Case: c}
	p.Wide = true
	p.Status = p.LicenceStatus(c.Standing)
	p.Boxes = p.BoxTerms(l)
	p.CycleView, p.questionsView = p.CycleOf(c), p.questions(r, c, at.Path)
	p.History, p.Earliest = p.lastOf(p.history(c), l)
	at.Taken += BytesOfTerms(p.Boxes) + p.CycleView.bytes() + bytesOfMoments(p.History) + BytesOfQuestions(c.Questions)
	p.LineWindow = p.LinesOf(l, at, lines)
	p.Goods = p.GoodsShown(l, p.LineWindow)
	p.Findings = p.FindingLines(p.FindingsShown(&p.LineWindow, at, c.Findings))
	if l.State != flegt.Rejected && l.State != flegt.Withdrawn { // nothing is left of what cannot be used
		p.Ledger = p.ledgerTable(p.positionsShown(c.Positions))
	}
	p.Scans = p.ScanViews(l)
	if Proves(c) {
		p.Proof = p.ProofText(l)
	}
	if l.Clearable() == nil {
		p.Block = p.declarationBlock(l, p.LineWindow)
	}
	can := func(v flegt.Verb) bool { _, ok := flegt.Next(l.State, r.Viewer.Actor.Role, v); return ok }
	p.MayEdit, p.MayWithdraw, p.MayDecide, p.MayBook = can(flegt.VerbEdit), can(flegt.VerbWithdraw), can(flegt.VerbAccept), r.Viewer.Has(flegt.RoleCustoms)
	p.MayCopy = r.Viewer.Has(flegt.RoleOperator)
	return p
}

// ToleranceLeft says whether the paper's quantity is used up and some of the tolerance is left.
// For templates.
func (p *LicencePage) ToleranceLeft() bool {
	return p.Case.Standing == string(flegt.LicenceUsedUp) && slices.ContainsFunc(p.Case.Positions, func(x flegt.Position) bool { return x.Available > 0 })
}

// Proves says whether goods came in legally under the licence, or may: it is accepted, and
// the issuing country did not replace or cancel it before any were released.
func Proves(c registry.Case) bool {
	_, marked := c.Licence.MarkedAs()
	return c.Licence.State == flegt.Accepted && (!marked || flegt.Ledger{Licence: c.Licence, Movements: c.Movements}.Started())
}

// NumberOf is a licence's number, or the words for a licence that has none yet.
func (s *Server) NumberOf(r *Request, l flegt.Licence) string {
	if l.Form.Number != "" {
		return l.Form.Number
	}
	return s.Catalog.Say(r.Lang, "licence.no_number", nil)
}

// BoxTerms lists the boxes of the paper form, by its own numbers.
func (p *Page) BoxTerms(l flegt.Licence) []Term {
	var out []Term
	for _, b := range p.server.Documents().Boxes(p.Lang, l) {
		t := Term{Name: unbroken(b.Name), Box: b.Number}
		for _, line := range b.Lines {
			t.Lines = append(t.Lines, Cell{Text: line})
		}
		out = append(out, t)
	}
	return out
}

// CountryCode writes a country with its ISO code.
func (p *Page) CountryCode(code string) string { return p.server.Documents().CountryCode(p.Lang, code) }

// GoodsTable lists the goods lines of a licence.
func (p *Page) GoodsTable(l flegt.Licence) Table {
	columns, rows := p.server.Documents().Goods(p.Lang, l)
	t := Table{Caption: p.T("licence.goods")}
	for _, name := range columns {
		t.Columns = append(t.Columns, unbroken(name))
	}
	for _, texts := range rows {
		var row []Cell
		for i, text := range texts {
			row = append(row, Cell{Text: text, Number: i == 0 || i > 4})
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Amount writes what stands in a box: in the page's language when it is an amount.
func (p *Page) Amount(a flegt.Amount) string { return p.server.Documents().Amount(p.Lang, a) }

// FindingLines puts what the checks found into words, what is wrong first.
func (p *Page) FindingLines(list []flegt.Finding) []FindingLine {
	var out []FindingLine
	for _, f := range list {
		tone := map[flegt.Severity]string{flegt.OK: "ok", flegt.Look: "wait", flegt.Wrong: "stop"}[f.Severity]
		law := p.server.Catalog.Law(p.Lang, f.Law)
		where := law
		if f.Box != "" {
			where = strings.TrimSuffix(p.T("check.box", "Box", f.Box)+" · "+law, " · ")
		}
		line := FindingLine{Where: where, Status: p.Status(tone, "check.severity."+string(f.Severity)), Box: f.Box, Law: law, Field: f.Field, Severity: f.Severity,
			Text: p.ofLine(f.Args, p.server.Catalog.Say(p.Lang, f.Key, p.Named(f.Args))), FieldAddress: "#" + boxID(f.Field)}
		if f.Rule != "" {
			line.Rule = p.server.Catalog.Say(p.Lang, f.Rule, p.Named(f.Args))
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
		t.Rows = append(t.Rows, []Cell{{Text: p.Number(x.Line)}, {Text: p.UnitName(x.Unit)}, n(x.Granted), n(x.Limit), n(x.Reserved), n(x.Consumed), n(x.Elsewhere), n(x.Available)})
	}
	return t
}

// ProofText says that the goods meet the timber regulation's requirement, with the article that
// counts on the day of acceptance (L13).
func (p *Page) ProofText(l flegt.Licence) string {
	ground, ok := p.ground(l)
	if !ok {
		return ""
	}
	return p.T(ground.Key, "Article", ground.Article)
}

func (p *Page) ground(l flegt.Licence) (reference.Ground, bool) {
	return p.server.Office.Reference().LegalGround(p.server.Office.Reference().DayIn(l.ImportCountry, l.DecidedAt))
}

// declarationBlock is what customs wants in data element 12 03 of the declaration: type,
// reference, line, unit, quantity and validity under the numbers of their parts, once for
// each goods line shown. The quantity is in the first unit that the line states; six decimals.
// UCC Annex B, data element 12 03 (to be verified)
func (p *Page) declarationBlock(l flegt.Licence, w LineWindow) string {
	var parts []string
	for _, it := range (flegt.Ledger{Licence: l}).Everything("") {
		if !w.Has(it.Line) {
			continue
		}
		parts = append(parts, "12 03 002 000  "+reference.DocumentLicence+"\n12 03 001 000  "+l.Form.Number+"\n12 03 013 000  "+strconv.Itoa(it.Line)+
			"\n12 03 005 000  "+string(it.Unit)+"\n12 03 006 000  "+it.Quantity.String()+"\n12 03 011 000  "+string(l.ValidUntil())+"\n")
	}
	return strings.Join(parts, "\n")
}

// StandingHold is the hold that stops the shipment; nil when there is none. For templates.
func (p *LicencePage) StandingHold() *flegt.Hold {
	if h, held := p.Case.Licence.StandingHold(); held {
		return &h
	}
	return nil
}

// Documents is the desk at which PDFs are written.
func (s *Server) Documents() document.Desk {
	return document.Desk{Catalog: s.Catalog, Reference: s.Office.Reference(), Location: s.Location, BaseURL: s.BaseURL}
}
