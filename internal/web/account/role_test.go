package account_test

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// company is a form of "Create Operator" that is right.
const company = "name=Nordisk+Tr%C3%A6&legal_form=A%2FS&country=DK&town=Aarhus&street=Havnegade+1&postcode=8000&contact_name=Mette+S%C3%B8rensen&contact_email=mette%40nordisktrae.example&identifier.0.kind=NATIONAL&identifier.0.value=10150817&section=imported_timber_products"

func TestARoleIsAskedForAndDecided(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Person("mette", "Mette", "Sørensen")
	answer, body := w.Get(mette, "/roles")
	webtest.Wants(t, answer, body, 200, "You have no role yet", "/roles/request")
	answer, body = w.Get(mette, "/roles/request")
	webtest.Wants(t, answer, body, 200, "role=operator", "role=competent_authority", "role=customs")
	answer, body = w.Get(mette, "/roles/request?role=operator&q=Nordisk")
	webtest.Wants(t, answer, body, 200, "0 companies found", "Create Operator", "name=Nordisk")
	webtest.CheckHTML(t, body)

	answer, body = w.Post(mette, "/operators/new", strings.Replace(company, "imported_timber_products", "organic", 1))
	webtest.Wants(t, answer, body, 422, "certificate of inspection", `value="Nordisk Træ"`)
	answer, body = w.Post(mette, "/operators/new", strings.Replace(company, "10150817", "10150818", 1))
	webtest.Wants(t, answer, body, 422, "check digit", `value="10150818"`)
	webtest.CheckHTML(t, body)
	answer, _ = w.Post(mette, "/operators/new", company)
	ask := answer.Header.Get("Location")
	if answer.StatusCode != 303 || !strings.HasPrefix(ask, "/roles/request/operator/") {
		t.Fatal(answer.StatusCode, ask)
	}
	answer, body = w.Post(mette, "/operators/new", company)
	webtest.Wants(t, answer, body, 409, "Is it one of these?", "Nordisk Træ A/S", `name="sure"`)
	answer, body = w.Get(mette, "/roles/request?role=operator&q=nordisk+trae")
	webtest.Wants(t, answer, body, 200, "1 company found", ask)

	answer, body = w.Get(mette, ask)
	webtest.Wants(t, answer, body, 200, "Send Authorization Request", "Nordisk Træ A/S")
	answer, body = w.Post(mette, ask, "phone=abc&note=please")
	webtest.Wants(t, answer, body, 422, "Choose one", "not a telephone number", "please")
	answer, _ = w.Post(mette, ask, "capacity=importer&phone=%2B45+12345678&note=please")
	page := answer.Header.Get("Location")
	if answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode)
	}
	answer, body = w.Get(mette, page)
	webtest.Wants(t, answer, body, 200, "Requested", "mailto:", "svana@svana.dk", "role request for a FLEGT timber importer", "sante-traces@ec.europa.eu", "mette@nordisktrae.example")
	webtest.CheckHTML(t, body)

	lars := w.Holder("lars", flegt.RoleSupport, flegt.SupportBody, "")
	answer, body = w.Get(lars, "/support/requests")
	webtest.Wants(t, answer, body, 200, "Mette Sørensen", "Nordisk Træ A/S", "No e-mail has come, for 0 days")
	webtest.CheckHTML(t, body)
	desk := strings.Replace(page, "/roles/", "/support/requests/", 1)
	answer, body = w.Get(lars, desk)
	webtest.Wants(t, answer, body, 200, "check digit agrees", "No e-mail has come about this request", "has been awaited for 0 days", "approve with a written reason", `href="/support/mails"`)
	webtest.CheckHTML(t, body)
	version := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(body)[1]
	answer, body = w.Post(lars, desk+"/approve", "version="+version)
	webtest.Wants(t, answer, body, 422, "write down why")
	answer, body = w.Post(lars, desk+"/reject", "version="+version)
	webtest.Wants(t, answer, body, 422, "Give a reason")
	for _, path := range []string{"/support/requests", desk, "/support/mails", "/support/authorities"} {
		if answer, _ := w.Get(mette, path); answer.StatusCode != 404 {
			t.Errorf("%s answers %d to an applicant", path, answer.StatusCode)
		}
	}
	if strings.Contains(body, "/support/requests/next") {
		t.Error("the next request is offered before this one is decided")
	}
	answer, _ = w.Post(lars, desk+"/approve?country=DK&mail=none", "version="+version+"&override=Seen+at+the+counter")
	if answer.StatusCode != 303 || answer.Header.Get("Location") != desk+"?country=DK&mail=none" {
		t.Fatal(answer.StatusCode, answer.Header)
	}
	theNextRequest(w, mette, lars, desk)
	answer, body = w.Get(mette, page+"?lang=da")
	webtest.Wants(t, answer, body, 200, "Godkendt", "Seen at the counter", "Opgiv denne rolle")
	answer, body = w.Post(lars, desk+"/approve", "version="+version+"&override=again")
	webtest.Wants(t, answer, body, 409)
}

func TestAnApplicantWithdrawsAndAsksAgain(t *testing.T) {
	w := webtest.NewTown(t)
	mette, other := w.Person("mette", "Mette", "Sørensen"), w.Person("other", "Otto", "Olsen")
	answer, body := w.Get(mette, "/roles/request?role=competent_authority")
	webtest.Wants(t, answer, body, 200, "Miljøstyrelsen", "CA-DK")
	answer, _ = w.Post(mette, "/roles/request/competent_authority/CA-DK", "phone=&note=")
	page := answer.Header.Get("Location")
	answer, body = w.Get(mette, page)
	webtest.Wants(t, answer, body, 200, "verifies with your authority")
	if strings.Contains(body, "mailto:") {
		t.Error("an officer is told to send the importer's mail")
	}
	if answer, _ := w.Get(other, page); answer.StatusCode != 404 {
		t.Errorf("another person sees the request: %d", answer.StatusCode)
	}
	w.Post(mette, page+"/withdraw", "")
	answer, body = w.Get(mette, page)
	webtest.Wants(t, answer, body, 200, "Withdrawn", "Ask again")
	answer, _ = w.Post(mette, page+"/again", "")
	if again := answer.Header.Get("Location"); answer.StatusCode != 303 || again == page {
		t.Error(answer.StatusCode, again)
	}
	answer, body = w.Get(mette, "/notices")
	webtest.Wants(t, answer, body, 200, "No notices yet", "Which e-mails do you want?")
	webtest.CheckHTML(t, body)
}

func TestSupportEntersAnAddressWithItsSource(t *testing.T) {
	w := webtest.NewTown(t)
	lars := w.Holder("lars", flegt.RoleSupport, flegt.SupportBody, "")
	answer, body := w.Get(lars, "/support/authorities")
	webtest.Wants(t, answer, body, 200, "Poland", "No official address is known")
	answer, body = w.Post(lars, "/support/authorities/CA-PL", "name=&email=flegt%40example.pl&from=2016-12-01&source=")
	webtest.Wants(t, answer, body, 422, "Say where the address is from", "flegt@example.pl")
	answer, _ = w.Post(lars, "/support/authorities/CA-PL", "name=&email=flegt%40example.pl&from=2016-12-01&source=Letter+of+1+December+2016")
	if answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode)
	}
	answer, body = w.Get(lars, "/support/authorities/CA-PL")
	webtest.Wants(t, answer, body, 200, "flegt@example.pl", "Letter of 1 December 2016")
	webtest.CheckHTML(t, body)
}

// TestALetterLeadsToAnotherRole: what is not there in the role in which one acts is offered in
// one's others, and for a form that was sent nothing is.
func TestALetterLeadsToAnotherRole(t *testing.T) {
	w := webtest.NewTown(t)
	answer, body := w.Get(w.Holder("one", flegt.RoleCustoms, "CUSTOMS-DK", "DK"), "/licences/x?a=b")
	webtest.Wants(t, answer, body, 404)
	if strings.Contains(body, "Another of your roles") {
		t.Error("there is no other role")
	}
	eva := w.Holder("eva", flegt.RoleCustoms, "CUSTOMS-DK", "DK")
	err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
		return tx.AddAuthorisation(flegt.Authorisation{ID: "z-desk", Account: "eva", Role: flegt.RoleAuthority, Body: "CA-DK", Country: "DK", Status: flegt.Approved, RequestedAt: w.Now, Version: 1})
	})
	if err != nil {
		t.Fatal(err)
	}
	answer, body = w.Get(eva, "/licences/x?a=b")
	webtest.Wants(t, answer, body, 404, "Another of your roles", `name="next" value="/licences/x?a=b"`)
	webtest.CheckHTML(t, body)
	offered := body[strings.Index(body, "Another of your roles"):]
	if strings.Count(offered, `name="role"`) != 1 {
		t.Errorf("offered: %s", offered)
	}
	answer, body = w.Post(eva, "/licences/x/withdraw", "")
	webtest.Wants(t, answer, body, 404)
	if strings.Contains(body, "Another of your roles") {
		t.Error("a form goes nowhere in another role")
	}
}

// TestManyCompaniesAreToldToBeMore: a search that finds more than it shows says so, and only then.
func TestManyCompaniesAreToldToBeMore(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Person("mette", "Mette", "Sørensen")
	for n := range 51 {
		err := w.DB.Update(t.Context(), func(tx *store.Tx) error {
			return tx.AddOperator(flegt.Operator{ID: fmt.Sprint("many", n), Name: "Hansa Holz", Country: "DE", Section: flegt.SectionTimber, Version: 1})
		})
		if err != nil {
			t.Fatal(err)
		}
		if n < 49 {
			continue
		}
		answer, body := w.Get(mette, "/roles/request?role=operator&q=Hansa")
		webtest.Wants(t, answer, body, 200, "50 companies found")
		if more := strings.Contains(body, "There are more."); more != (n == 50) {
			t.Errorf("of %d companies: more: %v", n+1, more)
		}
	}
}

// theNextRequest: from a request that is decided Support goes on to the next that the queue's filter
// lets through.
func theNextRequest(w *webtest.Town, mette, lars flegt.Actor, desk string) {
	w.T.Helper()
	answer, body := w.Get(lars, desk+"?country=DK&mail=none")
	next := "/support/requests/next?after=" + strings.TrimPrefix(desk, "/support/requests/") + "&country=DK&mail=none"
	webtest.Wants(w.T, answer, body, 200, strings.ReplaceAll(next, "&", "&amp;"), "Open the next request")
	webtest.CheckHTML(w.T, body)
	answer, _ = w.Get(lars, next)
	if to := answer.Header.Get("Location"); answer.StatusCode != 303 || to != "/support/requests?country=DK&mail=none" {
		w.T.Errorf("with none left: %d %s", answer.StatusCode, to)
	}
	w.Post(mette, "/roles/request/competent_authority/CA-SE", "phone=&note=")
	answer, _ = w.Post(mette, "/roles/request/competent_authority/CA-DK", "phone=&note=")
	waits := strings.Replace(answer.Header.Get("Location"), "/roles/", "/support/requests/", 1)
	answer, _ = w.Get(lars, next)
	if to := answer.Header.Get("Location"); answer.StatusCode != 303 || to != waits+"?country=DK&mail=none" {
		w.T.Errorf("the next: %d %s, want %s", answer.StatusCode, to, waits)
	}
	answer, body = w.Get(lars, "/support/requests?status=requested&country=DK")
	webtest.Wants(w.T, answer, body, 200, waits+"?country=DK")
	if answer, _ = w.Get(mette, next); answer.StatusCode != 404 {
		w.T.Errorf("an applicant: %d", answer.StatusCode)
	}
}

// TestNumbersOfProgramsStay: a program can give a company more numbers than a person does, and those of other
// countries; when a person corrects the street, they stay as they are.
func TestNumbersOfProgramsStay(t *testing.T) {
	w := webtest.NewTown(t)
	mette := w.Person("mette", "Mette", "Sørensen")
	op := flegt.Operator{Name: "Nordisk Træ", LegalForm: "A/S", Country: "DK", Town: "Aarhus", Street: "Havnegade 1", Postcode: "8000", ContactName: "Mette Sørensen",
		ContactEmail: "mette@nordisktrae.example", Section: flegt.SectionTimber, Identifiers: []flegt.Identifier{{Kind: flegt.IdentifierNational, Value: "10150817"}, {Kind: flegt.IdentifierVAT, Country: "DE", Value: "DE136695976"}}}
	for n := range 12 {
		op.Identifiers = append(op.Identifiers, flegt.Identifier{Kind: flegt.IdentifierNational, Country: "NO", Value: fmt.Sprint(900000000 + n)})
	}
	made, err := w.Office.CreateOperator(t.Context(), mette, op, true)
	if err != nil {
		t.Fatal(err)
	}
	lars := w.Holder("lars", flegt.RoleSupport, flegt.SupportBody, "")
	edit := "/operators/" + made.ID + "/edit"
	answer, body := w.Get(lars, edit)
	webtest.Wants(t, answer, body, 200, "DE136695976", "Germany", "Norway", "900000011")
	webtest.CheckHTML(t, body)
	form := url.Values{}
	for _, m := range regexp.MustCompile(`name="(identifier[^"]*value|identifier[^"]*country|version)"[^>]*value="([^"]*)"|value="([^"]*)"[^>]*name="(identifier[^"]*value)"`).FindAllStringSubmatch(body, -1) {
		form.Set(m[1]+m[4], m[2]+m[3])
	}
	for i, id := range made.Identifiers {
		form.Set(fmt.Sprintf("identifier.%d.kind", i), string(id.Kind))
	}
	for name, value := range map[string]string{"name": op.Name, "legal_form": op.LegalForm, "town": op.Town, "postcode": op.Postcode, "street": "Havnegade 2", "contact_name": op.ContactName, "contact_email": op.ContactEmail} {
		form.Set(name, value)
	}
	answer, body = w.Post(lars, edit, form.Encode())
	if answer.StatusCode != 303 {
		t.Fatal(answer.StatusCode, body)
	}
	now, err := w.Office.Operator(t.Context(), lars, made.ID)
	if err != nil || now.Street != "Havnegade 2" || !slices.Equal(now.Identifiers, made.Identifiers) {
		t.Errorf("%v %s %v, were %v", err, now.Street, now.Identifiers, made.Identifiers)
	}
}
