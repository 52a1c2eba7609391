package counter

import (
	"net/http"

	"github.com/openflegt/openflegt/internal/wording"
)

const langCookie = "lang"

// chooseLang finds the language of the answer: the one just chosen by a link
// (?lang=da, remembered in a cookie), the one chosen earlier in this browser, the
// account's, the one the browser asks for.
func (s *Server) chooseLang(w http.ResponseWriter, r *Request) wording.Lang {
	if chosen := wording.Lang(r.URL.Query().Get("lang")); s.Catalog.Speaks(chosen) {
		s.rememberLang(w, chosen)
		return chosen
	}
	if c, err := r.Cookie(langCookie); err == nil && s.Catalog.Speaks(wording.Lang(c.Value)) {
		return wording.Lang(c.Value)
	}
	if s.Catalog.Speaks(r.Viewer.Lang) {
		return r.Viewer.Lang
	}
	return s.Catalog.Match(r.Header.Get("Accept-Language"))
}

// rememberLang keeps the language in this browser for a year.
func (s *Server) rememberLang(w http.ResponseWriter, lang wording.Lang) {
	s.setCookie(w, langCookie, string(lang), 365*24*3600)
}

// LangChoice is one language in the switch at the top of every page.
type LangChoice struct {
	Code    wording.Lang
	Name    string // in the language itself
	URL     string
	Current bool
}

// langChoices gives the same page in every language.
func (s *Server) langChoices(r *Request) []LangChoice {
	var list []LangChoice
	for _, lang := range s.Catalog.Langs() {
		query := r.URL.Query()
		query.Set("lang", string(lang))
		list = append(list, LangChoice{
			Code: lang, Name: s.Catalog.Say(lang, "lang.name", nil),
			URL: r.URL.Path + "?" + query.Encode(), Current: lang == r.Lang,
		})
	}
	return list
}
