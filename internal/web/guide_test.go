package web_test

import (
	"path/filepath"
	"regexp"
	"testing"

	"github.com/openflegt/openflegt/internal/web/webtest"
)

func TestGuideHasItsPicturesInEachLanguage(t *testing.T) {
	kept, err := filepath.Glob("static/guide/*.en.png")
	if err != nil {
		t.Fatal(err)
	}
	w := webtest.NewTown(t)
	for _, path := range []string{"/user-guide", "/certificate/flegt/user-guide", "/user-guide?lang=da"} {
		answer, body := webtest.Get(t, w.Server, path)
		webtest.Wants(t, answer, body, 200, `id="importer"`, `id="authority"`, `id="customs"`, `id="support"`, "/contact")
		webtest.CheckHTML(t, body)
		pictures := regexp.MustCompile(`<img src="([^"]+)"`).FindAllStringSubmatch(body, -1)
		if len(pictures) != len(kept) || len(kept) < 8 {
			t.Errorf("%s shows %d pictures, %d are kept", path, len(pictures), len(kept))
		}
		for _, m := range pictures {
			if answer, _ := webtest.Get(t, w.Server, m[1]); answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "image/png" {
				t.Errorf("%s: %d %s", m[1], answer.StatusCode, answer.Header.Get("Content-Type"))
			}
		}
	}
}
