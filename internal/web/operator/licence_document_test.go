package operator_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// pdfText reads a PDF as a reader's program does.
func pdfText(t *testing.T, body string) string {
	t.Helper()
	read := exec.Command("pdftotext", "-", "-")
	read.Stdin = strings.NewReader(body)
	out, err := read.Output()
	if err != nil {
		t.Fatalf("pdftotext (scripts/tools.sh installs it): %v", err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

// TestLetterOfDecision: for everybody who may see the licence, in the importer's language.
func TestLetterOfDecision(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Importer("mette")
	id := w.Lodged(mette, "16.00001-00001.001-ID-DK")
	officer, customs := w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), w.Holder("customs", flegt.RoleCustoms, "CUSTOMS-DK", "DK")
	budi, svea := w.Holder("budi", flegt.RoleLicensing, "LA-ID", "ID"), w.Holder("svea", flegt.RoleAuthority, "CA-SE", "SE")
	letter, form := "/licences/"+id+"/decision.pdf", "/licences/"+id+"/form.pdf"
	if answer, _ := w.Get(mette, letter); answer.StatusCode != 404 {
		t.Error("a letter before the decision:", answer.StatusCode)
	}
	if _, body := w.Get(mette, "/licences/"+id); strings.Contains(body, letter) || !strings.Contains(body, form) {
		t.Error("the page offers a letter that is not there, or no extract")
	}
	if _, err := w.Office.RejectLicence(t.Context(), officer, id, 0, "tolerance", "Box 15 is 14 % off."); err != nil {
		t.Fatal(err)
	}
	for _, who := range []flegt.Actor{mette, officer, customs, budi} {
		answer, body := w.Get(who, letter)
		if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "application/pdf" {
			t.Fatal(who.Role, answer.StatusCode, answer.Header)
		}
		text := pdfText(t, body)
		for _, want := range []string{"har afvist", "Box 15 is 14 % off.", "artikel 10, stk. 2", "16.00001-00001.001-ID-DK", "Miljøstyrelsen"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: missing %q in %s", who.Role, want, text)
			}
		}
		if named := strings.Contains(text, "Mette Sørensen Miljøstyrelsen"); named != (who.Role != flegt.RoleLicensing) {
			t.Errorf("%s: officer named %v", who.Role, named)
		}
		answer, body = w.Get(who, form+"?lang=en")
		if text := pdfText(t, body); answer.StatusCode != 200 || !strings.Contains(text, "This is not the FLEGT licence") || !strings.Contains(text, "(box 3)") {
			t.Error(who.Role, answer.StatusCode, text)
		}
	}
	if _, body := w.Get(mette, letter+"?in=en"); !strings.Contains(pdfText(t, body), "has rejected") {
		t.Error("not in English")
	}
	for _, path := range []string{letter, form} {
		if answer, _ := w.Get(svea, path); answer.StatusCode != 404 {
			t.Error("another country's authority:", path, answer.StatusCode)
		}
		if answer, _ := w.Get(flegt.Actor{}, path); answer.StatusCode == 200 {
			t.Error("a passer-by reads", path)
		}
	}
	for who, page := range map[string]flegt.Actor{"/licences/" + id: mette, "/desk/" + id: officer} {
		answer, body := w.Get(page, who)
		webtest.Wants(t, answer, body, 200, letter, form)
		webtest.CheckHTML(t, body)
	}
}
