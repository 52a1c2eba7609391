package account

import (
	"net/http"
	"sort"

	"github.com/openflegt/openflegt/internal/web/counter"
)

// keptPage offers the kept form again, to be sent with one press.
type keptPage struct {
	counter.Page
	Action string
	Fields []keptField
	Files  bool
}

type keptField struct{ Name, Value string }

func (s pages) showKept(w http.ResponseWriter, r *counter.Request) error {
	k, ok := s.Accounts.KeptForm(r.Context())
	if !ok {
		http.Redirect(w, r.Request, "/home", http.StatusSeeOther)
		return nil
	}
	p := keptPage{Page: s.Page(r, "account.kept.title"), Action: counter.LocalPath(k.Path, "/home"), Files: k.Files}
	for name, values := range k.Form {
		for _, v := range values {
			p.Fields = append(p.Fields, keptField{name, v})
		}
	}
	sort.SliceStable(p.Fields, func(i, j int) bool { return p.Fields[i].Name < p.Fields[j].Name })
	return s.Show(w, &p, "account_kept")
}

func (s pages) dropKept(w http.ResponseWriter, r *counter.Request) error {
	s.Accounts.DropForm(r.Context())
	http.Redirect(w, r.Request, "/home", http.StatusSeeOther)
	return nil
}
