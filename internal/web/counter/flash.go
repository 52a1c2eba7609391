package counter

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
)

const flashCookie = "flash"

// flash is a sentence about what was done, on its way to the next page.
type flash struct {
	Key  string            `json:"k"`
	Args map[string]string `json:"a,omitempty"`
}

// Done sends the reader on after a change (303) and says on the next page that it was
// made. The key's variables follow in pairs. An empty key says nothing.
//
// The sentence travels in a cookie as its key and its variables, written in the
// reader's language: nothing else can be said this way, whatever the cookie holds.
func (s *Server) Done(w http.ResponseWriter, r *Request, to, key string, pairs ...any) error {
	if key != "" {
		f := flash{Key: key, Args: map[string]string{}}
		for name, value := range args(pairs) {
			f.Args[name] = s.Catalog.Write(r.Lang, value)
			if name == "Count" { // chooses the plural form, so it stays a number
				f.Args[name] = fmt.Sprint(value)
			}
		}
		text, err := json.Marshal(f)
		if err != nil {
			return err
		}
		s.setCookie(w, flashCookie, base64.RawURLEncoding.EncodeToString(text), 60)
	}
	http.Redirect(w, r.Request, to, http.StatusSeeOther)
	return nil
}

// flashOf gives the sentence that the last page left. Showing the page wipes it.
func (s *Server) flashOf(r *Request) string {
	c, err := r.Cookie(flashCookie)
	if err != nil {
		return ""
	}
	text, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return ""
	}
	var f flash
	if json.Unmarshal(text, &f) != nil || !s.Catalog.Has(r.Lang, f.Key) {
		return ""
	}
	a := flegt.Args{}
	for name, value := range f.Args {
		a[name] = value
		if n, err := strconv.Atoi(value); err == nil && name == "Count" {
			a[name] = n
		}
	}
	return s.Catalog.Say(r.Lang, f.Key, a)
}
