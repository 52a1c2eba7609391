package authority

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// arrivalsPage is the calendar of what comes when: six weeks, a row for each, and below it
// the same as a list.
type arrivalsPage struct {
	counter.Page
	Weeks        []arrivalWeek
	Days         []string // names of the days of the week, Monday first
	List         counter.Table
	Before, Next counter.Link
	Heading      string
	Empty        *counter.Empty
	// Busy says that there are too many to name: each day tells how many there are.
	Busy bool
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
	Arrivals []arrival // licence by licence, or how many there are of each kind
}

// arrival is a licence whose goods are expected.
type arrival struct {
	counter.Link
	Tone string // ok: decided; stop: not decided and the day is here; wait: not decided yet
	Word string
}

// mostArrivals is how many licences the calendar names; more are counted day by day.
const mostArrivals = 80

func (s pages) showArrivals(w http.ResponseWriter, r *counter.Request) error {
	if !r.Viewer.Has(flegt.RoleAuthority) {
		return flegt.Missing()
	}
	p := arrivalsPage{Page: s.Page(r, "desk.arrivals.title")}
	p.Wide = true
	p.Crumbs = []counter.Link{{URL: "/desk", Text: p.T("desk.title")}}
	today := s.Office.Reference().In(r.Viewer.Actor.Country, s.Clock())
	month := monthOf(r.Query("month"), today)
	first := month.AddDate(0, 0, -(int(month.Weekday())+6)%7)
	last := first.AddDate(0, 0, 41)
	days, err := s.Office.Arrivals(r.Context(), r.Viewer.Actor, flegt.DateOf(first), flegt.DateOf(last))
	if err != nil {
		return err
	}
	p.Heading = p.T("desk.arrivals.month", "Month", p.Month(month), "Year", month.Format("2006"))
	for _, at := range []struct {
		link *counter.Link
		step int
		key  string
	}{{&p.Before, -1, "desk.arrivals.before"}, {&p.Next, 1, "desk.arrivals.next"}} {
		*at.link = counter.Link{URL: "/desk/arrivals?month=" + month.AddDate(0, at.step, 0).Format("2006-01"), Text: p.T(at.key)}
	}
	total := 0
	for _, d := range days {
		total += d.Open + d.Decided
	}
	if p.Busy = total > mostArrivals; p.Busy {
		p.count(days, today)
		p.calendar(p.counts(days, today), first, month, today, r.Viewer.Actor.Country)
		return s.Show(w, &p, "desk_arrivals")
	}
	found, err := s.arrivals(r, flegt.DateOf(first), flegt.DateOf(last))
	if err != nil {
		return err
	}
	byDay := map[flegt.Date][]arrival{}
	for _, d := range found {
		byDay[d.Facts.Arrival] = append(byDay[d.Facts.Arrival], p.arrival(d, today))
	}
	p.calendar(byDay, first, month, today, r.Viewer.Actor.Country)
	p.list(found, today)
	if len(found) == 0 {
		p.Empty = &counter.Empty{Title: p.T("desk.arrivals.none"), Text: p.T("desk.arrivals.none.text")}
	}
	return s.Show(w, &p, "desk_arrivals")
}

// arrivals reads what is expected between two days, decided or not.
func (s pages) arrivals(r *counter.Request, from, until flegt.Date) ([]flegt.Dossier, error) {
	var out []flegt.Dossier
	for _, standing := range []flegt.Standing{"", flegt.DossierDecided} {
		q := registry.DossierQuery{Standing: standing, Sort: "arrival", Limit: mostArrivals}
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
func (p *arrivalsPage) Month(t time.Time) string {
	name := []rune(p.Server().Catalog.Month(p.Lang, t.Month()))
	name[0] = unicode.ToUpper(name[0])
	return string(name)
}

func (p *arrivalsPage) calendar(byDay map[flegt.Date][]arrival, first, month, today time.Time, country string) {
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

func (p *arrivalsPage) arrival(d flegt.Dossier, today time.Time) arrival {
	a := arrival{Link: counter.Link{URL: p.URL("/desk/%s", d.Licence), Text: d.Facts.Number}, Tone: arrivalTone(d.Facts.Arrival, d.Standing == flegt.DossierDecided, today)}
	a.Word = p.T("desk.arrival." + a.Tone)
	return a
}

// arrivalTone says how it stands with what arrives on a day.
func arrivalTone(day flegt.Date, decided bool, today time.Time) string {
	switch {
	case decided:
		return "ok"
	case day <= flegt.DateOf(today):
		return "stop"
	}
	return "wait"
}

// counts tells of each day how many licences are decided and how many are not; each number
// leads to them in the work list.
func (p *arrivalsPage) counts(days []registry.Arrivals, today time.Time) map[flegt.Date][]arrival {
	out := map[flegt.Date][]arrival{}
	for _, d := range days {
		for _, kind := range []struct {
			decided bool
			n       int
		}{{false, d.Open}, {true, d.Decided}} {
			if kind.n == 0 {
				continue
			}
			a := arrival{Link: p.arrivalsOn(d.Day, kind.decided, kind.n), Tone: arrivalTone(d.Day, kind.decided, today)}
			a.Word = p.T("desk.arrival." + a.Tone)
			out[d.Day] = append(out[d.Day], a)
		}
	}
	return out
}

// arrivalsOn is the way to what arrives on a day, decided or not.
func (p *arrivalsPage) arrivalsOn(day flegt.Date, decided bool, n int) counter.Link {
	part := "all"
	if decided {
		part = "decided"
	}
	return counter.Link{URL: p.URL("/desk?part=%s&arrival_from=%s&arrival_until=%s", part, day, day), Text: p.TN("home.licences", n)}
}

// count is the calendar of counts as a list.
func (p *arrivalsPage) count(days []registry.Arrivals, today time.Time) {
	p.List = counter.Table{Caption: p.Title, Columns: []string{p.T("licence.arrival"), p.T("desk.arrivals.open"), p.T("desk.arrivals.decided")}}
	for _, d := range days {
		row := []counter.Cell{p.DayCell(d.Day), {Text: p.Number(d.Open), Number: true}, {Text: p.Number(d.Decided), Number: true}}
		if d.Open > 0 {
			row[1].URL = p.arrivalsOn(d.Day, false, d.Open).URL
		}
		if d.Decided > 0 {
			row[2].URL = p.arrivalsOn(d.Day, true, d.Decided).URL
		}
		if arrivalTone(d.Day, false, today) == "stop" && d.Open > 0 {
			row[1].Status = &counter.Status{Tone: "stop", Text: p.T("desk.arrival.stop")}
		}
		p.List.Rows = append(p.List.Rows, row)
	}
}

func (p *arrivalsPage) list(found []flegt.Dossier, today time.Time) {
	p.List = counter.Table{Caption: p.Title, Columns: []string{p.T("licence.arrival"), p.T("licence.number"), p.T("licence.importer"), p.T("desk.standing")}}
	for _, d := range found {
		a := p.arrival(d, today)
		p.List.Rows = append(p.List.Rows, []counter.Cell{p.DayCell(d.Facts.Arrival), {Text: a.Text, URL: a.URL}, {Text: d.Facts.Importer}, {Status: &counter.Status{Tone: a.Tone, Text: a.Word}}})
	}
}
