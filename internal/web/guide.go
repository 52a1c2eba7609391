package web

import (
	"net/http"
	"strconv"

	"github.com/openflegt/openflegt/internal/web/counter"
)

// guidePage is the user guide: what each group of users does here, step by step.
type guidePage struct {
	counter.Page
	Chapters []guideChapter
}

// guideChapter is what one group of users wants to know.
type guideChapter struct {
	ID, Title, Text string
	Steps           []counter.Step
	// Pictures show the real pages.
	Pictures []guidePicture
}

// guidePicture is a picture of a page, taken by "make pictures".
type guidePicture struct{ URL, Alt string }

// guideChapters are the chapters: how many steps each has, and its pictures.
func guideChapters() []struct {
	id       string
	steps    int
	pictures []string
} {
	return []struct {
		id       string
		steps    int
		pictures []string
	}{
		{"start", 4, []string{"account"}}, {"importer", 10, []string{"company", "licence"}}, {"rules", 5, []string{"mail"}}, {"agent", 3, nil},
		{"typing", 4, []string{"checks"}}, {"bulk", 4, []string{"bulk"}}, {"claim", 4, []string{"claim"}},
		{"authority", 8, []string{"desk", "case"}}, {"customs", 5, []string{"expected", "customs"}}, {"issuer", 4, []string{"issue"}}, {"support", 6, []string{"support"}}, {"ask", 3, nil},
	}
}

func (s pages) showGuide(w http.ResponseWriter, r *counter.Request) error {
	p := guidePage{Page: s.Page(r, "guide.title")}
	p.Lead = p.T("guide.lead")
	for _, c := range guideChapters() {
		key := "guide." + c.id
		chapter := guideChapter{ID: c.id, Title: p.T(key + ".title"), Text: p.T(key + ".text")}
		for i := range c.steps {
			step := key + "." + strconv.Itoa(i+1)
			chapter.Steps = append(chapter.Steps, counter.Step{Title: p.T(step), Text: p.T(step + ".text")})
		}
		for _, name := range c.pictures {
			chapter.Pictures = append(chapter.Pictures, guidePicture{p.Static("guide/" + name + "." + string(p.pictureLang()) + ".png"), p.T("guide.picture." + name)})
		}
		p.Chapters = append(p.Chapters, chapter)
	}
	return s.Show(w, &p, "guide")
}

// pictureLang is the language of the pictures: the page's own when there are pictures in it.
func (p *guidePage) pictureLang() string {
	if p.Server().HasStatic("guide/desk." + string(p.Lang) + ".png") {
		return string(p.Lang)
	}
	return "en"
}
