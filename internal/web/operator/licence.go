package operator

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// licenceListPage is the list of the licences that the viewer may list: an operator's own
// and colleagues', or what was lodged in an authority's country.
type licenceListPage struct {
	counter.Page
	// Search is what was typed; State and Sort are what was chosen.
	Search, State, Sort string
	// States are the filters; Sorts the orders offered.
	States, Sorts []counter.Option
	// Table is what was found, Pages the way through it, Empty what to do when nothing was.
	Table counter.Table
	Pages counter.Pages
	Empty *counter.Empty
	// MayCreate offers a new licence, MayIssue to put one in.
	MayCreate, MayIssue bool
}

func (s pages) listLicences(w http.ResponseWriter, r *counter.Request) error {
	p := licenceListPage{Page: s.Page(r, "licence.list.title"), Search: r.Query("q"), State: r.Query("state"), Sort: r.Query("sort"),
		MayCreate: r.Viewer.Has(flegt.RoleOperator), MayIssue: r.Viewer.Has(flegt.RoleLicensing)}
	if p.Viewer.Acting == nil {
		return flegt.Missing()
	}
	if p.Viewer.Has(flegt.RoleCustoms) { // whose list it is
		http.Redirect(w, r.Request, "/customs/expected", http.StatusSeeOther)
		return nil
	}
	p.Wide = true
	now := counter.PageAsked(r)
	q := registry.LicenceQuery{Text: p.Search, Sort: p.Sort, Asc: p.Sort == "expires" || p.Sort == "number", Limit: counter.LicencesPerPage, Offset: (now - 1) * counter.LicencesPerPage,
		Whole: r.Query("whole") != "", NoGoods: true}
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
	p.Pages = s.PagesOfLicences(r, &p.Page, now, found)
	if p.Empty = p.NotAmongFirst(r, found); p.Empty == nil {
		p.Empty = p.emptyList(len(found.Rows))
	}
	return s.Show(w, &p, "licence_list")
}

func (p *licenceListPage) emptyList(found int) *counter.Empty {
	switch {
	case found > 0:
		return nil
	case p.Search != "" || p.State != "":
		return &counter.Empty{Title: p.T("licence.list.none_found"), Text: p.T("licence.list.none_found.text"), Link: counter.Link{URL: "/licences", Text: p.T("licence.list.all")}}
	case p.MayCreate:
		return &counter.Empty{Title: p.T("licence.list.none"), Text: p.T("licence.list.none.text"), Link: counter.Link{URL: "/licences/new", Text: p.T("licence.new.title")}}
	}
	return &counter.Empty{Title: p.T("licence.list.none"), Text: p.T("licence.list.none.office")}
}

func (p *licenceListPage) stateOptions() []counter.Option {
	out := []counter.Option{{Value: "", Label: p.T("licence.list.every_state"), Selected: p.State == ""}}
	for _, st := range flegt.LicenceStates {
		if st == flegt.Draft && !p.MayCreate && !p.Viewer.Has(flegt.RoleLicensing) || st == flegt.Issued && !p.Viewer.Has(flegt.RoleLicensing) {
			continue
		}
		out = append(out, counter.Option{Value: string(st), Label: p.T("licence.state." + string(st)), Selected: p.State == string(st)})
	}
	return out
}

func (p *licenceListPage) sortOptions() []counter.Option {
	var out []counter.Option
	for _, v := range []string{"updated", "submitted", "number", "expires"} {
		out = append(out, counter.Option{Value: v, Label: p.T("licence.sort." + v), Selected: p.Sort == v})
	}
	return out
}

// licenceTable makes the rows of a list.
func (p *licenceListPage) licenceTable(found []flegt.Licence) counter.Table {
	t := counter.Table{Caption: p.Title, Columns: []string{p.T("licence.number"), p.T("licence.state"), p.T("licence.licensee"), p.T("licence.import_country"), p.T("licence.expires"), p.T("licence.updated")}}
	for _, l := range found {
		number := l.Form.Number
		if number == "" {
			number = p.T("licence.no_number")
		}
		status := p.LicenceStatus(p.Server().Office.StandingOf(l))
		if m, marked := l.MarkedAs(); marked {
			status = p.Status("stop", "licence.mark."+m.Name())
		} else if l.Electronic && l.State == flegt.Draft {
			status = p.Status("plain", "licence.state.claimed")
		}
		t.Rows = append(t.Rows, []counter.Cell{
			{Text: number, URL: p.URL("/licences/%s", l.ID), Sub: p.CountryName(l.Form.Export)},
			{Status: &status}, {Text: l.Form.Licensee.Name}, {Text: p.CountryName(l.ImportCountry)}, p.DayCell(l.Form.Expires), p.MomentCell(l.UpdatedAt),
		})
	}
	return t
}

// linesShown is how many goods lines the page of a licence shows at a time.
const linesShown = 12

// linesAt is where they stand, with what the checks find in them.
func linesAt(l flegt.Licence, found []flegt.Finding) counter.LinesAt {
	return counter.LinesAt{Path: "/licences/" + url.PathEscape(l.ID), Fragment: "goods", Size: linesShown, Each: 4_000, Taken: 18_000, Findings: found}
}

func (s pages) showLicence(w http.ResponseWriter, r *counter.Request) error {
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := s.LicencePage(r, c, "licence.show.title", linesAt(c.Licence, c.Findings), counter.LinesAsked(r.Query("lines")))
	p.Crumbs = []counter.Link{{URL: "/licences", Text: p.T("licence.list.title")}}
	return s.Show(w, p, "licence_show")
}

// linesProved is how many goods lines the proof shows at a time.
const linesProved = 60

// proofPage is the page an importer prints and shows (L13).
type proofPage struct {
	counter.Page
	// LineWindow is which goods lines are shown; when they are not all, All leads to a document
	// with every one of them.
	counter.LineWindow
	All     string
	Licence flegt.Licence
	Boxes   []counter.Term
	Goods   counter.Table
	Proof   string
	Country string
	When    string
}

func (s pages) showProof(w http.ResponseWriter, r *counter.Request) error {
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !counter.Proves(c) {
		return flegt.Missing()
	}
	p := proofPage{Page: s.Page(r, "licence.proof.title", "Number", c.Licence.Form.Number), Licence: c.Licence}
	p.Crumbs = []counter.Link{{URL: "/licences", Text: p.T("licence.list.title")}, {URL: p.URL("/licences/%s", c.Licence.ID), Text: c.Licence.Form.Number}}
	p.Boxes = p.BoxTerms(c.Licence)
	p.LineWindow = p.LinesOf(c.Licence, counter.LinesAt{Path: p.URL("/licences/%s/proof", c.Licence.ID), Fragment: "goods", Size: linesProved, Each: 1_000, Taken: 8_000 + counter.BytesOfTerms(p.Boxes)}, counter.LinesAsked(r.Query("lines")))
	if p.LineWindow.End-p.LineWindow.First < len(c.Licence.Form.Goods) {
		p.All = p.URL("/licences/%s/form.pdf", c.Licence.ID)
	}
	p.Goods, p.Proof = p.GoodsShown(c.Licence, p.LineWindow), p.ProofText(c.Licence)
	p.Country, p.When = p.CountryName(c.Licence.ImportCountry), p.DateTime(c.Licence.DecidedAt)
	return s.Show(w, &p, "licence_proof")
}

func (s pages) withdrawLicence(w http.ResponseWriter, r *counter.Request) error {
	id := r.PathValue("id")
	if _, err := s.Office.WithdrawLicence(r.Context(), r.Viewer.Actor, id, 0); err != nil {
		return err
	}
	return s.Done(w, r, "/licences/"+url.PathEscape(id), "licence.withdrawn")
}

func (s pages) discardLicence(w http.ResponseWriter, r *counter.Request) error {
	if err := s.Office.DiscardDraft(r.Context(), r.Viewer.Actor, r.PathValue("id")); err != nil {
		return err
	}
	return s.Done(w, r, "/licences", "licence.discarded")
}
