package support_test

import (
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// letters puts one letter of each state into the outbox.
func letters(w *webtest.Town) {
	w.T.Helper()
	err := w.DB.Update(w.T.Context(), func(tx *store.Tx) error {
		for i, st := range flegt.LetterStates {
			l := flegt.Letter{ID: "l-" + string(st), To: string(st) + "@nordisktrae.example", Subject: "About <" + string(st) + ">", Text: "The text & more", Lang: "en",
				MessageID: string(st) + "@flegt.example", State: st, Attempts: i, CreatedAt: w.Now, NextAt: w.Now}
			if st == flegt.LetterBounced {
				l.LastError = "550 5.1.1 no such <user>"
			}
			if err := tx.AddLetters(l); err != nil {
				return err
			}
		}
		return tx.AddLetters(flegt.Letter{ID: "l-secret", To: "svana@svana.dk", Subject: "New password", Secret: true, MessageID: "secret@flegt.example", State: flegt.LetterFailed, LastError: "550 unknown", CreatedAt: w.Now})
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

func TestSupportSeesWhatBecameOfLetters(t *testing.T) {
	w := webtest.NewTown(t)
	lars, eva := w.Holder("lars", flegt.RoleSupport, flegt.SupportBody, ""), w.Holder("eva", flegt.RoleObserver, flegt.ObserverBody, "")
	mette := w.Person("mette", "Mette", "Sørensen")
	answer, body := w.Get(lars, "/support/letters")
	webtest.Wants(t, answer, body, 200, "No e-mails", "has sent no e-mail yet", "Authorities that no letter reaches", "Poland")
	webtest.CheckHTML(t, body)
	letters(w)
	answer, body = w.Get(lars, "/support/letters")
	webtest.Wants(t, answer, body, 200, "Came back", "550 5.1.1 no such &lt;user&gt;", "Could not be delivered", "On its way", "About &lt;kept&gt;")
	webtest.CheckHTML(t, body)
	answer, body = w.Get(lars, "/support/letters?state=bounced")
	webtest.Wants(t, answer, body, 200, "bounced@nordisktrae.example")
	if strings.Contains(body, "queued@nordisktrae.example") {
		t.Error("the filter by state leaves others in")
	}
	answer, body = w.Get(lars, "/support/letters?to=SENT%40nordisktrae.example")
	webtest.Wants(t, answer, body, 200, "sent@nordisktrae.example")
	if strings.Contains(body, "bounced@nordisktrae.example") {
		t.Error("the filter by address leaves others in")
	}
	answer, body = w.Get(lars, "/support/letters/l-bounced")
	webtest.Wants(t, answer, body, 200, "The text &amp; more", "550 5.1.1 no such &lt;user&gt;", "Try again now")
	webtest.CheckHTML(t, body)
	answer, body = w.Get(eva, "/support/letters")
	webtest.Wants(t, answer, body, 200, "Poland", "Came back")
	if strings.Contains(body, "/support/authorities/") {
		t.Error("an observer is led to a page that is not for him")
	}
	answer, body = w.Get(eva, "/support/letters/l-bounced")
	webtest.Wants(t, answer, body, 200, "The text &amp; more")
	if strings.Contains(body, "Try again now") {
		t.Error("an observer is offered to try again")
	}
	for _, path := range []string{"/support/letters", "/support/letters/l-sent"} {
		if answer, _ := w.Get(mette, path); answer.StatusCode != 404 {
			t.Errorf("%s: anybody sees it: %d", path, answer.StatusCode)
		}
	}
	if answer, _ := w.Post(eva, "/support/letters/l-bounced/retry", ""); answer.StatusCode != 404 {
		t.Errorf("an observer tries again: %d", answer.StatusCode)
	}
}

func TestSupportHasALetterTriedAgain(t *testing.T) {
	w := webtest.NewTown(t)
	lars := w.Holder("lars", flegt.RoleSupport, flegt.SupportBody, "")
	letters(w)
	for id, want := range map[string]string{"l-bounced": "", "l-failed": "", "l-kept": "", "l-sent": "It is not sent twice", "l-secret": "a link for one use"} {
		answer, body := w.Post(lars, "/support/letters/"+id+"/retry", "")
		if want != "" {
			webtest.Wants(t, answer, body, 409, want)
			continue
		}
		answer, body = w.Get(lars, "/support/letters/"+id)
		webtest.Wants(t, answer, body, 200, "On its way")
	}
}

func TestAddressesThatLettersDoNotReachAreFlagged(t *testing.T) {
	w := webtest.NewTown(t)
	lars := w.Holder("lars", flegt.RoleSupport, flegt.SupportBody, "")
	letters(w)
	answer, body := w.Get(lars, "/support/authorities/CA-DK")
	webtest.Wants(t, answer, body, 200, "svana@svana.dk is not reachable", "550 unknown")
	webtest.CheckHTML(t, body)
}
