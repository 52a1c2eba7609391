package account

import (
	"net/http"
	"net/url"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// deliveriesPerPage is how many lines of a webhook's log are shown at a time.
const deliveriesPerPage = 25

// deliveryLine is the telling of one event, as the log shows it.
type deliveryLine struct {
	ID, When, Event, Number string
	Status                  counter.Status
	Tries                   string
	// Code is the HTTP status of the last answer, Took how long it took, Problem what was wrong,
	// Next when it is tried again; empty where there is none.
	Code, Took, Problem, Next string
	// Answer is how the last answer began.
	Answer string
	// Again names the button that sends it again or tries it now; empty when there is none.
	Again, AgainWhat string
}

// fillLog reads a page of the log, newest first. The address says after which line it begins.
func (s pages) fillLog(r *counter.Request, p *webhookPage) error {
	after := r.Query("after")
	if r.Method != http.MethodGet || len(after) > 60 {
		after = ""
	}
	found, err := s.Office.Deliveries(r.Context(), r.Viewer.Actor, p.Hook.ID, after, deliveriesPerPage+1)
	if err != nil {
		return err
	}
	p.Pages = counter.Pages{Label: p.T("pages.label")}
	if after != "" {
		p.Pages.Previous = counter.Link{URL: p.Address, Text: p.T("webhook.log.newest")}
	}
	if len(found) > deliveriesPerPage {
		found = found[:deliveriesPerPage]
		p.Pages.Next = counter.Link{URL: p.Address + "?after=" + url.QueryEscape(found[deliveriesPerPage-1].ID), Text: p.T("webhook.log.older")}
	}
	for _, d := range found {
		p.Log = append(p.Log, p.deliveryLine(d))
	}
	return nil
}

func (p *webhookPage) deliveryLine(d flegt.Delivery) deliveryLine {
	tone := map[flegt.DeliveryState]string{flegt.Delivered: "ok", flegt.DeliveryWaiting: "wait", flegt.DeliveryGivenUp: "stop"}[d.State]
	line := deliveryLine{ID: d.ID, When: p.DateTime(d.CreatedAt), Event: eventWords(&p.Page, d.Type), Status: p.Status(tone, "webhook.delivery."+string(d.State)),
		Tries: p.Number(d.Attempts), Answer: d.Answer}
	if d.Seq != 0 {
		line.Number = p.T("webhook.log.number", "Type", d.Type, "Number", d.Seq)
	}
	if d.Status != 0 {
		line.Code = p.T("webhook.log.code", "Status", d.Status)
	}
	if d.Attempts > 0 {
		line.Took = p.T("webhook.log.took", "Moment", p.DateTime(d.TriedAt), "Milliseconds", p.Number(d.Took.Milliseconds()))
	}
	if d.Problem != "" {
		line.Problem = p.T("webhook.problem."+d.Problem, "Status", d.Status)
	}
	if !d.NextAt.IsZero() && d.Attempts > 0 {
		line.Next = p.T("webhook.log.next", "Moment", p.DateTime(d.NextAt))
	}
	if p.Active && d.Seq != 0 {
		line.Again = p.T("webhook.again")
		if d.State == flegt.DeliveryWaiting {
			line.Again = p.T("webhook.try_now")
		}
		line.AgainWhat = p.T("webhook.again_what", "What", line.Again, "Event", line.Event, "Moment", line.When)
	}
	return line
}
