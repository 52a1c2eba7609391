package web

import (
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// letters puts one letter of each state into the outbox.
func (w *town) letters() {
	w.t.Helper()
	err := w.db.Update(w.t.Context(), func(tx *store.Tx) error {
		for i, st := range flegt.LetterStates {
			l := flegt.Letter{ID: "l-" + string(st), To: string(st) + "@nordisktrae.example", Subject: "About <" + string(st) + ">", Text: "The text & more", Lang: "en",
				MessageID: string(st) + "@flegt.example", State: st, Attempts: i, CreatedAt: w.now, NextAt: w.now}
			if st == flegt.LetterBounced {
				l.LastError = "550 5.1.1 no such <user>"
			}
			if err := tx.AddLetter(l); err != nil {
				return err
			}
		}
		return tx.AddLetter(flegt.Letter{ID: "l-secret", To: "svana@svana.dk", Subject: "New password", Secret: true, MessageID: "secret@flegt.example", State: flegt.LetterFailed, LastError: "550 unknown", CreatedAt: w.now})
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func TestSupportSeesWhatBecameOfLetters(t *testing.T) {
	w := newTown(t)
	lars, eva := w.holder("lars", flegt.RoleSupport, flegt.SupportBody, ""), w.holder("eva", flegt.RoleObserver, flegt.ObserverBody, "")
	mette := w.person("mette", "Mette", "Sørensen")
	answer, body := w.get(lars, "/support/letters")
	wants(t, answer, body, 200, "No letters", "Authorities that no letter reaches", "Poland")
	checkHTML(t, body)
	w.letters()
	answer, body = w.get(lars, "/support/letters")
	wants(t, answer, body, 200, "Came back", "550 5.1.1 no such &lt;user&gt;", "Could not be delivered", "On its way", "About &lt;kept&gt;")
	checkHTML(t, body)
	answer, body = w.get(lars, "/support/letters?state=bounced")
	wants(t, answer, body, 200, "bounced@nordisktrae.example")
	if strings.Contains(body, "queued@nordisktrae.example") {
		t.Error("the filter by state leaves others in")
	}
	answer, body = w.get(lars, "/support/letters?to=SENT%40nordisktrae.example")
	wants(t, answer, body, 200, "sent@nordisktrae.example")
	if strings.Contains(body, "bounced@nordisktrae.example") {
		t.Error("the filter by address leaves others in")
	}
	answer, body = w.get(lars, "/support/letters/l-bounced")
	wants(t, answer, body, 200, "The text &amp; more", "550 5.1.1 no such &lt;user&gt;", "Try again now")
	checkHTML(t, body)
	answer, body = w.get(eva, "/support/letters")
	wants(t, answer, body, 200, "Poland", "Came back")
	if strings.Contains(body, "/support/authorities/") {
		t.Error("an observer is led to a page that is not for him")
	}
	answer, body = w.get(eva, "/support/letters/l-bounced")
	wants(t, answer, body, 200, "The text &amp; more")
	if strings.Contains(body, "Try again now") {
		t.Error("an observer is offered to try again")
	}
	for _, path := range []string{"/support/letters", "/support/letters/l-sent"} {
		if answer, _ := w.get(mette, path); answer.StatusCode != 404 {
			t.Errorf("%s: anybody sees it: %d", path, answer.StatusCode)
		}
	}
	if answer, _ := w.post(eva, "/support/letters/l-bounced/retry", ""); answer.StatusCode != 404 {
		t.Errorf("an observer tries again: %d", answer.StatusCode)
	}
}

func TestSupportHasALetterTriedAgain(t *testing.T) {
	w := newTown(t)
	lars := w.holder("lars", flegt.RoleSupport, flegt.SupportBody, "")
	w.letters()
	for id, want := range map[string]string{"l-bounced": "", "l-failed": "", "l-kept": "", "l-sent": "It is not sent twice", "l-secret": "a link for one use"} {
		answer, body := w.post(lars, "/support/letters/"+id+"/retry", "")
		if want != "" {
			wants(t, answer, body, 409, want)
			continue
		}
		answer, body = w.get(lars, "/support/letters/"+id)
		wants(t, answer, body, 200, "On its way")
	}
}

func TestAddressesThatLettersDoNotReachAreFlagged(t *testing.T) {
	w := newTown(t)
	lars := w.holder("lars", flegt.RoleSupport, flegt.SupportBody, "")
	w.letters()
	answer, body := w.get(lars, "/support/authorities/CA-DK")
	wants(t, answer, body, 200, "svana@svana.dk is not reachable", "550 unknown")
	checkHTML(t, body)
}
