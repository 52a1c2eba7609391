package e2e

import (
	"bytes"
	"cmp"
	"context"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// screenshots is where pictures of pages go; none are taken when it is not set.
const screenshots = "OPENFLEGT_SCREENSHOTS"

// pictures is set by "make pictures": then the pictures of the user guide and of the
// README are taken anew.
const pictures = "OPENFLEGT_PICTURES"

// pictureDay is the day on which the demonstration begins for the pictures, so that they
// show the same dates each time.
const pictureDay = "2026-09-16"

// guidePictures are the pictures of the user guide: its name, who sees the page, and how
// to come to it.
var guidePictures = []struct {
	name, role, country string
	open                func(v *visitor)
}{
	{"account", "", "", func(v *visitor) { v.open("/sign-up") }},
	{"company", "none", "", func(v *visitor) { v.open("/roles/request?role=operator&q=trae") }},
	{"mail", "none", "", func(v *visitor) {
		v.open("/roles/request?role=operator&q=fyns")
		v.press(v.T("request.for", "Operator", "Fyns Trælast A/S"))
		v.tick(v.T("authorisation.capacity.importer"))
		v.press(v.T("request.send"))
		v.open(strings.SplitN(v.path(), "?", 2)[0])
		ask[bool](v, `() => { document.querySelector(".of-letter").scrollIntoView(); return true }`)
	}},
	{"licence", "operator", "DK", func(v *visitor) { v.open("/licences/new") }},
	{"checks", "operator", "DK", func(v *visitor) {
		v.open("/licences/new")
		v.fill(v.T("licence.form.export"), "ID")
		v.fill(v.T("licence.form.number"), "26.00201-00733-ID-DK")
		v.fill(v.T("licence.form.issuing_body"), "PT Mutuagung Lestari")
		v.fill(v.T("licence.form.importer"), "Fyns Trælast A/S")
		v.becomes("checked", `() => document.getElementById("f-number-note") !== null`)
		v.saved()
	}},
	{"bulk", "operator", "DK", func(v *visitor) {
		file := filepath.Join(v.t.TempDir(), "licences.csv")
		write(v.t, file, []byte(pictureTable))
		v.open("/licences/import")
		v.fill(v.T("bulk.file"), file)
		v.press(v.T("bulk.check"))
		v.seesSoon(v.T("bulk.stage.checked"))
	}},
	{"claim", "operator", "DK", func(v *visitor) {
		v.open("/licences/claim")
		v.fill(v.T("licence.form.number"), "26.00201-00710.001-ID-DK")
		v.fill(v.T("licence.verification"), "KAYU 7100 01")
	}},
	{"desk", "competent_authority", "DK", func(v *visitor) { v.open("/desk") }},
	{"case", "competent_authority", "DK", func(v *visitor) {
		v.open("/desk/next")
		v.drawn("1/0/100")
	}},
	{"expected", "customs", "DK", func(v *visitor) { v.open("/customs/expected") }},
	{"customs", "customs", "DK", func(v *visitor) {
		v.open("/licences?state=accepted")
		v.open(ask[string](v, `() => document.querySelector("main table a").getAttribute("href").replace("/licences/", "/customs/")`))
	}},
	{"issue", "licensing_authority", "ID", func(v *visitor) { v.open("/licences/issue") }},
	{"support", "support", "", func(v *visitor) { v.open("/support/requests?status=requested") }},
}

// pictureTable is a table of licences, of which one has a mistake in its HS code.
const pictureTable = "number;invoice;issued;expires;export;issuing_body.name;importer.name;licensee.name;transport;issue_place;description;hs;common;scientific;harvest;volume;weight;units\r\n" +
	"26.00201-00801.001-ID-DK;JGL-801;2026-09-04;2026-12-31;Indonesia;PT Mutuagung Lestari;Fyns Trælast A/S;CV Jepara Garden Living;By sea;Depok;Teak garden chair;9401.69;Jati;Tectona grandis;ID;8,412;5120;480\r\n" +
	"26.00201-00802.001-ID-DK;JGL-802;2026-09-04;2026-12-31;Indonesia;PT Mutuagung Lestari;Fyns Trælast A/S;CV Jepara Garden Living;By sea;Depok;Solid flooring, teak;44;Jati;Tectona grandis;ID;12,5;8300;\r\n"

// TestThePictures comes to every page that the guide shows, and takes the pictures anew
// when it is told to.
func TestThePictures(t *testing.T) {
	for _, lang := range languages {
		t.Run(lang, func(t *testing.T) {
			p := startProgram(t, "demo", "--day", pictureDay)
			d := p.demo()
			for _, picture := range guidePictures {
				v := newVisitor(t, p.Base, lang)
				switch picture.role {
				case "": // everybody sees it
				case "none":
					v.open(d.person(t, "", "").SignInURL)
				default:
					v.open(d.person(t, picture.role, picture.country).SignInURL)
				}
				v.open("/?lang=" + lang)
				picture.open(v)
				v.answered(200)
				guide := filepath.Join("..", "internal", "web", "static", "guide", picture.name+"."+lang+".png")
				if os.Getenv(pictures) != "" {
					v.paint(guide, 1280, 900)
					if picture.name == "support" && lang == "en" {
						v.paint(filepath.Join("..", "docs", "pictures", "desk.png"), 1280, 900)
					}
				}
				if _, err := os.Stat(guide); err != nil {
					t.Error("make pictures was not run:", err)
				}
			}
		})
	}
}

// paint keeps a picture of what the window shows, so many pixels wide and high, in as few
// colours as a page of text needs.
func (v *visitor) paint(path string, width, height int64) {
	v.t.Helper()
	v.do(chromedp.EmulateViewport(width, height))
	raw := v.shoot(chromedp.CaptureScreenshot())
	v.wide(1280)
	full, err := png.Decode(bytes.NewReader(raw))
	if err != nil {
		v.t.Fatal(err)
	}
	var out bytes.Buffer
	small := image.NewPaletted(full.Bounds(), colours(full, 256))
	draw.Draw(small, small.Bounds(), full, full.Bounds().Min, draw.Src)
	if err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&out, small); err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
		v.t.Fatal(err)
	}
}

// colours gives the commonest colours of a picture, each a step away from the others.
func colours(picture image.Image, most int) color.Palette {
	count := map[color.RGBA]int{}
	for y := picture.Bounds().Min.Y; y < picture.Bounds().Max.Y; y++ {
		for x := picture.Bounds().Min.X; x < picture.Bounds().Max.X; x++ {
			r, g, b, _ := picture.At(x, y).RGBA()
			count[color.RGBA{uint8(r>>8) &^ 7, uint8(g>>8) &^ 7, uint8(b>>8) &^ 7, 255}]++
		}
	}
	common := slices.SortedFunc(maps.Keys(count), func(a, b color.RGBA) int {
		return cmp.Or(count[b]-count[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B))
	})
	var palette color.Palette
	for _, c := range common[:min(most, len(common))] {
		palette = append(palette, color.RGBA{c.R | c.R>>5, c.G | c.G>>5, c.B | c.B>>5, 255})
	}
	return palette
}

// shoot takes a picture.
func (v *visitor) shoot(take chromedp.Action[[]byte]) []byte {
	v.t.Helper()
	var picture []byte
	v.call(func(ctx context.Context) (err error) {
		picture, err = chromedp.Run(ctx, take)
		return err
	})
	return picture
}

// photograph keeps a picture of the whole page, when it is wanted.
func (v *visitor) photograph(name string) {
	v.t.Helper()
	dir := os.Getenv(screenshots)
	if dir == "" {
		return
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		v.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, name+".png"), v.shoot(chromedp.FullScreenshot(100)), 0o644); err != nil {
		v.t.Fatal(err)
	}
}
