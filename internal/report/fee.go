package report

import (
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/wording"
)

// FeePeriod reads the first and the last day of a period as they were typed, in a time zone:
// from the beginning of the first day to the end of the last; the zero time where nothing was
// typed. The error is Invalid, at the boxes from and until.
func FeePeriod(first, last string, zone *time.Location) (from, until time.Time, err error) {
	var boxes []flegt.BoxError
	day := func(box, typed string, after int) time.Time {
		if typed == "" {
			return time.Time{}
		}
		d := flegt.ParseDate(typed)
		if !d.Valid() {
			boxes = append(boxes, flegt.BoxError{Box: box, Key: "check.date_form", Args: flegt.Args{"Found": typed}})
			return time.Time{}
		}
		y, m, dd := d.Time().Date()
		return time.Date(y, m, dd+after, 0, 0, 0, 0, zone)
	}
	from, until = day("from", first, 0), day("until", last, 1)
	if len(boxes) == 0 && !from.IsZero() && !until.IsZero() && !from.Before(until) {
		boxes = append(boxes, flegt.BoxError{Box: "until", Key: "authority.until_before_from"})
	}
	return from, until, flegt.InvalidBoxes(boxes)
}

// FeeSheet is a list of fees as it is taken away: days as ISO 8601 has them, amounts as numbers.
func FeeSheet(words *wording.Catalog, lang wording.Lang, zone *time.Location, rows []flegt.Dossier) Sheet {
	say := func(key string) string { return words.Say(lang, key, nil) }
	s := Sheet{Name: say("desk.fees.title"), Columns: []string{say("licence.number"), say("licence.importer"), say("licence.licensee"), say("desk.fees.lodged"),
		say("desk.settings.fee"), say("desk.settings.currency_box")}}
	for _, d := range rows {
		s.Rows = append(s.Rows, []any{d.Facts.Number, d.Facts.Importer, d.Facts.Exporter, d.LodgedAt.In(zone).Format(time.DateOnly), Hundredths(d.Fee.Cents), d.Fee.Currency})
	}
	return s
}
