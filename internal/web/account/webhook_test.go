package account_test

import (
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// TestAWebhookToWhichNothingArrives is told apart from one that works, in the list and on its page, until
// something is delivered again.
func TestAWebhookToWhichNothingArrives(t *testing.T) {
	w := webtest.NewTown(t)
	accounts, err := identity.New(identity.Options{DB: w.DB, Clock: w.Clock, Post: func(*store.Tx, identity.Mailing) error { return nil }})
	if err != nil {
		t.Fatal(err)
	}
	w.WithAccounts(accounts)
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	h, _, err := w.Office.NewWebhook(t.Context(), officer, registry.WebhookForm{Name: "Case system", URL: "https://system.example.eu/flegt"})
	if err != nil {
		t.Fatal(err)
	}
	answerWith := func(a flegt.WebhookAnswer) {
		t.Helper()
		if _, err := w.Office.TestWebhook(t.Context(), officer, h.ID); err != nil {
			t.Fatal(err)
		}
		due, err := w.Office.ClaimWebhooks(t.Context(), 10)
		if err != nil || len(due) != 1 {
			t.Fatal(due, err)
		}
		if _, _, err := w.Office.SettleWebhook(t.Context(), due[0], a, false); err != nil {
			t.Fatal(err)
		}
	}
	at := "/account/webhooks/" + h.ID
	answer, body := w.Get(officer, at)
	webtest.Wants(t, answer, body, 200, "Active")
	answerWith(flegt.WebhookAnswer{Status: 500, Problem: flegt.ProblemStatus, Text: "Out of order"})
	answer, body = w.Get(officer, "/account/webhooks")
	webtest.Wants(t, answer, body, 200, "Nothing arrives")
	answer, body = w.Get(officer, at)
	webtest.Wants(t, answer, body, 200, "Nothing has arrived since", "Out of order", at+"/pause")
	webtest.CheckHTML(t, body)
	answerWith(flegt.WebhookAnswer{Status: 204})
	answer, body = w.Get(officer, "/account/webhooks")
	webtest.Wants(t, answer, body, 200, "Active")
}
