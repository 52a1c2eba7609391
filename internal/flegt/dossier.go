package flegt

import (
	"slices"
	"strings"
	"time"
)

// Dossier is the competent authority's own work on one lodged licence: who handles it, what
// was compared with the paper, notes, a first officer's proposal. It is the authority's
// alone: the operator sees what is asked and decided, and nothing else of it. It has a
// version of its own, so that handing a case over disturbs nobody who is deciding it.
type Dossier struct {
	Licence  string    // the licence's id; one dossier each
	Country  string    // of the authority
	Standing Standing  // open, waiting for somebody, or decided
	Officer  string    // account that handles it; empty while nobody does
	TakenAt  time.Time // when Officer took it
	LodgedAt time.Time // when the licence was first lodged: the clock runs from here
	Closed   time.Time // when it was decided or withdrawn; zero while open
	Warnings int       // findings to look at when it was last lodged
	Facts    Facets    // of the licence, as it was last lodged: the work list is narrowed by them
	Ticks    []Tick    // boxes that were compared with the paper
	Proposal *Proposal // of the first of two officers; nil when there is none
	Notes    []Note
	Waits    []Wait  `json:",omitempty"` // answers that are waited for, oldest question first
	Fee      *Charge // what the authority charges for this licence; nil when nothing
	Version  int
}

// Standing is where a dossier stands in the authority's work list.
type Standing string

// The standings. A dossier that waits is waiting for the importer or the issuing country.
const (
	DossierOpen    Standing = "open"
	DossierWaiting Standing = "waiting"
	DossierDecided Standing = "decided"
)

// Facets are what of a licence a work list is narrowed and sorted by.
type Facets struct {
	Number   string
	Importer string
	Exporter string
	Issuing  string
	Headings []string // HS headings, four digits each
	Arrival  Date
	Expires  Date
}

// FacetsOf gathers the facets of a licence.
func FacetsOf(l Licence) Facets {
	f := Facets{Number: l.Form.Number, Importer: l.Form.Importer.Name, Exporter: l.Form.Licensee.Name, Issuing: l.Form.IssuingBody.Name,
		Arrival: l.Form.Arrival, Expires: l.Form.Expires}
	for _, g := range l.Form.Goods {
		if hs := digits(g.HS); len(hs) >= 4 && !slices.Contains(f.Headings, hs[:4]) {
			f.Headings = append(f.Headings, hs[:4])
		}
	}
	return f
}

// Tick says that a box was compared with the paper and agrees.
type Tick struct {
	Box     string // one of TickGroups
	Account string
	At      time.Time
}

// TickGroups are what is ticked: groups of boxes that stand together on the paper, by their
// numbers, in the order in which desks look; "scan" is the paper as a whole.
var TickGroups = []string{"scan", "3-4", "18", "2-8", "9-16", "17"}

// Proposal is what the first officer wants decided where the authority asks for a second
// pair of eyes. It counts for one version of the licence.
type Proposal struct {
	Verb    Verb // VerbAccept or VerbReject
	Code    string
	Words   string
	Account string
	At      time.Time
	Version int // of the licence that was looked at
}

// Note is a remark inside the authority.
type Note struct {
	ID       string
	Account  string
	At       time.Time
	Text     string
	Mentions []string // accounts that were told
}

// Charge is a fee as it was recorded for one licence. Reg. (EC) 2173/2005 art. 5 (to be
// verified) lets authorities charge for what they do.
type Charge struct {
	Cents    int64  // hundredths of the currency
	Currency string // ISO 4217
	At       time.Time
}

// MaxNotes is how many notes one dossier takes.
const MaxNotes = 500

// DossierID is the id under which a licence's dossier stands in the event log: the history
// of a licence is for its operator too, that of the dossier is not.
func DossierID(licence string) string { return licence + "/dossier" }

// event begins an event about the dossier. It names no operator: operators may not see it.
func (d *Dossier) event(by Actor, now time.Time, verb string) Event {
	e := NewEvent(by, now, NounDossier, DossierID(d.Licence), verb)
	e.Country, e.State = d.Country, string(d.Standing)
	return e.With("licence", d.Licence)
}

// Opened gives the event of a dossier that begins, or begins anew, with a lodged licence.
func (d *Dossier) Opened(by Actor, now time.Time) Event { return d.event(by, now, "opened") }

// Follow notes what became of the licence: a dossier is open while its licence waits for the
// authority, waits while the licence is with somebody else, and is closed by a decision. It
// says whether anything changed.
func (d *Dossier) Follow(by Actor, now time.Time, state LicenceState) (Event, bool) {
	standing := d.stands(state)
	if standing == d.Standing {
		return Event{}, false
	}
	d.Standing, d.Proposal = standing, nil
	verb := string(standing)
	if d.Closed = (time.Time{}); standing == DossierDecided {
		d.Closed, d.Waits = now.UTC(), nil
	}
	return d.event(by, now, verb), true
}

// Assign gives the dossier to an officer, or takes it from whoever has it when officer is
// empty. before is who has it as the page showed; somebody else there meanwhile is a
// conflict that is told by name.
func (d *Dossier) Assign(by Actor, now time.Time, officer, before string) (Event, error) {
	if d.Standing == DossierDecided {
		return Event{}, Refuse(Conflict, "dossier.decided", nil)
	}
	if d.Officer != before {
		return Event{}, Refuse(Conflict, "dossier.taken", nil)
	}
	if officer == d.Officer {
		return Event{}, Refuse(Conflict, "dossier.same_officer", nil)
	}
	d.Officer, d.TakenAt = officer, now.UTC()
	verb := "assigned"
	if officer == "" {
		verb, d.TakenAt = "unassigned", time.Time{}
	}
	return d.event(by, now, verb).With("officer", officer).With("before", before), nil
}

// Compare ticks a box as compared with the paper, or takes the tick back.
func (d *Dossier) Compare(by Actor, now time.Time, box string, agrees bool) (Event, error) {
	if d.Standing == DossierDecided {
		return Event{}, Refuse(Conflict, "dossier.decided", nil)
	}
	if !slices.Contains(TickGroups, box) {
		return Event{}, Missing()
	}
	d.Ticks = slices.DeleteFunc(slices.Clone(d.Ticks), func(t Tick) bool { return t.Box == box })
	verb := "unticked"
	if agrees {
		verb = "ticked"
		d.Ticks = append(d.Ticks, Tick{Box: box, Account: by.Account, At: now.UTC()})
	}
	return d.event(by, now, verb).With("box", box), nil
}

// Ticked says whether a box was compared with the paper.
func (d Dossier) Ticked(box string) bool {
	return slices.ContainsFunc(d.Ticks, func(t Tick) bool { return t.Box == box })
}

// Write adds a note, and names the colleagues who are to be told.
func (d *Dossier) Write(by Actor, now time.Time, id, text string, mentions []string) (Event, error) {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return Event{}, InvalidBoxes([]BoxError{{Box: "note", Key: "error.required"}})
	case tooLong(text, 4000):
		return Event{}, InvalidBoxes([]BoxError{{Box: "note", Key: "error.too_long", Args: Args{"Max": 4000}}})
	case len(d.Notes) >= MaxNotes:
		return Event{}, Refuse(TooLarge, "dossier.too_many_notes", Args{"Max": MaxNotes})
	}
	d.Notes = append(d.Notes[:len(d.Notes):len(d.Notes)], Note{ID: id, Account: by.Account, At: now.UTC(), Text: text, Mentions: mentions})
	return d.event(by, now, "noted").With("note", id).With("mentions", mentions), nil
}

// Propose keeps the first officer's decision for a second one to confirm.
func (d *Dossier) Propose(by Actor, now time.Time, p Proposal) Event {
	p.Account, p.At = by.Account, now.UTC()
	d.Proposal = &p
	return d.event(by, now, "proposed").With("verb", string(p.Verb)).With("code", p.Code)
}

// Confirms says whether a decision by an officer is the second one that the authority asks
// for: the same as another officer proposed for the same version of the licence.
func (d Dossier) Confirms(by Actor, verb Verb, version int) bool {
	p := d.Proposal
	return p != nil && p.Verb == verb && p.Version == version && p.Account != by.Account
}

// Bill records the fee in force on the day of lodging, where the authority is; a fee recorded
// once stays.
func (d *Dossier) Bill(now time.Time, lodged Date, settings DeskSettings) {
	if d.Fee != nil {
		return
	}
	if f, ok := settings.FeeOn(lodged); ok {
		d.Fee = &Charge{Cents: f.Cents, Currency: f.Currency, At: now.UTC()}
	}
}
