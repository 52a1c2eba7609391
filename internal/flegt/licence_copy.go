package flegt

import "slices"

// NextTime gives the boxes that are the same on the next licence of the same trade: the
// parties, the way of the goods, and of each goods line its description, HS code, species and
// countries of harvest. What belongs to one licence or one shipment is left empty: number,
// dates, everything of box 17, amounts, arrival and remarks, so that no box of the old paper
// is lodged with the new one by oversight.
func (f Form) NextTime() Form {
	next := Form{IssuingBody: f.IssuingBody, Importer: f.Importer, Licensee: f.Licensee, Agent: f.Agent,
		Export: f.Export, Transport: f.Transport, IssuePlace: f.IssuePlace, ArrivalPlace: f.ArrivalPlace, Office: f.Office}
	for _, g := range f.Goods {
		next.Goods = append(next.Goods, GoodsLine{Description: g.Description, HS: g.HS,
			Species: slices.Clone(g.Species), Harvest: slices.Clone(g.Harvest)})
	}
	return next
}
