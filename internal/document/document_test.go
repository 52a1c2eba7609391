package document

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/wording"
)

func TestMain(m *testing.M) {
	api.DisableConfigDir() // it would write into the home folder
	os.Exit(m.Run())
}

func desk(t testing.TB) Desk {
	t.Helper()
	catalog, err := wording.New(wording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ref, err := reference.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	copenhagen, err := time.LoadLocation("Europe/Copenhagen")
	if err != nil {
		t.Fatal(err)
	}
	return Desk{Catalog: catalog, Reference: ref, Location: copenhagen, BaseURL: "https://flegt.example"}
}

func decision(state flegt.LicenceState) flegt.Decision {
	form := flegt.Form{Number: "16.00123-00456.001-ID-DK", Export: "ID", Expires: "2017-03-18",
		Importer: flegt.Party{Name: "Nordisk Træ A/S", Address: "Havnegade 1\n8000 Aarhus C"}, Licensee: flegt.Party{Name: "PT Kayu Lestari"}}
	return flegt.Decision{
		Licence: flegt.Licence{ID: "0190", State: state, ImportCountry: "DK", Form: form, DecidedAt: time.Date(2016, 12, 5, 23, 30, 0, 0, time.UTC),
			ReasonCode: "tolerance", Reason: "Line 2 weighs 14 % more than box 15 says."},
		Operator:  flegt.Operator{Name: "Nordisk Træ", LegalForm: "A/S", Street: "Havnegade 1", Postcode: "8000", Town: "Aarhus C", Country: "DK"},
		Authority: flegt.Authority{ID: "CA-DK", Country: "DK", Name: "Miljøstyrelsen", Addresses: []flegt.OfficialAddress{{Email: "svana@svana.dk"}}},
		Officer:   "Zoë Łęcka-Țîrău", Event: flegt.Event{Seq: 1234, RowHash: strings.Repeat("ab12", 16)},
	}
}

// words reads a document's text as a reader's program does, with Poppler's pdftotext. White
// space counts as one space: where a line breaks is not what is tested.
func words(t testing.TB, b []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "x.pdf")
	if err := os.WriteFile(file, b, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatalf("pdftotext (scripts/tools.sh installs it): %v", err)
	}
	return strings.Join(strings.Fields(string(out)), " ")
}

func holds(t *testing.T, text string, wanted ...string) {
	t.Helper()
	for _, w := range wanted {
		if !strings.Contains(text, w) {
			t.Errorf("missing %q in:\n%s", w, text)
		}
	}
}

// good says whether the bytes are a sound PDF, and how many pages it has.
func good(t testing.TB, b []byte) int {
	t.Helper()
	conf := model.NewDefaultConfiguration()
	if err := api.Validate(bytes.NewReader(b), conf); err != nil {
		t.Fatalf("not a sound PDF: %v", err)
	}
	n, err := api.PageCount(bytes.NewReader(b), conf)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestDecisionSaysWhatWasDecidedAndWhy(t *testing.T) {
	d := desk(t)
	always := []string{"Miljøstyrelsen", "svana@svana.dk", "Nordisk Træ A/S", "8000 Aarhus C", "16.00123-00456.001-ID-DK", "1234", strings.Repeat("ab12", 16), "Zoë Łęcka-Țîrău"}
	for _, c := range []struct {
		lang  wording.Lang
		state flegt.LicenceState
		want  []string
	}{
		{"en", flegt.Accepted, []string{"has accepted", "Regulation (EU) No 995/2010, Article 3", "6 December 2016", "Page 1 of 1", "C690", "18 March 2017"}},
		{"da", flegt.Accepted, []string{"har godkendt", "995/2010", "6. december 2016", "Side 1 af 1", "Danmark"}},
		{"en", flegt.Rejected, []string{"has rejected", "Volume or weight differs by more than 10 %", "art. 10(2)", "Line 2 weighs 14 % more", "The goods cannot be cleared", "Whom to ask"}},
		{"da", flegt.Rejected, []string{"har afvist", "artikel 10, stk. 2", "Line 2 weighs 14 % more", "Hvem kan du spørge"}},
		{"en", flegt.AcceptanceWithdrawn, []string{"has withdrawn its acceptance", "Line 2 weighs"}},
		{"da", flegt.AcceptanceWithdrawn, []string{"tilbage", "Line 2 weighs"}},
	} {
		b, err := d.Decision(c.lang, decision(c.state))
		if err != nil {
			t.Fatal(err)
		}
		if n := good(t, b); n != 1 {
			t.Errorf("%s %s: %d pages", c.lang, c.state, n)
		}
		text := words(t, b)
		holds(t, text, append(always, c.want...)...)
		if strings.Contains(text, "⟦") || c.state == flegt.Accepted && strings.Contains(text, "Line 2 weighs") {
			t.Errorf("%s %s: %s", c.lang, c.state, text)
		}
	}
	for state, wanted := range map[flegt.LicenceState]bool{flegt.Accepted: false, flegt.Rejected: true, flegt.AcceptanceWithdrawn: true} {
		x := decision(state)
		x.Authority.Desk.Appeals = []flegt.Appeal{{From: x.Licence.DecidedAt, Words: map[string]string{"en": "Within four weeks, to the board."}},
			{From: x.Licence.DecidedAt.Add(time.Hour), Words: map[string]string{"en": "Not at all."}}}
		b, err := d.Decision("da", x)
		if err != nil {
			t.Fatal(err)
		}
		if text := words(t, b); strings.Contains(text, "Klagevejledning Within four weeks, to the board.") != wanted || strings.Contains(text, "Not at all") {
			t.Errorf("%s: %s", state, text)
		}
	}
	if _, err := d.Decision("en", decision(flegt.Submitted)); flegt.KindOf(err) != flegt.NotFound {
		t.Errorf("a letter about what is not decided: %v", err)
	}
}

func TestEveryReasonHasItsWordsInTheLetter(t *testing.T) {
	d := desk(t)
	for _, code := range flegt.RejectionReasons {
		x := decision(flegt.Rejected)
		x.Licence.ReasonCode = code
		b, err := d.Decision("en", x)
		if err != nil {
			t.Fatal(err)
		}
		holds(t, words(t, b), d.Catalog.Say("en", "licence.reason."+code, nil), flegt.SureLaw(flegt.ReasonLaw(code)))
		if strings.Contains(words(t, b), "verified") {
			t.Errorf("%s: the letter says that its law is to be verified", code)
		}
		if (flegt.ReasonLaw(code) == "") != (code == "other") {
			t.Errorf("%s: law %q", code, flegt.ReasonLaw(code))
		}
		if b, err = d.Decision("da", x); err != nil {
			t.Fatal(err)
		}
		holds(t, words(t, b), d.Catalog.Law("da", flegt.SureLaw(flegt.ReasonLaw(code))))
	}
}

func TestSameWordsSameBytes(t *testing.T) {
	d := desk(t)
	first, err := d.Decision("da", decision(flegt.Rejected))
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		again, err := d.Decision("da", decision(flegt.Rejected))
		if err != nil || !bytes.Equal(first, again) {
			t.Fatalf("other bytes for the same words: %v", err)
		}
	}
	other := decision(flegt.Rejected)
	other.Event.Seq++
	if b, _ := d.Decision("da", other); bytes.Equal(first, b) {
		t.Error("the reference is not in the bytes")
	}
}

func TestLetterNamesItself(t *testing.T) {
	b, err := desk(t).Decision("da", decision(flegt.Accepted))
	if err != nil {
		t.Fatal(err)
	}
	ctx, err := api.ReadValidateAndOptimize(bytes.NewReader(b), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatal(err)
	}
	if ctx.Title != "FLEGT-licens 16.00123-00456.001-ID-DK: godkendt" || ctx.Author != "Miljøstyrelsen" {
		t.Errorf("title %q, author %q", ctx.Title, ctx.Author)
	}
	if !bytes.Contains(b, []byte("/Lang (da)")) || !bytes.Contains(b, []byte("D:20161205233000")) {
		t.Error("no language, or not the date of the decision")
	}
}

func extract(lines int) Extract {
	x := Extract{About: About{Title: "FLEGT licence: extract", Author: "OpenFLEGT", Lang: "en", Made: time.Date(2016, 12, 5, 9, 0, 0, 0, time.UTC)}, Licence: "0190", Status: "State: accepted",
		Boxes: []Box{{Name: "Box 1 · Issuing body", Lines: []string{"PT Mutuagung", "Jl. Raya Bogor"}}, {Name: "Box 3 · Number", Lines: []string{"16.00123-00456.001-ID-DK"}}}, Columns: []string{"Line", "9", "10", "11", "12, 13", "14", "15", "16"}}
	for n := range lines {
		x.Goods = append(x.Goods, []string{strconv.Itoa(n + 1), "Garden chairs", "940169", "Teak (Tectona grandis)", "ID", "8.5", "5,000", "120"})
	}
	return x
}

func TestExtractGoesOnOverPagesAndSaysOnEachWhatItIsNot(t *testing.T) {
	b, err := desk(t).Extract(extract(200))
	if err != nil {
		t.Fatal(err)
	}
	pages := good(t, b)
	text := words(t, b)
	holds(t, text, "PT Mutuagung", "Jl. Raya Bogor", "Tectona grandis", " 200 Garden chairs", "Page "+strconv.Itoa(pages)+" of "+strconv.Itoa(pages))
	if got := strings.Count(text, "This is not the FLEGT licence"); pages < 4 || got != pages+1 {
		t.Errorf("said %d times on %d pages", got, pages)
	}
}

func FuzzDocuments(f *testing.F) {
	for _, s := range []string{"", "ø å æ ß ł č ț", strings.Repeat("W", 5000), "a\r\nb\tc\x00\x1b", "\xff\xfe", "𝔘 😀 \uffff\ufffe", "漢字かな 한글", "שלום مرحبا", "e\u0301\u200b\u202e)", `\)(<<>>{nb}`, strings.Repeat("line\n", 300)} {
		f.Add(s)
	}
	d := desk(f)
	f.Fuzz(func(t *testing.T, s string) {
		x := decision(flegt.Rejected)
		x.Licence.Reason, x.Licence.Form.Number, x.Officer, x.Operator.Name, x.Authority.Name = s, s, s, s, s
		letter, err := d.Decision("en", x)
		if err != nil {
			t.Fatal(err)
		}
		good(t, letter)
		e := extract(1)
		e.Title, e.Status, e.Goods[0][1], e.Goods[0][6], e.Boxes[0].Lines = s, s, s, s, []string{s, s}
		sheet, err := d.Extract(e)
		if err != nil {
			t.Fatal(err)
		}
		good(t, sheet)
	})
}

func BenchmarkDecision(b *testing.B) {
	d, x := desk(b), decision(flegt.Rejected)
	for b.Loop() {
		if _, err := d.Decision("da", x); err != nil {
			b.Fatal(err)
		}
	}
}
