package counter

import "html/template"

// Pages puts the way through a long list.
func (m *Markup) Pages(w Pages) *Markup {
	if w.Previous.URL != "" || w.Next.URL != "" {
		m.Raw(`<nav class="of-pages" aria-label="`).Text(w.Label).Raw("\"><ul>\n")
		if w.Previous.URL != "" {
			m.Raw(`<li><a href="`).Link(w.Previous.URL).Raw(`" rel="prev">`).Text(w.Previous.Text).Raw(`</a></li>`)
		}
		m.Raw("\n")
		m.pageNumbers(w, func(n PageNumber) {
			m.Raw(`<a href="`).Link(n.URL).Raw(`" aria-label="`).Text(n.Label).Raw(`">`).Text(n.Text).Raw(`</a>`)
		})
		if w.Next.URL != "" {
			m.Raw(`<li><a href="`).Link(w.Next.URL).Raw(`" rel="next">`).Text(w.Next.Text).Raw(`</a></li>`)
		}
		m.Raw("\n</ul></nav>")
	}
	if w.Summary != "" {
		m.Raw(`<p class="of-sub">`).Text(w.Summary)
		if w.Further.URL != "" {
			m.Raw(` `).A(w.Further)
		}
		m.Raw(`</p>`)
	}
	return m
}

// LineButtons puts the ways to goods lines that are not shown, as buttons that send the form around them.
func (m *Markup) LineButtons(w Pages) *Markup {
	if len(w.Numbers) == 0 {
		return m
	}
	m.Raw(`<nav class="of-pages" aria-label="`).Text(w.Label).Raw("\"><ul>\n")
	m.pageNumbers(w, func(n PageNumber) {
		m.Raw(`<button type="submit" name="do" value="lines:`).Number(int64(n.Page)).Raw(`" aria-label="`).Text(n.Label).Raw(`">`).Text(n.Text).Raw(`</button>`)
	})
	return m.Raw(`</ul></nav><p class="of-sub">`).Text(w.Summary).Raw(`</p>`)
}

// pageNumbers puts the numbers of pages: the one that is shown, what is passed over, and the way to each
// other one.
func (m *Markup) pageNumbers(w Pages, way func(PageNumber)) {
	for _, n := range w.Numbers {
		m.Raw(`<li>`)
		switch {
		case n.Current:
			m.Raw(`<span class="of-pages__current" aria-current="page">`).Text(n.Text).Raw(`</span>`)
		case n.URL != "":
			way(n)
		default:
			m.Raw(`<span>`).Text(n.Text).Raw(`</span>`)
		}
		m.Raw("</li>\n")
	}
}

// A puts a link.
func (m *Markup) A(l Link) *Markup {
	return m.Raw(`<a class="ecl-link" href="`).Link(l.URL).Raw(`">`).Text(l.Text).Raw(`</a>`)
}

// Empty puts what stands where a list has nothing.
func (m *Markup) Empty(e Empty) *Markup {
	m.Raw(`<div class="of-empty"><h2>`).Text(e.Title).Raw(`</h2>`)
	if e.Text != "" {
		m.Raw(`<p>`).Text(e.Text).Raw(`</p>`)
	}
	if e.Link.URL != "" {
		m.Raw(`<p><a class="ecl-link ecl-link--primary" href="`).Link(e.Link.URL).Raw(`">`).Text(e.Link.Text).Raw(`</a></p>`)
	}
	return m.Raw(`</div>`)
}

// File puts a link to a file.
func (m *Markup) File(f File) *Markup {
	return m.Raw(`<div class="of-file">`).Raw(iconFile).Raw(`<div>`).A(Link{f.URL, f.Name}).Sub(f.Meta).Raw(`</div></div>`)
}

// Findings puts what the checks found, to be read.
func (m *Markup) Findings(list []FindingLine) *Markup {
	m.Raw(`<ul class="of-findings">`)
	for _, f := range list {
		m.Raw(`<li class="of-finding">`).Status(f.Status).Raw(` <span>`).Text(f.Text).Sub(f.Rule).Sub(f.Where)
		if f.Answer != "" {
			m.Raw(`<span class="of-answer">`).Text(f.Answer).Raw(`</span>`)
		}
		m.Raw("</span></li>\n")
	}
	return m.Raw(`</ul>`)
}

// Elsewhere puts the ways to goods lines that are not shown and in which the checks found something.
func (m *Markup) Elsewhere(list []Link) *Markup {
	if len(list) == 0 {
		return m
	}
	m.Raw(`<ul>`)
	for _, l := range list {
		m.Raw(`<li>`).A(l).Raw("</li>\n")
	}
	return m.Raw(`</ul>`)
}

// Scans puts the viewer of scans with the scans below it; there is one at least.
func (m *Markup) Scans(list []ScanView) *Markup {
	v := list[0]
	m.Raw(`<div class="of-viewer" data-of-viewer data-of-pdf="`).Text(v.Static("pdfjs/pdf.js")).Raw(`" data-of-worker="`).Text(v.Static("pdfjs/pdf.worker.js"))
	m.Raw(`" data-of-says="`).Text(v.T("scan.viewer.says")).Raw(`" data-of-page="`).Text(v.T("scan.viewer.page_of")).Raw(`" data-of-loading="`).Text(v.T("scan.viewer.loading"))
	m.Raw(`" data-of-failed="`).Text(v.T("scan.viewer.failed")).Raw(`" data-of-part="`).Text(v.T("scan.viewer.part")).Raw(`" data-of-blank="`).Text(v.T("scan.viewer.blank"))
	m.Raw(`" data-of-undrawn="`).Text(v.T("scan.viewer.undrawn")).Raw("\">\n<div class=\"of-viewer__tabs\" role=\"tablist\" aria-label=\"").Text(v.T("scan.title"))
	m.Raw("\" data-of-tabs hidden></div>\n<div class=\"of-viewer__tools\" role=\"group\" aria-label=\"").Text(v.T("scan.viewer.tools")).Raw("\" hidden>\n")
	m.tool("previous", v.T("scan.viewer.previous"), iconPrevious).Raw("\n<span class=\"of-viewer__number\"><label for=\"scan-number\">").Text(v.T("scan.viewer.page"))
	m.Raw("</label> <input class=\"ecl-text-input\" id=\"scan-number\" type=\"text\" value=\"1\" inputmode=\"numeric\" autocomplete=\"off\" data-of-number> / <span data-of-count>1</span></span>\n")
	m.tool("next", v.T("scan.viewer.next"), iconNext).Raw("\n").tool("smaller", v.T("scan.viewer.smaller"), iconSmaller).Raw("\n").tool("larger", v.T("scan.viewer.larger"), iconLarger).Raw("\n")
	m.tool("fit", v.T("scan.viewer.fit"), iconFit).Raw("\n").tool("turn", v.T("scan.viewer.turn"), iconTurn).Raw("</div>\n<p class=\"of-viewer__missing\" role=\"alert\" data-of-missing hidden></p>\n")
	m.Raw(`<div class="of-viewer__stage" id="scan-stage" tabindex="0" role="region" aria-label="`).Text(v.T("scan.viewer.stage"))
	m.Raw("\" hidden><div class=\"of-viewer__sheet\"></div></div>\n<p class=\"of-sub\" role=\"status\" data-of-told></p>\n")
	for _, scan := range list {
		m.scan(scan)
	}
	m.Raw(`<details class="of-details" data-of-help hidden><summary>`).Text(v.T("scan.viewer.keys")).Raw(`</summary><p>`).Text(v.T("scan.viewer.keys.text"))
	return m.Raw(`</p></details></div>`)
}

// tool puts a button of the viewer.
func (m *Markup) tool(does literal, words string, icon literal) *Markup {
	m.Raw(`<button class="ecl-button ecl-button--secondary" type="button" data-of-do="`).Raw(does).Raw(`" aria-label="`).Text(words).Raw(`" title="`).Text(words)
	return m.Raw(`">`).Raw(icon).Raw(`</button>`)
}

func (m *Markup) scan(s ScanView) *Markup {
	m.Raw(`<div class="of-scan" data-of-kind="`)
	switch {
	case s.PDF:
		m.Raw(`pdf`)
	case s.TIFF:
		m.Raw(`tiff`)
	default:
		m.Raw(`image`)
	}
	m.Raw(`" data-of-address="`).Text(s.URL).Raw(`" data-of-name="`).Text(s.Name).Raw(`" data-of-pages="`).Number(int64(len(s.Pages))).Raw(`">`).File(s.File)
	m.Raw("\n<p><a class=\"ecl-link\" data-of-download href=\"").Link(s.Download).Raw(`">`).Text(s.T("scan.download", "Name", s.Name)).Raw("</a></p>\n<div class=\"of-scan__plain\">")
	picture := func(address string) *Markup {
		return m.Raw(`<img class="of-scan__image" src="`).Link(address).Raw(`" alt="`).Text(s.Name).Raw(`" loading="lazy">`)
	}
	switch {
	case s.PDF:
		m.Raw(`<iframe class="of-scan__page" src="`).Link(s.URL).Raw(`" title="`).Text(s.Name).Raw(`" loading="lazy"></iframe>`)
	case s.Image:
		picture(s.URL)
	case s.TIFF:
		picture(s.Pages[0].URL).Raw("\n<ol class=\"of-scan__pages\">")
		for _, page := range s.Pages {
			m.Raw(`<li>`).A(Link{page.URL, page.Name}).Raw(`</li>`)
		}
		m.Raw(`</ol>`)
	}
	return m.Raw("</div></div>\n")
}

// pageParts are the parts of pages that templates call by name.
func pageParts() template.FuncMap {
	return template.FuncMap{
		"write_pages":        func(w Pages) template.HTML { return new(Markup).Pages(w).HTML() },
		"write_line_buttons": func(w Pages) template.HTML { return new(Markup).LineButtons(w).HTML() },
		"write_empty":        func(e *Empty) template.HTML { return new(Markup).Empty(*e).HTML() },
		"write_file_link":    func(f File) template.HTML { return new(Markup).File(f).HTML() },
		"write_findings":     func(list []FindingLine) template.HTML { return new(Markup).Findings(list).HTML() },
		"write_elsewhere":    func(list []Link) template.HTML { return new(Markup).Elsewhere(list).HTML() },
		"write_scans":        func(list []ScanView) template.HTML { return new(Markup).Scans(list).HTML() },
		"write_notification": writeNotification,
		"write_marks":        func(v CycleView) template.HTML { return new(Markup).Marks(v).HTML() },
		"write_remarks":      func(p *Page, v CycleView) template.HTML { return new(Markup).Remarks(p, v).HTML() },
		"write_returned":     func(r ReturnView) template.HTML { return new(Markup).returned(r).HTML() },
		"write_cycle":        func(p *Page, v CycleView) template.HTML { return new(Markup).Cycle(p, v).HTML() },
		"write_question":     func(p *Page, q QuestionView) template.HTML { return new(Markup).question(p, q).HTML() },
		"write_by_enter":     func(form string) template.HTML { return new(Markup).byEnter(form).HTML() },
	}
}
