package reference

import (
	"strings"
	"testing"
	"testing/fstest"

	"github.com/openflegt/openflegt/internal/flegt"
)

func builtIn(t *testing.T) *Data {
	t.Helper()
	d, err := BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestLoadOverlay(t *testing.T) {
	d, err := Load(fstest.MapFS{
		"licensing.csv": {Data: []byte("country,since,until,scheme,validity_months,extension_months,measure,status,source\n" +
			"ID,2016-11-15,,SVLK,4,2,747,sourced,x\nGH,2025-08-15,,,,,770,sourced,x\nVN,2030-01-01,,VNTLAS,,,774,sourced,OJ\n")},
		"README": {Data: []byte("not a table")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if !d.Licenses("VN", "2030-01-01") || d.Licenses("VN", "2029-12-31") {
		t.Error("the newer file does not count")
	}
	if _, ok := d.Country("DK"); !ok {
		t.Error("the files that were not given are missing")
	}
}

func TestLoadSaysWhere(t *testing.T) {
	head := func(file string) string {
		for _, tb := range tables() {
			if tb.file == file {
				return strings.Join(tb.columns, ",") + "\n"
			}
		}
		t.Fatal(file)
		return ""
	}
	for _, tc := range []struct{ file, content, want string }{
		{"addresses.csv", head("addresses.csv") + "DK,a@b.dk,,,official,,x\nDK,nobody,,,official,,x\n", "addresses.csv:3: \"nobody\" is not an e-mail address"},
		{"addresses.csv", head("addresses.csv") + "DK,a@b.dk,2017-01-01,2016-01-01,official,,x\n", "addresses.csv:2: until lies before from"},
		{"addresses.csv", head("addresses.csv") + "DK,a@b.dk,yesterday,,official,,x\n", "addresses.csv:2: from: \"yesterday\" is not a day"},
		{"addresses.csv", head("addresses.csv") + "DK,a@b.dk,,,perhaps,,x\n", "addresses.csv:2: status"},
		{"addresses.csv", head("addresses.csv") + "DK,a@b.dk,,,official,,\n", "addresses.csv:2: source is empty"},
		{"addresses.csv", head("addresses.csv") + "XX,a@b.dk,,,official,,x\n", "addresses.csv:2: country: \"XX\" is not in countries.csv"},
		{"addresses.csv", head("addresses.csv") + "US,a@b.dk,,,official,,x\n", "addresses.csv:2: US has no row in authorities.csv"},
		{"addresses.csv", head("addresses.csv") + "DK,a@b.dk\n", "addresses.csv: record on line 2"},
		{"addresses.csv", "country\n", "addresses.csv:1: the columns must be"},
		{"customs.csv", head("customs.csv") + "DK,M,,sourced,x\n", "customs.csv: no row for SE"},
		{"authorities.csv", head("authorities.csv") + "DK,M,,sourced,x\nDK,M,,sourced,x\n", "authorities.csv:3: DK stands here twice"},
		{"authorities.csv", head("authorities.csv") + "AT,Bundesamt,,hint,x\n", "authorities.csv:2: a name whose status is hint"},
		{"countries.csv", head("countries.csv") + "DK,Denmark,Danmark\nDK,Denmark,Danmark\n", "countries.csv:3: DK stands here twice"},
		{"scope.csv", head("scope.csv") + "*,44.03,,,under,,scope.annex_ii,x,x\n", "scope.csv:2: code"},
		{"scope.csv", head("scope.csv") + "*,4403,,,perhaps,,scope.annex_ii,x,x\n", "scope.csv:2: verdict"},
		{"units.csv", head("units.csv") + "KGM,mass,ten,x\n", "units.csv:2: millionths_of_base: \"ten\" is not a whole number"},
		{"sections.csv", head("sections.csv") + "plants,no\n", "0 chapters lead to a FLEGT role"},
		{"legal_grounds.csv", head("legal_grounds.csv") + "2013-03-03,,A,3,legal_ground.eutr,x,,x\n2026-01-01,,B,10,legal_ground.eudr,x,,x\n", "B begins before A ends"},
		{"species.csv", head("species.csv") + "Tectona grandis,,,,,x\ntectona grandis,,,,,x\n", "species.csv:3: tectona grandis stands here twice"},
		{"specis.csv", "x\n", "specis.csv: no table of this name is read"},
	} {
		_, err := Load(fstest.MapFS{tc.file: {Data: []byte(tc.content)}})
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %q", tc.file, err, tc.want)
		}
	}
}

func TestEveryMemberHasItsBodies(t *testing.T) {
	d := builtIn(t)
	members := d.Members("2026-11-24")
	if len(members) != 27 {
		t.Errorf("%d members, want 27", len(members))
	}
	for _, c := range members {
		a, ok := d.AuthorityOf(c.Code)
		if !ok || a.ID != "CA-"+c.Code || a.Role != flegt.RoleAuthority || a.Country != c.Code {
			t.Errorf("%s: authority %+v", c.Code, a)
		}
		k, ok := d.CustomsOf(c.Code)
		if !ok || k.ID != "CUSTOMS-"+c.Code || k.Role != flegt.RoleCustoms {
			t.Errorf("%s: customs %+v", c.Code, k)
		}
		if a.Status != "sourced" && len(a.Addresses) > 0 {
			t.Errorf("%s: an address counts although the body is only a %s", c.Code, a.Status)
		}
		for _, o := range append(a.Addresses, a.Unconfirmed...) {
			if o.Source == "" || o.Email != strings.ToLower(o.Email) {
				t.Errorf("%s: %+v", c.Code, o)
			}
		}
	}
}

func TestCountries(t *testing.T) {
	d := builtIn(t)
	if n := len(d.Countries("en")); n != 249 {
		t.Errorf("%d countries, ISO 3166-1 has 249", n)
	}
	for _, tc := range []struct {
		code string
		on   flegt.Date
		want bool
	}{
		{"DK", "2016-12-05", true}, {"HR", "2013-06-30", false}, {"HR", "2013-07-01", true},
		{"GB", "2016-12-05", true}, {"GB", "2020-12-31", true}, {"GB", "2021-01-01", false},
		{"uk", "2016-12-05", true}, {"EL", "2016-12-05", true}, {"GR", "2016-12-05", true},
		{"ID", "2016-12-05", false}, {"", "2016-12-05", false}, {"NO", "2016-12-05", false},
	} {
		if got := d.EUMember(tc.code, tc.on); got != tc.want {
			t.Errorf("EUMember(%s, %s) = %v", tc.code, tc.on, got)
		}
	}
	if got := d.CountryName("EL", "da"); got != "Grækenland" {
		t.Errorf("EL is %s", got)
	}
	danish := d.Countries("da")
	if last := danish[len(danish)-1]; last.Code != "AX" {
		t.Errorf("in Danish %s stands last, want Ålandsøerne", last.Danish)
	}
	if got := d.CountriesNamed("tyskl", "en"); len(got) != 1 || got[0].Code != "DE" {
		t.Errorf("tyskl finds %v", got)
	}
	if got := d.CountriesNamed("cote d'ivoire", "en"); len(got) != 1 || got[0].Code != "CI" {
		t.Errorf("cote d'ivoire finds %v", got)
	}
}

func TestOfficialAddresses(t *testing.T) {
	d := builtIn(t)
	dk, _ := d.AuthorityOf("DK")
	for _, tc := range []struct {
		day  flegt.Date
		want string
	}{
		{"2016-01-01", "svana@svana.dk"}, {"2016-12-05", "svana@svana.dk"}, {"2016-12-31", "svana@svana.dk"},
		{"2017-06-01", "eutr@mst.dk svana@svana.dk"}, {"2020-07-01", "eutr@mst.dk"}, {"2026-11-24", "eutr@mst.dk"},
	} {
		if got := strings.Join(dk.AddressesOn(tc.day), " "); got != tc.want {
			t.Errorf("%s: %s, want %s", tc.day, got, tc.want)
		}
	}
	cz, _ := d.AuthorityOf("CZ")
	if got := cz.AddressesOn("2026-11-24"); len(got) != 1 || got[0] != "flegt@uhul.cz" {
		t.Errorf("CZ: %v", got)
	}
	at, _ := d.AuthorityOf("AT")
	if len(at.AddressesOn("2026-11-24")) != 0 || len(at.Unconfirmed) != 1 || at.Name != "" {
		t.Errorf("AT's hint counts as official: %+v", at)
	}
	dk.Addresses[0].Email = "changed"
	if again, _ := d.AuthorityOf("DK"); again.Addresses[0].Email == "changed" {
		t.Error("a caller changed our data")
	}
}

func TestLicensing(t *testing.T) {
	d := builtIn(t)
	for _, tc := range []struct {
		code string
		on   flegt.Date
		want bool
	}{
		{"ID", "2016-11-14", false}, {"ID", "2016-11-15", true}, {"id", "2026-11-24", true},
		{"GH", "2025-08-14", false}, {"GH", "2025-08-15", true}, {"VN", "2026-11-24", false}, {"", "2026-11-24", false},
	} {
		if got := d.Licenses(tc.code, tc.on); got != tc.want {
			t.Errorf("Licenses(%s, %s) = %v", tc.code, tc.on, got)
		}
	}
	if since, ok := d.LicensingSince("GH"); !ok || since != "2025-08-15" {
		t.Errorf("Ghana since %s, %v", since, ok)
	}
	if got := d.LicensingCountries("2026-11-24"); len(got) != 2 || got[0].Code != "GH" {
		t.Errorf("licensing: %v", got)
	}
	for name, want := range map[string]bool{
		"PT Mutuagung Lestari": true, "Mutuagung Lestari": true, "PT. MUTUAGUNG LESTARI": true,
		"PT Sucofindo (Persero)": true, "Sucofindo": true, "PT TUV Indonesia": false, "PT Nobody": false, "": false,
	} {
		if got := d.IssuingKnown("ID", name, "2016-12-05"); got != want {
			t.Errorf("IssuingKnown(%q) = %v", name, got)
		}
	}
	if d.IssuingKnown("GH", "Forestry Commission of Ghana", "2025-08-14") || !d.IssuingKnown("GH", "Forestry Commission of Ghana", "2025-08-15") {
		t.Error("Ghana's body is known from its first day on, and not before")
	}
	if d.IssuingKnown("GH", "PT Mutuagung Lestari", "2025-09-01") {
		t.Error("an Indonesian body issues for Ghana")
	}
}

func TestLegalGround(t *testing.T) {
	d := builtIn(t)
	for _, tc := range []struct {
		on       flegt.Date
		regulat  string
		articles string
	}{
		{"2013-03-02", "", ""},
		{"2016-12-05", "Regulation (EU) No 995/2010", "3"},
		{"2026-12-29", "Regulation (EU) No 995/2010", "3"},
		{"2026-12-30", "Regulation (EU) 2023/1115", "10(3)"},
		{"2030-01-01", "Regulation (EU) 2023/1115", "10(3)"},
	} {
		g, ok := d.LegalGround(tc.on)
		if ok != (tc.regulat != "") || g.Regulation != tc.regulat || g.Article != tc.articles {
			t.Errorf("%s: %+v", tc.on, g)
		}
	}
}

func TestSectionsAndTaric(t *testing.T) {
	d := builtIn(t)
	s, ok := d.Section(flegt.SectionTimber)
	if !ok || !s.FLEGT {
		t.Errorf("%s: %+v", flegt.SectionTimber, s)
	}
	if len(d.Sections()) != 8 {
		t.Errorf("%d sections", len(d.Sections()))
	}
	for _, code := range []string{DocumentLicence, DocumentNotFLEGT, DocumentCITES, "747", "770"} {
		if c, ok := d.TaricCode(code); !ok || c.Meaning == "" {
			t.Errorf("%s is missing", code)
		}
	}
	if _, ok := d.TaricCode("Y058"); ok {
		t.Error("Y058 is not confirmed and must not be offered")
	}
	for _, l := range []string{"ID", "GH"} {
		c, _ := d.LicensingOf(l)
		if m, ok := d.TaricCode(c.Measure); !ok || m.Country != l {
			t.Errorf("%s: measure %s is %+v", l, c.Measure, m)
		}
	}
}

// TestOneBodyHasOneName: all names of a body on the list compare alike, and nothing else does.
func TestOneBodyHasOneName(t *testing.T) {
	d := builtIn(t)
	for _, same := range [][]string{
		{"PT Sucofindo (Persero)", "Sucofindo", "PT. SUCOFINDO", "sucofindo, PT", "PT Sucofindo"},
		{"PT BRIK", "BRIK Quality Services", "brik"},
		{"PT Mutu Hijau Indonesia", "MHI", "Mutu Hijau Indonesia PT"},
		{"PT Of No List", "of no list"},
	} {
		for _, name := range same {
			if a, b := d.IssuingBody("ID", same[0]), d.IssuingBody("ID", name); a != b || a == "" {
				t.Errorf("%q is %q, %q is %q", same[0], a, name, b)
			}
		}
	}
	if d.IssuingBody("GH", "TIDD") != d.IssuingBody("GH", "Forestry Commission") || d.IssuingBody("ID", "TIDD") == d.IssuingBody("GH", "TIDD") {
		t.Error("an alias counts in its own country")
	}
	seen := map[string]string{}
	for _, country := range []string{"ID", "GH"} {
		for _, b := range d.LicensingBodies(country) {
			key := country + d.IssuingBody(country, b.Name)
			if other := seen[key]; other != "" {
				t.Errorf("%s and %s are one", b.Name, other)
			}
			seen[key] = b.Name
		}
	}
	if d.IssuingBody("ID", " PT ") != "" {
		t.Error("a name of nothing but PT")
	}
}
