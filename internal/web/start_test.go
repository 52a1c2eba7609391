package web_test

import (
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

func TestOpenPages(t *testing.T) {
	s := webtest.Server(t, nil)
	for path, texts := range map[string][2]string{
		"/":              {"Three steps in", "Kom i gang i tre trin"},
		"/contact":       {"Write in English.", "Skriv på engelsk."},
		"/accessibility": {"WCAG 2.2", "WCAG 2.2"},
		"/privacy":       {"Data protection", "Databeskyttelse"},
	} {
		for i, lang := range []string{"en", "da"} {
			answer, body := webtest.Get(t, s, path+"?lang="+lang)
			webtest.Wants(t, answer, body, 200, texts[i], `<html lang="`+lang+`"`, `href="/contact"`)
			webtest.CheckHTML(t, body)
			if got := answer.Header.Get("Content-Language"); got != lang {
				t.Errorf("%s: Content-Language %q", path, got)
			}
		}
	}
}

func TestContactNamesTheSupportTeamsAddress(t *testing.T) {
	answer, body := webtest.Get(t, webtest.Server(t, nil), "/contact")
	webtest.Wants(t, answer, body, 200, `href="mailto:support@flegt.test"`)
}

func TestOnlyOneServerSpeaksOfTheCommission(t *testing.T) {
	_, body := webtest.Get(t, webtest.Server(t, nil), "/")
	if !strings.Contains(body, "is not a service of the European Commission") {
		t.Error("the footer does not say whose service this is not")
	}
}

func BenchmarkLanding(b *testing.B) {
	s := webtest.Server(b, nil)
	h, err := s.Handler()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if _, err := io.Copy(io.Discard, w.Body); err != nil {
			b.Fatal(err)
		}
	}
}

func TestContactNamesEveryCountrysAuthority(t *testing.T) {
	w := webtest.NewTown(t)
	answer, body := w.Get(flegt.Actor{}, "/contact")
	webtest.Wants(t, answer, body, 200, "Miljøstyrelsen", "svana@svana.dk", "Competent authority of Poland (name not in our data)", "not known to this system", "sante-traces@ec.europa.eu")
	if strings.Contains(body, "eutr@mst.dk") {
		t.Error("an address of a later day is shown in 2016")
	}
	w.Now = time.Date(2026, 11, 1, 9, 0, 0, 0, time.UTC)
	answer, body = w.Get(flegt.Actor{}, "/contact?lang=da")
	webtest.Wants(t, answer, body, 200, "eutr@mst.dk", "Danmark", "kendes ikke")
	if strings.Contains(body, "svana@svana.dk") {
		t.Error("the address of 2016 is shown in 2026")
	}
	webtest.CheckHTML(t, body)
}

func TestContactPutsOnesOwnCountryFirst(t *testing.T) {
	w := webtest.NewTown(t)
	_, body := w.Get(w.Holder("u1", flegt.RoleAuthority, "CA-SE", "SE"), "/contact")
	if own, other := strings.Index(body, ">Sweden<"), strings.Index(body, ">Austria<"); own < 0 || own > other {
		t.Errorf("Sweden at %d, Austria at %d", own, other)
	}
	if !strings.Contains(body, "Competent authority, Sweden") {
		t.Error("a role without a name in our data is not named by its country")
	}
}

func TestLandingNamesTheLawOfItsDay(t *testing.T) {
	w := webtest.NewTown(t)
	answer, body := w.Get(flegt.Actor{}, "/")
	webtest.Wants(t, answer, body, 200, "995/2010")
	w.Now = time.Date(2027, 1, 5, 9, 0, 0, 0, time.UTC)
	answer, body = w.Get(flegt.Actor{}, "/?lang=da")
	webtest.Wants(t, answer, body, 200, "2023/1115")
	if strings.Contains(body, "995/2010") {
		t.Error("two laws at once")
	}
}
