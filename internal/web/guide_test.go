package web

import (
	"regexp"
	"testing"
)

func TestGuideHasItsPicturesInEachLanguage(t *testing.T) {
	w := newTown(t)
	for _, path := range []string{"/user-guide", "/certificate/flegt/user-guide", "/user-guide?lang=da"} {
		answer, body := get(t, w.Server, path)
		wants(t, answer, body, 200, `id="importer"`, `id="authority"`, `id="customs"`, `id="support"`, "/contact")
		checkHTML(t, body)
		pictures := regexp.MustCompile(`<img src="([^"]+)"`).FindAllStringSubmatch(body, -1)
		named := 0
		for _, c := range guideChapters() {
			named += len(c.pictures)
		}
		if len(pictures) != named || named < 8 {
			t.Errorf("%s has %d pictures, the chapters name %d", path, len(pictures), named)
		}
		for _, m := range pictures {
			if answer, _ := get(t, w.Server, m[1]); answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "image/png" {
				t.Errorf("%s: %d %s", m[1], answer.StatusCode, answer.Header.Get("Content-Type"))
			}
		}
	}
}
