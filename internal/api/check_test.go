package api

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// TestPublicCheck: anybody may ask, with a fact from the paper; a number that there is not, one that
// is a draft and one with a wrong fact are answered with the very same bytes.
func TestPublicCheck(t *testing.T) {
	w := newTown(t)
	l := w.accepted(mette, numberOne)
	w.draft(mette, "16.00123-00457.001-ID-DK")
	const check = "/api/v1/check/"
	for query, want := range map[string]string{"expires=2017-03-17": "usable", "expires=17.03.2017": "usable", "licensee=cv+jepara+garden+living": "usable",
		"invoice=jgl-2016-1107&expires=2017-03-17": "usable"} {
		w.ask("", "GET", check+numberOne+"?"+query, "").is(200).says(`"result":"` + want + `"`)
	}
	sound := w.ask("", "GET", check+url.PathEscape(strings.ToLower(strings.ReplaceAll(numberOne, "-", "–")))+"?expires=2017-03-17", "").is(200)
	for _, told := range []string{l.ID, "Nordisk", "Jepara", "Teak", "2017", "DK"} {
		if strings.Contains(sound.text, told) {
			t.Errorf("the answer gives %s away: %s", told, sound.text)
		}
	}
	var first reply
	for i, path := range []string{"16.00123-00999.001-ID-DK?expires=2017-03-17", numberOne + "?expires=2017-03-18", numberOne + "?licensee=Jepara", numberOne + "?invoice=JGL-2016-1107&expires=2017-03-16",
		numberOne + "?expires=soon", "16.00123-00457.001-ID-DK?expires=2017-03-17", "%2E?expires=2017-03-17"} {
		answer := w.ask("", "GET", check+path, "")
		request := answer.problem(http.StatusNotFound, "not-found").Request
		answer.text = strings.Replace(answer.text, request, "", 1)
		answer.Header.Del("X-Request-Id")
		if i == 0 {
			first = answer
		}
		if answer.text != first.text || len(answer.Header) != len(first.Header) {
			t.Errorf("%s: %s %v\n%s %v", path, answer.text, answer.Header, first.text, first.Header)
		}
	}
	if p := w.ask("", "GET", check+numberOne, "").problem(422, "invalid"); p.Errors[0].Parameter != "expires" {
		t.Errorf("%+v", p.Errors)
	}
	w.ask(officer, "POST", "/api/v1/licences/"+l.ID+"/withdraw-acceptance", `{"reason":"The stamp is not theirs."}`, "If-Match", "*").is(200)
	w.ask("", "GET", check+numberOne+"?expires=2017-03-17", "").is(200).says(`"result":"not_usable"`)
}

// TestPublicCheckIsLimited: whoever guesses must wait, and is told how long; whoever is right is not
// counted.
func TestPublicCheckIsLimited(t *testing.T) {
	w := newTown(t)
	w.accepted(mette, numberOne)
	right, wrong := "/api/v1/check/"+numberOne+"?expires=2017-03-17", "/api/v1/check/"+numberOne+"?expires=2017-03-16"
	for range 100 {
		w.ask("", "GET", right, "").is(200)
	}
	for range 60 {
		w.ask("", "GET", wrong, "").problem(404, "not-found")
	}
	for _, path := range []string{wrong, right} {
		answer := w.ask("", "GET", path, "")
		answer.problem(429, "too-many")
		if got := answer.Header.Get("Retry-After"); got != "3600" {
			t.Errorf("Retry-After: %q", got)
		}
	}
	w.now = w.now.Add(time.Hour + time.Second)
	w.ask("", "GET", right, "").is(200)
}
