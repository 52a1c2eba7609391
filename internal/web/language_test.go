package web_test

import (
	"fmt"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/webtest"
	"github.com/openflegt/openflegt/internal/wording"
)

// sentences finds the text of a line of a locale file.
var sentences = regexp.MustCompile(`(= |, other = )"`)

// inSwedish is our own catalog with a third language in it, which needs no more than a file:
// the English sentences, each with a mark in front, and Swedish figures and months.
func inSwedish(t *testing.T) *wording.Catalog {
	t.Helper()
	files := fstest.MapFS{}
	for _, lang := range []string{"en", "da"} {
		text, err := os.ReadFile("../wording/locale/" + lang + ".toml")
		if err != nil {
			t.Fatal(err)
		}
		files[lang+".toml"] = &fstest.MapFile{Data: text}
	}
	var lines []string
	for _, line := range strings.Split(string(files["en.toml"].Data), "\n") {
		switch key, _, _ := strings.Cut(line, " = "); {
		case key == `"lang.name"`:
			line = `"lang.name" = "Svenska"`
		case key == `"format.decimal"`:
			line = `"format.decimal" = ","`
		case key == `"format.group"`:
			line = "\"format.group\" = \"\u00a0\""
		case key == `"format.month.12"`:
			line = `"format.month.12" = "december"`
		case !strings.HasPrefix(key, `"format.`):
			line = sentences.ReplaceAllString(line, `${1}"¤`)
		}
		lines = append(lines, line)
	}
	files["sv.toml"] = &fstest.MapFile{Data: []byte(strings.Join(lines, "\n"))}
	c, err := wording.New(wording.Options{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// TestAThirdLanguageNeedsOnlyAFile shows a licence in a language that the program was not
// made for: sentences, figures, dates, countries and units are all in it.
func TestAThirdLanguageNeedsOnlyAFile(t *testing.T) {
	w := webtest.NewTown(t)
	w.Server.Catalog = inSwedish(t)
	importer := w.Importer("importer")
	id := w.Lodged(importer, "16.00001-00001.001-ID-DK")
	for _, who := range []struct {
		a    flegt.Actor
		path string
	}{{importer, "/licences/" + id}, {w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK"), "/desk/" + id}} {
		answer, body := w.Get(who.a, who.path+"?lang=sv")
		webtest.Wants(t, answer, body, 200, `lang="sv"`, "Svenska", "Indonesien (ID)", "8,412", "5\u00a0120", "december 2016", "¤")
		for _, english := range []string{"Indonesia (ID)", "8.412", "5,120", "December 2016"} {
			if strings.Contains(body, english) {
				t.Errorf("%s says %q", who.path, english)
			}
		}
		webtest.CheckHTML(t, body)
	}
	answer, _ := w.Post(importer, "/licences/new", url.Values{"goods.0.description": {"Teak"}, "goods.0.harvest": {"Tyskland, Indonesien, FI"}, "do": {"save"}}.Encode())
	made, _ := strings.CutSuffix(strings.TrimPrefix(answer.Header.Get("Location"), "/licences/"), "/edit")
	c, err := w.Office.Licence(t.Context(), importer, made)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.Licence.Form.Goods[0].Harvest; fmt.Sprint(got) != "[DE ID FI]" {
		t.Errorf("countries by name are %v", got)
	}
	if got := w.Server.Catalog.DateTime("sv", time.Date(2016, 12, 5, 14, 3, 0, 0, time.UTC)); got != "5 december 2016 at 14:03 UTC" {
		t.Error(got)
	}
}
