package operator

import (
	"net/http"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// copyPage says what of a licence a new draft takes over, and what it leaves out.
type copyPage struct {
	counter.Page
	// ID is the licence to copy, Key becomes the draft's id: pressed twice, it makes one draft.
	ID, Key string
	// Electronic tells that the draft is one of a paper licence all the same.
	Electronic bool
}

func (s pages) showCopy(w http.ResponseWriter, r *counter.Request) error {
	if !r.Viewer.Has(flegt.RoleOperator) {
		return flegt.Missing()
	}
	c, err := s.Office.Licence(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	p := copyPage{Page: s.Page(r, "licence.copy.of", "Number", s.NumberOf(r, c.Licence)), ID: c.Licence.ID, Key: s.Office.DraftID(), Electronic: c.Licence.Electronic}
	p.Crumbs = []counter.Link{{URL: "/licences", Text: p.T("licence.list.title")}, {URL: p.URL("/licences/%s", p.ID), Text: s.NumberOf(r, c.Licence)}}
	return s.Show(w, &p, "licence_copy")
}

func (s pages) copyLicence(w http.ResponseWriter, r *counter.Request) error {
	key := r.Posted("key")
	if key == "" {
		key = s.Office.DraftID()
	}
	_, err := s.Office.CopyLicence(r.Context(), r.Viewer.Actor, r.PathValue("id"), key)
	if refusal, ok := counter.AsRefusal(err); ok && refusal.Key == "licence.begun" {
		err = nil // the same press came twice: the draft is there
	}
	if err != nil {
		return err
	}
	return s.Done(w, r, editPath(key), "licence.copied")
}

// offerCopies puts beside each listed licence the way to a copy of it.
func (p *licenceListPage) offerCopies(found []flegt.Licence) {
	p.Table.Columns = append(p.Table.Columns, p.T("licence.copy.column"))
	for i, l := range found {
		number := l.Form.Number
		if number == "" {
			number = p.T("licence.no_number")
		}
		p.Table.Rows[i] = append(p.Table.Rows[i], counter.Cell{Text: p.T("licence.copy.column"), Hidden: number, URL: p.URL("/licences/%s/copy", l.ID)})
	}
}
