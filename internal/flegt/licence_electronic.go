package flegt

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Issue puts a licence into the system by the issuing country's licensing authority: nothing
// of it can be edited on our side. verification is the hash of the number with which the
// importer claims it. The findings are those of Check; an error among them refuses.
// Reg. (EC) 1024/2008 art. 3 and 14 (to be verified)
func (l *Licence) Issue(by Actor, now time.Time, form Form, verification string, findings []Finding) (Event, error) {
	if _, ok := Next(l.State, by.Role, VerbIssue); !ok {
		return l.refuseStep(VerbIssue)
	}
	if boxes := Errors(findings); len(boxes) > 0 {
		return Event{}, InvalidBoxes(boxes)
	}
	e, err := l.fill(by, now, VerbIssue, "issued", form)
	if err == nil {
		l.Electronic, l.Verification, l.IssuedAt, l.IssuedBy = true, verification, now.UTC(), by.Account
	}
	return e, err
}

// Claim gives an electronic licence to the operator for whom the actor acts. That number
// and verification number agree was seen by whoever calls it.
func (l *Licence) Claim(by Actor, now time.Time) (Event, error) {
	if _, err := l.step(by, now, VerbClaim, "claimed"); err != nil {
		return Event{}, err
	}
	l.Operator, l.ClaimedAt, l.ClaimedBy = by.Body, now.UTC(), by.Account
	return l.event(by, now, "claimed"), nil
}

// Unclaim gives a claimed licence back before it was submitted, with what the importer had
// added taken off, so that the right one can claim it.
func (l *Licence) Unclaim(by Actor, now time.Time) (Event, error) {
	if !l.Electronic {
		return l.refuseStep(VerbUnclaim)
	}
	if _, err := l.step(by, now, VerbUnclaim, "unclaimed"); err != nil {
		return Event{}, err
	}
	e := l.event(by, now, "unclaimed")
	l.Form.setFacts(Form{})
	l.Operator, l.ClaimedAt, l.ClaimedBy, l.Scans, l.Answers = "", time.Time{}, "", nil, nil
	return e, nil
}

// setFacts takes over what the importer adds to an electronic licence: what is not on the
// paper.
func (f *Form) setFacts(from Form) {
	f.Agent, f.OwnInvoice, f.Arrival, f.ArrivalPlace, f.Office, f.Remarks = from.Agent, from.OwnInvoice, from.Arrival, from.ArrivalPlace, from.Office, from.Remarks
}

// WithFacts gives the form with the importer's facts of another: for the page of an
// electronic licence, which posts nothing else.
func (f Form) WithFacts(from Form) Form {
	f.setFacts(from)
	return f
}

// locked says which boxes of the paper differ from the electronic licence: none of them can
// be changed on our side.
func (l Licence) locked(form Form) error {
	var boxes []BoxError
	differs := func(field string, now, then any) {
		if !reflect.DeepEqual(now, then) {
			boxes = append(boxes, BoxError{Box: field, Key: "licence.locked"})
		}
	}
	f := l.Form
	differs("issuing_body.name", form.IssuingBody, f.IssuingBody)
	differs("importer.name", form.Importer, f.Importer)
	differs("number", strings.TrimSpace(form.Number), f.Number)
	differs("expires", form.Expires, f.Expires)
	differs("export", form.Export, f.Export)
	differs("transport", form.Transport, f.Transport)
	differs("licensee.name", form.Licensee, f.Licensee)
	goods := slices.DeleteFunc(slices.Clone(form.Goods), GoodsLine.Empty)
	if len(goods) != len(f.Goods) {
		boxes = append(boxes, BoxError{Box: "goods", Key: "licence.locked"})
	}
	for i := range min(len(goods), len(f.Goods)) {
		lockedLine(differs, "goods."+strconv.Itoa(i)+".", goods[i], f.Goods[i])
	}
	differs("invoice", form.Invoice, f.Invoice)
	differs("bar_code", form.BarCode, f.BarCode)
	differs("lot", form.Lot, f.Lot)
	differs("bill_of_lading", form.BillOfLading, f.BillOfLading)
	differs("containers", form.Containers, f.Containers)
	differs("marks", form.Marks, f.Marks)
	differs("issue_place", form.IssuePlace, f.IssuePlace)
	differs("issued", form.Issued, f.Issued)
	return InvalidBoxes(boxes)
}

func lockedLine(differs func(string, any, any), at string, now, then GoodsLine) {
	differs(at+"line", now.Line, then.Line)
	differs(at+"description", now.Description, then.Description)
	differs(at+"hs", now.HS, then.HS)
	differs(at+"species.0.scientific", append([]Species{}, now.Species...), append([]Species{}, then.Species...))
	differs(at+"harvest", strings.Join(now.Harvest, " "), strings.Join(then.Harvest, " "))
	differs(at+"volume", now.Volume, then.Volume)
	differs(at+"weight", now.Weight, then.Weight)
	differs(at+"units", now.Units, then.Units)
}
