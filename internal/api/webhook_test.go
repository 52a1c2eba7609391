package api

import (
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

const hookBody = `{"name":"Our system","url":"https://hooks.example.eu/flegt","types":["licence.accepted","licence.submitted"]}`

// hook makes a webhook of somebody's.
func (w *town) hook(who string) SecretWebhook {
	w.t.Helper()
	return into[SecretWebhook](w.ask(who, "POST", "/api/v1/webhooks", hookBody).is(201))
}

func TestWebhookOperations(t *testing.T) {
	w := newTown(t)
	made := w.ask(mette, "POST", "/api/v1/webhooks", hookBody, "Idempotency-Key", "one").is(201)
	h := into[SecretWebhook](made)
	one := "/api/v1/webhooks/" + h.ID
	if !strings.HasPrefix(h.Secret, "whsec_") || made.Header.Get("Location") != one || made.Header.Get("ETag") != `"1"` || h.State != flegt.WebhookActive {
		t.Fatalf("%+v %v", h, made.Header)
	}
	if again := w.ask(mette, "POST", "/api/v1/webhooks", hookBody, "Idempotency-Key", "one"); again.problem(409, "key-answer-lost").Detail == "" || strings.Contains(again.text, "whsec_") {
		t.Error("the secret was kept")
	}
	read := w.ask(mette, "GET", one, "").is(200)
	if strings.Contains(read.text, "secret") || into[Webhook](read).Name != "Our system" {
		t.Error(read.text)
	}
	if all := into[struct{ Items []Webhook }](w.ask(mette, "GET", "/api/v1/webhooks", "").is(200)); len(all.Items) != 1 {
		t.Errorf("%+v", all)
	}
	types := w.ask(mette, "GET", "/api/v1/webhooks/types", "").is(200).says(`"licence.accepted"`)
	if strings.Contains(types.text, "looked_up") || strings.Contains(types.text, "dossier") {
		t.Error(types.text)
	}
	w.ask(mette, "PUT", one, hookBody).problem(428, "if-match-needed")
	w.ask(mette, "PUT", one, hookBody, "If-Match", `"9"`).problem(412, "stale")
	w.ask(mette, "PUT", one, `{"name":"New","url":"https://hooks.example.eu/new"}`, "If-Match", `"1"`).is(200).says(`"version":2`, `"New"`)
	w.ask(mette, "POST", one+"/pause", "", "If-Match", `"2"`).is(200).says(`"paused"`)
	w.ask(mette, "POST", one+"/pause", "", "If-Match", "*").problem(409, "conflict")
	w.ask(mette, "POST", one+"/test", "").problem(409, "conflict")
	w.ask(mette, "POST", one+"/resume", "", "If-Match", `"3"`).is(200).says(`"active"`)
	turned := into[SecretWebhook](w.ask(mette, "POST", one+"/rotate", "", "If-Match", `"4"`).is(200))
	if turned.Secret == h.Secret || turned.Version != 5 {
		t.Errorf("%+v", turned)
	}
	if events := w.ask(mette, "GET", "/api/v1/events", "").is(200); strings.Contains(events.text, "hooks.example") || strings.Contains(events.text, "whsec_") {
		t.Error("an event tells too much: " + events.text)
	}
	w.ask(mette, "DELETE", one, "", "If-Match", `"5"`).is(204)
	w.ask(mette, "GET", one, "").problem(404, "not-found")
	if strings.Contains(w.log.String(), "whsec_") || strings.Contains(w.log.String(), "hooks.example") {
		t.Error("the log tells a secret or an address")
	}
}

func TestWebhookIsRefused(t *testing.T) {
	w := newTown(t)
	for body, pointer := range map[string]string{
		`{"name":"","url":"https://a.example.eu"}`:                                "/name",
		`{"name":"x","url":"http://a.example.eu"}`:                                "/url",
		`{"name":"x","url":"https://10.0.0.1/"}`:                                  "/url",
		`{"name":"x","url":"nothing"}`:                                            "/url",
		`{"name":"x","url":"https://a.example.eu","types":["licence.looked_up"]}`: "/types",
		`{"name":"x","url":"https://a.example.eu","types":["dragon.seen"]}`:       "/types",
		`{"name":"x"}`: "/url",
		`{"name":"x","url":"https://a.example.eu","colour":"x"}`: "/colour",
	} {
		p := w.ask(mette, "POST", "/api/v1/webhooks", body, "Accept-Language", "da").problem(422, "invalid")
		if len(p.Errors) != 1 || p.Errors[0].Pointer != pointer {
			t.Errorf("%s: %+v", body, p.Errors)
		}
	}
	for range flegt.MaxWebhooks {
		w.hook(mette)
	}
	w.ask(mette, "POST", "/api/v1/webhooks", hookBody).problem(409, "refused")
	w.hook(rival) // five each
}

func TestWebhooksOfOthersAreNotFound(t *testing.T) {
	w := newTown(t)
	h := w.hook(mette)
	one := "/api/v1/webhooks/" + h.ID
	d := into[Delivery](w.ask(mette, "POST", one+"/test", "").is(202))
	for _, who := range []string{rival, officer, customs, support} {
		for _, r := range [][2]string{{"GET", ""}, {"PUT", ""}, {"DELETE", ""}, {"POST", "/rotate"}, {"POST", "/pause"}, {"POST", "/resume"}, {"POST", "/test"},
			{"GET", "/deliveries"}, {"POST", "/deliveries/" + d.ID + "/resend"}} {
			body := ""
			if r[0] == "PUT" {
				body = `{"name":"x","url":"https://a.example.eu"}`
			}
			w.ask(who, r[0], one+r[1], body, "If-Match", "*").problem(404, "not-found")
		}
	}
	w.tokens["reader"] = w.token(mette, flegt.TokenPlain, flegt.ScopeWebhooksRead)
	w.ask("reader", "GET", one, "").is(200)
	w.ask("reader", "POST", "/api/v1/webhooks", hookBody).problem(403, "scope")
	w.ask("", "GET", one, "").problem(401, "token-needed")
}

// The log of a webhook is read page by page, with what became of each try.
func TestDeliveriesArePaged(t *testing.T) {
	w := newTown(t)
	h := w.hook(officer)
	one := "/api/v1/webhooks/" + h.ID
	w.accepted(mette, numberOne)
	w.accepted(mette, "16.00123-00457.001-ID-DK")
	if _, err := w.Office.QueueWebhooks(t.Context()); err != nil {
		t.Fatal(err)
	}
	due, err := w.Office.ClaimWebhooks(t.Context(), 10)
	if err != nil || len(due) != 1 {
		t.Fatal(due, err)
	}
	if got := EventOf(due[0].Event); got.Noun != flegt.NounLicence || got.Verb != "submitted" {
		t.Errorf("%+v", got)
	}
	answer := flegt.WebhookAnswer{Status: 500, Problem: flegt.ProblemStatus, Text: "Out of order <b>"}
	if answer := w.ask(officer, "GET", one, "").is(200); strings.Contains(answer.text, "failing_since") {
		t.Errorf("nothing failed yet: %s", answer.text)
	}
	if _, _, err := w.Office.SettleWebhook(t.Context(), due[0], answer, true); err != nil {
		t.Fatal(err)
	}
	w.ask(officer, "GET", one, "").is(200).says(`"state":"active"`, `"failing_since":"2016-12-06T09:00:00Z"`)
	w.ask(officer, "GET", "/api/v1/webhooks", "").is(200).says(`"failing_since":"2016-12-06T09:00:00Z"`)
	var seen []Delivery
	path := one + "/deliveries?limit=3"
	for path != "" {
		answer := w.ask(officer, "GET", path, "", "Accept-Language", "en").is(200)
		page := into[struct {
			Items []Delivery
			Next  string
		}](answer)
		seen = append(seen, page.Items...)
		path = ""
		if page.Next != "" {
			path = one + "/deliveries?limit=3&cursor=" + page.Next
		}
	}
	if len(seen) != 4 || seen[0].Type != "licence.accepted" || seen[3].Type != "licence.submitted" {
		t.Fatalf("%+v", seen)
	}
	first := seen[3]
	if first.State != flegt.DeliveryWaiting || first.Attempts != 1 || first.Status != 500 || first.Answer != "Out of order <b>" || first.NextAt == nil ||
		!strings.Contains(first.Detail, "500") || seen[0].Attempts != 0 {
		t.Errorf("%+v", first)
	}
	w.ask(officer, "POST", one+"/deliveries/"+first.ID+"/resend", "").is(202).says(`"waiting"`)
	w.ask(officer, "POST", one+"/deliveries/nothing/resend", "").problem(404, "not-found")
	w.ask(officer, "GET", one+"/deliveries?cursor=x", "").problem(422, "invalid")
}
