package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
)

// DossierEntry is a dossier as the work list has it: the authority's own work on one licence.
type DossierEntry struct {
	Licence      string         `json:"licence" doc:"Id of the licence; a dossier has no other."`
	Number       string         `json:"number"`
	Importer     string         `json:"importer,omitempty"`
	Exporter     string         `json:"exporter,omitempty"`
	Issuing      string         `json:"issuing,omitempty" doc:"Name of the issuing body."`
	Headings     []string       `json:"headings,omitempty" doc:"HS headings of its lines, four digits each."`
	Arrival      flegt.Date     `json:"arrival,omitempty" doc:"The day on which the goods are expected."`
	ArrivalState string         `json:"arrival_state,omitempty" enum:"expected,late,decided" doc:"late: the goods are expected today or before, and nothing is decided."`
	Expires      flegt.Date     `json:"expires,omitempty"`
	Standing     flegt.Standing `json:"standing" enum:"open,waiting,decided"`
	Outcome      string         `json:"outcome,omitempty" enum:"accepted,rejected,withdrawn,acceptance_withdrawn" doc:"Of what is decided: the state in which its licence is."`
	Officer      string         `json:"officer,omitempty" doc:"Account that handles it; absent while nobody does."`
	OfficerName  string         `json:"officer_name,omitempty"`
	TakenAt      *time.Time     `json:"taken_at,omitempty"`
	LodgedAt     time.Time      `json:"lodged_at" doc:"When the licence was first lodged: the clock runs from here."`
	ClosedAt     *time.Time     `json:"closed_at,omitempty" doc:"When it was decided or withdrawn."`
	WorkingDays  int            `json:"working_days" doc:"That passed since it was lodged, until now or until it was closed."`
	OverTarget   bool           `json:"over_target,omitempty" doc:"More than the authority's target."`
	Warnings     int            `json:"warnings" doc:"Findings to look at when it was last lodged."`
	Held         bool           `json:"held,omitempty" doc:"Customs holds the shipment and asked the authority; the question is among the licence's holds."`
	Proposed     bool           `json:"proposed,omitempty" doc:"A first officer proposed a decision that a second one is to confirm."`
	Waits        []Waiting      `json:"waits,omitempty" doc:"Answers that are waited for, the oldest question first."`
	Fee          *Charge        `json:"fee,omitempty"`
	Version      int            `json:"version" doc:"Rises with each change; it is also the ETag."`
}

// Waiting says for whom a dossier waits, and until when.
type Waiting struct {
	Question string          `json:"question" doc:"Id of the question."`
	To       flegt.Addressee `json:"to" enum:"importer,issuing"`
	Until    flegt.Date      `json:"until" doc:"The deadline."`
	Overdue  bool            `json:"overdue,omitempty"`
}

// Dossier is a dossier with everything in it.
type Dossier struct {
	DossierEntry
	Ticks    []Tick        `json:"ticks" nullable:"false" doc:"Groups of boxes that were compared with the paper and agree."`
	Notes    []DossierNote `json:"notes" nullable:"false" doc:"Inside the authority."`
	Proposal *Proposal     `json:"proposal,omitempty" doc:"Where the authority asks for a second pair of eyes: what the first officer wants decided. Another officer confirms it by the same decision on the licence."`
}

// Tick says who compared a group of boxes with the paper.
type Tick struct {
	Group   string    `json:"group" example:"9-16"`
	Account string    `json:"account"`
	Name    string    `json:"name,omitempty"`
	At      time.Time `json:"at"`
}

// DossierNote is a remark inside the authority.
type DossierNote struct {
	ID       string    `json:"id"`
	Account  string    `json:"account"`
	Name     string    `json:"name,omitempty"`
	At       time.Time `json:"at"`
	Note     string    `json:"note"`
	Mentions []string  `json:"mentions,omitempty" doc:"Accounts of the colleagues who were told, those named with @ included."`
}

// Proposal is the first officer's decision.
type Proposal struct {
	Verb           flegt.Verb `json:"verb" enum:"accept,reject"`
	ReasonCode     string     `json:"reason_code,omitempty"`
	Reason         string     `json:"reason,omitempty"`
	Account        string     `json:"account"`
	Name           string     `json:"name,omitempty"`
	At             time.Time  `json:"at"`
	LicenceVersion int        `json:"licence_version" doc:"It counts for this version of the licence alone."`
}

func (s *Server) dossierOperations() {
	const tag, one = "Authority's desk", "/dossiers/{id}"
	read, write := flegt.ScopeDeskRead, flegt.ScopeDeskWrite
	register(s, about{id: "list-dossiers", method: http.MethodGet, path: "/dossiers", scope: read, tag: tag, summary: "The work list",
		text: "The dossiers of one's own authority, in the order asked for; what is decided only with part=decided, or part=held when customs holds it. The parameters are those of a saved view."}, s.dossiers)
	register(s, about{id: "assign-dossiers", method: http.MethodPost, path: "/dossiers/assign", scope: write, tag: tag, summary: "Hand several dossiers over",
		text: "All of them or none."}, s.assignDossiers)
	register(s, about{id: "read-dossier", method: http.MethodGet, path: one, scope: read, tag: tag, summary: "Read a dossier",
		text: "The licence itself, its findings and scans are read at the licence; id is the licence's."}, s.readDossier)
	register(s, about{id: "list-dossier-history", method: http.MethodGet, path: one + "/history", scope: read, tag: tag, summary: "What happened to a dossier"}, s.dossierHistory)
	register(s, about{id: "list-previous-cases", method: http.MethodGet, path: one + "/previous", scope: read, tag: tag, summary: "Earlier cases of the same importer and exporter"}, s.previousCases)
	register(s, about{id: "take-dossier", method: http.MethodPost, path: one + "/take", scope: write, tag: tag, summary: "Take a dossier oneself"}, s.takeDossier)
	register(s, about{id: "assign-dossier", method: http.MethodPost, path: one + "/assign", scope: write, tag: tag, summary: "Hand a dossier over"}, s.assignDossier)
	register(s, about{id: "note-dossier", method: http.MethodPost, path: one + "/notes", scope: write, tag: tag, status: http.StatusCreated, summary: "Write a note"}, s.noteDossier)
	register(s, about{id: "tick-group", method: http.MethodPut, path: one + "/ticks/{group}", scope: write, tag: tag, summary: "Note that boxes agree with the paper"}, s.tick(true))
	register(s, about{id: "untick-group", method: http.MethodDelete, path: one + "/ticks/{group}", scope: write, tag: tag, status: http.StatusOK, summary: "Take a tick back"}, s.tick(false))
}

// dossierEntry writes a dossier as lists have it; became is its licence's state once it is
// decided, names are those of officers by account.
func (s *Server) dossierEntry(d flegt.Dossier, held bool, became flegt.LicenceState, desk flegt.DeskSettings, names map[string]string) DossierEntry {
	f := d.Facts
	out := DossierEntry{Licence: d.Licence, Number: f.Number, Importer: f.Importer, Exporter: f.Exporter, Issuing: f.Issuing, Headings: f.Headings, Arrival: f.Arrival,
		Expires: f.Expires, Standing: d.Standing, Outcome: string(became), Officer: d.Officer, OfficerName: names[d.Officer], TakenAt: moment(d.TakenAt), LodgedAt: d.LodgedAt,
		ClosedAt: moment(d.Closed), Warnings: d.Warnings, Held: held, Proposed: d.Proposal != nil && d.Standing == flegt.DossierOpen, Version: d.Version}
	until := s.Clock()
	if !d.Closed.IsZero() {
		until = d.Closed
	}
	there := s.Office.Reference()
	out.WorkingDays = report.WorkingDays(d.Country, there.In(d.Country, d.LodgedAt), there.In(d.Country, until))
	out.OverTarget = desk.TargetDays > 0 && out.WorkingDays > desk.TargetDays
	today := there.DayIn(d.Country, s.Clock())
	switch {
	case !f.Arrival.Valid():
	case d.Standing == flegt.DossierDecided:
		out.ArrivalState = "decided"
	case f.Arrival <= today:
		out.ArrivalState = "late"
	default:
		out.ArrivalState = "expected"
	}
	for _, w := range d.Waits {
		out.Waits = append(out.Waits, Waiting{w.Question, w.To, w.Until, w.Overdue(today)})
	}
	if d.Fee != nil {
		out.Fee = &Charge{amountOf(d.Fee.Cents), d.Fee.Currency, d.Fee.At}
	}
	return out
}

func (s *Server) dossierOf(found registry.DossierCase) Dossier {
	d := found.Dossier
	out := Dossier{DossierEntry: s.dossierEntry(d, found.Held, found.Outcome, found.Desk, found.Names), Ticks: []Tick{}, Notes: []DossierNote{}}
	for _, t := range d.Ticks {
		out.Ticks = append(out.Ticks, Tick{t.Box, t.Account, found.Names[t.Account], t.At})
	}
	for _, n := range d.Notes {
		out.Notes = append(out.Notes, DossierNote{n.ID, n.Account, found.Names[n.Account], n.At, n.Text, n.Mentions})
	}
	if p := d.Proposal; p != nil {
		out.Proposal = &Proposal{p.Verb, p.Code, p.Words, p.Account, found.Names[p.Account], p.At, p.Version}
	}
	return out
}

type dossiersInput struct {
	Paged
	Part         string `query:"part" enum:"all,nobody,mine,waiting,held,decided" default:"all" doc:"all: everything that is not decided; mine: what you handle; held: what customs holds, decided or not."`
	Number       string `query:"number" maxLength:"100" doc:"How a word of the licence number begins."`
	Importer     string `query:"importer" maxLength:"200" doc:"Part of the name."`
	Exporter     string `query:"exporter" maxLength:"200" doc:"Part of the name."`
	Issuing      string `query:"issuing" maxLength:"200" doc:"Part of the issuing body's name."`
	Heading      string `query:"heading" maxLength:"20" doc:"HS heading of a line, four digits."`
	Age          int    `query:"age" minimum:"0" maximum:"1000" doc:"Working days that passed since it was lodged, at least; 60 at most are reckoned."`
	Warnings     string `query:"warnings" enum:"yes" doc:"With something to look at alone."`
	ArrivalFrom  string `query:"arrival_from" maxLength:"40" doc:"The first day of expected arrival."`
	ArrivalUntil string `query:"arrival_until" maxLength:"40" doc:"The last one."`
	Outcome      string `query:"outcome" enum:"accepted,unaccepted" doc:"With part=decided: what is accepted alone, or what was decided otherwise: rejected, withdrawn, or the acceptance was withdrawn."`
	Sort         string `query:"sort" enum:"lodged,arrival,importer,warnings" default:"lodged" doc:"The oldest, the next to arrive, by name, or those with most warnings first."`
}

// day refuses what is no day; nothing is no bound.
func day(name, typed string) error {
	if typed != "" && !flegt.ParseDate(typed).Valid() {
		return flegt.InvalidBoxes([]flegt.BoxError{{Box: name, Key: "check.date_form", Args: flegt.Args{"Found": typed}}})
	}
	return nil
}

func (s *Server) dossiers(ctx context.Context, c *call, in *dossiersInput) (*page[DossierEntry], error) {
	if err := parameters(day("arrival_from", in.ArrivalFrom), day("arrival_until", in.ArrivalUntil)); err != nil {
		return nil, err
	}
	f := report.WorkFilter{Part: in.Part, Number: in.Number, Importer: in.Importer, Exporter: in.Exporter, Issuing: in.Issuing, Heading: in.Heading, Age: in.Age,
		Warnings: in.Warnings != "", ArrivalFrom: in.ArrivalFrom, ArrivalUntil: in.ArrivalUntil, Outcome: in.Outcome, Sort: in.Sort}
	question := strings.Join([]string{"dossiers", in.Part, in.Number, in.Importer, in.Exporter, in.Issuing, in.Heading, strconv.Itoa(in.Age), in.Warnings, in.ArrivalFrom, in.ArrivalUntil, in.Outcome, in.Sort}, "|")
	return s.dossierPage(ctx, c, in.Paged, question, f.Query(c.actor(), s.Office.Reference().In(c.actor().Country, s.Clock())))
}

// dossierPage reads a page of dossiers.
func (s *Server) dossierPage(ctx context.Context, c *call, in Paged, question string, q registry.DossierQuery) (*page[DossierEntry], error) {
	after, err := in.after(question)
	if err != nil {
		return nil, err
	}
	q.Limit = in.Limit + 1
	q.After, q.AfterKey, _ = strings.Cut(after, " ")
	list, err := s.Office.WorkList(ctx, c.actor(), q)
	if err != nil {
		return nil, err
	}
	return pageOf(c, in, question, list.Rows, func(d flegt.Dossier) string { return strings.TrimSuffix(d.Licence+" "+q.Key(d), " ") },
		func(d flegt.Dossier) DossierEntry {
			return s.dossierEntry(d, list.Held[d.Licence], list.Outcomes[d.Licence], list.Desk, list.Officers)
		}), nil
}

type dossierOutput struct {
	ETag string `header:"ETag"`
	Body Dossier
}

func (s *Server) readDossier(ctx context.Context, c *call, in *IDInput) (*dossierOutput, error) {
	found, err := s.Office.Dossier(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	return &dossierOutput{etag(found.Dossier.Version), s.dossierOf(found)}, nil
}

// changedDossier gives a dossier that was just changed.
func (s *Server) changedDossier(ctx context.Context, c *call, id string, err error) (*dossierOutput, error) {
	if err != nil {
		return nil, err
	}
	return s.readDossier(ctx, c, &IDInput{id})
}

func (s *Server) dossierHistory(ctx context.Context, c *call, in *IDInput) (*list[HistoryEntry], error) {
	found, err := s.Office.Dossier(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	var out []HistoryEntry
	for _, e := range found.History {
		out = append(out, HistoryEntry{EventOf(e), found.Names[e.Account]})
	}
	return listOf(out), nil
}

// PreviousCases are earlier cases of one party.
type PreviousCases struct {
	Licences      []Licence `json:"licences" nullable:"false" doc:"The last ten that were lodged with one's own authority, the newest first."`
	Elsewhere     int       `json:"elsewhere" doc:"How many were lodged in other countries of the Union, of which nothing more is told."`
	ElsewhereMore bool      `json:"elsewhere_more,omitempty" doc:"There are more than were counted."`
}

type previousOutput struct {
	Body struct {
		Operator PreviousCases `json:"operator" doc:"Of the importer."`
		Exporter PreviousCases `json:"exporter"`
	}
}

func (s *Server) previousCases(ctx context.Context, c *call, in *IDInput) (*previousOutput, error) {
	operator, exporter, err := s.Office.PreviousCases(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	out := &previousOutput{}
	out.Body.Operator, out.Body.Exporter = s.previousOf(operator), s.previousOf(exporter)
	return out, nil
}

func (s *Server) previousOf(p registry.Previous) PreviousCases {
	out := PreviousCases{Licences: []Licence{}, Elsewhere: min(p.Elsewhere, registry.CountedElsewhere), ElsewhereMore: p.Elsewhere > registry.CountedElsewhere}
	for _, l := range p.Licences {
		out.Licences = append(out.Licences, licenceOf(l, s.Office.StandingOf(l), nil))
	}
	return out
}
