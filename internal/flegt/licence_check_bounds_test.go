package flegt

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

// told gives the severity with which a licence is told of a rule; empty when it is not.
func told(l Licence, f Facts, key string) Severity {
	for _, x := range l.Check(f) {
		if x.Key == key {
			return x.Severity
		}
	}
	return ""
}

// TestOnTheBound tries each rule at the last value that it lets through, and at the first that it
// does not.
func TestOnTheBound(t *testing.T) {
	type change func(*Licence, *Facts)
	box := func(set func(*Licence)) change { return func(l *Licence, _ *Facts) { set(l) } }
	for _, c := range []struct {
		name, key string
		in, out   change
		severity  Severity
	}{
		{"issued on the first day of licences", "check.before_licensing", box(func(l *Licence) { l.Form.Issued = "2016-11-15" }), box(func(l *Licence) { l.Form.Issued = "2016-11-14" }), Wrong},
		{"issued on the last day of licences", "check.after_licensing", box(func(l *Licence) { l.Form.Issued = "2016-12-01" }), box(func(l *Licence) { l.Form.Issued = "2016-12-02" }), Wrong},
		{"issued on the day of lodging", "check.issued_future", box(func(l *Licence) { l.Form.Issued = "2016-12-05" }), box(func(l *Licence) { l.Form.Issued = "2016-12-06" }), Wrong},
		{"lodged on the last day", "check.expired", box(func(l *Licence) { l.Form.Expires = "2016-12-05" }), box(func(l *Licence) { l.Form.Expires = "2016-12-04" }), Wrong},
		{"expires the day after its issue", "check.expires_before_issue", box(func(l *Licence) { l.Form.Issued, l.Form.Expires = "2016-12-04", "2016-12-05" }),
			box(func(l *Licence) { l.Form.Issued, l.Form.Expires = "2016-12-05", "2016-12-05" }), Wrong},
		{"good for four months", "check.validity_extended", box(func(l *Licence) { l.Form.Expires = "2017-03-18" }), box(func(l *Licence) { l.Form.Expires = "2017-03-19" }), Look},
		{"good for six months", "check.validity_long", box(func(l *Licence) { l.Form.Expires = "2017-05-18" }), box(func(l *Licence) { l.Form.Expires = "2017-05-19" }), Look},
		{"the extension reaches box 4", "check.validity_extended", box(func(l *Licence) {
			l.Form.Expires, l.Confirmations = "2017-04-18", []Confirmation{{Verb: VerbExtend, Until: "2017-04-18"}}
		}), box(func(l *Licence) {
			l.Form.Expires, l.Confirmations = "2017-04-18", []Confirmation{{Verb: VerbExtend, Until: "2017-04-17"}}
		}), Look},
		{"arrives on the day of issue", "check.arrival_before_issue", box(func(l *Licence) { l.Form.Arrival = "2016-11-18" }), box(func(l *Licence) { l.Form.Arrival = "2016-11-17" }), Look},
		{"a full container", "check.sums_containers", box(func(l *Licence) { l.Form.Goods[0].Weight, l.Form.Goods[0].Volume = "36000", "60" }),
			box(func(l *Licence) { l.Form.Goods[0].Weight, l.Form.Goods[0].Volume = "36000.1", "60" }), Look},
		{"two full containers", "check.sums_containers", box(func(l *Licence) {
			l.Form.Containers, l.Form.Goods[0].Weight, l.Form.Goods[0].Volume = "CSQU3054383, MSKU1234565", "72000", "120"
		}), box(func(l *Licence) { l.Form.Goods[0].Weight, l.Form.Goods[0].Volume = "72000", "120" }), Look},
		{"the heaviest wood", "check.density", box(func(l *Licence) { l.Form.Goods[0].Volume, l.Form.Goods[0].Weight = "1", "1400" }),
			box(func(l *Licence) { l.Form.Goods[0].Volume, l.Form.Goods[0].Weight = "1", "1401.4" }), Look},
		{"the lightest", "check.density_low", box(func(l *Licence) { l.Form.Goods[0].Volume, l.Form.Goods[0].Weight = "1", "60" }),
			box(func(l *Licence) { l.Form.Goods[0].Volume, l.Form.Goods[0].Weight = "1", "59.9" }), Look},
		{"an electronic licence without an invoice", "check.invoice_none", box(func(l *Licence) { l.Form.Invoice, l.Electronic = "", true }), box(func(l *Licence) { l.Form.Invoice = "" }), Wrong},
		{"known on the day of issue", "check.issuing_unknown", func(_ *Licence, f *Facts) {
			f.IssuingKnown = func(_, _ string, on Date) bool { return on == "2016-11-18" }
		}, func(_ *Licence, f *Facts) {
			f.IssuingKnown = func(_, _ string, on Date) bool { return on == "2016-12-05" }
		}, Look},
		{"in scope on the day of issue", "check.scope_not_under", func(_ *Licence, f *Facts) {
			f.Scope = func(_, _ string, on Date) ScopeRule {
				return ScopeRule{Verdict: map[Date]Verdict{"2016-11-18": UnderFLEGT, "2016-12-05": NotUnderFLEGT}[on]}
			}
		}, func(_ *Licence, f *Facts) {
			f.Scope = func(_, _ string, on Date) ScopeRule {
				return ScopeRule{Verdict: map[Date]Verdict{"2016-11-18": NotUnderFLEGT, "2016-12-05": UnderFLEGT}[on]}
			}
		}, Wrong},
	} {
		l, f := sound(), facts()
		c.in(&l, &f)
		if got := told(l, f, c.key); got != "" {
			t.Errorf("%s: %s, %s", c.name, c.key, got)
		}
		l, f = sound(), facts()
		c.out(&l, &f)
		if got := told(l, f, c.key); got != c.severity {
			t.Errorf("just not %s: %q, want %s to be told as %s", c.name, got, c.key, c.severity)
		}
	}
}

// TestCheckDigitTen: a container whose sum leaves ten has the check digit nought. ISO 6346
func TestCheckDigitTen(t *testing.T) {
	for _, number := range []string{"TEXU3070079", "ZEPU0037255", "MSKU1234565", "CSQU3054383", "HLXU0000120", "MAEU0000080"} {
		sum, want := 0, 0
		for i := range 10 {
			const values = "0123456789A_BCDEFGHIJK_LMNOPQRSTU_VWXYZ" // 11, 22 and 33 are nobody's
			sum += slices.Index([]byte(values), number[i]) << i
		}
		if want = sum % 11; want == 10 {
			want = 0
		}
		for digit := range 10 {
			n := number[:10] + string(rune('0'+digit))
			if form, agrees := CheckContainer(n); !form || agrees != (digit == want) {
				t.Errorf("%s: form %v, digit %v, want %d", n, form, agrees, want)
			}
		}
	}
	tens := 0
	for i := range 200 {
		n := []byte("MAEU0000000")
		n[7], n[8], n[9] = byte('0'+i/100), byte('0'+i/10%10), byte('0'+i%10)
		sum := 0
		for j := range 10 {
			sum += slices.Index([]byte("0123456789A_BCDEFGHIJK_LMNOPQRSTU_VWXYZ"), n[j]) << j
		}
		if sum%11 != 10 {
			continue
		}
		tens++
		if _, agrees := CheckContainer(string(n)); !agrees {
			t.Errorf("%s: the sum leaves ten, its digit is nought", n)
		}
	}
	if tens == 0 {
		t.Error("no number was tried whose sum leaves ten")
	}
}

// TestToleranceIsNeverMore: of what has no whole tenth the tolerance is rounded down, so that never
// more than 10 % is covered. Reg. (EC) 1024/2008 art. 10(2)
func TestToleranceIsNeverMore(t *testing.T) {
	for granted, limit := range map[Quantity]Quantity{1: 1, 9: 9, 10: 11, 19: 20, 99: 108, 100: 110, 101: 111, 12_500_000: 13_750_000, 8_412_001: 9_253_201, MaxQuantity: MaxQuantity / 10 * 11} {
		if got := granted.WithTolerance(CubicMetre); got != limit || got*10 > granted*11 || (got+1)*10 <= granted*11 {
			t.Errorf("%s: %s, want %s", granted, got, limit)
		}
		if got := granted.WithTolerance(Piece); got != granted {
			t.Errorf("%s pieces: %s", granted, got)
		}
	}
}

// TestReasonsComeFromTheList: a rejection names a reason of the law's list and says it in words; a
// correction on the paper is one of a box that stands on it.
func TestReasonsComeFromTheList(t *testing.T) {
	for _, code := range append(slices.Clone(RejectionReasons), "", "because", "OTHER") {
		l := Licence{State: Submitted}
		_, err := l.Reject(by(RoleAuthority), noon, code, "in words")
		if want := slices.Contains(RejectionReasons, code); (err == nil) != want || want != (l.State == Rejected) {
			t.Errorf("%q: %v, %s", code, err, l.State)
		}
		if code != "other" && err == nil && ReasonLaw(code) == "" {
			t.Errorf("%s cites no law", code)
		}
	}
	proof := Proof{Reference: "LIU 17", File: &Attachment{ID: "x"}}
	for field, want := range map[string]string{"goods.0.volume": "", "number": "", "goods.7.volume": "error.choose", "arrival": "error.choose", "scan": "error.choose", "": "error.choose"} {
		l := sound()
		l.State = Submitted
		if _, err := l.CorrectOnPaper(by(RoleAuthority), noon, field, "one digit", proof); boxKey(err) != want {
			t.Errorf("%q: %v, want %q", field, err, want)
		}
	}
}

// TestMarkedIsNotAccepted: by no mark, whoever made it.
func TestMarkedIsNotAccepted(t *testing.T) {
	for _, v := range []Verb{VerbReplace, VerbCancel, VerbReportLost} {
		l := sound()
		l.State, l.SubmittedAt, l.Marks = Submitted, noon, []Mark{{Verb: v}}
		if _, err := l.Accept(by(RoleAuthority), noon, Limits{}); key(err) != "licence.marked."+l.Marks[0].Name() || l.State != Submitted {
			t.Errorf("%s: %v, %s", v, err, l.State)
		}
	}
}

// TestEveryBoxOfThePaperIsLocked changes each field of an electronic licence's form, whatever
// fields it has: nothing of it can be edited on our side but what is not on the paper.
func TestEveryBoxOfThePaperIsLocked(t *testing.T) {
	ours := []string{"Agent", "OwnInvoice", "Arrival", "ArrivalPlace", "Office", "Remarks"}
	issued := sound()
	issued.State, issued.Electronic, issued.NextLine = Draft, true, 2
	var tryEach func(name string, form *Form, v reflect.Value)
	tryEach = func(name string, form *Form, v reflect.Value) {
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				tryEach(name+"."+v.Type().Field(i).Name, form, v.Field(i))
			}
			return
		case reflect.Slice:
			for i := range v.Len() {
				tryEach(name, form, v.Index(i))
			}
			return
		}
		before := reflect.ValueOf(v.Interface())
		if v.Kind() == reflect.Int {
			v.SetInt(v.Int() + 7)
		} else {
			v.SetString(strings.ToLower(v.String()) + "x")
		}
		l := issued
		_, err := l.Edit(by(RoleOperator), noon, *form)
		first := strings.Split(name, ".")[1]
		if free := slices.Contains(ours, first); free != (err == nil) {
			t.Errorf("%s: %v", name, err)
		}
		v.Set(before)
	}
	form := issued.Form
	form.Goods = slices.Clone(form.Goods)
	form.Goods[0].Species, form.Goods[0].Harvest = slices.Clone(form.Goods[0].Species), slices.Clone(form.Goods[0].Harvest)
	tryEach("form", &form, reflect.ValueOf(&form).Elem())
	form.Number = strings.ToLower(issued.Form.Number)
	l := issued
	if _, err := l.Edit(by(RoleOperator), noon, form); boxKey(err) != "licence.locked" {
		t.Errorf("the number in other letters: %v", err)
	}
}
