package web

import (
	"net/http"
	"strconv"
)

// guidePage is the user guide: what each group of users does here, step by step.
type guidePage struct {
	Page
	Chapters []guideChapter
}

// guideChapter is what one group of users wants to know.
type guideChapter struct {
	ID, Title, Text string
	Steps           []Step
	// Picture shows the real page; empty when there is none.
	Picture, Alt string
}

// guideChapters are the chapters with how many steps each has.
func guideChapters() []struct {
	id      string
	steps   int
	picture string
} {
	return []struct {
		id      string
		steps   int
		picture string
	}{{"importer", 6, "guide/licence"}, {"rules", 5, ""}, {"authority", 4, "guide/desk"}, {"customs", 4, "guide/customs"}, {"support", 4, "guide/support"}}
}

func (s *Server) showGuide(w http.ResponseWriter, r *Request) error {
	p := guidePage{Page: s.page(r, "guide.title")}
	p.Lead = p.T("guide.lead")
	for _, c := range guideChapters() {
		key := "guide." + c.id
		chapter := guideChapter{ID: c.id, Title: p.T(key + ".title"), Text: p.T(key + ".text")}
		for i := range c.steps {
			step := key + "." + strconv.Itoa(i+1)
			chapter.Steps = append(chapter.Steps, Step{Title: p.T(step), Text: p.T(step + ".text")})
		}
		if c.picture != "" {
			chapter.Picture, chapter.Alt = p.Static(c.picture+"."+string(p.pictureLang())+".png"), p.T(key+".picture")
		}
		p.Chapters = append(p.Chapters, chapter)
	}
	return s.show(w, &p, "guide")
}

// pictureLang is the language of the pictures: the page's own when there are pictures in it.
func (p *Page) pictureLang() string {
	if p.server.static.has("guide/desk." + string(p.Lang) + ".png") {
		return string(p.Lang)
	}
	return "en"
}
