package authority

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// dossierView is the authority's own work on a licence as its page shows it.
type dossierView struct {
	Version  int
	Officer  string // who handles it, in words
	Before   string // the officer's account, for handing over
	Mine     bool
	Open     bool // something can still be done
	Standing counter.Status
	Clock    clock
	Officers []counter.Option
	Notes    []noteView
	// NotePages and WorkPages lead to the other notes and the rest of the history; WorkAsked says that
	// a page of the history was asked for.
	NotePages, WorkPages counter.Pages
	WorkAsked            bool
	// Mentions are the colleagues who can be told of a note.
	Mentions []counter.Option
	Note     string
	// Proposal is what the first officer wants decided; in words, empty when nothing.
	Proposal string
	// MayConfirm says that the viewer is a second pair of eyes for it.
	MayConfirm bool
	// AcceptFirst says that a second officer must confirm it when the viewer accepts.
	AcceptFirst bool
	// Proposed says that the viewer is the first officer, and proposed to accept.
	Proposed bool
	Fee      string
	History  []counter.Moment
}

// noteView is a note with who wrote it.
type noteView struct{ By, When, Text, Told string }

// How many notes and entries of the dossier's history are shown at a time, and how many bytes notes may
// have; of a longer one there is one.
const (
	notesShown = 20
	roomOfNote = 14_000
	workShown  = 20
	eachOfWork = 330
)

// bytesOfNotes is about how many bytes each note has.
func bytesOfNotes(d flegt.Dossier) []int {
	out := make([]int, len(d.Notes))
	for i, n := range d.Notes {
		out[i] = 200 + counter.BytesOf(n.Text) + 40*len(n.Mentions)
	}
	return out
}

// roomTaken is how many bytes of the case's page its notes and history take.
func roomTaken(c registry.DossierCase) int {
	return counter.MostOf(bytesOfNotes(c.Dossier), roomOfNote) + min(len(c.History), workShown)*eachOfWork
}

// dossier puts the authority's own work on a licence into words.
func (p *deskCasePage) dossier(r *counter.Request, c registry.DossierCase, l flegt.Licence) dossierView {
	d, me, at := c.Dossier, r.Viewer.Actor.Account, p.URL("/desk/%s", l.ID)
	v := dossierView{Version: d.Version, Before: d.Officer, Mine: d.Officer == me, Open: d.Standing != flegt.DossierDecided, Standing: standing(&p.Page, d, c.Outcome),
		Clock: clockOf(&p.Page, d, c.Desk, p.Server().Clock()), Officer: p.T("desk.officer.nobody")}
	if !v.Open {
		v.Officer = p.T("desk.officer.none")
	}
	if d.Officer != "" {
		v.Officer = p.T("desk.officer.since", "Name", c.Names[d.Officer], "When", p.DateTime(d.TakenAt))
	}
	names := map[string]string{}
	for _, o := range c.Officers {
		names[o.Account] = o.Name
		if o.Account != me {
			v.Mentions = append(v.Mentions, counter.Option{Value: o.Account, Label: o.Name})
		}
	}
	v.Officers = officerOptions(&p.Page, names, me)
	first, end, way := p.LastOf(r, "notes", at, bytesOfNotes(d), notesShown, roomOfNote)
	v.NotePages, v.NotePages.Label = way, p.T("desk.notes")
	for _, n := range d.Notes[first:end] {
		note := noteView{By: c.Names[n.Account], When: p.DateTime(n.At), Text: n.Text}
		var told []string
		for _, m := range n.Mentions {
			told = append(told, c.Names[m])
		}
		if len(told) > 0 {
			note.Told = p.T("desk.note.told", "Names", told)
		}
		v.Notes = append(v.Notes, note)
	}
	if x := d.Proposal; x != nil && x.Version == l.Version && v.Open {
		v.Proposal = p.T("desk.proposal."+string(x.Verb), "Name", c.Names[x.Account], "When", p.DateTime(x.At))
		v.MayConfirm = x.Account != me
		v.Proposed = x.Account == me && x.Verb == flegt.VerbAccept
	}
	v.AcceptFirst = c.Desk.SecondEyes && !(v.MayConfirm && d.Proposal.Verb == flegt.VerbAccept)
	if d.Fee != nil {
		v.Fee = money(&p.Page, d.Fee.Cents, d.Fee.Currency)
	}
	all := p.dossierHistory(c)
	first, end, way = p.LastOf(r, "work", at, make([]int, len(all)), workShown, 0)
	v.History, v.WorkPages, v.WorkAsked = all[first:end], way, r.Query("work") != ""
	v.WorkPages.Label = p.T("desk.dossier.history")
	return v
}

// dossierHistory puts the dossier's events into words, without the ticks, which stand at
// their boxes.
func (p *deskCasePage) dossierHistory(c registry.DossierCase) []counter.Moment {
	var out []counter.Moment
	for _, e := range c.History {
		if e.Verb == "ticked" || e.Verb == "unticked" {
			continue
		}
		m := counter.Moment{When: p.DateTime(e.At), Title: p.T("desk.event." + e.Verb), Text: c.Names[e.Account]}
		if officer, ok := e.Data["officer"].(string); ok && officer != "" {
			m.Title = p.T("desk.event.assigned_to", "Name", c.Names[officer])
		}
		out = append(out, m)
	}
	return out
}

// caseAddress is the page of the case that a form came from.
func (s pages) caseAddress(r *counter.Request) string {
	return "/desk/" + url.PathEscape(r.PathValue("id"))
}

// caseAgain shows the case again with what was wrong.
func (s pages) caseAgain(w http.ResponseWriter, r *counter.Request, wrong error) error {
	p, err := s.deskCase(r)
	if err != nil {
		return err
	}
	p.Dossier.Note = r.Posted("note")
	for i, o := range p.Dossier.Mentions {
		p.Dossier.Mentions[i].Selected = slices.Contains(r.PostForm["mention"], o.Value)
	}
	return s.Again(w, p, "", wrong)
}

// handOver gives this one case to an officer, or puts it back to nobody.
func (s pages) handOver(w http.ResponseWriter, r *counter.Request) error {
	officer := r.Posted("officer")
	if r.Posted("nobody") != "" {
		officer = ""
	}
	err := s.Office.AssignDossiers(r.Context(), r.Viewer.Actor, officer, []registry.Handover{{Licence: r.PathValue("id"), Before: r.Posted("before")}})
	if err != nil {
		return s.caseAgain(w, r, err)
	}
	return s.Done(w, r, s.caseAddress(r), "desk.assigned", "Count", 1)
}

// noteCase adds a note.
func (s pages) noteCase(w http.ResponseWriter, r *counter.Request) error {
	if _, err := s.Office.NoteDossier(r.Context(), r.Viewer.Actor, r.PathValue("id"), 0, counter.Clean(r.Posted("note")), r.PostForm["mention"]); err != nil {
		return s.caseAgain(w, r, err)
	}
	return s.Done(w, r, s.caseAddress(r), "desk.note.added")
}
