package web

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
)

// arrivalsPage is the calendar of what comes when: six weeks, a row for each, and below it
// the same as a list.
type arrivalsPage struct {
	Page
	Weeks        []arrivalWeek
	Days         []string // names of the days of the week, Monday first
	List         Table
	Before, Next Link
	Heading      string
	Empty        *Empty
	// Most is how many licences the calendar holds at most; More says that there are more.
	More bool
}

// arrivalWeek is one row of the calendar.
type arrivalWeek struct{ Days []arrivalDay }

// arrivalDay is one day: its ships, and whether the authority works.
type arrivalDay struct {
	Day      string // the date in words
	Number   int    // of the day in the month
	Other    bool   // of another month
	Today    bool
	Holiday  bool
	Arrivals []arrival
}

// arrival is a licence whose goods are expected.
type arrival struct {
	Link
	Tone string // ok: decided; stop: not decided and the day is here; wait: not decided yet
	Word string
}

// mostArrivals is how many licences the calendar shows.
const mostArrivals = 500

func (s *Server) showArrivals(w http.ResponseWriter, r *Request) error {
	if !r.Viewer.Has(flegt.RoleAuthority) {
		return flegt.Missing()
	}
	p := arrivalsPage{Page: s.page(r, "desk.arrivals.title")}
	p.Wide = true
	p.Crumbs = []Link{{"/desk", p.T("desk.title")}}
	today := p.local(s.Clock())
	month := monthOf(r.Query("month"), today)
	first := month.AddDate(0, 0, -(int(month.Weekday())+6)%7)
	last := first.AddDate(0, 0, 41)
	found, err := s.arrivals(r, flegt.DateOf(first), flegt.DateOf(last))
	if err != nil {
		return err
	}
	p.More = len(found) > mostArrivals
	found = found[:min(len(found), mostArrivals)]
	p.Heading = p.T("desk.arrivals.month", "Month", p.Month(month), "Year", month.Format("2006"))
	for _, at := range []struct {
		link *Link
		step int
		key  string
	}{{&p.Before, -1, "desk.arrivals.before"}, {&p.Next, 1, "desk.arrivals.next"}} {
		*at.link = Link{"/desk/arrivals?month=" + month.AddDate(0, at.step, 0).Format("2006-01"), p.T(at.key)}
	}
	p.calendar(found, first, month, today, r.Viewer.Actor.Country)
	p.list(found, today)
	if len(found) == 0 {
		p.Empty = &Empty{Title: p.T("desk.arrivals.none"), Text: p.T("desk.arrivals.none.text")}
	}
	return s.show(w, &p, "desk_arrivals")
}

// arrivals reads what is expected between two days, decided or not.
func (s *Server) arrivals(r *Request, from, until flegt.Date) ([]flegt.Dossier, error) {
	var out []flegt.Dossier
	for _, standing := range []flegt.Standing{"", flegt.DossierDecided} {
		q := registry.DossierQuery{Standing: standing, Sort: "arrival", Limit: mostArrivals + 1}
		q.Arrival.From, q.Arrival.Until = from, until
		list, err := s.Office.WorkList(r.Context(), r.Viewer.Actor, q)
		if err != nil {
			return nil, err
		}
		out = append(out, list.Rows...)
	}
	slices.SortStableFunc(out, func(a, b flegt.Dossier) int { return strings.Compare(string(a.Facts.Arrival), string(b.Facts.Arrival)) })
	return out, nil
}

// monthOf reads a month of an address; this month when it is none.
func monthOf(text string, today time.Time) time.Time {
	if t, err := time.Parse("2006-01", text); err == nil && t.Year() >= 2000 && t.Year() < 2100 {
		return t
	}
	return time.Date(today.Year(), today.Month(), 1, 0, 0, 0, 0, time.UTC)
}

// Month writes a month as a heading begins: with a capital letter.
func (p *Page) Month(t time.Time) string {
	name := []rune(p.server.Catalog.Month(p.Lang, t.Month()))
	name[0] = unicode.ToUpper(name[0])
	return string(name)
}

func (p *arrivalsPage) calendar(found []flegt.Dossier, first, month, today time.Time, country string) {
	byDay := map[flegt.Date][]arrival{}
	for _, d := range found {
		byDay[d.Facts.Arrival] = append(byDay[d.Facts.Arrival], p.arrival(d, today))
	}
	for i := range 7 {
		p.Days = append(p.Days, p.T("weekday."+string(rune('1'+i))))
	}
	for week := range 6 {
		var row arrivalWeek
		for i := range 7 {
			day := first.AddDate(0, 0, 7*week+i)
			on := flegt.DateOf(day)
			row.Days = append(row.Days, arrivalDay{Day: p.Date(day), Number: day.Day(), Other: day.Month() != month.Month(), Today: on == flegt.DateOf(today),
				Holiday: !report.Workday(country, day), Arrivals: byDay[on]})
		}
		p.Weeks = append(p.Weeks, row)
	}
}

func (p *Page) arrival(d flegt.Dossier, today time.Time) arrival {
	a := arrival{Link: Link{p.URL("/desk/%s", d.Licence), d.Facts.Number}, Tone: "wait"}
	switch {
	case d.Standing == flegt.DossierDecided:
		a.Tone = "ok"
	case d.Facts.Arrival <= flegt.DateOf(today):
		a.Tone = "stop"
	}
	a.Word = p.T("desk.arrival." + a.Tone)
	return a
}

func (p *arrivalsPage) list(found []flegt.Dossier, today time.Time) {
	p.List = Table{Caption: p.Title, Columns: []string{p.T("licence.arrival"), p.T("licence.number"), p.T("licence.importer"), p.T("desk.standing")}}
	for _, d := range found {
		a := p.arrival(d, today)
		p.List.Rows = append(p.List.Rows, []Cell{{Text: p.day(d.Facts.Arrival)}, {Text: a.Text, URL: a.URL}, {Text: d.Facts.Importer}, {Status: &Status{a.Tone, a.Word}}})
	}
}
