package registry

import (
	"context"

	"github.com/openflegt/openflegt/internal/flegt"
)

// CopyLicence begins a draft, under an id of DraftID, with what is the same next time as on
// another licence of the actor's operator, in whatever state that one is: see
// flegt.Form.NextTime. The copy of an electronic licence is a draft of a paper one. The event
// names the source. An id that has a history already is a conflict, "licence.begun".
func (o *Office) CopyLicence(ctx context.Context, a flegt.Actor, source, id string) (flegt.Licence, error) {
	if !a.Is(flegt.RoleOperator) {
		return flegt.Licence{}, o.refused("copy licence", a, flegt.Missing())
	}
	from, err := o.Licence(ctx, a, source)
	if err != nil {
		return flegt.Licence{}, o.refused("copy licence", a, err)
	}
	return o.beginDraft(ctx, a, id, from.Licence.Form.NextTime(), from.Licence.ImportCountry, source)
}
