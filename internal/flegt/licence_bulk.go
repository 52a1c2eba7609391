package flegt

import (
	"cmp"
	"slices"
	"strings"
	"time"
)

// BulkColumns are the headings of a table of licences, in the order of the template: the
// names of the form's boxes, and for the goods line of a row those of its boxes.
var BulkColumns = []string{"number", "issued", "expires", "export", "import_country", "issuing_body.name", "issuing_body.address",
	"importer.name", "importer.address", "licensee.name", "licensee.address", "transport", "issue_place",
	"description", "hs", "common", "scientific", "harvest", "volume", "weight", "units",
	"invoice", "bill_of_lading", "containers", "bar_code", "lot", "marks", "arrival", "arrival_place", "office", "agent.name", "own_invoice", "remarks"}

// MaxBulkRows is how many rows a table of licences may have.
const MaxBulkRows = 20_000

// MaxBulkSize is the largest file taken with a table of licences, in bytes.
const MaxBulkSize = 20 << 20

// BulkLicence is a licence as it stands in a table: one row for each goods line.
type BulkLicence struct {
	Form          Form
	ImportCountry string     // empty: the operator's own
	Row           int        // of the table, from 1, in which it begins
	LineRows      []int      // the row of each goods line
	Cells         []BulkCell // what is wrong with how it stands in the table
}

// BulkCell is a finding about a cell of the table. Column is one of BulkColumns; empty when
// the whole row is meant.
type BulkCell struct {
	Row    int
	Column string
	Finding
}

// BulkStage is how far a table of licences is.
type BulkStage string

// The stages of a table of licences.
const (
	BulkChecking  BulkStage = "checking"
	BulkChecked   BulkStage = "checked" // the dry run is done, nothing is stored
	BulkImporting BulkStage = "importing"
	BulkDone      BulkStage = "done"
	BulkCancelled BulkStage = "cancelled"
	BulkFailed    BulkStage = "failed"
)

// BulkItem is what became of one licence of a table.
type BulkItem struct {
	Row      int
	Number   string
	Severity Severity   // the worst that was found; empty until it was looked at
	Cells    []BulkCell `json:"-"` // what was found, except what is as it should be; not kept with an import
	Draft    string     // id of the operator's draft with the number, when there is one
	Version  int        // of Draft, as looked at
	Outcome  string     // after the import: created, updated, left, skipped, refused; before it empty
	Licence  string     // id of the draft made or changed
	Refused  *Error     // why it was refused
}

// BulkImport is a table of licences that somebody has said yes to. It is kept in parts, each
// of which is written in one piece.
type BulkImport struct {
	ID, Name string // Name is the file's
	Actor    Actor  // who said yes, without name and address
	Update   bool   // drafts that are there already are changed
	Stage    BulkStage
	Total    int            // licences
	Outcomes map[string]int // how many licences came to which outcome
	Refused  *Error         // why it broke off, when that can be told
	MovedAt  time.Time      // when the last part of it was written
}

// Done counts the licences that something has become of.
func (b BulkImport) Done() (n int) {
	for _, of := range b.Outcomes {
		n += of
	}
	return n
}

// BulkPartSize is how many licences of a table are written in one piece; whoever else wants
// to write waits for so many.
const BulkPartSize = 100

// BulkPart is a part of an import: Items are what became of its licences, and Licences are
// kept until something has.
type BulkPart struct {
	Licences []BulkLicence `json:",omitempty"`
	Items    []BulkItem
}

// Place gives the row and the column in which a box of the form stands.
func (b BulkLicence) Place(field string) (row int, column string) {
	row, column = b.Row, field
	parts := strings.Split(field, ".")
	if parts[0] == "goods" && len(parts) > 2 {
		var i int
		for _, c := range parts[1] {
			i = i*10 + int(c-'0')
		}
		if i >= 0 && i < len(b.LineRows) {
			row = b.LineRows[i]
		}
		column = parts[len(parts)-1]
	}
	if !slices.Contains(BulkColumns, column) {
		column = ""
	}
	return row, column
}

// Over gives the boxes of f, and where one is empty the box of an earlier draft. Goods lines
// keep the earlier lines' numbers in their order.
func (f Form) Over(old Form) Form {
	out := Form{
		IssuingBody: f.IssuingBody.over(old.IssuingBody), Importer: f.Importer.over(old.Importer), Number: cmp.Or(f.Number, old.Number),
		Expires: cmp.Or(f.Expires, old.Expires), Export: cmp.Or(f.Export, old.Export), Transport: cmp.Or(f.Transport, old.Transport),
		Licensee: f.Licensee.over(old.Licensee), Invoice: cmp.Or(f.Invoice, old.Invoice), Agent: f.Agent.over(old.Agent),
		OwnInvoice: cmp.Or(f.OwnInvoice, old.OwnInvoice), BarCode: cmp.Or(f.BarCode, old.BarCode), Lot: cmp.Or(f.Lot, old.Lot),
		BillOfLading: cmp.Or(f.BillOfLading, old.BillOfLading), Containers: cmp.Or(f.Containers, old.Containers), Marks: cmp.Or(f.Marks, old.Marks),
		IssuePlace: cmp.Or(f.IssuePlace, old.IssuePlace), Issued: cmp.Or(f.Issued, old.Issued), Arrival: cmp.Or(f.Arrival, old.Arrival),
		ArrivalPlace: cmp.Or(f.ArrivalPlace, old.ArrivalPlace), Office: cmp.Or(f.Office, old.Office), Remarks: cmp.Or(f.Remarks, old.Remarks),
	}
	if out.Goods = slices.Clone(f.Goods); len(f.Goods) == 0 {
		out.Goods = slices.Clone(old.Goods)
	}
	for i := range out.Goods {
		if i < len(old.Goods) {
			out.Goods[i].Line = old.Goods[i].Line
		}
	}
	return out
}

func (p Party) over(old Party) Party {
	return Party{Name: cmp.Or(p.Name, old.Name), Address: cmp.Or(p.Address, old.Address)}
}
