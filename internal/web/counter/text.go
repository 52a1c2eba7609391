package counter

import "net/http"

// textPage is a page that only tells.
type textPage struct{ Page }

// ShowText shows a page that only tells; its title is the sentence "<name>.title".
func (s *Server) ShowText(name string) Handler {
	return func(w http.ResponseWriter, r *Request) error {
		p := textPage{Page: s.Page(r, name+".title")}
		return s.Show(w, &p, name)
	}
}
