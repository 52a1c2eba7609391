package main

import (
	"bytes"
	"context"
	"hash/fnv"
	"image"
	"image/color"
	"image/png"
	"math"
	"strings"
	"time"

	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// demoSpecimens are made-up stamps and signatures of the bodies whose licences the
// demonstration has. One body changed its stamp.
var demoSpecimens = []flegt.Specimen{
	{Country: "ID", Body: "PT Mutuagung Lestari", Kind: flegt.SpecimenStamp, From: "2016-11-15", Until: "2022-12-31", Note: "Replaced by the stamp of 2023."},
	{Country: "ID", Body: "PT Mutuagung Lestari", Kind: flegt.SpecimenStamp, From: "2023-01-01", Note: "Blue ink, across the signature."},
	{Country: "ID", Body: "PT Mutuagung Lestari", Kind: flegt.SpecimenSignature, From: "2016-11-15"},
	{Country: "ID", Body: "PT Sucofindo (Persero)", Kind: flegt.SpecimenStamp, From: "2016-11-15"},
	{Country: "ID", Body: "PT Sucofindo (Persero)", Kind: flegt.SpecimenSignature, From: "2016-11-15"},
	{Country: "ID", Body: "PT SGS Indonesia", Kind: flegt.SpecimenStamp, From: "2016-11-15"},
	{Country: "GH", Body: "Forestry Commission of Ghana", Kind: flegt.SpecimenStamp, From: "2025-08-15"},
}

// planSpecimens lets the Support Team enter the specimens.
func (s *seeder) planSpecimens(begin time.Time) {
	for i, x := range demoSpecimens {
		s.at(begin.Add(time.Duration(i)*time.Minute), func(ctx context.Context) error {
			x.Source = "Drawn for the demonstration"
			picture := demoSignature(x.Body)
			if x.Kind == flegt.SpecimenStamp {
				picture = demoStamp(x.Body + " " + string(x.From)[:4])
			}
			var b bytes.Buffer
			if err := png.Encode(&b, picture); err != nil {
				return err
			}
			_, err := s.office.AddSpecimen(ctx, s.people["sofia"], x, string(x.Kind)+".png", &b)
			return err
		})
	}
}

// setDesk sets a target and a fee at the Danish authority.
func (s *seeder) setDesk(ctx context.Context) error {
	officer := s.officer(flegt.RoleAuthority, "DK")
	desk, err := s.office.AuthorityDesk(ctx, officer)
	if err != nil {
		return err
	}
	return s.office.EditDesk(ctx, officer, desk.Authority.Version, registry.DeskEdit{TargetDays: 5,
		Fee: &flegt.Fee{From: flegt.DateOf(s.now), Cents: 250_00, Currency: "DKK", Source: "made up for the demonstration"}})
}

// issuingAddresses enters made-up addresses of the licensing authorities, so that they can be
// asked about a licence.
func (s *seeder) issuingAddresses(ctx context.Context) error {
	for _, country := range []string{"ID", "GH"} {
		a, err := s.office.Authority(ctx, flegt.LicensingID(country))
		if err != nil {
			return err
		}
		err = s.office.EditAuthority(ctx, s.people["sofia"], a.ID, 0, registry.AuthorityEdit{Name: a.Name, Address: flegt.OfficialAddress{
			Email: "liu@licensing-" + strings.ToLower(country) + ".example", From: "2016-12-01", Source: "made up for the demonstration"}})
		if err != nil {
			return err
		}
	}
	return nil
}

// Colours of the made-up ink, on white.
var demoInks = color.Palette{color.White, color.RGBA{0x1f, 0x3a, 0x93, 0xff}}

// demoStamp draws a round stamp: some words around a ring, and across it that it is made up.
func demoStamp(words string) image.Image {
	const size, middle = 300, 150.0
	words = " * " + strings.ToUpper(words)
	out := image.NewPaletted(image.Rect(0, 0, size, size), demoInks)
	for y := range size {
		for x := range size {
			dx, dy := float64(x)-middle, float64(y)-middle
			from := math.Hypot(dx, dy)
			ring := from > 138 && from < 144 || from > 96 && from < 99
			if from > 104 && from < 132 { // the words, upright as seen from the middle
				turn := math.Mod(math.Atan2(dx, -dy)/(2*math.Pi)+1, 1) * float64(len(words))
				ring = inked(words, int(turn), turn-math.Floor(turn), (132-from)/28)
			}
			if math.Abs(dy) < 16 && math.Abs(dx) < 84 {
				across := (dx + 84) / 24
				ring = inked("MADE UP", int(across), across-math.Floor(across), (dy+16)/32)
			}
			if ring {
				out.SetColorIndex(x, y, 1)
			}
		}
	}
	return out
}

// inked says whether a letter of the words has ink at a place in its own square, both from 0
// to 1.
func inked(words string, letter int, across, down float64) bool {
	face := basicfont.Face7x13
	if letter < 0 || letter >= len(words) {
		return false
	}
	box, mask, at, _, ok := face.Glyph(fixed.P(0, face.Ascent), rune(words[letter]))
	if !ok {
		return false
	}
	x, y := int(across*float64(face.Advance)), int(down*float64(face.Height))
	if !(image.Point{x, y}).In(box) {
		return false
	}
	_, _, _, a := mask.At(at.X+x-box.Min.X, at.Y+y-box.Min.Y).RGBA()
	return a > 0
}

// demoSignature draws a line as of a pen, another one for every name.
func demoSignature(name string) image.Image {
	const width, height = 360, 140
	h := fnv.New32a()
	h.Write([]byte(name)) // never fails
	seed := float64(h.Sum32()%1000) / 1000
	out := image.NewPaletted(image.Rect(0, 0, width, height), demoInks)
	const steps = 6000
	for i := range steps {
		t := float64(i) / steps
		swing := 2 * math.Pi * t
		x := 40 + 270*t + 22*math.Sin(swing*(7+3*seed))
		y := 75 + 38*(1-t)*math.Sin(swing*(5+4*seed)) + 14*math.Cos(swing*(11+2*seed))
		for px := -1; px <= 1; px++ {
			for py := -1; py <= 1; py++ {
				out.SetColorIndex(int(x)+px, int(y)+py, 1)
			}
		}
	}
	return out
}
