package main

import (
	"encoding/json"
	"net/smtp"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// TestTheLettersWholeJourney walks the eight steps of the letter through the program's own
// doors, from an account to released goods: web pages, and mail over SMTP.
func TestTheLettersWholeJourney(t *testing.T) {
	m := start(t, func(m *Main) { m.Demo = true })
	sheet, err := m.demoSheet(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	as := func(role, country string) *visitor {
		for _, p := range sheet.People {
			if p.Role == role && (country == "" || p.Country == country) {
				return visit(t, m).open(p.SignInURL)
			}
		}
		t.Fatalf("nobody is %s in %s", role, country)
		return nil
	}

	mette := visit(t, m).open("/?lang=da").open("/sign-up").send("/sign-up", "", map[string]string{"first_name": "Mette", "last_name": "Sørensen", "email": "mette@nordisktrae.example", "lang": "da"})
	mette.sees("Se i din e-mail")
	confirm := letterTo(t, mette, "mette@nordisktrae.example", "Bekræft")
	mette.open(confirm).send("/confirm", "", map[string]string{"password": "password1234"}).sees("dem, der gættes først")
	mette.send("/confirm", "", map[string]string{"password": "krage lampe vinter bog"}).sees("Du har brug for en rolle")

	mette.open("/roles/request?role=operator&q=Nordisk+Trae").sees("Er din virksomhed der ikke?").open(mette.link("/operators/new"))
	mette.send("/operators/new", "", map[string]string{"name": "Nordisk Træ", "legal_form": "A/S", "country": "DK", "postcode": "8000", "town": "Aarhus C", "street": "Havnegade 1",
		"contact_name": "Mette Sørensen", "contact_email": "mette@nordisktrae.example", "identifier.0.kind": "NATIONAL", "identifier.0.value": "10150817", "section": "imported_timber_products"})
	mette.sees("Nordisk Træ A/S").send(mette.path, "", map[string]string{"capacity": "importer", "phone": "+45 12 34 56 78"}).sees("Anmodet", "De fem regler")
	request := mette.path
	to, cc, subject, body := mette.byID("mail-to"), mette.byID("mail-cc"), mette.byID("mail-subject"), mette.byID("mail-body")

	support := as("support", "").open(strings.Replace(request, "/roles/", "/support/requests/", 1))
	desk := support.path
	support.send("/approve", "", nil).sees("write down why")

	bad := "From: mette@nordisktrae.example\r\nTo: " + to + "\r\nSubject: hello\r\nMessage-ID: <1@nordisktrae.example>\r\n\r\nHello\r\n"
	post(t, m, bad)
	eventually(t, func() bool {
		return strings.Contains(mette.open(request).text, "Afvist")
	})
	mette.sees("Regel 3", "Regel 4", "Regel 5").send("/again", "", nil).sees("Anmodet")
	request, desk = mette.path, strings.Replace(mette.path, "/roles/", "/support/requests/", 1)

	good := "From: Mette <METTE@nordisktrae.example>\r\nTo: " + to + "\r\nCc: " + cc + "\r\nSubject: " + subject + "\r\nMessage-ID: <2@nordisktrae.example>\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + strings.ReplaceAll(body, "\n", "\r\n") + "\r\n"
	post(t, m, good)
	eventually(t, func() bool {
		return strings.Contains(mette.open(request).text, "overholder de fem regler; supportteamet")
	})
	support.open(desk).sees("All five rules are kept").send("/approve", "", nil).sees("takes effect at once")

	year := time.Now().Format("06")
	number := year + ".00999-00001.001-ID-DK"
	issued, expires := time.Now().AddDate(0, 0, -20).Format("2006-01-02"), time.Now().AddDate(0, 3, 0).Format("2006-01-02")
	mette.open("/licences/new").send("/licences/new", "do=save", map[string]string{"number": number, "export": "ID"}).sees(number)
	mette.send("/edit", "do=submit", nil).sees("Licensen kan ikke indgives endnu")
	mette.send("/edit", "do=submit", map[string]string{"issuing_body.name": "PT Mutuagung Lestari", "expires": expires, "issued": issued, "transport": "By sea",
		"licensee.name": "CV Jepara Garden Living", "goods.0.description": "Teak garden chair", "goods.0.hs": "4407.29", "goods.0.species.0.common": "Jati",
		"goods.0.species.0.scientific": "Tectona grandis", "goods.0.harvest": "ID", "goods.0.volume": "8.412", "goods.0.weight": "5120", "goods.0.units": "480",
		"invoice": "JGL-1", "issue_place": "Depok", "import_country": "DK", "@scan": string(demoScan(flegt.Form{Number: number}))})
	mette.sees("Indgivet")
	licence := mette.path

	rival := as("operator", "DE")
	answer, err := rival.client.Get(m.BaseURL + licence)
	if err != nil || answer.StatusCode != 404 {
		t.Errorf("a competitor gets %v, %v", answer.Status, err)
	}
	answer.Body.Close()

	customs := as("customs", "DK").open("/customs?number=" + number)
	if !strings.HasPrefix(customs.path, "/customs/") {
		t.Fatalf("the look-up leads to %s: %s", customs.path, customs.text)
	}
	clearance := customs.path
	authority := as("competent_authority", "DK").open(strings.Replace(licence, "/licences/", "/desk/", 1))
	second := as("competent_authority", "DK").open(authority.path)
	authority.send("/accept", "", nil).sees("Licensen er godkendt")
	second.send("/reject", "", map[string]string{"reason_code": "other", "reason": "too late"}).sees("mellemtiden")
	mette.open(licence).sees("Godkendt")

	mrn := demoMRN(time.Now(), "DK", "77")
	customs.open(clearance).send("/book", "", map[string]string{"mrn": mrn, "office": "DK003103", "quantity.1.H87": "481"}).sees("481")
	customs.open(clearance).send("/book", "", map[string]string{"mrn": mrn, "office": "DK003103", "quantity.1.H87": "480"}).sees(mrn)
	customs.open(clearance+"/declarations/"+mrn).send("/release", "", nil).sees("rigivet")
	mette.open(licence).sees(mrn)
	eventually(t, func() bool { return strings.Contains(mette.open("/notices").text, number) })

	if v, err := registry.Verify(t.Context(), m.db, nil); err != nil || len(v.Disagreements) > 0 {
		t.Errorf("the log and the rows disagree: %v %v", v.Disagreements, err)
	}
}

// post hands a mail to the program's mail server.
func post(t *testing.T, m *Main, raw string) {
	t.Helper()
	if err := smtp.SendMail(m.MailAddress(), nil, "mette@nordisktrae.example", []string{m.SupportAddress}, []byte(raw)); err != nil {
		t.Fatal(err)
	}
}

// letterTo waits for a letter in the mailbox and gives the first link in it.
func letterTo(t *testing.T, v *visitor, to, subject string) string {
	t.Helper()
	eventually(t, func() bool {
		v.open("/demo/mailbox")
		return strings.Contains(v.text, to) && strings.Contains(v.text, subject)
	})
	v.open(v.link("/demo/mailbox/0"))
	return v.link("token=")
}

// eventually waits until what was set going has happened.
func eventually(t *testing.T, is func() bool) {
	t.Helper()
	for end := time.Now().Add(15 * time.Second); time.Now().Before(end); {
		if is() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("it did not happen")
}

// TestDemoSheet holds demo.json to what scripts count on.
func TestDemoSheet(t *testing.T) {
	m := start(t, func(m *Main) { m.Demo = true })
	sheet, err := m.demoSheet(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "demo.json")
	if err := sheet.write(path); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var read demoSheet
	if err := json.Unmarshal(text, &read); err != nil {
		t.Fatal(err)
	}
	pending, countries, people := 0, map[string]bool{}, map[string]bool{}
	for _, r := range read.RoleRequests {
		if r.Status == "requested" && r.AuthorityAddress != "" {
			pending++
			countries[r.Country], people[r.Email] = true, true
		}
	}
	if pending < 50 || len(countries) < 3 || len(people) != pending {
		t.Errorf("%d pending requests of %d people in %d countries", pending, len(people), len(countries))
	}
	states := map[string]bool{}
	for _, l := range read.Licences {
		states[l.State] = true
	}
	for _, state := range flegt.LicenceStates {
		if !states[string(state)] {
			t.Errorf("no licence is %s", state)
		}
	}
	for _, p := range read.People {
		v := visit(t, m).open(p.SignInURL)
		if !strings.Contains(v.text, p.FirstName) || v.path != "/home" {
			t.Errorf("%s %s comes to %s", p.FirstName, p.LastName, v.path)
		}
	}
}
