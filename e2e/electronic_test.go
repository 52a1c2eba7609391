package e2e

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// electronic is a licence's way from the country that issues it to the goods, without paper.
type electronic struct {
	t       *testing.T
	p       *program
	d       demoFile
	lang    string
	scripts bool

	issuer, importer, officer, customs *visitor
}

// TestTheElectronicLicence: Indonesia's licensing authority puts one licence in on the page and
// its successor by a program; the importer claims it, after wrong tries that tell nothing and are
// limited; it is submitted, accepted and released, and the issuing country sees each step. Then
// it reports one replaced, one cancelled and one lost, and officer and importer see it. In
// Danish with scripts, in English without.
func TestTheElectronicLicence(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	operators := d.people("operator", "DK")
	for i, lang := range languages {
		t.Run(lang, func(t *testing.T) {
			t.Parallel()
			e := &electronic{t: t, p: p, d: d, lang: lang, scripts: lang != "en"}
			e.issuer, e.officer = e.comes(d.person(t, "licensing_authority", "ID")), e.comes(d.person(t, "competent_authority", "DK"))
			e.customs, e.importer = e.comes(d.person(t, "customs", "DK")), e.comes(operators[2*i+1])
			serial := []string{"90100", "90200"}[i]
			number, next := e.number(serial), e.number(serial[:4]+"1")
			verification := e.putsIn(number)
			e.tries(e.comes(operators[2*i]), number, verification)
			licence := e.claims(number, verification)
			e.decided(licence, number)
			e.released(licence, number, mrn(t, "DK", serial))
			e.putsInByProgram(next)
			e.replaced(licence, number, next)
			owner := e.comes(operators[0])
			marked := [][]string{{"00452", "00705"}, {"00708", "00715"}}[i]
			e.marked(owner, d.numbered(t, marked[0]), "cancel", "cancelled")
			e.marked(owner, d.numbered(t, marked[1]), "report_lost", "lost")
		})
	}
}

// people are all of the demonstration with a role in a country.
func (d demoFile) people(role, country string) (out []demoPerson) {
	for _, p := range d.People {
		if p.Role == role && p.Country == country {
			out = append(out, p)
		}
	}
	return out
}

// numbered finds the number of the demonstration's licence with a serial number.
func (d demoFile) numbered(t *testing.T, serial string) string {
	t.Helper()
	for _, l := range d.Licences {
		if strings.Contains(l.Number, "-"+serial+".") {
			return l.Number
		}
	}
	t.Fatalf("the demonstration has no licence %s", serial)
	return ""
}

// comes signs somebody in, with JavaScript or without.
func (e *electronic) comes(who demoPerson) *visitor {
	v := newVisitor(e.t, e.p.Base, e.lang)
	v.arrives(who)
	if !e.scripts {
		v.withoutScripts()
	}
	return v
}

func (e *electronic) number(serial string) string {
	return time.Now().AddDate(0, 0, -10).Format("06") + ".00201-" + serial + ".001-ID-DK"
}

// looks lets axe look at the page, wide and narrow, and takes its picture.
func (e *electronic) looks(v *visitor, name string) {
	e.t.Helper()
	for _, width := range []int64{320, 1280} {
		v.wide(width)
		if over := ask[int](v, `() => document.documentElement.scrollWidth - innerWidth`); over > 0 {
			e.t.Errorf("%s is %d pixels wider than a screen of %d", name, over, width)
		}
		if e.scripts { // axe is a script itself
			for _, found := range check(v) {
				e.t.Errorf("%s at %d: %s", name, width, found)
			}
		}
		v.photograph("electronic_" + name + "_" + e.lang + map[bool]string{true: "_320"}[width < 1000])
	}
}

// finds opens a licence from the list, and gives its address.
func (e *electronic) finds(v *visitor, number string) string {
	e.t.Helper()
	v.open("/licences?q=" + number)
	v.press(number)
	v.answered(200)
	return v.path()
}

var verificationNumber = regexp.MustCompile(`^[0-9A-Z]{12}$`)

// putsIn puts a licence in on the page: first with boxes missing, which loses nothing.
func (e *electronic) putsIn(number string) string {
	v := e.issuer
	v.open("/licences/issue")
	v.fill(v.T("licence.form.number"), number)
	v.press(v.T("licence.issue.do"))
	v.answered(422)
	v.sees(v.T("check.required", "Box", "8"))
	for _, box := range [][2]string{{"licence.form.issuing_body", "PT Mutuagung Lestari"}, {"licence.form.importer", "Fyns Trælast A/S"}, {"licence.form.expires", inDays(90)},
		{"licence.form.transport", "By sea"}, {"licence.form.licensee", "CV Jepara Garden Living"}, {"licence.form.description", "Plywood, 9 mm"}, {"licence.form.hs", "4412.31"},
		{"licence.form.common", "Meranti"}, {"licence.form.scientific", "Shorea spp."}, {"licence.form.harvest", "ID"}, {"licence.form.volume", "21.5"}, {"licence.form.weight", "12900"},
		{"licence.form.units", "520"}, {"licence.form.invoice", "JGL-901"}, {"licence.form.issue_place", "Depok"}, {"licence.form.issued", inDays(-10)}} {
		v.fill(v.T(box[0]), box[1])
	}
	v.press(v.T("licence.issue.do"))
	v.sees(v.T("licence.issued.done"))
	e.looks(v, "issued")
	verification := ask[string](v, `() => document.querySelector("dl strong").textContent`)
	if !verificationNumber.MatchString(verification) {
		v.fail("gives the verification number %q", verification)
	}
	v.press(v.T("licence.issued.show"))
	v.sees(v.T("licence.state.issued"))
	v.seesNot(verification)
	if v.has(v.T("licence.go_on")) {
		v.fail("offers to edit what was put in")
	}
	return verification
}

// tries claims with a wrong number, a wrong verification number and another licence's; each is
// told the same. After five tries even the right pair has to wait, for this account alone.
func (e *electronic) tries(v *visitor, number, verification string) {
	told := map[string]bool{}
	claim := func(number, verification string) {
		e.t.Helper()
		v.open("/licences/claim")
		v.fill(v.T("licence.form.number"), number)
		v.fill(v.T("licence.verification"), verification)
		v.press(v.T("licence.claim.do"))
	}
	for _, wrong := range [][2]string{{number, "WRONGWRONG22"}, {strings.Replace(number, "-ID-DK", "-ID-SE", 1), verification}, {"99.99999-99999.999-ID-DK", verification},
		{number, "KAYU"}, {e.d.numbered(e.t, "00710"), verification}} {
		claim(wrong[0], wrong[1])
		if v.Status < 400 {
			v.fail("takes the claim %v", wrong)
		}
		told[ask[string](v, `() => document.querySelector("#problems").innerText`)] = true
	}
	v.sees(v.T("licence.claim.refused"))
	if len(told) != 1 {
		v.fail("tells wrong claims apart: %v", told)
	}
	e.looks(v, "refused")
	claim(number, verification)
	v.answered(http.StatusTooManyRequests)
	v.sees(v.w.Start(e.t, "licence.claim.wait"))
	v.open("/licences?q=" + number)
	v.seesNot(number)
}

// claims claims the licence, adds the facts of the arrival and submits it; it gives the
// licence's address.
func (e *electronic) claims(number, verification string) string {
	v := e.importer
	v.open("/licences/claim")
	v.fill(v.T("licence.form.number"), " "+strings.ToLower(number)+" ")
	v.fill(v.T("licence.verification"), verification[:4]+"-"+verification[4:8]+" "+strings.ToLower(verification[8:]))
	v.press(v.T("licence.claim.do"))
	v.sees(v.T("licence.claimed"))
	e.looks(v, "facts")
	if boxes := ask[int](v, `() => document.querySelectorAll("[name=number], [name='goods.0.hs']").length`); boxes != 0 {
		v.fail("lets boxes of the paper be changed")
	}
	licence := strings.TrimSuffix(v.path(), "/edit")
	e.issuer.open("/licences?q=" + number)
	e.issuer.sees(e.issuer.T("licence.state.claimed"))
	v.fill(v.T("licence.form.arrival"), inDays(5))
	v.fill(v.T("licence.form.arrival_place"), "Aarhus")
	v.fill(v.T("licence.form.office"), "DK003103")
	v.press(v.T("licence.submit"))
	v.sees(v.T("licence.submitted"))
	e.issuer.open(licence)
	e.issuer.sees(e.issuer.T("licence.state.submitted"))
	return licence
}

// decided is the officer's part: the case opens and is accepted; the issuing country sees it.
func (e *electronic) decided(licence, number string) {
	v := e.officer
	v.open("/desk")
	v.press(number)
	v.sees("Plywood, 9 mm")
	v.sees("Aarhus")
	v.press(v.T("desk.accept"))
	v.sees(v.T("desk.accepted"))
	e.issuer.open(licence)
	e.issuer.sees(e.issuer.T("licence.state.accepted"))
}

// released is customs' part: all of it is booked and released; the issuing country sees that
// nothing is left.
func (e *electronic) released(licence, number, declaration string) {
	v := e.customs
	v.open("/customs")
	v.fill(v.T("clearance.find.number"), number)
	v.press(v.T("form.search"))
	v.fill(v.T("clearance.mrn"), declaration)
	v.fill(v.T("clearance.office"), "DK003103")
	v.press(v.T("clearance.book.all"))
	v.sees(v.T("clearance.booked", "MRN", declaration))
	v.press(v.T("clearance.release", "MRN", declaration))
	v.press(v.T("clearance.release.confirm"))
	v.sees(v.T("clearance.released", "MRN", declaration))
	e.issuer.open(licence)
	e.issuer.sees(e.issuer.T("licence.state.used_up"))
	e.issuer.sees(e.issuer.T("licence.event.released"))
}

// putsInByProgram makes a token on the page, puts a licence in with it, and finds that the token
// may do no more than that.
func (e *electronic) putsInByProgram(number string) {
	v := e.issuer
	v.open("/account/tokens")
	v.fill(v.T("apitoken.name"), "Licensing system")
	v.tick(v.T("apitoken.kind.token"))
	v.tick(v.T("apitoken.scope.licences.issue"))
	v.press(v.T("apitoken.make"))
	v.sees(v.T("apitoken.made"))
	token := ask[string](v, `() => { const box = document.getElementById("secret"); return box.value || box.textContent; }`)
	form := map[string]any{"number": number, "issuing_body": map[string]string{"name": "PT Mutuagung Lestari"}, "importer": map[string]string{"name": "Fyns Trælast A/S"},
		"expires": inDays(90), "export": "ID", "transport": "By sea", "licensee": map[string]string{"name": "CV Jepara Garden Living"}, "invoice": "JGL-902", "issue_place": "Depok", "issued": inDays(-9),
		"goods": []any{map[string]any{"description": "Plywood, 9 mm", "hs": "4412.31", "species": []any{map[string]string{"common": "Meranti", "scientific": "Shorea spp."}},
			"harvest": []string{"ID"}, "volume": "21.5", "weight": "12900", "units": "520"}}}
	var answer struct {
		Verification string `json:"verification"`
	}
	body := map[string]any{"form": form, "verification": "jati-2026-" + number[9:14]}
	if status, text := e.sends(token, "/licences/issue", body, &answer); status != http.StatusCreated || answer.Verification == "" {
		e.t.Fatalf("the program is answered %d: %s", status, text)
	}
	if status, text := e.sends(token, "/licences/claim", map[string]string{"number": number, "verification": answer.Verification}, nil); status != http.StatusForbidden {
		e.t.Errorf("a token for issuing claims: %d %s", status, text)
	}
	e.finds(v, number)
	v.sees(v.T("licence.state.issued"))
}

// sends posts a body to the interface for programs.
func (e *electronic) sends(token, path string, body, into any) (int, string) {
	e.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		e.t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, e.p.Base+"/api/v1"+path, bytes.NewReader(raw))
	if err != nil {
		e.t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		e.t.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err == nil && into != nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		e.t.Fatalf("%v: %s", err, text)
	}
	return answer.StatusCode, string(text)
}

// replaced reports the licence replaced: its page shows the family, and so do the officer's
// and the importer's.
func (e *electronic) replaced(licence, number, next string) {
	v := e.issuer
	v.open(licence)
	v.press(v.T("licence.step.replace"))
	v.press(v.T("licence.step.replace"))
	v.answered(422)
	v.sees(v.T("error.reason_required"))
	v.sees(v.T("licence.mark.successor_required"))
	v.fill(v.T("licence.report.successors"), next)
	v.fill(v.T("licence.report.reason"), "The consignee was wrong")
	e.looks(v, "report")
	v.press(v.T("licence.step.replace"))
	v.sees(v.T("licence.step.done.replace"))
	e.looks(v, "family")
	e.officer.open(strings.Replace(licence, "/licences/", "/desk/", 1))
	e.importer.open(licence)
	for _, v := range []*visitor{e.issuer, e.officer, e.importer} {
		v.sees(v.w.Start(e.t, "licence.marked.replaced"))
		v.sees("The consignee was wrong")
		family := ask[string](v, `() => document.querySelector(".of-family").innerText`)
		if first, second := strings.Index(family, number), strings.Index(family, next); first < 0 || second < first {
			v.fail("shows the family %q", family)
		}
	}
	e.importer.open("/notices")
	e.importer.seesSoon(number)
}

// marked reports a licence cancelled or lost; nothing can be booked under it any more, and
// officer and importer see why.
func (e *electronic) marked(owner *visitor, number, verb, mark string) {
	v := e.issuer
	licence := e.finds(v, number)
	v.press(v.T("licence.step." + verb))
	v.fill(v.T("licence.report.reason"), "Letter 12 of the ministry")
	v.press(v.T("licence.step." + verb))
	v.sees(v.T("licence.step.done." + verb))
	e.officer.open(strings.Replace(licence, "/licences/", "/desk/", 1))
	owner.open(licence)
	for _, v := range []*visitor{v, e.officer, owner} {
		v.sees(v.w.Start(e.t, "licence.marked."+mark))
		v.sees("Letter 12 of the ministry")
	}
	e.customs.open(strings.Replace(licence, "/licences/", "/customs/", 1))
	e.customs.sees(e.customs.w.Start(e.t, "licence.marked."+mark))
	if e.customs.has(e.customs.T("clearance.book.all")) {
		e.customs.fail("books under a licence that is %s", mark)
	}
}
