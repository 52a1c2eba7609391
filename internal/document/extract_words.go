package document

import (
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/wording"
)

// Boxes puts the boxes of the paper form into words, under the form's own numbers, and after
// them what stands beside the paper. A box in which nothing stands has a dash.
func (d Desk) Boxes(lang wording.Lang, l flegt.Licence) []Box {
	f := l.Form
	var out []Box
	add := func(number, key string, lines ...string) {
		b := Box{Number: number, Name: d.boxName(lang, number, key)}
		for _, line := range lines {
			if strings.TrimSpace(line) != "" {
				b.Lines = append(b.Lines, line)
			}
		}
		if len(b.Lines) == 0 {
			b.Lines = []string{"–"}
		}
		out = append(out, b)
	}
	add("1", "licence.issuing_body", f.IssuingBody.Name, f.IssuingBody.Address)
	add("2", "licence.importer", f.Importer.Name, f.Importer.Address)
	add("3", "licence.number", f.Number)
	add("4", "licence.expires", d.typedDay(lang, f.Expires))
	add("5, 6", "licence.export", d.CountryCode(lang, f.Export))
	add("7", "licence.transport", f.Transport)
	add("8", "licence.licensee", f.Licensee.Name, f.Licensee.Address)
	add("17", "licence.invoice", f.Invoice)
	add("17", "licence.bill_of_lading", f.BillOfLading)
	add("17", "licence.containers", f.Containers)
	add("17", "licence.bar_code", f.BarCode)
	add("17", "licence.lot", f.Lot)
	add("17", "licence.marks", f.Marks)
	add("18", "licence.issue_place", f.IssuePlace)
	add("18", "licence.issued", d.typedDay(lang, f.Issued))
	add("", "licence.import_country", d.CountryCode(lang, l.ImportCountry))
	add("", "licence.arrival", d.typedDay(lang, f.Arrival), f.ArrivalPlace)
	add("", "licence.office", f.Office)
	add("", "licence.agent", f.Agent.Name, f.Agent.Address)
	if l.Electronic && f.OwnInvoice != "" {
		add("", "licence.own_invoice", f.OwnInvoice)
	}
	add("", "licence.remarks", f.Remarks)
	return out
}

// boxName writes what a box is called, with its number when it has one.
func (d Desk) boxName(lang wording.Lang, number, key string) string {
	name := d.Catalog.Say(lang, key, nil)
	if number == "" {
		return name
	}
	return d.Catalog.Say(lang, "licence.box", flegt.Args{"Box": number, "Name": name})
}

// Goods puts the goods lines into words, in the eight columns of the paper's boxes 9 to 16.
func (d Desk) Goods(lang wording.Lang, l flegt.Licence) (columns []string, rows [][]string) {
	for _, c := range [...][2]string{{"", "licence.line"}, {"9", "licence.description"}, {"10", "licence.hs"}, {"11", "licence.species"},
		{"12, 13", "licence.harvest"}, {"14", "licence.volume"}, {"15", "licence.weight"}, {"16", "licence.units"}} {
		columns = append(columns, d.boxName(lang, c[0], c[1]))
	}
	for _, g := range l.Form.Goods {
		rows = append(rows, []string{d.Catalog.Write(lang, g.Line), g.Description, g.HS, SpeciesText(g.Species), strings.Join(g.Harvest, ", "),
			d.Amount(lang, g.Volume), d.Amount(lang, g.Weight), d.Amount(lang, g.Units)})
	}
	return columns, rows
}

// SpeciesText writes species by their common and scientific names.
func SpeciesText(list []flegt.Species) string {
	var out []string
	for _, s := range list {
		switch {
		case s.Common != "" && s.Scientific != "":
			out = append(out, s.Common+" ("+s.Scientific+")")
		case s.Common+s.Scientific != "":
			out = append(out, s.Common+s.Scientific)
		}
	}
	return strings.Join(out, "; ")
}

// ExtractOf puts a licence into the words of its extract. standing is where it stands today,
// as registry.Case has it.
func (d Desk) ExtractOf(lang wording.Lang, l flegt.Licence, standing string) Extract {
	say := func(key string) string { return d.Catalog.Say(lang, key, nil) }
	number := l.Form.Number
	if number == "" {
		number = say("licence.no_number")
	}
	x := Extract{Licence: l.ID, Status: say("licence.state") + ": " + say("licence.state."+standing), Boxes: d.Boxes(lang, l),
		About: About{Title: d.Catalog.Say(lang, "document.extract.title", flegt.Args{"Number": number}), Author: say("site.name"), Lang: string(lang), Made: l.UpdatedAt}}
	x.Columns, x.Goods = d.Goods(lang, l)
	return x
}

// typedDay writes a day as typed: in the reader's language when it is one.
func (d Desk) typedDay(lang wording.Lang, day flegt.Date) string {
	if !day.Valid() {
		return string(day)
	}
	return d.Catalog.Date(lang, day.Time())
}

// Amount writes what stands in a box: in the reader's language when it is an amount.
func (d Desk) Amount(lang wording.Lang, a flegt.Amount) string {
	q, err := a.Quantity()
	if err != nil || a == "" {
		return string(a)
	}
	return d.Catalog.Write(lang, q)
}

// CountryCode writes a country with its ISO code.
func (d Desk) CountryCode(lang wording.Lang, code string) string {
	if code == "" {
		return ""
	}
	return d.country(lang, code) + " (" + code + ")"
}

// DecisionFile is the name of the file of a letter of decision without its ending.
func (d Desk) DecisionFile(lang wording.Lang, l flegt.Licence) string {
	return d.Catalog.Say(lang, "document.decision.file", nil) + "-" + fileName(l.Form.Number)
}

// ExtractFile is the name of an extract's file without its ending.
func (d Desk) ExtractFile(lang wording.Lang, l flegt.Licence) string {
	return d.Catalog.Say(lang, "document.extract.file", nil) + "-" + fileName(l.Form.Number)
}

// fileName keeps of a text what every file system takes.
func fileName(text string) string {
	var out []rune
	for _, c := range flegt.NumberKey(text) {
		if c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c == '.' || c == '-' {
			out = append(out, c)
		}
	}
	return string(out[:min(len(out), 60)])
}
