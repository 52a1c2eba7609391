package web

import (
	"regexp"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// company is a form of "Create Operator" that is right.
const company = "name=Nordisk+Tr%C3%A6&legal_form=A%2FS&country=DK&town=Aarhus&street=Havnegade+1&postcode=8000&contact_name=Mette+S%C3%B8rensen&contact_email=mette%40nordisktrae.example&identifier.0.kind=NATIONAL&identifier.0.value=10150817&section=imported_timber_products"

func TestARoleIsAskedForAndDecided(t *testing.T) {
	w := newTown(t)
	mette := w.person("mette", "Mette", "Sørensen")
	answer, body := w.get(mette, "/roles")
	wants(t, answer, body, 200, "You have no role yet", "/roles/request")
	answer, body = w.get(mette, "/roles/request")
	wants(t, answer, body, 200, "role=operator", "role=competent_authority", "role=customs")
	answer, body = w.get(mette, "/roles/request?role=operator&q=Nordisk")
	wants(t, answer, body, 200, "0 companies found", "Create Operator", "name=Nordisk")
	checkHTML(t, body)

	answer, body = w.post(mette, "/operators/new", strings.Replace(company, "imported_timber_products", "organic", 1))
	wants(t, answer, body, 422, "certificate of inspection", `value="Nordisk Træ"`)
	answer, body = w.post(mette, "/operators/new", strings.Replace(company, "10150817", "10150818", 1))
	wants(t, answer, body, 422, "check digit", `value="10150818"`)
	checkHTML(t, body)
	answer, _ = w.post(mette, "/operators/new", company)
	ask := answer.Header.Get("Location")
	if answer.StatusCode != 303 || !strings.HasPrefix(ask, "/roles/request/operator/") {
		t.Fatal(answer.StatusCode, ask)
	}
	answer, body = w.post(mette, "/operators/new", company)
	wants(t, answer, body, 409, "Is it one of these?", "Nordisk Træ A/S", `name="sure"`)
	answer, body = w.get(mette, "/roles/request?role=operator&q=nordisk+trae")
	wants(t, answer, body, 200, "1 company found", ask)

	answer, body = w.get(mette, ask)
	wants(t, answer, body, 200, "Send Authorization Request", "Nordisk Træ A/S")
	answer, body = w.post(mette, ask, "phone=abc&note=please")
	wants(t, answer, body, 422, "Choose one", "not a telephone number", "please")
	answer, _ = w.post(mette, ask, "capacity=importer&phone=%2B45+12345678&note=please")
	page := answer.Header.Get("Location")
	if answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode)
	}
	answer, body = w.get(mette, page)
	wants(t, answer, body, 200, "Requested", "mailto:", "svana@svana.dk", "role request for a FLEGT timber importer", "sante-traces@ec.europa.eu", "mette@nordisktrae.example")
	checkHTML(t, body)

	lars := w.holder("lars", flegt.RoleSupport, flegt.SupportBody, "")
	answer, body = w.get(lars, "/support/requests")
	wants(t, answer, body, 200, "Mette Sørensen", "Nordisk Træ A/S")
	checkHTML(t, body)
	desk := strings.Replace(page, "/roles/", "/support/requests/", 1)
	answer, body = w.get(lars, desk)
	wants(t, answer, body, 200, "check digit agrees", "No e-mail has come")
	checkHTML(t, body)
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(body)[1]
	answer, body = w.post(lars, desk+"/approve", "version="+version)
	wants(t, answer, body, 409, "write down why")
	answer, body = w.post(lars, desk+"/reject", "version="+version)
	wants(t, answer, body, 422, "Give a reason")
	for _, path := range []string{"/support/requests", desk, "/support/mails", "/support/authorities"} {
		if answer, _ := w.get(mette, path); answer.StatusCode != 404 {
			t.Errorf("%s answers %d to an applicant", path, answer.StatusCode)
		}
	}
	answer, _ = w.post(lars, desk+"/approve", "version="+version+"&override=Seen+at+the+counter")
	if answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode)
	}
	answer, body = w.get(mette, page+"?lang=da")
	wants(t, answer, body, 200, "Godkendt", "Seen at the counter", "Opgiv denne rolle")
	answer, body = w.post(lars, desk+"/approve", "version="+version+"&override=again")
	wants(t, answer, body, 409)
}

func TestAnApplicantWithdrawsAndAsksAgain(t *testing.T) {
	w := newTown(t)
	mette, other := w.person("mette", "Mette", "Sørensen"), w.person("other", "Otto", "Olsen")
	answer, body := w.get(mette, "/roles/request?role=competent_authority")
	wants(t, answer, body, 200, "Miljøstyrelsen", "CA-DK")
	answer, _ = w.post(mette, "/roles/request/competent_authority/CA-DK", "phone=&note=")
	page := answer.Header.Get("Location")
	answer, body = w.get(mette, page)
	wants(t, answer, body, 200, "verifies with your authority")
	if strings.Contains(body, "mailto:") {
		t.Error("an officer is told to send the importer's mail")
	}
	if answer, _ := w.get(other, page); answer.StatusCode != 404 {
		t.Errorf("another person sees the request: %d", answer.StatusCode)
	}
	w.post(mette, page+"/withdraw", "")
	answer, body = w.get(mette, page)
	wants(t, answer, body, 200, "Withdrawn", "Ask again")
	answer, _ = w.post(mette, page+"/again", "")
	if again := answer.Header.Get("Location"); answer.StatusCode != 303 || again == page {
		t.Error(answer.StatusCode, again)
	}
	answer, body = w.get(mette, "/notices")
	wants(t, answer, body, 200, "No notices yet", "Which e-mails do you want?")
	checkHTML(t, body)
}

func TestSupportEntersAnAddressWithItsSource(t *testing.T) {
	w := newTown(t)
	lars := w.holder("lars", flegt.RoleSupport, flegt.SupportBody, "")
	answer, body := w.get(lars, "/support/authorities")
	wants(t, answer, body, 200, "Poland", "No official address is known")
	answer, body = w.post(lars, "/support/authorities/CA-PL", "name=&email=flegt%40example.pl&from=2016-12-01&source=")
	wants(t, answer, body, 422, "Say where the address is from", "flegt@example.pl")
	answer, _ = w.post(lars, "/support/authorities/CA-PL", "name=&email=flegt%40example.pl&from=2016-12-01&source=Letter+of+1+December+2016")
	if answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode)
	}
	answer, body = w.get(lars, "/support/authorities/CA-PL")
	wants(t, answer, body, 200, "flegt@example.pl", "Letter of 1 December 2016")
	checkHTML(t, body)
}
