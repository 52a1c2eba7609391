package webtest

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/registry/registrytest"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// Town is a counter with a real office behind it, a clock, and people who stand at the
// counter. Tests of pages that need a role use it.
type Town struct {
	*registrytest.Town
	Server *counter.Server
}

// Account is the header by which a test says who asks.
const Account = "Test-Account"

// NewTown opens an office and the counter before it, at Noon.
func NewTown(t testing.TB) *Town {
	t.Helper()
	w := &Town{Town: registrytest.New(t, Noon)}
	w.Server = Server(t, func(o *counter.Options) { o.Office, o.Clock, o.Who, o.SupportAddress = w.Office, w.Clock, w.who, "" })
	return w
}

// WithAccounts opens the pages of one's own account as well: tokens, webhooks. People are
// still known by the test's header alone.
func (w *Town) WithAccounts(accounts *identity.Identity) {
	w.T.Helper()
	w.Server = Server(w.T, func(o *counter.Options) {
		o.Office, o.Clock, o.Who, o.SupportAddress, o.Accounts = w.Office, w.Clock, w.who, "", accounts
	})
}

// who finds the person whom the test's header names.
func (w *Town) who(r *http.Request) (counter.Viewer, error) {
	id := r.Header.Get(Account)
	if id == "" {
		return counter.Viewer{}, nil
	}
	v, err := w.Office.Visitor(r.Context(), id)
	return counter.ViewerOf(v.Person, v.Roles, "", v.Unread), err
}

// Get asks for a page as somebody; the zero Actor is a passer-by.
func (w *Town) Get(a flegt.Actor, path string) (*http.Response, string) {
	w.T.Helper()
	return w.Visit(a, httptest.NewRequest("GET", path, nil))
}

// Post sends a form as somebody.
func (w *Town) Post(a flegt.Actor, path, form string) (*http.Response, string) {
	w.T.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return w.Visit(a, r)
}

// Visit asks for something as somebody, as the site's own pages do.
func (w *Town) Visit(a flegt.Actor, r *http.Request) (*http.Response, string) {
	w.T.Helper()
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set(Account, a.Account)
	return Visit(w.T, w.Server, r)
}
