package counter_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// TestAListSaysWhatItSearched: where a list's first licences were searched alone, it says so and
// leads to the search of all.
func TestAListSaysWhatItSearched(t *testing.T) {
	s := webtest.Server(t, nil)
	r := &counter.Request{Request: httptest.NewRequest("GET", "/licences?q=cedar+dogwood&page=2&state=accepted", nil).WithContext(context.Background()), Lang: "en"}
	p := s.Page(r, "licence.list.title")
	none, some := registry.LicencePage{Searched: 2000}, registry.LicencePage{Searched: 2000, Rows: make([]flegt.Licence, 3), Count: 3}
	const whole = "/licences?q=cedar+dogwood&state=accepted&whole=1"
	if e := p.NotAmongFirst(r, none); e == nil || !strings.Contains(e.Text, "first 2,000 licences") || e.Link.URL != whole {
		t.Errorf("none found: %+v", e)
	}
	if e := p.NotAmongFirst(r, some); e != nil {
		t.Errorf("some found: %+v", e)
	}
	if e := p.NotAmongFirst(r, registry.LicencePage{}); e != nil {
		t.Errorf("all searched: %+v", e)
	}
	if pages := s.PagesOfLicences(r, &p, 1, some); !strings.Contains(pages.Summary, "first 2,000 licences") || pages.Further.URL != whole {
		t.Errorf("%+v", pages)
	}
	if pages := s.PagesOfLicences(r, &p, 1, registry.LicencePage{Rows: make([]flegt.Licence, 3), Count: 3}); pages.Further.URL != "" {
		t.Errorf("all searched: %+v", pages)
	}
}
