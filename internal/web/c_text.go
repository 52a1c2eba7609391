package web

import "net/http"

// textPage is a page that only tells.
type textPage struct{ Page }

// showText shows a page that only tells; its title is the sentence "<name>.title".
func (s *Server) showText(name string) handler {
	return func(w http.ResponseWriter, r *Request) error {
		p := textPage{Page: s.page(r, name+".title")}
		return s.show(w, &p, name)
	}
}
