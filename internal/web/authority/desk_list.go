package authority

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
	"github.com/openflegt/openflegt/internal/web/counter"
	"github.com/openflegt/openflegt/internal/wording"
)

// workListPage is the work list of a competent authority: what nobody handles, what the
// officer does, what waits for somebody else, and what was decided.
type workListPage struct {
	counter.Page
	// Which is the part of the list shown: nobody, mine, waiting, held, all or decided.
	Which string
	Tabs  []counter.Tab
	// The filters as they were typed or chosen.
	LicenceNumber, Importer, Exporter, Issuing, Heading, Age, ArrivalFrom, ArrivalUntil, Sort string
	Warnings                                                                                  bool
	Sorts, Officers                                                                           []counter.Option
	Outcomes                                                                                  []counter.Option // what can have become of what is decided; none in the other parts
	Rows                                                                                      []workRow
	Pages                                                                                     counter.Pages
	Empty                                                                                     *counter.Empty
	// Views are the officer's saved views; ViewName is what was typed as a new one's name.
	Views    []savedView
	ViewName string
	// Query is the filter as it stands in the address, for saving it and for coming back.
	Query string
	// HolidaysKnown says whether the ages leave out the country's public holidays.
	HolidaysKnown bool
	// Target is how soon a licence should be decided, in words; empty when none is set.
	Target string
	// Filtered says that the list is narrowed, so that the filters are shown open.
	Filtered bool
}

// savedView is a view by its name.
type savedView struct {
	counter.Link
	Name string
}

// workRow is one dossier in the list.
type workRow struct {
	Picked                       bool // ticked, in a form that came back
	Licence, Number, URL, Before string
	Importer, Exporter           string
	Officer                      string
	Warnings                     string
	Arrival                      string
	Late                         string // the ship comes before the decision is due; in words
	State                        counter.Status
	Held                         *counter.Status // customs holds the shipment; nil when it does not
	Waits                        []waitLine      // answers that are waited for
	Clock                        clock
}

// waitLine says for whom a dossier waits, and until when.
type waitLine struct {
	Text string
	Over bool
}

// clock says how long a licence has waited against the authority's target.
type clock struct {
	Days   string // in words
	Used   int    // working days that passed
	Target int    // 0 when none is set
	Over   bool
}

// Limit is where the drawn clock ends: twice the target, or what has passed.
func (c clock) Limit() int { return max(2*c.Target, c.Used) }

func (s pages) showWorkList(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.workList(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "")
}

func (s pages) workList(r *counter.Request) (*workListPage, error) {
	if !r.Viewer.Has(flegt.RoleAuthority) {
		return nil, flegt.Missing()
	}
	country := r.Viewer.Actor.Country
	p := &workListPage{Page: s.Page(r, "desk.title"), HolidaysKnown: report.HolidaysKnown(country)}
	p.Wide = true
	now := counter.PageAsked(r)
	query := p.read(filterOf(r)).Query(r.Viewer.Actor, s.Office.Reference().In(country, s.Clock()))
	lead := cmp.Or(map[string]string{"decided": "desk.lead.decided", "held": "desk.lead.held"}[p.Which], "desk.lead")
	p.Lead = p.T(lead, "Country", p.CountryName(country))
	query.Limit, query.Offset = counter.LicencesPerPage, (now-1)*counter.LicencesPerPage
	list, err := s.Office.WorkList(r.Context(), r.Viewer.Actor, query)
	if err != nil {
		return nil, err
	}
	if list.Desk.TargetDays > 0 {
		p.Target = p.TN("desk.days", list.Desk.TargetDays)
	}
	for _, d := range list.Rows {
		p.Rows = append(p.Rows, p.workRow(d, list, s.Clock()))
	}
	p.Tabs = p.tabs(list.Tally)
	p.Pages = s.PagesOf(r, &p.Page, now, counter.LicencesPerPage, list.Count)
	if list.Count > counter.CountedUpTo {
		p.Pages.Summary = p.TN("licence.list.more", counter.CountedUpTo)
	}
	p.Officers = officerOptions(&p.Page, list.Officers, r.Viewer.Actor.Account)
	if len(list.Rows) == 0 {
		p.Empty = p.emptyWork()
	}
	return p, s.views(r, p)
}

// filterOf gives what narrows the list: of the address, or of the form that came back.
func filterOf(r *counter.Request) url.Values {
	if r.Method == http.MethodPost {
		v, _ := url.ParseQuery(r.Posted("back"))
		return v
	}
	return r.URL.Query()
}

// read takes the filters out of an address.
func (p *workListPage) read(v url.Values) report.WorkFilter {
	get := func(name string) string { return counter.Clean(strings.TrimSpace(v.Get(name))) }
	p.Which, p.LicenceNumber, p.Importer, p.Exporter, p.Issuing = get("part"), get("number"), get("importer"), get("exporter"), get("issuing")
	p.Heading, p.Age, p.ArrivalFrom, p.ArrivalUntil, p.Sort = get("heading"), get("age"), get("arrival_from"), get("arrival_until"), get("sort")
	p.Warnings = get("warnings") != ""
	if p.Which == "" {
		p.Which = "all"
	}
	outcome := ""
	if p.Which == "decided" {
		outcome = get("outcome")
		for _, name := range report.WorkOutcomes {
			p.Outcomes = append(p.Outcomes, counter.Option{Value: name, Label: p.T("desk.outcome." + name), Selected: outcome == name})
		}
	}
	kept := url.Values{}
	for _, name := range report.WorkFilterNames {
		if value := get(name); value != "" && (name != "outcome" || p.Which == "decided") {
			kept.Set(name, value)
			p.Filtered = p.Filtered || name != "part" && name != "sort"
		}
	}
	p.Query = kept.Encode()
	for _, name := range report.WorkSorts {
		p.Sorts = append(p.Sorts, counter.Option{Value: name, Label: p.T("desk.sort." + name), Selected: p.Sort == name})
	}
	age, _ := strconv.Atoi(p.Age)
	return report.WorkFilter{Part: p.Which, Number: p.LicenceNumber, Importer: p.Importer, Exporter: p.Exporter, Issuing: p.Issuing, Heading: p.Heading,
		Age: age, Warnings: p.Warnings, ArrivalFrom: p.ArrivalFrom, ArrivalUntil: p.ArrivalUntil, Outcome: outcome, Sort: p.Sort}
}

// tabs are the parts of the list; how much was decided is not counted.
func (p *workListPage) tabs(t registry.Tally) []counter.Tab {
	counts := map[string]int{"all": t.All, "nobody": t.Nobody, "mine": t.Mine, "waiting": t.Waiting, "held": t.Held}
	var out []counter.Tab
	for _, name := range report.WorkParts {
		v, _ := url.ParseQuery(p.Query)
		v.Set("part", name)
		x := counter.Tab{Link: counter.Link{URL: "/desk?" + v.Encode(), Text: p.T("desk.part." + name)}, Current: p.Which == name}
		if n, counted := counts[name]; counted {
			x.Count = p.Page.Number(min(n, counter.CountedUpTo))
			if n > counter.CountedUpTo {
				x.Count += "+"
			}
		}
		out = append(out, x)
	}
	return out
}

func (p *workListPage) workRow(d flegt.Dossier, list registry.WorkList, now time.Time) workRow {
	row := workRow{Licence: d.Licence, Number: d.Facts.Number, URL: p.URL("/desk/%s", d.Licence), Before: d.Officer, Importer: d.Facts.Importer, Exporter: d.Facts.Exporter,
		Arrival: p.Day(d.Facts.Arrival), Officer: list.Officers[d.Officer], State: standing(&p.Page, d, list.Outcomes[d.Licence]), Clock: clockOf(&p.Page, d, list.Desk, now)}
	if row.Officer == "" && d.Officer != "" {
		row.Officer = p.T("desk.officer.gone")
	}
	today := p.Server().Office.Reference().DayIn(d.Country, now)
	for _, wait := range d.Waits {
		row.Waits = append(row.Waits, waitLine{p.T("question.waits."+string(wait.To), "Day", p.Day(wait.Until)), wait.Overdue(today)})
	}
	if list.Held[d.Licence] {
		held := p.Status("stop", "clearance.state.held")
		row.Held = &held
	}
	if d.Warnings > 0 {
		row.Warnings = p.TN("desk.warnings", d.Warnings)
	}
	if d.Standing != flegt.DossierDecided && d.Facts.Arrival.Valid() && d.Facts.Arrival <= today {
		row.Late = p.T("desk.arrived")
	}
	return row
}

// standing says where a dossier stands; of what is decided, what became of the licence.
func standing(p *counter.Page, d flegt.Dossier, outcome flegt.LicenceState) counter.Status {
	if d.Standing == flegt.DossierDecided {
		return p.LicenceStatus(string(outcome))
	}
	tone := map[flegt.Standing]string{flegt.DossierOpen: "plain", flegt.DossierWaiting: "wait"}[d.Standing]
	if d.Proposal != nil && d.Standing == flegt.DossierOpen {
		return p.Status("wait", "desk.standing.proposed")
	}
	return p.Status(tone, "desk.standing."+string(d.Standing))
}

// clockOf counts the working days from lodging until now, or until the decision.
func clockOf(p *counter.Page, d flegt.Dossier, desk flegt.DeskSettings, now time.Time) clock {
	if !d.Closed.IsZero() {
		now = d.Closed
	}
	used := workingDays(p, d.Country, d.LodgedAt, now)
	return clock{Days: p.TN("desk.days", used), Used: used, Target: desk.TargetDays, Over: desk.TargetDays > 0 && used > desk.TargetDays}
}

// workingDays are those that passed between two moments by the authority's calendar and clock.
func workingDays(p *counter.Page, country string, from, until time.Time) int {
	there := p.Server().Office.Reference()
	return report.WorkingDays(country, there.In(country, from), there.In(country, until))
}

// officerOptions offers the colleagues by name, the officer who asks first.
func officerOptions(p *counter.Page, names map[string]string, me string) []counter.Option {
	var out []counter.Option
	for account, name := range names {
		if account != me {
			out = append(out, counter.Option{Value: account, Label: name})
		}
	}
	wording.SortBy(p.Lang, out, func(o counter.Option) string { return o.Label })
	if name, ok := names[me]; ok {
		out = append([]counter.Option{{Value: me, Label: p.T("desk.officer.me", "Name", name)}}, out...)
	}
	return out
}

func (p *workListPage) emptyWork() *counter.Empty {
	if p.Filtered || p.Which != "all" {
		return &counter.Empty{Title: p.T("desk.none_here"), Text: p.T("desk.none_here.text"), Link: counter.Link{URL: "/desk", Text: p.T("desk.show_all")}}
	}
	return &counter.Empty{Title: p.T("desk.none"), Text: p.T("desk.none.text"), Link: counter.Link{URL: "/desk?part=decided", Text: p.T("desk.part.decided")}}
}

func (s pages) views(r *counter.Request, p *workListPage) error {
	kept, err := s.Office.SavedViews(r.Context(), r.Viewer.Actor)
	for _, v := range kept {
		p.Views = append(p.Views, savedView{counter.Link{URL: "/desk?" + v.Query, Text: v.Name}, v.Name})
	}
	return err
}

// assignCases gives the ticked dossiers to an officer.
func (s pages) assignCases(w http.ResponseWriter, r *counter.Request) error {
	var list []registry.Handover
	for _, picked := range r.PostForm["pick"] {
		licence, before, _ := strings.Cut(picked, " ")
		list = append(list, registry.Handover{Licence: licence, Before: before})
	}
	officer := r.Posted("officer")
	if r.Posted("nobody") != "" {
		officer = ""
	} else if officer == "" {
		return s.workListAgain(w, r, flegt.InvalidBoxes([]flegt.BoxError{{Box: "officer", Key: "error.choose"}}))
	}
	err := s.Office.AssignDossiers(r.Context(), r.Viewer.Actor, officer, list)
	if err != nil {
		return s.workListAgain(w, r, err)
	}
	return s.Done(w, r, backTo(r), "desk.assigned", "Count", len(list))
}

// backTo is the list as it was narrowed when the form was sent, or the case it came from.
func backTo(r *counter.Request) string {
	if id := r.Posted("case"); id != "" {
		return "/desk/" + url.PathEscape(id)
	}
	v, err := url.ParseQuery(r.Posted("back"))
	if err != nil || len(v) == 0 {
		return "/desk"
	}
	return "/desk?" + v.Encode()
}

func (s pages) workListAgain(w http.ResponseWriter, r *counter.Request, wrong error) error {
	p, err := s.workList(r)
	if err != nil {
		return err
	}
	p.ViewName = r.Posted("view")
	for i, row := range p.Rows {
		p.Rows[i].Picked = slices.ContainsFunc(r.PostForm["pick"], func(pick string) bool {
			licence, _, _ := strings.Cut(pick, " ")
			return licence == row.Licence
		})
	}
	return s.Again(w, p, "", wrong)
}

func (s pages) saveView(w http.ResponseWriter, r *counter.Request) error {
	v, _ := url.ParseQuery(r.Posted("back"))
	for name := range v {
		if !slices.Contains(report.WorkFilterNames, name) { // as programs are refused it
			delete(v, name)
		}
	}
	view := registry.SavedView{Name: counter.Clean(r.Posted("view")), Query: v.Encode()}
	if err := s.Office.SaveView(r.Context(), r.Viewer.Actor, view); err != nil {
		return s.workListAgain(w, r, err)
	}
	return s.Done(w, r, backTo(r), "desk.view.saved", "Name", view.Name)
}

func (s pages) dropView(w http.ResponseWriter, r *counter.Request) error {
	name := r.Posted("view")
	if err := s.Office.DropView(r.Context(), r.Viewer.Actor, name); err != nil {
		return err
	}
	return s.Done(w, r, backTo(r), "desk.view.dropped", "Name", name)
}

// nextCase goes to the oldest dossier that the officer handles, else to the oldest that
// nobody does; "after" is the one just decided.
func (s pages) nextCase(w http.ResponseWriter, r *counter.Request) error {
	if !r.Viewer.Has(flegt.RoleAuthority) {
		return flegt.Missing()
	}
	for _, q := range []registry.DossierQuery{
		{Officer: r.Viewer.Actor.Account, Standing: flegt.DossierOpen, Limit: 2},
		{Nobody: true, Standing: flegt.DossierOpen, Limit: 2},
	} {
		list, err := s.Office.WorkList(r.Context(), r.Viewer.Actor, q)
		if err != nil {
			return err
		}
		for _, d := range list.Rows {
			if d.Licence != r.Query("after") {
				http.Redirect(w, r.Request, "/desk/"+url.PathEscape(d.Licence), http.StatusSeeOther)
				return nil
			}
		}
	}
	return s.Done(w, r, "/desk", "desk.none_next")
}
