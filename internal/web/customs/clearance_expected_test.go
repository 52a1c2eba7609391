package customs_test

import (
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/web/webtest"
)

// TestTheListOfCustoms: an officer has the list of what is expected and no other, asks for his own
// offices alone, and finds what names no office.
func TestTheListOfCustoms(t *testing.T) {
	w := webtest.NewTown(t)
	l, customs, officer := shipment(w)
	answer, _ := w.Get(customs, "/licences?state=submitted")
	if at := answer.Header.Get("Location"); answer.StatusCode != 303 || at != "/customs/expected" {
		t.Error("the list of all licences:", answer.StatusCode, at)
	}
	answer, body := w.Get(customs, "/customs")
	webtest.Wants(t, answer, body, 200, `href="/customs/expected"`)
	if strings.Contains(body, `href="/licences"`) {
		t.Error("the menu leads to a list that customs has not")
	}
	answer, body = w.Get(customs, "/customs/expected")
	webtest.Wants(t, answer, body, 200, l.Form.Number)
	answer, body = w.Get(customs, "/customs/expected?office=DE003103&lang=en")
	webtest.Wants(t, answer, body, 422, "The customs office must be one of your own country (Denmark).", `value="DE003103"`)
	if strings.Contains(body, "Nothing is expected") || strings.Contains(body, "no office") || !strings.Contains(body, `<a class="ecl-link" href="/customs/expected">Show the list for all my customs offices</a>`) {
		t.Errorf("a list that was not looked for is shown, or no way on: %s", body)
	}
	webtest.CheckHTML(t, body)
	answer, body = w.Get(customs, "/customs/expected?office=none&lang=en")
	webtest.Wants(t, answer, body, 200, "Every licence of this list names a customs office.", `<option value="none" selected>`)
	webtest.CheckHTML(t, body)

	id := w.Lodged(w.Importer("importer"), "16.00123-00457.001-ID-DK")
	if _, err := w.Office.AcceptLicence(t.Context(), officer, id, 0); err != nil {
		t.Fatal(err)
	}
	none, port := "16.00123-00457.001-ID-DK", l.Form.Number
	for at, numbers := range map[string][2]string{"none": {none, port}, "DK003103": {port, none}} {
		answer, body := w.Get(customs, "/customs/expected?office="+at)
		webtest.Wants(t, answer, body, 200, numbers[0])
		if strings.Contains(body, numbers[1]) {
			t.Errorf("of office %s: %s", at, numbers[1])
		}
	}
}
