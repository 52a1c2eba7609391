package web

import (
	"net/http"
	"sort"
)

// keptPage offers the kept form again, to be sent with one press.
type keptPage struct {
	Page
	Action string
	Fields []keptField
	Files  bool
}

type keptField struct{ Name, Value string }

func (s *Server) showKept(w http.ResponseWriter, r *Request) error {
	k, ok := s.Accounts.KeptForm(r.Context())
	if !ok {
		http.Redirect(w, r.Request, "/home", http.StatusSeeOther)
		return nil
	}
	p := keptPage{Page: s.page(r, "account.kept.title"), Action: localPath(k.Path, "/home"), Files: k.Files}
	for name, values := range k.Form {
		for _, v := range values {
			p.Fields = append(p.Fields, keptField{name, v})
		}
	}
	sort.SliceStable(p.Fields, func(i, j int) bool { return p.Fields[i].Name < p.Fields[j].Name })
	return s.show(w, &p, "account_kept")
}

func (s *Server) dropKept(w http.ResponseWriter, r *Request) error {
	s.Accounts.DropForm(r.Context())
	http.Redirect(w, r.Request, "/home", http.StatusSeeOther)
	return nil
}
