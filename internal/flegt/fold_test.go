package flegt

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

func TestFoldMakesWritingsOfOneNameEqual(t *testing.T) {
	same := [][]string{
		{"Sørensen", "Sorensen", "Soerensen", "SØRENSEN", "sørensen", "So\u0308rensen", "Sörensen", " Sørensen. "},
		{"Ågård", "Aagaard", "Agard", "A\u030aga\u030ard", "AAGAARD"},
		{"Træ", "Trae", "TRÆ", "Trä", "Tra"},
		{"Weiß", "Weiss", "WEISS", "Weis"},
		{"Müller", "Mueller", "Muller"},
		{"Anne-Marie", "Anne Marie", "anne  marie", "Anne\u2011Marie", "Anne\r\nMarie", "Anne\u00a0Marie"},
		{"O'Neill", "O’Neill", "o neill"},
		{"Łódź", "Lodz"}, {"Dvořák", "Dvorak"}, {"Şerban", "Șerban", "Serban"}, {"Gönül", "Gonul"},
		{"Nor\u00addisk", "Nordisk"}, {"Œuvre", "Oeuvre"}, {"Ελλάδα", "ελλαδα"}, {"Þór", "Thor"},
		{"", " ", "…", "\u200b"},
	}
	for _, group := range same {
		for _, name := range group {
			if Fold(name) != Fold(group[0]) {
				t.Errorf("Fold(%q) = %q, Fold(%q) = %q", name, Fold(name), group[0], Fold(group[0]))
			}
		}
	}
}

func TestFoldKeepsDifferentNamesApart(t *testing.T) {
	for _, pair := range [][2]string{
		{"Sørensen", "Sørens"}, {"Nordisk Træ", "Nordisktræ"}, {"Mette", "Mete"}, {"Dansk 1", "Dansk 2"}, {"Иван", "Ива"},
	} {
		if Fold(pair[0]) == Fold(pair[1]) {
			t.Errorf("%q and %q both fold to %q", pair[0], pair[1], Fold(pair[0]))
		}
	}
}

func TestStripLegalForm(t *testing.T) {
	for name, want := range map[string]string{
		"Nordisk Træ A/S":                     "nordisk tra",
		"Nordisk Træ AS":                      "nordisk tra",
		"Nordisk Træ ApS":                     "nordisk tra",
		"Nordisk Træ A.p.S.":                  "nordisk tra",
		"Skov P/S":                            "skov",
		"Skov I/S":                            "skov",
		"Skov K/S":                            "skov",
		"Skov IVS":                            "skov",
		"Holzhandel Weiß GmbH & Co. KG":       "holzhandel weis",
		"Holzhandel Weiß AG":                  "holzhandel weis",
		"Timber Ltd.":                         "timber",
		"Timber Co., Ltd":                     "timber",
		"Hout B.V.":                           "hout",
		"Hout NV":                             "hout",
		"Bois S.A.":                           "bois",
		"Bois SAS":                            "bois",
		"Bois S.à r.l.":                       "bois",
		"Bois SARL":                           "bois",
		"Legno S.r.l.":                        "legno",
		"Legno SpA":                           "legno",
		"Trä AB":                              "tra",
		"Puu Oy":                              "puu",
		"Puit OÜ":                             "puit",
		"OÜ Puit":                             "puit",
		"Drewno sp. z o.o.":                   "drewno",
		"Drewno Sp. z o.o. sp.k.":             "drewno",
		"Dřevo s.r.o.":                        "drevo",
		"Drvo d.o.o.":                         "drvo",
		"Fa Kft.":                             "fa",
		"Madeiras Lda":                        "madeiras",
		"Maderas S.L.":                        "maderas",
		"PT Rimba Jaya":                       "rimba jaya",
		"PT. Rimba Jaya Tbk":                  "rimba jaya",
		"CV Kayu Indah":                       "kayu indah",
		"UAB „Mediena“":                       "mediena",
		"A/S":                                 "a s",
		"GmbH":                                "gmbh",
		"Asprø Import":                        "aspro import",
		"Nordisk Asfalt":                      "nordisk asfalt",
		"Anpartsselskabet af 1. januar 2016":  "af 1 januar 2016",
		"Spółka z ograniczoną odpowiedzialn.": "spolka z ograniczona odpowiedzialn",
	} {
		if got := StripLegalForm(Fold(name)); got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestSameName(t *testing.T) {
	if !SameName("NORDISK TRAE A/S", "Nordisk Træ ApS") || SameName("", "") || SameName("Nordisk Træ", "Nordisk Træ Import") {
		t.Error("SameName")
	}
}

// TestFoldOfASCII: what is folded by a short way is folded as every other letter is.
func TestFoldOfASCII(t *testing.T) {
	for r := range rune(utf8.RuneSelf) {
		want := ""
		if !ignorable(r) && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			want = plainLetters(r)
		}
		if got := Fold(string(r)); got != want {
			t.Errorf("Fold(%q) = %q, not %q", r, got, want)
		}
	}
}

func BenchmarkFold(b *testing.B) {
	name := strings.Repeat("Lignum of the usual quality ", 18)[:500]
	for b.Loop() {
		Fold(name)
	}
}

func FuzzFold(f *testing.F) {
	for _, s := range []string{"Sørensen", "Aaaaeee", "ßẞ", "\xff\xfe", "İstanbul", "ǅ", "ﬁ", "a\u0301e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Fold(s)
		if !utf8.ValidString(got) || got != strings.TrimSpace(got) || strings.Contains(got, "  ") {
			t.Errorf("Fold(%q) = %q", s, got)
		}
		if again := Fold(got); again != got {
			t.Errorf("Fold(%q) = %q, folded again %q", s, got, again)
		}
		stripped := StripLegalForm(got)
		if (stripped == "") != (got == "") {
			t.Errorf("StripLegalForm(%q) = %q", got, stripped)
		}
	})
}

func TestLegalFormsAreWrittenFolded(t *testing.T) {
	for _, forms := range [][]string{legalForms, leadingForms} {
		for _, form := range forms {
			if Fold(form) != form {
				t.Errorf("%q folds to %q", form, Fold(form))
			}
		}
	}
}
