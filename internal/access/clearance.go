package access

import (
	"slices"

	"github.com/openflegt/openflegt/internal/flegt"
)

// MayBook: customs of the country where the licence was lodged; lodging and clearance are
// in the same Member State. Reg. (EC) 1024/2008 art. 5
func MayBook(a flegt.Actor, l flegt.Licence) error { return MayDo(a, l, flegt.VerbRelease) }

// MayBookAt: an officer acts at the customs offices for which the Support Team approved
// him, and at every office of his country when his role names none (docs/decisions/0008).
// The offices of other countries are never his.
func MayBookAt(a flegt.Actor, office string) error {
	if len(office) < 2 || office[:2] != a.Country {
		return boxed("clearance.office_country", flegt.Args{"Country": a.Country})
	}
	if len(a.Offices) > 0 && !slices.Contains(a.Offices, office) {
		return boxed("clearance.office_not_yours", flegt.Args{"Office": office, "Offices": a.Offices})
	}
	return nil
}

func boxed(key string, args flegt.Args) error {
	return flegt.InvalidBoxes([]flegt.BoxError{{Box: "office", Key: key, Args: args}})
}

// MayAnswerHold: the competent authority of the country, to which customs' question goes.
func MayAnswerHold(a flegt.Actor, l flegt.Licence) error {
	if err := MaySeeLicence(a, &l); err != nil {
		return err
	}
	if !a.Is(flegt.RoleAuthority) {
		return forbidden()
	}
	return nil
}
