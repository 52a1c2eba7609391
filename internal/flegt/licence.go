package flegt

import (
	"strings"
	"time"
)

// Species is one wood of a goods line (box 11).
type Species struct {
	Common     string `json:"common"`
	Scientific string `json:"scientific"`
}

// GoodsLine is one line of boxes 9 to 16. Its Line never changes and is never given again,
// because declarations point at it (data element 12 03 013).
type GoodsLine struct {
	Line        int       `json:"line"`
	Description string    `json:"description"` // box 9
	HS          string    `json:"hs"`          // box 10, heading or subheading
	Species     []Species `json:"species"`     // box 11
	Harvest     []string  `json:"harvest"`     // boxes 12 and 13, ISO 3166-1 alpha-2
	Volume      Amount    `json:"volume"`      // box 14, m³
	Weight      Amount    `json:"weight"`      // box 15, kg, net
	Units       Amount    `json:"units"`       // box 16, pieces
}

// Empty says whether nothing is entered in the line.
func (g GoodsLine) Empty() bool {
	if strings.TrimSpace(g.Description+g.HS+string(g.Volume)+string(g.Weight)+string(g.Units)) != "" {
		return false
	}
	for _, s := range g.Species {
		if s.Common+s.Scientific != "" {
			return false
		}
	}
	return len(g.Harvest) == 0
}

// Granted gives what the line grants in a unit; false when the box is empty or unreadable.
func (g GoodsLine) Granted(u Unit) (Quantity, bool) {
	var a Amount
	switch u {
	case CubicMetre:
		a = g.Volume
	case Kilogram:
		a = g.Weight
	case Piece:
		a = g.Units
	}
	q, err := a.Quantity()
	return q, err == nil && q > 0
}

// Party is a name with an address, as in boxes 1, 2 and 8.
type Party struct {
	Name    string `json:"name"`
	Address string `json:"address"`
}

// Licence is a FLEGT licence as the form in the Annex to Regulation (EC) 1024/2008 has it,
// box by box, and what was done with it. A draft keeps what was typed, even where a check
// will object.
type Licence struct {
	ID            string
	Operator      string // operator id: whose licence it is
	ImportCountry string // where it is lodged: country of the competent authority and of clearance
	State         LicenceState
	Version       int
	Form          Form
	NextLine      int // the number the next goods line gets
	Scans         []Attachment
	CreatedBy     string
	CreatedAt     time.Time
	UpdatedAt     time.Time
	SubmittedAt   time.Time
	LodgedOn      Date `json:",omitempty"` // day of SubmittedAt where the authority is; empty in rows of before it was kept
	SubmittedBy   string
	DecidedAt     time.Time
	DecidedBy     string
	ReasonCode    string // of a rejection, from RejectionReasons
	Reason        string // of a rejection or of an acceptance withdrawn, in words

	Electronic    bool           `json:",omitempty"` // put in by the issuing country; its paper boxes are locked
	Verification  string         `json:",omitempty"` // hash of the number with which it is claimed
	IssuedAt      time.Time      `json:",omitzero"`  // when the licensing authority put it in
	IssuedBy      string         `json:",omitempty"`
	ClaimedAt     time.Time      `json:",omitzero"`
	ClaimedBy     string         `json:",omitempty"`
	Return        *Return        `json:",omitempty"` // the last sending back by the authority
	Returned      []Return       `json:",omitempty"` // the earlier ones, oldest first
	Marks         []Mark         `json:",omitempty"` // of the issuing country, oldest first
	Confirmations []Confirmation `json:",omitempty"` // of extensions and corrections on the paper
	Answers       []Answer       `json:",omitempty"` // the importer's remarks on findings

	Holds          []Hold          `json:",omitempty"` // by customs, oldest first
	PhysicalChecks []PhysicalCheck `json:",omitempty"` // by customs, oldest first
}

// Form holds the boxes.
type Form struct {
	IssuingBody  Party       `json:"issuing_body"`   // box 1
	Importer     Party       `json:"importer"`       // box 2
	Number       string      `json:"number"`         // box 3
	Expires      Date        `json:"expires"`        // box 4
	Export       string      `json:"export"`         // boxes 5 and 6, ISO code
	Transport    string      `json:"transport"`      // box 7
	Licensee     Party       `json:"licensee"`       // box 8
	Goods        []GoodsLine `json:"goods"`          // boxes 9 to 16
	Invoice      string      `json:"invoice"`        // box 17
	Agent        Party       `json:"agent"`          // who lodges for the importer; not on the paper
	OwnInvoice   string      `json:"own_invoice"`    // the importer's own; not on the paper
	BarCode      string      `json:"bar_code"`       // box 17
	Lot          string      `json:"lot"`            // box 17
	BillOfLading string      `json:"bill_of_lading"` // box 17
	Containers   string      `json:"containers"`     // box 17, several: see ContainerNumbers
	Marks        string      `json:"marks"`          // box 17, others
	IssuePlace   string      `json:"issue_place"`    // box 18
	Issued       Date        `json:"issued"`         // box 18
	Arrival      Date        `json:"arrival"`        // expected; not on the paper
	ArrivalPlace string      `json:"arrival_place"`  // not on the paper
	Office       string      `json:"office"`         // customs office of clearance; not on the paper
	Remarks      string      `json:"remarks"`        // to the authority; not on the paper
}

// Attachment is a scan of the paper. Its bytes lie outside the database, by hash.
type Attachment struct {
	ID     string
	Name   string
	Type   string // media type found in the content: PDF, JPEG, PNG or TIFF
	Size   int64  // bytes
	SHA256 string // hex
	By     string // account
	At     time.Time
	Pages  int `json:",omitempty"` // of a TIFF; 0 where it is not known
}

// MaxScan is the largest scan taken, in bytes.
const MaxScan = 50 << 20

// MaxScans is how many scans one licence may have.
const MaxScans = 20

// MaxLines is how many goods lines one licence may have (attached sheets included).
const MaxLines = 200

// RejectionReasons are the reasons an authority chooses from; each is also said in words.
// Reg. (EC) 2173/2005 art. 5 and Reg. (EC) 1024/2008 art. 7, 9 and 10(2) (to be verified).
var RejectionReasons = []string{"not_authentic", "data_differ", "expired", "not_covered", "tolerance", "unconfirmed_change", "scan_unreadable", "duplicate", "other"}

// NumberKey is the licence number as it is compared: see NormaliseLicenceNumber.
func NumberKey(number string) string { return NormaliseLicenceNumber(number) }

// step checks the table and moves the licence.
func (l *Licence) step(by Actor, now time.Time, verb Verb, past string) (Event, error) {
	t, ok := Next(l.State, by.Role, verb)
	if !ok {
		return Event{}, Refuse(Conflict, "licence.no_such_step", Args{"Verb": string(verb), "State": string(l.State)})
	}
	l.State = t.To
	l.UpdatedAt = now.UTC()
	return l.event(by, now, past), nil
}

func (l *Licence) event(by Actor, now time.Time, verb string) Event {
	e := NewEvent(by, now, NounLicence, l.ID, verb)
	e.Country, e.Operator = l.ImportCountry, l.Operator
	return e.With("number", l.Form.Number)
}

// Create begins the licence as a draft with what was typed so far.
func (l *Licence) Create(by Actor, now time.Time, form Form) (Event, error) {
	return l.fill(by, now, VerbCreate, "created", form)
}

// Edit keeps the boxes of a draft, or of a licence sent back, as typed. Of an electronic
// licence only what is not on the paper can be changed.
func (l *Licence) Edit(by Actor, now time.Time, form Form) (Event, error) {
	if l.Electronic {
		if err := l.locked(form); err != nil {
			return Event{}, err
		}
	}
	return l.fill(by, now, VerbEdit, "edited", form)
}

func (l *Licence) fill(by Actor, now time.Time, verb Verb, past string, form Form) (Event, error) {
	if len(form.Goods) > MaxLines {
		return Event{}, Refuse(TooLarge, "licence.too_many_lines", Args{"Max": MaxLines})
	}
	if _, err := l.step(by, now, verb, past); err != nil {
		return Event{}, err
	}
	form.Goods = l.numberLines(form.Goods)
	l.Form = form
	l.Form.Number = strings.TrimSpace(form.Number)
	return l.event(by, now, past), nil
}

// numberLines keeps the numbers that lines have, gives new ones to new lines, and drops
// empty lines. A number once given is never given again.
func (l *Licence) numberLines(goods []GoodsLine) []GoodsLine {
	taken := map[int]bool{}
	if l.NextLine < 1 {
		l.NextLine = 1
	}
	var out []GoodsLine
	for _, g := range goods {
		if g.Empty() {
			continue
		}
		if g.Line <= 0 || g.Line >= l.NextLine || taken[g.Line] {
			g.Line = l.NextLine
			l.NextLine++
		}
		taken[g.Line] = true
		out = append(out, g)
	}
	return out
}

// Submit hands the licence to the competent authority of the country of import, for the
// first time or again after it was sent back: then it keeps its place in the queue. The
// findings are those of Check on the day; an error among them refuses. today is the day where
// the authority is.
func (l *Licence) Submit(by Actor, now time.Time, today Date, findings []Finding) (Event, error) {
	if _, ok := Next(l.State, by.Role, VerbSubmit); !ok {
		return l.step(by, now, VerbSubmit, "submitted")
	}
	if boxes := Errors(findings); len(boxes) > 0 {
		return Event{}, &Error{Kind: Invalid, Key: "licence.submit.findings", Args: Args{"Count": len(boxes)}, Boxes: boxes}
	}
	past := "submitted"
	if l.State == Returned {
		past = "resubmitted"
	}
	if l.SubmittedAt.IsZero() {
		l.SubmittedAt, l.LodgedOn = now.UTC(), today
	}
	l.SubmittedBy = by.Account
	return l.step(by, now, VerbSubmit, past)
}

// lodged is the day on which the licence was first lodged, where the authority is; empty before.
func (l *Licence) lodged() Date {
	switch {
	case l.SubmittedAt.IsZero():
		return ""
	case l.LodgedOn == "":
		return DateOf(l.SubmittedAt)
	}
	return l.LodgedOn
}

// Withdraw takes a licence that was submitted, or sent back, off the desk before it is decided.
func (l *Licence) Withdraw(by Actor, now time.Time) (Event, error) {
	return l.step(by, now, VerbWithdraw, "withdrawn")
}

// Discard throws a draft away. An electronic licence is given back instead, see Unclaim.
func (l *Licence) Discard(by Actor, now time.Time) (Event, error) {
	if l.Electronic && l.State == Draft {
		return Event{}, Refuse(Refused, "licence.electronic_discard", nil)
	}
	return l.step(by, now, VerbDiscard, "discarded")
}

// Accept is the competent authority's yes: the goods may be cleared. A licence lodged after
// its expiry is void, and an extension of its validity counts only with the issuing
// authority's confirmation on file. Reg. (EC) 1024/2008 art. 7 and 9 (to be verified)
func (l *Licence) Accept(by Actor, now time.Time, limits Limits) (Event, error) {
	if _, ok := Next(l.State, by.Role, VerbAccept); ok {
		if err := l.acceptable(limits); err != nil {
			return Event{}, err
		}
	}
	e, err := l.step(by, now, VerbAccept, "accepted")
	if err == nil {
		l.DecidedAt, l.DecidedBy = now.UTC(), by.Account
	}
	return e, err
}

// Reject is the competent authority's no, with a reason from the list and in words.
func (l *Licence) Reject(by Actor, now time.Time, code, words string) (Event, error) {
	if _, ok := Next(l.State, by.Role, VerbReject); !ok {
		return l.step(by, now, VerbReject, "rejected")
	}
	var boxes []BoxError
	if !contains(RejectionReasons, code) {
		boxes = append(boxes, BoxError{Box: "reason_code", Key: "error.choose"})
	}
	words = strings.TrimSpace(words)
	boxes = append(boxes, wordsRequired(words)...)
	if err := InvalidBoxes(boxes); err != nil {
		return Event{}, err
	}
	e, err := l.step(by, now, VerbReject, "rejected")
	if err == nil {
		l.DecidedAt, l.DecidedBy, l.ReasonCode, l.Reason = now.UTC(), by.Account, code, words
		e = e.With("reason_code", code)
	}
	return e, err
}

// wordsRequired checks a reason in words: there, and at most 2,000 characters.
func wordsRequired(words string) []BoxError {
	switch {
	case words == "":
		return []BoxError{{Box: "reason", Key: "error.reason_required"}}
	case tooLong(words, 2000):
		return []BoxError{{Box: "reason", Key: "error.too_long", Args: Args{"Max": 2000}}}
	}
	return nil
}

// WithdrawAcceptance takes the authority's yes back, with a reason in words, while nothing
// is released under the licence. What is reserved stays reserved.
func (l *Licence) WithdrawAcceptance(by Actor, now time.Time, released bool, words string) (Event, error) {
	if _, ok := Next(l.State, by.Role, VerbWithdrawAcceptance); !ok {
		return l.step(by, now, VerbWithdrawAcceptance, "acceptance_withdrawn")
	}
	if released {
		return Event{}, Refuse(Refused, "licence.released_already", nil)
	}
	words = strings.TrimSpace(words)
	if err := InvalidBoxes(wordsRequired(words)); err != nil {
		return Event{}, err
	}
	e, err := l.step(by, now, VerbWithdrawAcceptance, "acceptance_withdrawn")
	if err == nil {
		l.DecidedAt, l.DecidedBy, l.ReasonCode, l.Reason = now.UTC(), by.Account, "", words
	}
	return e, err
}

// Scanned notes a scan added to or removed from the draft.
func (l *Licence) Scanned(by Actor, now time.Time, verb string, a Attachment) (Event, error) {
	if _, err := l.step(by, now, VerbEdit, verb); err != nil {
		return Event{}, err
	}
	return l.event(by, now, verb).With("sha256", a.SHA256).With("attachment", a.ID), nil
}

func contains(list []string, s string) bool {
	for _, v := range list {
		if v == s {
			return true
		}
	}
	return false
}
