package operator_test

import (
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// TestCopyingOnThePages: from the list and the licence's page, and two presses make one draft.
func TestCopyingOnThePages(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Importer("mette")
	id := w.Lodged(mette, "16.00001-00001.001-ID-DK")
	for _, path := range []string{"/licences", "/licences/" + id} {
		answer, body := w.Get(mette, path)
		webtest.Wants(t, answer, body, 200, `href="/licences/`+id+`/copy"`)
		webtest.CheckHTML(t, body)
	}
	answer, body := w.Get(mette, "/licences/"+id+"/copy?lang=da")
	webtest.Wants(t, answer, body, 200, "Kopiér 16.00001-00001.001-ID-DK", "Kommer ikke med")
	webtest.CheckHTML(t, body)
	answer, body = w.Get(mette, "/licences/"+id+"/copy")
	webtest.Wants(t, answer, body, 200, "Left out", `name="key"`)
	_, key, _ := strings.Cut(body, `name="key" value="`)
	key, _, _ = strings.Cut(key, `"`)
	for range 2 {
		answer, body = w.Post(mette, "/licences/"+id+"/copy", "key="+key)
		if answer.StatusCode != 303 || answer.Header.Get("Location") != "/licences/"+key+"/edit" {
			t.Fatal(answer.StatusCode, answer.Header, body)
		}
	}
	if answer, body = w.Post(mette, "/licences/"+id+"/copy", ""); answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	if found, err := w.Office.Licences(t.Context(), mette, registry.LicenceQuery{}); err != nil || found.Count != 3 {
		t.Errorf("%d licences, %v", found.Count, err)
	}
	officer := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	answer, body = w.Get(officer, "/licences/"+id+"/copy")
	webtest.Wants(t, answer, body, 404)
	answer, body = w.Post(officer, "/licences/"+id+"/copy", "")
	webtest.Wants(t, answer, body, 404)
	answer, body = w.Get(officer, "/licences/"+id)
	if strings.Contains(body, "/copy") {
		t.Error("the officer is offered a copy")
	}
}

// TestHistoryTellsSavingsOfADraftAsOne: a draft saves itself while one types.
func TestHistoryTellsSavingsOfADraftAsOne(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Importer("mette")
	l, err := w.Office.NewDraft(t.Context(), mette, flegt.Form{Number: "16.00001-00001.001-ID-DK"}, "DK")
	for i := 0; i < 3 && err == nil; i++ {
		l.Form.Invoice += "1"
		l, err = w.Office.SaveDraft(t.Context(), mette, l.ID, l.Version, l.Form, "DK")
	}
	if err != nil {
		t.Fatal(err)
	}
	answer, body := w.Get(mette, "/licences/"+l.ID)
	webtest.Wants(t, answer, body, 200, "3 times")
	if n := strings.Count(body, "Draft changed"); n != 1 {
		t.Errorf("the history tells %d changes", n)
	}
}
