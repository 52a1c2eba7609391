package flegt

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

// Numbers that their holders or tax authorities have made public.
func validVAT() []string {
	return []string{
		"ATU13585627", "BE0403019261", "BE0428759497", "BG175074752", "CY10259033P",
		"CZ25123891", "CZ7103192745", "CZ640903926", "DE136695976", "DK13585628",
		"DK37606030", "EE100931558", "EE100594102", "EL094259216", "ESB58378431",
		"ESB64717838", "ES54362315K", "ESX5253868R", "ESM1234567L", "FI20774740",
		"FR40303265045", "FR23334175221", "FRK7399859412", "FR4Z123456782",
		"GB980780684", "HR33392005961", "HU12892312", "IE6433435F", "IE6433435OA",
		"IE8D79739I", "IT00743110157", "LT119511515", "LT100001919017", "LU15027442",
		"LV40003521600", "LV16117519997", "LV32867300679", "MT11679112",
		"NL004495445B01", "NL002455799B11", "PL8567346215", "PT501964843",
		"RO18547290", "SE123456789701", "SI50223054", "SK2022749619", "XI980780684",
	}
}

func TestValidVAT(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range validVAT() {
		country := canonicalCountry(v[:2])
		c := InspectIdentifier(Identifier{Kind: IdentifierVAT, Country: country, Value: v}, country)
		if !c.OK {
			t.Errorf("%s: %v", v, c.Problem)
			continue
		}
		if want := []string{CheckedCountry, CheckedForm, CheckedDigit}; !slices.Equal(c.Checked, want) {
			t.Errorf("%s: checked %v, want %v", v, c.Checked, want)
		}
		seen[v[:2]] = true
		checkNoNeighbourPasses(t, v, country)
	}
	for prefix := range vatRules {
		if !seen[prefix] {
			t.Errorf("%s: no valid number is tested", prefix)
		}
	}
}

// checkNoNeighbourPasses changes the last digit: a check digit that lets most
// neighbours through checks nothing.
func checkNoNeighbourPasses(t *testing.T, v, country string) {
	t.Helper()
	at := strings.LastIndexAny(v, "0123456789")
	if v[:2] == "NL" || v[:2] == "SE" { // the last digits only count the firm's parts
		at -= 3
	}
	passed := 0
	for d := byte('0'); d <= '9'; d++ {
		n := v[:at] + string(d) + v[at+1:]
		if n != v && CheckIdentifier(Identifier{Kind: IdentifierVAT, Country: country, Value: n}, country) == nil {
			passed++
		}
	}
	if passed > 3 {
		t.Errorf("%s: %d of 9 wrong last digits pass", v, passed)
	}
}

func TestCheckIdentifier(t *testing.T) {
	for _, tc := range []struct {
		name          string
		kind          IdentifierKind
		country, home string
		value, key    string
		kept          string
	}{
		{"danish EORI", IdentifierEORI, "", "DK", "DK37606030", "", "DK37606030"},
		{"danish EORI as people type it", IdentifierEORI, "DK", "DK", " dk 37 60.60-30", "", "DK37606030"},
		{"danish EORI, CVR check", IdentifierEORI, "", "DK", "DK37606031", "identifier.check_digit", ""},
		{"danish EORI, too short", IdentifierEORI, "", "DK", "DK3760603", "identifier.length", ""},
		{"danish EORI, letters", IdentifierEORI, "", "DK", "DK3760603O", "identifier.characters", ""},
		{"german EORI of a danish firm", IdentifierEORI, "", "DK", "DE1234567", "identifier.country", ""},
		{"german EORI, said to be german, of a danish firm", IdentifierEORI, "DE", "DK", "DE1234567", "identifier.country", ""},
		{"german EORI", IdentifierEORI, "", "DE", "DE1234567", "", "DE1234567"},
		{"greek EORI", IdentifierEORI, "", "GR", "GR094259216", "", "GR094259216"},
		{"a swiss firm holds a german EORI", IdentifierEORI, "DE", "CH", "DE1234567", "", "DE1234567"},
		{"british firm, northern irish EORI", IdentifierEORI, "", "GB", "XI123456789000", "", "XI123456789000"},
		{"EORI without letters", IdentifierEORI, "", "DK", "37606030", "identifier.characters", ""},
		{"EORI too long", IdentifierEORI, "", "DE", "DE1234567890123456", "identifier.length", ""},
		{"EORI of 17", IdentifierEORI, "", "DE", "DE123456789012345", "", "DE123456789012345"},
		{"EORI with a strange letter", IdentifierEORI, "", "DE", "DE12ß", "identifier.characters", ""},
		{"VAT without prefix", IdentifierVAT, "", "DK", "13 58 56 28", "", "DK13585628"},
		{"VAT of another country", IdentifierVAT, "", "DK", "DE136695976", "identifier.country", ""},
		{"VAT in another country", IdentifierVAT, "DE", "DK", "DE136695976", "", "DE136695976"},
		{"greek VAT written GR", IdentifierVAT, "", "GR", "GR094259216", "", "EL094259216"},
		{"greek VAT, country EL", IdentifierVAT, "EL", "EL", "094259216", "", "EL094259216"},
		{"old belgian VAT", IdentifierVAT, "", "BE", "BE 403.019.261", "", "BE0403019261"},
		{"french VAT without prefix", IdentifierVAT, "", "FR", "K7399859412", "", "FRK7399859412"},
		{"dutch VAT short", IdentifierVAT, "", "NL", "NL004495445", "identifier.length", ""},
		{"dutch VAT without B", IdentifierVAT, "", "NL", "NL004495445001", "identifier.characters", ""},
		{"polish VAT digit", IdentifierVAT, "", "PL", "PL8567346216", "identifier.check_digit", ""},
		{"swiss VAT: form alone", IdentifierVAT, "", "CH", "CHE-107.787.577", "", "CHE107787577"},
		{"CVR", IdentifierNational, "", "DK", "37 60 60 30", "", "37606030"},
		{"CVR with its name", IdentifierNational, "", "DK", "CVR 37606030", "", "37606030"},
		{"CVR digit", IdentifierNational, "", "DK", "37606033", "identifier.check_digit", ""},
		{"CVR starting with 0", IdentifierNational, "", "DK", "00000000", "identifier.check_digit", ""},
		{"german register", IdentifierNational, "", "DE", "HRB 12345 B", "", "HRB12345B"},
		{"no digit at all", IdentifierNational, "", "DE", "none", "identifier.length", ""},
		{"bad character", IdentifierNational, "", "DE", "12<34", "identifier.characters", ""},
		{"empty", IdentifierEORI, "", "DK", " - ", "identifier.empty", ""},
		{"unknown kind", "PASSPORT", "", "DK", "123", "identifier.kind", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			id := Identifier{Kind: tc.kind, Country: tc.country, Value: tc.value}
			err := CheckIdentifier(id, tc.home)
			if key := keyOf(err); key != tc.key {
				t.Fatalf("got %q (%v), want %q", key, err, tc.key)
			}
			if got := InspectIdentifier(id, tc.home); err == nil && got.Value != tc.kept {
				t.Errorf("kept as %q, want %q", got.Value, tc.kept)
			}
		})
	}
}

func keyOf(err error) string {
	var e *Error
	if errors.As(err, &e) {
		return e.Key
	}
	return ""
}

func FuzzIdentifier(f *testing.F) {
	for _, v := range validVAT() {
		f.Add("VAT", v[:2], v, "DK")
		f.Add("EORI", "", v, v[:2])
		f.Add("NATIONAL", v[:2], v[2:], "")
	}
	f.Add("VAT", "IE", "IE9+99999A", "IE")
	f.Add("VAT", "", "\xff\x00é", "é")
	f.Fuzz(func(t *testing.T, kind, country, value, home string) {
		id := Identifier{Kind: IdentifierKind(kind), Country: country, Value: value}
		c := InspectIdentifier(id, home)
		if c.OK != (c.Problem == nil) || c.OK && len(c.Checked) == 0 {
			t.Fatalf("%+v: %+v", id, c)
		}
		if !c.OK {
			return
		}
		id.Value = c.Value
		if again := InspectIdentifier(id, home); !again.OK || again.Value != c.Value {
			t.Fatalf("%q is kept as %q, which is then %+v", value, c.Value, again)
		}
	})
}
