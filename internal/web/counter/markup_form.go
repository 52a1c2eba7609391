package counter

import "html/template"

// flag puts an attribute that has no value, if it holds.
func (m *Markup) flag(holds bool, attribute literal) *Markup {
	if holds {
		m.Raw(attribute)
	}
	return m
}

// attribute puts an attribute with its value, if it has one: before is its name up to the quote.
func (m *Markup) attribute(before literal, value string) *Markup {
	if value == "" {
		return m
	}
	return m.Raw(before).Text(value).Raw(`"`)
}

// number puts an attribute with a number, if it is not 0.
func (m *Markup) number(before literal, n int) *Markup {
	if n == 0 {
		return m
	}
	return m.Raw(before).Number(int64(n)).Raw(`"`)
}

// label puts a box's label, its hint and what is wrong with it.
func (m *Markup) label(f Field) *Markup {
	m.Raw(`<div class="ecl-form-label-wrapper"><label class="ecl-form-label`).flag(f.Error != "", ` ecl-form-label--invalid`)
	m.Raw(`" for="`).Text(f.ID).Raw(`">`).Text(f.Label).markRequired(f).Raw(`</label></div>`)
	return m.hintError(f)
}

func (m *Markup) markRequired(f Field) *Markup {
	if f.Required {
		return m.Raw(`<span class="ecl-form-label__required" title="`).Text(f.RequiredWord).Raw(`">&#8201;*</span>`)
	}
	if !f.ReadOnly {
		m.Raw(`<span class="ecl-form-label__optional"> (`).Text(f.OptionalWord).Raw(`)</span>`)
	}
	return m
}

func (m *Markup) hintError(f Field) *Markup {
	if f.Hint != "" {
		m.Raw(`<div class="ecl-help-block" id="`).Text(f.ID).Raw(`-hint">`).Text(f.Hint).Raw(`</div>`)
	}
	if f.Remark != "" {
		m.Raw(`<div class="of-remark" id="`).Text(f.ID).Raw(`-remark">`).Text(f.Remark).Raw(`</div>`)
	}
	if f.Error != "" {
		m.Raw(`<div class="ecl-feedback-message" id="`).Text(f.ID).Raw(`-error">`).Raw(iconSmallError)
		m.Raw(`<span><span class="of-hidden">`).Text(f.ErrorWord).Raw(`: </span>`).Text(f.Error).Raw(`</span></div>`)
	}
	return m
}

// asked puts the attributes that all boxes have: that something must stand in it, that something is
// wrong with it, and what describes it.
func (m *Markup) asked(f Field) *Markup {
	m.flag(f.Required, ` aria-required="true"`).flag(f.Error != "", ` aria-invalid="true"`)
	return m.attribute(` aria-describedby="`, f.DescribedBy())
}

// TextBox puts a box for one line.
func (m *Markup) TextBox(f Field) *Markup {
	m.Raw(`<div class="ecl-form-group">`).label(f).Raw("\n"+`<input class="ecl-text-input ecl-text-input--`).Text(f.Width).flag(f.Error != "", ` ecl-text-input--invalid`)
	m.Raw(`" id="`).Text(f.ID).Raw(`" name="`).Text(f.Box).Raw(`" type="`).Text(f.Type).Raw(`" value="`).Text(f.Value).Raw(`"`)
	m.attribute(` autocomplete="`, f.Autocomplete).attribute(` inputmode="`, f.InputMode).number(` maxlength="`, f.MaxLength)
	m.attribute(` min="`, f.Min).attribute(` max="`, f.Max).attribute(` list="`, f.List)
	return m.flag(f.ReadOnly, ` readonly`).flag(f.Focus, ` autofocus`).asked(f).Raw(`></div>`)
}

// DateBox puts a box for a day.
func (m *Markup) DateBox(f Field) *Markup {
	m.Raw(`<div class="ecl-form-group">`).label(f).Raw("\n"+`<input class="ecl-text-input ecl-text-input--s of-date`).flag(f.Error != "", ` ecl-text-input--invalid`)
	m.Raw(`" id="`).Text(f.ID).Raw(`" name="`).Text(f.Box).Raw(`" type="date" value="`).Text(f.Value).Raw(`"`)
	m.attribute(` min="`, f.Min).attribute(` max="`, f.Max)
	return m.flag(f.ReadOnly, ` readonly`).asked(f).Raw(`></div>`)
}

// TextArea puts a box for several lines.
func (m *Markup) TextArea(f Field) *Markup {
	m.Raw(`<div class="ecl-form-group">`).label(f).Raw("\n"+`<textarea class="ecl-text-area ecl-text-area--`).Text(f.Width).flag(f.Error != "", ` ecl-text-area--invalid`)
	m.Raw(`" id="`).Text(f.ID).Raw(`" name="`).Text(f.Box).Raw(`" rows="`).Number(int64(f.Rows)).Raw(`"`)
	m.attribute(` autocomplete="`, f.Autocomplete).number(` maxlength="`, f.MaxLength)
	return m.flag(f.ReadOnly, ` readonly`).asked(f).Raw(`>`).Text(f.Value).Raw(`</textarea></div>`)
}

// Select puts a box of choices.
func (m *Markup) Select(f Field) *Markup {
	m.Raw(`<div class="ecl-form-group">`).label(f).Raw("\n"+`<div class="ecl-select__container ecl-select__container--`).Text(f.Width).flag(f.Error != "", ` ecl-select__container--invalid`)
	m.Raw(`"><select class="ecl-select`).flag(f.Error != "", ` ecl-select--invalid`).Raw(`" id="`).Text(f.ID).Raw(`" name="`).Text(f.Box).Raw(`"`)
	m.attribute(` autocomplete="`, f.Autocomplete).asked(f).Raw(">\n")
	if f.Empty != "" {
		m.Raw(`<option value="">`).Text(f.Empty).Raw(`</option>`)
	}
	m.options(f).Raw(`</select><div class="ecl-select__icon" aria-hidden="true"><span class="ecl-button ecl-button--tertiary ecl-button--icon-only">`)
	return m.Raw(iconDown).Raw(`</span></div></div></div>`)
}

func (m *Markup) options(f Field) *Markup {
	for i, o := range f.Options {
		if f.Group(i) {
			m.Raw(`<optgroup label="`).Text(o.Group).Raw(`">`)
		}
		m.Raw(`<option value="`).Text(o.Value).Raw(`"`).flag(o.Selected, ` selected`).Raw(`>`).Text(o.Label).Raw(`</option>`)
		if f.GroupEnd(i) {
			m.Raw(`</optgroup>`)
		}
		m.Raw("\n")
	}
	return m
}

// CheckBox puts a box that is ticked or not.
func (m *Markup) CheckBox(f Field) *Markup {
	m.Raw(`<div class="ecl-form-group"><div class="ecl-checkbox`).flag(f.Error != "", ` ecl-checkbox--invalid`)
	m.Raw(`"><input class="ecl-checkbox__input" type="checkbox" id="`).Text(f.ID).Raw(`" name="`).Text(f.Box).Raw(`" value="`)
	if f.Value == "" {
		m.Raw(`yes`)
	}
	m.Text(f.Value).Raw(`"`).flag(f.Checked, ` checked`).asked(f).Raw(`><label class="ecl-checkbox__label" for="`).Text(f.ID)
	m.Raw(`"><span class="ecl-checkbox__box`).flag(f.Error != "", ` ecl-checkbox__box--invalid`).Raw(`">`).Raw(iconCheck).Raw(`</span><span class="ecl-checkbox__text">`).Text(f.Label)
	if f.Required {
		m.Raw(`<span class="ecl-form-label__required" title="`).Text(f.RequiredWord).Raw(`">&#8201;*</span>`)
	}
	return m.Raw(`</span></label></div>`).hintError(f).Raw(`</div>`)
}

// CheckBoxes puts choices of which several may be ticked.
func (m *Markup) CheckBoxes(f Field) *Markup {
	m.Raw(`<fieldset class="ecl-form-group of-fieldset"`).attribute(` aria-describedby="`, f.DescribedBy()).Raw(`><legend class="ecl-form-label`).flag(f.Error != "", ` ecl-form-label--invalid`)
	m.Raw(`">`).Text(f.Label).markRequired(f).Raw(`</legend>`).hintError(f).Raw("\n")
	for i, o := range f.Options {
		id := func() *Markup {
			m.Text(f.ID)
			if i > 0 {
				m.Raw(`-`).Number(int64(i))
			}
			return m
		}
		help := func() *Markup { return m.Text(f.ID).Raw(`-`).Number(int64(i)).Raw(`-help"`) }
		m.Raw(`<div class="ecl-checkbox`).flag(f.Error != "", ` ecl-checkbox--invalid`).Raw(`"><input class="ecl-checkbox__input" type="checkbox" id="`)
		id().Raw(`" name="`).Text(f.Box).Raw(`" value="`).Text(o.Value).Raw(`"`).flag(o.Selected, ` checked`)
		if o.Hint != "" {
			m.Raw(` aria-describedby="`)
			help()
		}
		m.Raw(`><label class="ecl-checkbox__label" for="`)
		id().Raw(`"><span class="ecl-checkbox__box">`).Raw(iconCheck).Raw(`</span><span class="ecl-checkbox__text">`).Text(o.Label).Raw(`</span></label>`)
		if o.Hint != "" {
			m.Raw(`<div class="ecl-checkbox__help" id="`)
			help().Raw(`>`).Text(o.Hint).Raw(`</div>`)
		}
		m.Raw("</div>\n")
	}
	return m.Raw(`</fieldset>`)
}

// Search puts a box to search by, with its button.
func (m *Markup) Search(f Field) *Markup {
	m.Raw(`<div class="ecl-form-group of-search"><label class="ecl-form-label" for="`).Text(f.ID).Raw(`">`).Text(f.Label).Raw(`</label>`).hintError(f)
	m.Raw("\n" + `<div class="of-search__row"><input class="ecl-text-input ecl-text-input--`).Text(f.Width).Raw(`" id="`).Text(f.ID).Raw(`" name="`).Text(f.Box)
	m.Raw(`" type="search" value="`).Text(f.Value).Raw(`"`).attribute(` aria-describedby="`, f.DescribedBy())
	return m.Raw(`><button class="ecl-button ecl-button--primary" type="submit">`).Text(f.SearchWord).Raw(`</button></div></div>`)
}

// Button puts a button that sends a form.
func (m *Markup) Button(b Button) *Markup {
	m.Raw(`<button class="ecl-button ecl-button--`).Text(b.Class).Raw(`" type="submit"`).attribute(` name="`, b.Name).attribute(` value="`, b.Value)
	return m.Raw(`>`).Text(b.Text).Raw(`</button>`)
}

// formParts are the parts of forms that templates call by name.
func formParts() template.FuncMap {
	of := func(write func(*Markup, Field) *Markup) func(Field) template.HTML {
		return func(f Field) template.HTML { return write(new(Markup), f).HTML() }
	}
	return template.FuncMap{
		"write_label": of((*Markup).label), "write_mark_required": of((*Markup).markRequired), "write_hint_error": of((*Markup).hintError), "write_text": of((*Markup).TextBox),
		"write_date": of((*Markup).DateBox), "write_textarea": of((*Markup).TextArea), "write_select": of((*Markup).Select), "write_checkbox": of((*Markup).CheckBox),
		"write_checkboxes": of((*Markup).CheckBoxes), "write_search": of((*Markup).Search),
		"write_submit": func(b Button) template.HTML { return new(Markup).Button(b).HTML() },
	}
}
