package document

import (
	"strconv"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/wording"
)

// Desk writes documents in a language, with the facts and the clock of the office.
type Desk struct {
	Catalog   *wording.Catalog
	Reference *reference.Data
	Location  *time.Location // whose days and hours are written
	BaseURL   string         // where the register is reached, without a slash at the end
}

// Decision writes the competent authority's letter about its decision on a licence: accepted,
// with the legal ground of the day; rejected, with the reason and its article; or acceptance
// withdrawn. A licence in another state is a NotFound.
func (d Desk) Decision(lang wording.Lang, x flegt.Decision) ([]byte, error) {
	if !x.Licence.State.Decided() {
		return nil, flegt.Missing()
	}
	w := letter{Desk: d, lang: lang, Decision: x}
	w.sheet = newSheet(About{Title: w.title(), Author: w.authority(), Subject: w.say("document.decision.subject", nil), Lang: string(lang), Made: x.Licence.DecidedAt})
	if err := w.head(); err != nil {
		return nil, err
	}
	w.facts()
	w.words()
	w.signature()
	foot := w.say("document.decision.foot", flegt.Args{"Number": x.Licence.Form.Number})
	return w.sheet.finish(foot, w.pageOf)
}

// letter is a letter of decision while it is written.
type letter struct {
	Desk
	flegt.Decision
	lang  wording.Lang
	sheet *sheet
}

func (d Desk) country(lang wording.Lang, code string) string {
	if !reference.HasNames(string(lang)) {
		return wording.Region(lang, code)
	}
	return d.Reference.CountryName(code, string(lang))
}

func (w letter) say(key string, args flegt.Args) string { return w.Catalog.Say(w.lang, key, args) }

func (w letter) pageOf(page, pages int) string { return w.Desk.pageOf(w.lang, page, pages) }

func (w letter) title() string {
	return w.say("document.decision.title."+string(w.Licence.State), flegt.Args{"Number": w.Licence.Form.Number})
}

// authority is the authority's name, or whose it is when our data has none.
func (w letter) authority() string {
	if w.Authority.Name != "" {
		return w.Authority.Name
	}
	return w.say(reference.AuthorityNameUnknown, flegt.Args{"Country": w.country(w.lang, w.Licence.ImportCountry)})
}

// decided is the moment of the decision by the authority's clock, or by the office's where our
// data does not say where it stands.
func (w letter) decided() time.Time {
	if zone := w.Reference.Zone(w.Licence.ImportCountry); zone != nil {
		return w.Licence.DecidedAt.In(zone)
	}
	return w.Licence.DecidedAt.In(w.Location)
}

func (w letter) day() flegt.Date { return flegt.DateOf(w.decided()) }

// head writes who writes to whom, with the code that leads to the licence.
func (w letter) head() error {
	s, half := w.sheet, 110.0
	const size = 30.0
	page := w.BaseURL + "/licences/" + w.Licence.ID
	if err := s.code(left+column-size, top-4, size, page); err != nil {
		return err
	}
	s.pdf.SetXY(left+column-40, top+size-4)
	height := s.font(7, false)
	s.pdf.CellFormat(40, height, clean(w.say("document.code", nil)), "", 0, "R", false, 0, "")
	s.text(left, half, 13, true, w.authority())
	s.text(left, half, 9, false, strings.Join(append([]string{w.country(w.lang, w.Licence.ImportCountry)}, w.Authority.AddressesOn(w.day())...), "\n"))
	s.y = max(s.y+10, 58)
	op := w.Operator
	s.text(left, half, 10, false, lines(op.FullName(), op.Street, strings.TrimSpace(op.Postcode+" "+op.Town), op.Region, w.country(w.lang, op.Country)))
	s.y = max(s.y+8, 90)
	s.text(left, column, 10, false, w.Catalog.Date(w.lang, w.decided()))
	s.y += 3
	s.text(left, column, 15, true, w.title())
	s.y += 3
	return nil
}

// lines joins what is not empty, line by line.
func lines(parts ...string) string {
	var out []string
	for _, p := range parts {
		if strings.TrimSpace(p) != "" {
			out = append(out, p)
		}
	}
	return strings.Join(out, "\n")
}

// facts writes by name and value what the decision is about and under which reference it is
// found in the register.
func (w letter) facts() {
	f := w.Licence.Form
	valid := w.Licence.ValidUntil()
	for _, fact := range [][2]string{
		{w.say("licence.number", nil), f.Number},
		{w.say("licence.importer", nil), lines(f.Importer.Name, f.Importer.Address)},
		{w.say("licence.licensee", nil), f.Licensee.Name},
		{w.say("licence.export", nil), w.country(w.lang, f.Export) + " (" + f.Export + ")"},
		{w.say("licence.expires", nil), w.date(valid)},
		{w.say("document.decision.made", nil), w.Catalog.DateTime(w.lang, w.decided())},
		{w.say("document.reference", nil), w.say("document.reference.event", flegt.Args{"Event": strconv.FormatInt(w.Event.Seq, 10)})},
		{w.say("document.reference.hash", nil), w.Event.RowHash},
	} {
		w.sheet.row(9, []cell{{x: left, width: 46, text: fact[0], heavy: true}, {x: left + 50, width: column - 50, text: fact[1]}})
	}
	w.sheet.y += 3
}

func (w letter) date(d flegt.Date) string {
	if !d.Valid() {
		return string(d)
	}
	return w.Catalog.Date(w.lang, d.Time())
}

// words writes what was decided and why, what now, and whom to ask.
func (w letter) words() {
	state := string(w.Licence.State)
	args := flegt.Args{"Country": w.country(w.lang, w.Licence.ImportCountry), "Number": w.Licence.Form.Number}
	w.paragraph(w.say("document.decision.text."+state, args))
	switch w.Licence.State {
	case flegt.Accepted:
		if ground, ok := w.Reference.LegalGround(w.day()); ok {
			w.part("document.decision.ground", w.say(ground.Key, flegt.Args{"Article": ground.Article}))
		}
		w.part("document.decision.now", w.say("document.decision.now.accepted", nil))
	case flegt.Rejected:
		w.part("document.decision.why", lines(w.say("licence.reason."+w.Licence.ReasonCode, nil), w.Catalog.Law(w.lang, flegt.SureLaw(flegt.ReasonLaw(w.Licence.ReasonCode)))), w.Licence.Reason)
		w.part("document.decision.now", w.say("licence.rejected.what_now", nil))
	case flegt.AcceptanceWithdrawn:
		w.part("document.decision.why", w.Licence.Reason)
		w.part("document.decision.now", w.say("licence.acceptance_withdrawn.what_now", nil))
	}
	if w.Licence.State != flegt.Accepted {
		if said := w.Authority.Desk.Appeal(w.Licence.DecidedAt, string(w.lang)); said != "" {
			w.part("document.decision.appeal", said)
		}
	}
	ask := flegt.Args{"Authority": w.authority(), "Page": w.BaseURL + "/licences/" + w.Licence.ID, "Addresses": w.Authority.AddressesOn(w.day())}
	key := "document.decision.ask.mail"
	if len(w.Authority.AddressesOn(w.day())) == 0 {
		key = "document.decision.ask.page"
	}
	w.sheet.room(41) // for the signature too: it does not stand on a page alone
	w.part("document.decision.ask", w.say(key, ask))
}

func (w letter) part(heading string, paragraphs ...string) {
	w.sheet.heading(w.say(heading, nil))
	for _, p := range paragraphs {
		w.paragraph(p)
	}
}

func (w letter) paragraph(text string) {
	w.sheet.text(left, column, 10, false, text)
	w.sheet.y += 2
}

// signature names who decided; where the reader may not know it, the authority alone.
func (w letter) signature() {
	s := w.sheet
	s.room(19)
	s.y += 8
	s.text(left, column, 10, false, lines(w.Officer, w.authority()))
}
