package api

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// boxNames lists the names of a form's fields in JSON, with those of the fields inside.
func boxNames(t reflect.Type, above string) (out []string) {
	for t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct {
		return []string{above}
	}
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == "" {
			name = strings.ToLower(t.Field(i).Name)
		}
		out = append(out, boxNames(t.Field(i).Type, above+"/"+name)...)
	}
	slices.Sort(out)
	return out
}

// fill writes something of its own into every field.
func fill(v reflect.Value, n *int) {
	*n++
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fill(v.Index(0), n)
		fill(v.Index(1), n)
	case reflect.Int:
		v.SetInt(int64(*n))
	default:
		v.SetString(fmt.Sprint("text ", *n))
		if v.Type() == reflect.TypeFor[flegt.Date]() {
			v.SetString(fmt.Sprintf("2016-12-%02d", *n%28+1))
		}
	}
}

// TestEveryBoxOfTheForm: the form of the interface has every box of a licence, under the same
// name, and each goes through both ways.
func TestEveryBoxOfTheForm(t *testing.T) {
	ours, theirs := boxNames(reflect.TypeFor[LicenceForm](), ""), boxNames(reflect.TypeFor[flegt.Form](), "")
	if strings.Join(ours, "\n") != strings.Join(theirs, "\n") {
		t.Errorf("the interface has\n%v\nthe licence has\n%v", ours, theirs)
	}
	var full flegt.Form
	n := 0
	fill(reflect.ValueOf(&full).Elem(), &n)
	if again := formOf(full).form(); !reflect.DeepEqual(again, full) {
		t.Errorf("%+v\nbecame\n%+v", full, again)
	}
	for _, name := range ours {
		box, _, _ := strings.Cut(strings.TrimPrefix(name, "/"), "/")
		if formPointer(box) != "/form/"+box {
			t.Errorf("a problem of %s is said to be at %s", box, formPointer(box))
		}
	}
	if pointerOf("office") != "/office" {
		t.Error("customs' own office is said to be in a form")
	}
}

// TestWhatIsCheckedNamesItsLine: lines that are checked before they are kept have no numbers yet;
// what is said about them names those that they would get, beside those that have one.
func TestWhatIsCheckedNamesItsLine(t *testing.T) {
	w := newTown(t)
	line := `{"description":"Teak","hs":"44XX","harvest":["ID"],"volume":"1"}`
	body := `{"import_country":"DK","form":{"export":"ID","goods":[` + line + `,` + strings.Replace(line, `{`, `{"line":4,`, 1) + `,` + line + `]}}`
	found := w.ask(mette, "POST", "/api/v1/licences/check", body).is(200).says("Line 4", "Line 5", "Line 6")
	if strings.Contains(found.text, "Line 0") {
		t.Error(found.text)
	}
	w.ask(mette, "POST", "/api/v1/licences/check", `{"form":{"goods":[`+line+`]}}`).is(200).says("Line 1", "/form/goods/0/hs", "Reg. (EC) 1024/2008 Annex, box 10 (to be verified)")
	w.ask(mette, "POST", "/api/v1/licences/check", `{"form":{"goods":[`+line+`]}}`, "Accept-Language", "da").is(200).says("Forordning (EF) nr. 1024/2008 bilag, felt 10 (endnu ikke efterprøvet)")
}
