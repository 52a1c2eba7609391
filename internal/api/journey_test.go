package api

import (
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

const (
	mrn        = "26DK16RF3TDPZE7AR2"
	quantities = "/api/v1/licences/" + numberOne + "/quantities"
	booking    = "/api/v1/licences/" + numberOne + "/declarations/" + mrn + "/reservation"
	reserveTen = `{"office":"DK003103","items":[{"line":1,"unit":"MTQ","quantity":"8"}]}`
)

// TestJourney takes a licence from its draft to its release, each step by the program of
// whoever takes it, on both databases, and lets the registry verify itself.
func TestJourney(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := townOn(t, db)
		l := w.draft(mette, numberOne)
		w.ask(mette, "GET", "/api/v1/licences/"+l.ID+"/findings", "").is(200).says(`"severity":"ok"`)
		w.ask(officer, "GET", "/api/v1/licences/"+l.ID, "").problem(404, "not-found")
		w.ask(mette, "POST", "/api/v1/licences/"+l.ID+"/submit", "", "If-Match", etag(l.Version)).is(200).says(`"state":"submitted"`)
		w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "k0").problem(409, "refused")
		w.ask(officer, "GET", "/api/v1/licences?state=submitted", "").is(200).says(l.ID)
		w.ask(officer, "POST", "/api/v1/licences/"+l.ID+"/accept", "", "If-Match", "*").is(200).says(`"state":"accepted"`)
		w.ask(customs, "GET", quantities, "").is(200).says(`"limit":"9.2532"`, `"available":"9.2532"`)
		w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "k1").is(200).says(`"reserved":"8"`, `"available":"1.2532"`)
		w.ask(customs, "PUT", booking, strings.Replace(reserveTen, `"8"`, `"9.5"`, 1), "Idempotency-Key", "k2").is(409).says(`"code":"05"`, "9.2532")
		w.ask(customs, "PUT", booking, reserveTen, "Idempotency-Key", "k3").is(200)
		w.ask(customs, "POST", booking+"/release", "", "Idempotency-Key", "k4").is(200).says(`"consumed":"8"`, `"outcome":"01"`)
		w.ask(mette, "GET", "/api/v1/licences/"+l.ID, "").is(200).says(`"consumed":"8"`)
		w.ask(mette, "GET", "/api/v1/licences/"+l.ID+"/history", "").is(200).says(`"verb":"created"`, `"verb":"released"`, "Firstofficer")
		w.ask(officer, "GET", "/api/v1/licences/"+l.ID+"/history", "").is(200).says(`"verb":"submitted"`)
		v, err := registry.Verify(t.Context(), db, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range v.Disagreements { // the people were put in without events
			if !strings.HasPrefix(d.What, "account ") && !strings.HasPrefix(d.What, "authorisation ") {
				t.Error(d)
			}
		}
	})
}

// TestRejection gives the reason back.
func TestRejection(t *testing.T) {
	w := newTown(t)
	l := w.submitted(mette, numberOne)
	path := "/api/v1/licences/" + l.ID + "/reject"
	p := w.ask(officer, "POST", path, `{"reason_code":"nonsense","reason":" "}`, "If-Match", etag(l.Version)).problem(422, "invalid")
	if len(p.Errors) != 2 || p.Errors[0].Pointer != "/reason_code" || p.Errors[1].Pointer != "/reason" {
		t.Errorf("%+v", p.Errors)
	}
	w.ask(officer, "POST", path, `{"reason_code":"data_differ","reason":"Box 14 differs."}`, "If-Match", etag(l.Version)).is(200)
	w.ask(mette, "GET", "/api/v1/licences/"+l.ID, "").is(200).says(`"reason_code":"data_differ"`, "Box 14 differs.")
	w.ask(mette, "GET", "/api/v1/reference/rejection-reasons", "", "Accept-Language", "da").is(200).says("data_differ")
}
