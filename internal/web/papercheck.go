package web

import (
	"net/http"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// paperPage tells anybody whether the licence on a paper in his hand can be used.
type paperPage struct {
	counter.Page
	Number string
	Paper  registry.Paper
	// Tone and Result say what was found; empty before anything was asked.
	Tone, Result string
}

func (s pages) showPaperCheck(w http.ResponseWriter, r *counter.Request) error {
	p := paperPage{Page: s.Page(r, "check_paper.title"), Number: r.Query("number")}
	p.Lead = p.T("check_paper.lead")
	p.Paper = registry.Paper{Expires: flegt.ParseDate(r.Query("expires")), Licensee: r.Query("licensee"), Invoice: r.Query("invoice")}
	if !r.URL.Query().Has("number") {
		return s.Show(w, &p, "paper_check")
	}
	if p.Number == "" {
		return s.Again(w, &p, "paper_check", flegt.InvalidBoxes([]flegt.BoxError{{Box: "number", Key: "error.required"}}))
	}
	usable, err := s.checkPaper(r, p)
	switch {
	case flegt.KindOf(err) == flegt.NotFound && err != nil:
		p.Tone, p.Result = "warning", p.T("check_paper.not_found")
	case err != nil:
		return s.Again(w, &p, "paper_check", err)
	case usable:
		p.Tone, p.Result = "success", p.T("check_paper.usable")
	default:
		p.Tone, p.Result = "warning", p.T("check_paper.not_usable")
	}
	return s.Show(w, &p, "paper_check")
}

// checkPaper asks the office; who is wrong too often has to wait.
func (s pages) checkPaper(r *counter.Request, p paperPage) (bool, error) {
	if err := s.Accounts.PaperTry(r.Context(), counter.Network(r)); err != nil {
		return false, err
	}
	usable, err := s.Office.CheckPaper(r.Context(), p.Number, p.Paper)
	if err != nil {
		return false, err
	}
	return usable, s.Accounts.PaperFound(r.Context(), counter.Network(r))
}
