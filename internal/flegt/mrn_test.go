package flegt

import "testing"

func TestCheckMRN(t *testing.T) {
	for _, tc := range []struct{ in, want, key string }{
		{"26DK16RF3TDPZE7AR2", "26DK16RF3TDPZE7AR2", ""},
		{" 26dk 16rf 3tdp ze7a r2", "26DK16RF3TDPZE7AR2", ""},
		{"06DE586600006143E1", "06DE586600006143E1", ""},
		{"", "", "mrn.empty"},
		{"26DK16RF3TDPZE7AR", "", "mrn.length"},
		{"26DK16RF3TDPZE7AR22", "", "mrn.length"},
		{"2XDK16RF3TDPZE7AR2", "", "mrn.characters"},
		{"26D116RF3TDPZE7AR2", "", "mrn.characters"},
		{"26DK16RF3TDPZE7ARX", "", "mrn.characters"},
		{"26DK16RF3TDPZE7AÆ2", "", "mrn.characters"},
	} {
		got, err := CheckMRN(tc.in)
		if got != tc.want || keyOf(err) != tc.key {
			t.Errorf("%q: got %q, %v; want %q, %q", tc.in, got, err, tc.want, tc.key)
		}
	}
}

func TestMRNDigit(t *testing.T) {
	if !MRNDigitAgrees("06DE586600006143E1") { // a number published by a forwarder
		t.Error("a right check digit is not recognised")
	}
	for _, wrong := range []string{"06DE586600006143E2", "06DE586600006134E1", "60DE586600006143E1", "", "06DE"} {
		if MRNDigitAgrees(wrong) {
			t.Errorf("%q passes", wrong)
		}
	}
	for c, want := range map[byte]int{'0': 0, '9': 9, 'A': 10, 'B': 12, 'K': 21, 'L': 23, 'U': 32, 'V': 34, 'Z': 38} {
		if got := mrnValue(c); got != want {
			t.Errorf("%c is %d, want %d", c, got, want)
		}
	}
}

func TestCheckCustomsOffice(t *testing.T) {
	for _, tc := range []struct{ in, want, key string }{
		{"DK003103", "DK003103", ""},
		{"dk 003103", "DK003103", ""},
		{"DK00310A", "DK00310A", ""},
		{"", "", "customs_office.empty"},
		{"DK3103", "", "customs_office.length"},
		{"1K003103", "", "customs_office.characters"},
	} {
		got, err := CheckCustomsOffice(tc.in)
		if got != tc.want || keyOf(err) != tc.key {
			t.Errorf("%q: got %q, %v; want %q, %q", tc.in, got, err, tc.want, tc.key)
		}
	}
}

func TestCheckLicenceNumber(t *testing.T) {
	for _, tc := range []struct {
		country, in, destination string
		year                     int
		key                      string
	}{
		{"ID", "16.00123-00456.001-ID-DK", "DK", 2016, ""},
		{"ID", " 16.00123 – 00456.001-id-dk ", "DK", 2016, ""},
		{"ID", "18.00001-00002.003-ID-GB", "GB", 2018, ""},
		{"ID", "18.00001-00002.003-ID-EL", "GR", 2018, ""},
		{"ID", "18.00001-00002.003-ID-JP", "", 0, "licence_number.destination"},
		{"ID", "17-00133/00047", "", 0, "licence_number.indonesia"},
		{"ID", "16.00123-00456.001-GH-DK", "", 0, "licence_number.indonesia"},
		{"ID", "16.00123-00456.001-ID-D", "", 0, "licence_number.indonesia"},
		{"ID", "", "", 0, "licence_number.empty"},
		{"GH", "FC/TIDD/2025/0001", "", 0, ""},
		{"GH", "17-00133/00047", "", 0, ""},
		{"GH", "12", "", 0, "licence_number.form"},
		{"GH", "ABC", "", 0, "licence_number.form"},
		{"GH", "25<script>1", "", 0, "licence_number.form"},
		{"GH", "ÆØÅ1", "", 0, "licence_number.form"},
	} {
		destination, year, err := CheckLicenceNumber(tc.country, tc.in)
		if destination != tc.destination || year != tc.year || keyOf(err) != tc.key {
			t.Errorf("%s %q: got %q, %d, %v", tc.country, tc.in, destination, year, err)
		}
	}
}

func FuzzNumbers(f *testing.F) {
	f.Add("26DK16RF3TDPZE7AR2")
	f.Add("DK003103")
	f.Add("16.00123-00456.001-ID-DK")
	f.Add("\xffé\u00ad–")
	f.Fuzz(func(t *testing.T, s string) {
		if n, err := CheckMRN(s); err == nil {
			if again, err := CheckMRN(n); err != nil || again != n {
				t.Errorf("MRN %q is kept as %q, which is then %q, %v", s, n, again, err)
			}
			MRNDigitAgrees(n)
		}
		if n, err := CheckCustomsOffice(s); err == nil && len(n) != 8 {
			t.Errorf("office %q is kept as %q", s, n)
		}
		n := NormaliseLicenceNumber(s)
		if NormaliseLicenceNumber(n) != n {
			t.Errorf("licence number %q is kept as %q, which is then %q", s, n, NormaliseLicenceNumber(n))
		}
		for _, country := range []string{"ID", "GH"} {
			_, _, first := CheckLicenceNumber(country, s)
			_, _, second := CheckLicenceNumber(country, n)
			if keyOf(first) != keyOf(second) {
				t.Errorf("%s %q: %v, but %q: %v", country, s, first, n, second)
			}
		}
	})
}
