package counter

import (
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// MenuItem is one entry of the main navigation.
type MenuItem struct {
	Link
	Current bool
}

// entry is a line of the table below: an address, the key of its name, and the roles
// that see it. "" is everybody who is signed in, "-" everybody who is not.
type entry struct {
	url, key string
	roles    string
}

// entries is the whole main navigation, in the order shown.
func entries() []entry {
	return []entry{
		{"/", "menu.start", " -"},
		{"/desk", "menu.desk", "competent_authority"},
		{"/customs", "menu.customs", "customs"},
		{"/licences", "menu.licences", "operator competent_authority support licensing_authority observer"},
		{"/licences/claim", "menu.claim", "operator"},
		{"/licences/issue", "menu.issue", "licensing_authority"},
		{"/questions", "menu.questions", "operator competent_authority licensing_authority"},
		{"/specimens", "menu.specimens", "competent_authority support observer"},
		{"/support/requests", "menu.requests", "support observer"},
		{"/support/mails", "menu.mails", "support observer"},
		{"/support/letters", "menu.letters", "support observer"},
		{"/support/authorities", "menu.authorities", "support"},
		{"/contact", "menu.contact", "-"},
	}
}

// menu gives the entries for the page's viewer. The one whose address the page's own
// begins with is the current one.
func (s *Server) menu(p *Page) []MenuItem {
	var items []MenuItem
	best, path := -1, p.Path
	if rest, ok := strings.CutPrefix(path, "/imports/"); ok { // an import of licences is one of their pages
		path = "/licences/" + rest
	}
	for _, e := range entries() {
		if !e.seenBy(p.Viewer) {
			continue
		}
		items = append(items, MenuItem{Link: Link{e.url, p.T(e.key)}})
		here := path == e.url || e.url != "/" && strings.HasPrefix(path, e.url+"/")
		if here && (best < 0 || len(e.url) > len(items[best].URL)) {
			best = len(items) - 1
		}
	}
	if best >= 0 {
		items[best].Current = true
	}
	return items
}

func (e entry) seenBy(v Viewer) bool {
	for _, role := range strings.Split(e.roles, " ") {
		switch role {
		case "-":
			if !v.SignedIn {
				return true
			}
		case "":
			if v.SignedIn {
				return true
			}
		default:
			if v.Has(flegt.Role(role)) {
				return true
			}
		}
	}
	return false
}
