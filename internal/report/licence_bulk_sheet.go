package report

import (
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/wording"
)

// BulkTemplate is an empty table of licences: the headings, and what they mean in a language in
// a row that is not read.
func BulkTemplate(words *wording.Catalog, lang wording.Lang) Sheet {
	labels := make([]any, len(flegt.BulkColumns))
	for i, column := range flegt.BulkColumns {
		labels[i] = words.Say(lang, BulkLabel(column), nil)
	}
	labels[0] = "# " + labels[0].(string)
	return Sheet{Name: "licences", Columns: flegt.BulkColumns, Rows: [][]any{labels}}
}
