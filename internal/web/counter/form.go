package counter

import (
	"fmt"
	"regexp"
	"strings"
)

// Field is one box of a form, as the parts text, textarea, select, radio, checkbox,
// date, file and password show it. Made by Page.Field.
type Field struct {
	// ID is the box's id in the page; Box the name it is posted under.
	ID, Box string
	// Label stands above it, Hint below that, Error below the hint; in words.
	Label, Hint, Error string
	// Remark is what the authority said about the box when it sent the licence back; in words.
	Remark string
	// Value is what stands in it; for a checkbox, what is posted when it is ticked.
	Value string
	// Type is the HTML type of a text box: text, email, tel, search, number, url.
	Type string
	// Autocomplete says what the browser may fill in (HTML's tokens).
	Autocomplete string
	// InputMode is the keyboard that fits: numeric, decimal.
	InputMode string
	// Accept lists the file types of a file box.
	Accept string
	// Width is s, m or l.
	Width string
	// Required marks the box; the browser's own check is switched off, so that our
	// sentences are read and not the browser's.
	Required bool
	// Checked ticks a checkbox; Multiple takes several files or choices.
	Checked, Multiple bool
	// ReadOnly shows the value without letting it be changed.
	ReadOnly bool
	// Focus is set by Page.Field for the box in which to go on typing.
	Focus bool
	// Rows is the height of a textarea; MaxLength limits characters when above 0.
	Rows, MaxLength int
	// Min and Max limit a date or number.
	Min, Max string
	// List is the id of a datalist with suggestions.
	List string
	// Options are what a select or radio offers.
	Options []Option
	// Empty is the first line of a select, which chooses nothing; in words.
	Empty string
	// Words are the few of ours that parts need.
	RequiredWord, OptionalWord, ErrorWord, ShowWord, HideWord, SearchWord string
}

// Option is one choice of a select or radio.
type Option struct {
	// Value is posted; Label and Hint are shown, in words.
	Value, Label, Hint string
	// Selected is set by Page.Field for the value that stands in the box.
	Selected bool
	// Group is the heading it stands under in a select; may be empty.
	Group string
}

// boxID gives a box's id in the page.
func boxID(box string) string { return "f-" + box }

// Field makes a box. The label is a key; value is what stands in it now. Further
// settings come in pairs, named as in Field but starting small: "hint" and "empty" are
// keys, "hintText" and "labelText" words as they are; "options" takes []Option. An unknown name is an error.
//
//	{{template "text" (.Field "email" "account.email" .Form.Email "type" "email" "required" true)}}
func (p *Page) Field(box, label string, value any, pairs ...any) (Field, error) {
	f := Field{
		ID: boxID(box), Box: box, Error: p.Err(box), Focus: box != "" && box == p.FocusOn, Type: "text", Width: "l", Rows: 4,
		RequiredWord: p.T("form.required"), OptionalWord: p.T("form.optional"), ErrorWord: p.T("form.error"),
		ShowWord: p.T("form.show_password"), HideWord: p.T("form.hide_password"), SearchWord: p.T("form.search"),
	}
	if label != "" {
		f.Label = p.T(label)
	}
	if value != nil {
		f.Value = fmt.Sprint(value)
	}
	if len(pairs)%2 != 0 {
		return f, fmt.Errorf("field %s: a value is missing", box)
	}
	for i := 0; i < len(pairs); i += 2 {
		name, _ := pairs[i].(string)
		if err := f.set(p, name, pairs[i+1]); err != nil {
			return f, fmt.Errorf("field %s: %w", box, err)
		}
	}
	f.Label = unbroken(f.Label)
	p.Label(box, f.Label)
	for i := range f.Options {
		if f.Options[i].Value == f.Value {
			f.Options[i].Selected = true
		}
	}
	return f, nil
}

// Box is Field for pages that code writes. A setting that is unknown is a mistake in the program: it panics.
func (p *Page) Box(box, label string, value any, pairs ...any) Field {
	f, err := p.Field(box, label, value, pairs...)
	if err != nil {
		panic(err)
	}
	return f
}

// unbroken keeps the number of a box on its line: "(box 14)" and "(box 12, 13)" in a label or a
// heading are not broken where a page is narrow, longer brackets are.
func unbroken(label string) string {
	if !strings.Contains(label, "(") {
		return label
	}
	return boxNumber.ReplaceAllStringFunc(label, func(box string) string { return strings.ReplaceAll(box, " ", "\u00a0") })
}

var boxNumber = regexp.MustCompile(`\(\pL+ \d+(?:, \d+)*\)`)

// Label keeps a box's label, in words, for the summary of what is wrong above the form.
func (p *Page) Label(box, label string) { p.labels[box] = label }

func (f *Field) set(p *Page, name string, value any) error {
	if f.setText(p, name, fmt.Sprint(value)) {
		return nil
	}
	ok := true
	switch name {
	case "required":
		f.Required, ok = value.(bool)
	case "checked":
		f.Checked, ok = value.(bool)
	case "multiple":
		f.Multiple, ok = value.(bool)
	case "readOnly":
		f.ReadOnly, ok = value.(bool)
	case "rows":
		f.Rows, ok = value.(int)
	case "maxLength":
		f.MaxLength, ok = value.(int)
	case "options":
		var options []Option
		options, ok = value.([]Option)
		f.Options = append([]Option(nil), options...) // ours to mark
	default:
		return fmt.Errorf("there is no setting %q", name)
	}
	if !ok {
		return fmt.Errorf("%s cannot be %v", name, value)
	}
	return nil
}

// setText sets what is a text; false when name is no such setting.
func (f *Field) setText(p *Page, name, text string) bool {
	switch name {
	case "hint":
		f.Hint = p.T(text)
	case "hintText":
		f.Hint = text
	case "labelText":
		f.Label = text
	case "empty":
		f.Empty = p.T(text)
	case "type":
		f.Type = text
	case "autocomplete":
		f.Autocomplete = text
	case "inputMode":
		f.InputMode = text
	case "accept":
		f.Accept = text
	case "width":
		f.Width = text
	case "min":
		f.Min = text
	case "max":
		f.Max = text
	case "list":
		f.List = text
	default:
		return false
	}
	return true
}

// DescribedBy lists the ids of hint and error, for a screen reader.
func (f Field) DescribedBy() string {
	var ids []string
	if f.Hint != "" {
		ids = append(ids, f.ID+"-hint")
	}
	if f.Remark != "" {
		ids = append(ids, f.ID+"-remark")
	}
	if f.Error != "" {
		ids = append(ids, f.ID+"-error")
	}
	return strings.Join(ids, " ")
}

// Group says whether a new heading begins at option i of a select.
func (f Field) Group(i int) bool {
	return f.Options[i].Group != "" && (i == 0 || f.Options[i-1].Group != f.Options[i].Group)
}

// GroupEnd says whether the heading's choices end with option i.
func (f Field) GroupEnd(i int) bool {
	return f.Options[i].Group != "" && (i == len(f.Options)-1 || f.Options[i+1].Group != f.Options[i].Group)
}

// Button is a button that sends a form. Made by Page.Button.
type Button struct {
	Text, Name, Value, Class string
}

// Button makes one: a key for its text; then in pairs "style" (primary, secondary,
// tertiary), "name" and "value" that are posted with it, "text" for words as they are.
func (p *Page) Button(key string, pairs ...any) Button {
	b := Button{Class: "primary"}
	if key != "" {
		b.Text = p.T(key)
	}
	for name, value := range args(pairs) {
		text := fmt.Sprint(value)
		switch name {
		case "style":
			b.Class = text
		case "name":
			b.Name = text
		case "value":
			b.Value = text
		case "text":
			b.Text = text
		}
	}
	return b
}

// Clean takes spaces around and control characters inside away.
func Clean(v string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, v))
}
