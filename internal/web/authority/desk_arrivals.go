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
	Tone string // ok: accepted; end: rejected or withdrawn; stop: not decided and the day is here; wait: not decided yet
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
		total += d.All()
	}
	if p.Busy = total > mostArrivals; p.Busy {
		p.count(days, today)
		p.calendar(p.counts(days, today), first, month, today, r.Viewer.Actor.Country)
		return s.Show(w, &p, "desk_arrivals")
	}
	found, became, err := s.arrivals(r, flegt.DateOf(first), flegt.DateOf(last))
	if err != nil {
		return err
	}
	byDay := map[flegt.Date][]arrival{}
	for _, d := range found {
		byDay[d.Facts.Arrival] = append(byDay[d.Facts.Arrival], p.arrival(d, became[d.Licence], today))
	}
	p.calendar(byDay, first, month, today, r.Viewer.Actor.Country)
	p.list(found, became, today)
	if len(found) == 0 {
		p.Empty = &counter.Empty{Title: p.T("desk.arrivals.none"), Text: p.T("desk.arrivals.none.text")}
	}
	return s.Show(w, &p, "desk_arrivals")
}

// arrivals reads what is expected between two days, decided or not, and what became of what is.
func (s pages) arrivals(r *counter.Request, from, until flegt.Date) (out []flegt.Dossier, became map[string]flegt.LicenceState, err error) {
	for _, standing := range []flegt.Standing{"", flegt.DossierDecided} {
		q := registry.DossierQuery{Standing: standing, Sort: "arrival", Limit: mostArrivals}
		q.Arrival.From, q.Arrival.Until = from, until
		list, err := s.Office.WorkList(r.Context(), r.Viewer.Actor, q)
		if err != nil {
			return nil, nil, err
		}
		out, became = append(out, list.Rows...), list.Outcomes
	}
	slices.SortStableFunc(out, func(a, b flegt.Dossier) int { return strings.Compare(string(a.Facts.Arrival), string(b.Facts.Arrival)) })
	return out, became, nil
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

// arrival is a licence in the calendar; became is its state once it is decided.
func (p *arrivalsPage) arrival(d flegt.Dossier, became flegt.LicenceState, today time.Time) arrival {
	a := arrival{Link: counter.Link{URL: p.URL("/desk/%s", d.Licence), Text: d.Facts.Number}}
	switch {
	case d.Standing != flegt.DossierDecided:
		a.Tone = openTone(d.Facts.Arrival, today)
	case became == flegt.Accepted:
		a.Tone = "ok"
	default:
		a.Tone = "end"
	}
	if a.Word = p.T("desk.arrival." + a.Tone); a.Tone == "end" {
		a.Word = p.T("licence.state." + string(became))
	}
	return a
}

// openTone says how it stands with what arrives on a day and is not decided.
func openTone(day flegt.Date, today time.Time) string {
	if day <= flegt.DateOf(today) {
		return "stop"
	}
	return "wait"
}

// dayCount is how many licences of one kind arrive on a day, and the way to them in the work list.
type dayCount struct {
	tone, part string
	outcome    registry.Outcome
	n          int
}

// kinds are what can have become of what arrives on a day, in the order in which they are shown.
func kinds(d registry.Arrivals, today time.Time) [3]dayCount {
	return [3]dayCount{{tone: openTone(d.Day, today), part: "all", n: d.Open}, {"ok", "decided", registry.OutcomeAccepted, d.Accepted}, {"end", "decided", registry.OutcomeUnaccepted, d.Unaccepted}}
}

// counts tells of each day how many licences there are of each kind; each number leads to them in
// the work list.
func (p *arrivalsPage) counts(days []registry.Arrivals, today time.Time) map[flegt.Date][]arrival {
	out := map[flegt.Date][]arrival{}
	for _, d := range days {
		for _, kind := range kinds(d, today) {
			if kind.n > 0 {
				out[d.Day] = append(out[d.Day], arrival{counter.Link{URL: p.way(d.Day, kind), Text: p.TN("home.licences", kind.n)}, kind.tone, p.T("desk.arrival." + kind.tone)})
			}
		}
	}
	return out
}

// way leads to what arrives on a day, of one kind.
func (p *arrivalsPage) way(day flegt.Date, kind dayCount) string {
	at := p.URL("/desk?part=%s&arrival_from=%s&arrival_until=%s", kind.part, day, day)
	if kind.outcome != "" {
		at += "&outcome=" + string(kind.outcome)
	}
	return at
}

// count is the calendar of counts as a list.
func (p *arrivalsPage) count(days []registry.Arrivals, today time.Time) {
	p.List = counter.Table{Caption: p.Title, Columns: []string{p.T("licence.arrival"), p.T("desk.arrivals.open"), p.T("desk.arrival.ok"), p.T("desk.arrival.end")}}
	for _, d := range days {
		row := []counter.Cell{p.DayCell(d.Day)}
		for _, kind := range kinds(d, today) {
			cell := counter.Cell{Text: p.Number(kind.n), Number: true}
			if kind.n > 0 {
				cell.URL = p.way(d.Day, kind)
			}
			if kind.n > 0 && kind.tone == "stop" {
				cell.Status = &counter.Status{Tone: "stop", Text: p.T("desk.arrival.stop")}
			}
			row = append(row, cell)
		}
		p.List.Rows = append(p.List.Rows, row)
	}
}

func (p *arrivalsPage) list(found []flegt.Dossier, became map[string]flegt.LicenceState, today time.Time) {
	p.List = counter.Table{Caption: p.Title, Columns: []string{p.T("licence.arrival"), p.T("licence.number"), p.T("licence.importer"), p.T("desk.standing")}}
	for _, d := range found {
		a := p.arrival(d, became[d.Licence], today)
		p.List.Rows = append(p.List.Rows, []counter.Cell{p.DayCell(d.Facts.Arrival), {Text: a.Text, URL: a.URL}, {Text: d.Facts.Importer}, {Status: &counter.Status{Tone: a.Tone, Text: a.Word}}})
	}
}
