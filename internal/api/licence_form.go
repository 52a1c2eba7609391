package api

import "github.com/openflegt/openflegt/internal/flegt"

// LicenceForm is the form of the Annex to Regulation (EC) 1024/2008, box by box. Everything
// may be left empty while the licence is a draft; what is wrong is told by the findings.
type LicenceForm struct {
	IssuingBody  Party       `json:"issuing_body,omitempty" doc:"Box 1."`
	Importer     Party       `json:"importer,omitempty" doc:"Box 2."`
	Number       string      `json:"number,omitempty" maxLength:"100" doc:"Box 3." example:"16.00123-00456.001-ID-DK"`
	Expires      string      `json:"expires,omitempty" maxLength:"40" doc:"Box 4, a day: 2017-02-17." example:"2017-02-17"`
	Export       string      `json:"export,omitempty" maxLength:"2" doc:"Boxes 5 and 6, the country of export, ISO 3166-1 alpha-2." example:"ID"`
	Transport    string      `json:"transport,omitempty" maxLength:"500" doc:"Box 7, the means of transport."`
	Licensee     Party       `json:"licensee,omitempty" doc:"Box 8, the exporter to whom it was issued."`
	Goods        []GoodsLine `json:"goods,omitempty" nullable:"false" maxItems:"200" doc:"Boxes 9 to 16."`
	Invoice      string      `json:"invoice,omitempty" maxLength:"200" doc:"Box 17, the number of the invoice."`
	Agent        Party       `json:"agent,omitempty" doc:"Who lodges for the importer; not on the paper."`
	OwnInvoice   string      `json:"own_invoice,omitempty" maxLength:"200" doc:"The importer's own number; not on the paper."`
	BarCode      string      `json:"bar_code,omitempty" maxLength:"200" doc:"Box 17, the bar code."`
	Lot          string      `json:"lot,omitempty" maxLength:"200" doc:"Box 17, the number of the lot."`
	BillOfLading string      `json:"bill_of_lading,omitempty" maxLength:"200" doc:"Box 17, the number of the bill of lading."`
	Containers   string      `json:"containers,omitempty" maxLength:"2000" doc:"Box 17, the numbers of the containers."`
	Marks        string      `json:"marks,omitempty" maxLength:"2000" doc:"Box 17, distinguishing marks."`
	IssuePlace   string      `json:"issue_place,omitempty" maxLength:"200" doc:"Box 18, the place."`
	Issued       string      `json:"issued,omitempty" maxLength:"40" doc:"Box 18, the day of issue." example:"2016-11-18"`
	Arrival      string      `json:"arrival,omitempty" maxLength:"40" doc:"The day on which the goods are expected; not on the paper."`
	ArrivalPlace string      `json:"arrival_place,omitempty" maxLength:"200" doc:"Where the goods arrive; not on the paper."`
	Office       string      `json:"office,omitempty" maxLength:"20" doc:"The customs office of clearance; not on the paper."`
	Remarks      string      `json:"remarks,omitempty" maxLength:"2000" doc:"To the authority; not on the paper."`
}

// Party is a name with an address.
type Party struct {
	Name    string `json:"name,omitempty" maxLength:"300"`
	Address string `json:"address,omitempty" maxLength:"1000"`
}

// GoodsLine is one line of boxes 9 to 16.
type GoodsLine struct {
	Line        int       `json:"line,omitempty" minimum:"0" maximum:"100000" doc:"Its number, by which declarations point at it. Leave it out for a new line; send it back as it is for a line that has one."`
	Description string    `json:"description,omitempty" maxLength:"1000" doc:"Box 9, the commercial description."`
	HS          string    `json:"hs,omitempty" maxLength:"20" doc:"Box 10, the HS heading." example:"4407"`
	Species     []Species `json:"species,omitempty" nullable:"false" maxItems:"50" doc:"Box 11."`
	Harvest     []string  `json:"harvest,omitempty" nullable:"false" maxItems:"50" doc:"Boxes 12 and 13, the countries of harvest, ISO 3166-1 alpha-2."`
	Volume      string    `json:"volume,omitempty" maxLength:"40" doc:"Box 14, in m³, exact to six decimals. Kept as it is written; a comma is read as a decimal mark, as on the pages, and never stands between thousands." example:"12.5"`
	Weight      string    `json:"weight,omitempty" maxLength:"40" doc:"Box 15, net, in kg, written as volume."`
	Units       string    `json:"units,omitempty" maxLength:"40" doc:"Box 16, in pieces, a whole number."`
}

// Species is one wood of a goods line.
type Species struct {
	Common     string `json:"common,omitempty" maxLength:"200"`
	Scientific string `json:"scientific,omitempty" maxLength:"200"`
}

// formBoxes are the boxes of a licence that lie in its form, for pointers to them.
var formBoxes = map[string]bool{"issuing_body": true, "importer": true, "number": true, "expires": true, "export": true, "transport": true,
	"licensee": true, "goods": true, "invoice": true, "agent": true, "bar_code": true, "lot": true, "own_invoice": true, "bill_of_lading": true, "containers": true, "marks": true, "issue_place": true,
	"issued": true, "arrival": true, "arrival_place": true, "remarks": true}

// form makes the office's word of what came in. Days are read as people write them.
func (f LicenceForm) form() flegt.Form {
	out := flegt.Form{IssuingBody: flegt.Party(f.IssuingBody), Importer: flegt.Party(f.Importer), Number: f.Number, Expires: flegt.ParseDate(f.Expires),
		Export: f.Export, Transport: f.Transport, Licensee: flegt.Party(f.Licensee), Invoice: f.Invoice, Agent: flegt.Party(f.Agent), OwnInvoice: f.OwnInvoice, BarCode: f.BarCode, Lot: f.Lot, BillOfLading: f.BillOfLading,
		Containers: f.Containers, Marks: f.Marks, IssuePlace: f.IssuePlace, Issued: flegt.ParseDate(f.Issued), Arrival: flegt.ParseDate(f.Arrival),
		ArrivalPlace: f.ArrivalPlace, Office: f.Office, Remarks: f.Remarks}
	for _, g := range f.Goods {
		line := flegt.GoodsLine{Line: g.Line, Description: g.Description, HS: g.HS, Harvest: g.Harvest,
			Volume: flegt.Amount(g.Volume), Weight: flegt.Amount(g.Weight), Units: flegt.Amount(g.Units)}
		for _, wood := range g.Species {
			line.Species = append(line.Species, flegt.Species(wood))
		}
		out.Goods = append(out.Goods, line)
	}
	return out
}

// formOf writes the boxes out.
func formOf(f flegt.Form) LicenceForm {
	out := LicenceForm{IssuingBody: Party(f.IssuingBody), Importer: Party(f.Importer), Number: f.Number, Expires: string(f.Expires),
		Export: f.Export, Transport: f.Transport, Licensee: Party(f.Licensee), Invoice: f.Invoice, Agent: Party(f.Agent), OwnInvoice: f.OwnInvoice, BarCode: f.BarCode, Lot: f.Lot, BillOfLading: f.BillOfLading,
		Containers: f.Containers, Marks: f.Marks, IssuePlace: f.IssuePlace, Issued: string(f.Issued), Arrival: string(f.Arrival),
		ArrivalPlace: f.ArrivalPlace, Office: f.Office, Remarks: f.Remarks}
	for _, g := range f.Goods {
		line := GoodsLine{Line: g.Line, Description: g.Description, HS: g.HS, Harvest: g.Harvest,
			Volume: string(g.Volume), Weight: string(g.Weight), Units: string(g.Units)}
		for _, wood := range g.Species {
			line.Species = append(line.Species, Species(wood))
		}
		out.Goods = append(out.Goods, line)
	}
	return out
}
