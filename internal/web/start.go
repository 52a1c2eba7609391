package web

import (
	"io"
	"net/http"
)

// landingPage is the first page: what this is, and the three steps in.
type landingPage struct {
	Page
	// Steps are the way in for somebody new.
	Steps []Step
}

func (s *Server) showLanding(w http.ResponseWriter, r *Request) error {
	p := landingPage{Page: s.page(r, "landing.title")}
	p.NoHeader, p.Wide = true, true
	p.Steps = []Step{
		{Title: p.T("landing.step1.title"), Text: p.T("landing.step1.text")},
		{Title: p.T("landing.step2.title"), Text: p.T("landing.step2.text")},
		{Title: p.T("landing.step3.title"), Text: p.T("landing.step3.text")},
	}
	return s.show(w, &p, "landing")
}

// textPage is a page that only tells.
type textPage struct{ Page }

// showText shows a page that only tells; its title is the sentence "<name>.title".
func (s *Server) showText(name string) handler {
	return func(w http.ResponseWriter, r *Request) error {
		p := textPage{Page: s.page(r, name+".title")}
		return s.show(w, &p, name)
	}
}

func (s *Server) showContact(w http.ResponseWriter, r *Request) error {
	p := textPage{Page: s.page(r, "contact.title")}
	return s.show(w, &p, "contact")
}

// health answers as long as the program runs.
func (s *Server) health(w http.ResponseWriter, _ *Request) error { return sayPlain(w, 200, "ok\n") }

// ready answers when the database does.
func (s *Server) ready(w http.ResponseWriter, r *Request) error {
	if s.Ready != nil {
		if err := s.Ready(r.Context()); err != nil {
			s.Logger.Error("not ready", "error", err)
			return sayPlain(w, http.StatusServiceUnavailable, "the database does not answer\n")
		}
	}
	return sayPlain(w, 200, "ok\n")
}

func sayPlain(w http.ResponseWriter, status int, text string) error {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, err := io.WriteString(w, text)
	return err
}
