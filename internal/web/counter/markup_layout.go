package counter

import (
	"fmt"
	"html/template"
)

// The page around its content, in the order in which it is sent: the head up to the page's own
// scripts, what stands above the content, and the foot.

// head puts everything before the page's own scripts.
func (m *Markup) head(p *Page) *Markup {
	m.Raw("<!doctype html>\n<html lang=\"").Text(string(p.Lang)).Raw("\" class=\"no-js\">\n<head>\n<meta charset=\"utf-8\">\n")
	m.Raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>").Text(p.WindowTitle()).Raw("</title>\n<meta name=\"color-scheme\" content=\"light\">\n")
	m.Raw(`<link rel="icon" type="image/svg+xml" href="`).Link(p.Static("favicon.svg")).Raw("\">\n")
	m.Raw(`<link rel="preload" href="`).Link(p.Static("ecl/InterVariable.woff2")).Raw("\" as=\"font\" type=\"font/woff2\" crossorigin>\n")
	m.Raw(`<link rel="stylesheet" href="`).Link(p.Static("ecl/ecl-ec.css")).Raw("\" media=\"screen\">\n")
	m.Raw(`<link rel="stylesheet" href="`).Link(p.Static("ecl/ecl-ec-print.css")).Raw("\" media=\"print\">\n")
	m.Raw(`<link rel="stylesheet" href="`).Link(p.Static("openflegt.css")).Raw("\">\n")
	return m.Raw(`<script src="`).Link(p.Static("openflegt.js")).Raw(`" data-ecl="`).Text(p.Static("ecl/ecl-ec.js")).Raw("\" defer></script>\n")
}

// above puts what stands between the page's own scripts and its content; the links lead to what is wrong.
func (m *Markup) above(p *Page, links []ProblemLink) *Markup {
	m.Raw("</head>\n<body class=\"ecl\">\n<a class=\"ecl-link ecl-link--primary ecl-skip-link\" href=\"#main\">").Text(p.T("site.skip")).Raw("</a>\n")
	m.header(p).Raw("\n<main id=\"main\" class=\"of-main\" tabindex=\"-1\">\n")
	if !p.NoHeader {
		m.heading(p)
	}
	m.Raw("\n"+`<div class="ecl-container of-content`).flag(p.Wide, ` of-content--wide`).Raw("\">\n")
	return m.messages(p, links).Raw("\n")
}

// foot puts everything behind the content.
func (m *Markup) foot(p *Page) *Markup {
	m.Raw("\n</div>\n</main>\n<footer class=\"of-footer\"><div class=\"ecl-container\">\n<p class=\"of-footer__claim\"><strong>").Text(p.T("site.name")).Raw(`</strong> `).Text(p.T("site.not_commission"))
	m.Raw("</p>\n<nav aria-label=\"").Text(p.T("site.footer")).Raw("\"><ul>\n<li><a href=\"/user-guide\">").Text(p.T("site.guide"))
	m.Raw("</a></li>\n<li><a href=\"/contact\">").Text(p.T("contact.title")).Raw("</a></li>\n")
	if p.Programs() {
		m.Raw(`<li><a href="/check">`).Text(p.T("check_paper.title")).Raw("</a></li>\n<li><a href=\"/api/v1/docs\">").Text(p.T("apidocs.title")).Raw("</a></li>\n")
	}
	m.Raw("\n<li><a href=\"/accessibility\">").Text(p.T("accessibility.title")).Raw("</a></li>\n<li><a href=\"/privacy\">").Text(p.T("privacy.title")).Raw("</a></li>\n")
	if source := p.ProgramSource(); source != "" {
		m.Raw(`<li><a href="`).Link(source).Raw(`">`).Text(p.T("site.source")).Raw(`</a></li>`)
	}
	m.Raw("\n</ul></nav>\n<p class=\"of-footer__small\">").Text(p.T("site.licence"))
	if version := p.ProgramVersion(); version != "" {
		m.Raw(` · `).Text(p.T("site.version", "Version", version))
	}
	return m.Raw("</p>\n</div></footer>\n</body>\n</html>\n")
}

// mark is the registry's sign, beside its name.
const mark literal = `<svg class="of-mark" viewBox="0 0 40 40" aria-hidden="true" focusable="false"><rect width="40" height="40" rx="6" fill="#0f5132"/><path d="M20 6l9 12h-5l7 9h-9v7h-4v-7H9l7-9h-5z" fill="#fff"/></svg>`

// header puts the site's name, languages, the visitor's account and the menu.
func (m *Markup) header(p *Page) *Markup {
	m.Raw("<header class=\"ecl-site-header of-header\">\n")
	if p.Demo() {
		m.Raw(`<div class="of-demo"><div class="ecl-container">`).Text(p.T("site.demo")).Raw(`</div></div>`)
	}
	m.Raw("\n<div class=\"ecl-container of-header__top\">\n<a class=\"of-wordmark\" href=\"/\">").Raw(mark).Raw(`<span class="of-wordmark__name">`).Text(p.T("site.name"))
	m.Raw(`</span><span class="of-wordmark__claim">`).Text(p.T("site.claim")).Raw("</span></a>\n<div class=\"of-header__actions\">\n<nav class=\"of-langs\" aria-label=\"").Text(p.T("site.language")).Raw("\"><ul>\n")
	for _, l := range p.Langs {
		m.Raw(`<li><a href="`).Link(l.URL).Raw(`" hreflang="`).Text(string(l.Code)).Raw(`" lang="`).Text(string(l.Code)).Raw(`"`).flag(l.Current, ` aria-current="true"`).Raw(`>`).Text(l.Name).Raw("</a></li>\n")
	}
	m.Raw("</ul></nav>\n")
	if p.Viewer.SignedIn {
		m.accountMenu(p)
	} else {
		m.Raw(`<a class="ecl-link ecl-link--tertiary of-header__link" href="/sign-in">`).Text(p.T("site.sign_in"))
		m.Raw("</a>\n<a class=\"ecl-link ecl-link--secondary of-header__link\" href=\"/sign-up\">").Text(p.T("site.sign_up")).Raw(`</a>`)
	}
	m.Raw("\n</div>\n</div>\n")
	if len(p.Menu) > 0 {
		m.Raw(`<nav class="of-menu" aria-label="`).Text(p.T("site.menu")).Raw("\"><div class=\"ecl-container\"><ul>\n")
		for _, item := range p.Menu {
			m.Raw(`<li><a href="`).Link(item.URL).Raw(`"`).flag(item.Current, ` aria-current="page"`).Raw(`>`).Text(item.Text).Raw("</a></li>\n")
		}
		m.Raw(`</ul></div></nav>`)
	}
	return m.Raw("\n</header>")
}

// accountMenu puts the visitor's notices, roles and account.
func (m *Markup) accountMenu(p *Page) *Markup {
	v := p.Viewer
	m.Raw(`<a class="of-header__link of-notices" href="/notices">`).Text(p.T("site.notices"))
	if v.Unread != 0 {
		m.Raw(` <span class="of-count">`).Text(p.Words(v.Unread)).Raw(`<span class="of-hidden"> `).Text(p.T("site.unread")).Raw(`</span></span>`)
	}
	m.Raw("</a>\n<details class=\"of-account\">\n<summary><span class=\"of-account__name\">").Text(v.Name).Raw(`</span>`)
	if v.Acting != nil {
		m.Raw(`<span class="of-account__role">`).Text(p.RoleName(*v.Acting)).Raw(`</span>`)
	}
	m.Raw("</summary>\n<div class=\"of-account__box\">\n<p class=\"of-account__email\">").Text(v.Email).Raw("</p>\n")
	if len(v.Roles) > 0 {
		m.Raw("<form method=\"post\" action=\"/account/role\">\n<input type=\"hidden\" name=\"next\" value=\"").Text(p.Path)
		m.Raw("\">\n<p id=\"acting-label\">").Text(p.T("site.acting")).Raw("</p>\n<ul aria-labelledby=\"acting-label\">")
		for _, r := range v.Roles {
			m.Raw(`<li><button type="submit" name="role" value="`).Text(r.ID).Raw(`"`).flag(p.Acts(r), ` aria-current="true"`).Raw(`>`).Text(p.RoleName(r)).Raw(`</button></li>`)
		}
		m.Raw("</ul>\n</form>")
	}
	m.Raw("\n<p><a href=\"/roles\">").Text(p.T("site.roles")).Raw("</a></p>\n<p><a href=\"/account\">").Text(p.T("site.account")).Raw("</a></p>\n")
	m.Raw(`<form method="post" action="/sign-out"><button class="ecl-button ecl-button--secondary" type="submit">`).Text(p.T("site.sign_out")).Raw("</button></form>\n</div>\n</details>")
	return m
}

// heading puts the way to the page, its title and its lead.
func (m *Markup) heading(p *Page) *Markup {
	m.Raw("<div class=\"ecl-page-header of-page-header\"><div class=\"ecl-container ecl-page-header__container\">\n<nav class=\"of-crumbs\" aria-label=\"").Text(p.T("site.crumbs"))
	m.Raw("\"><ol>\n<li><a class=\"ecl-link\" href=\"/\">").Text(p.T("site.start")).Raw("</a></li>\n")
	for _, c := range p.Crumbs {
		m.Raw(`<li><a class="ecl-link" href="`).Link(c.URL).Raw(`">`).Text(c.Text).Raw("</a></li>\n")
	}
	m.Raw(`<li aria-current="page">`).Text(p.Title).Raw("</li>\n</ol></nav>\n<h1 class=\"ecl-page-header__title\">").Text(p.Title).Raw("</h1>\n")
	if p.Lead != "" {
		m.Raw(`<div class="ecl-page-header__description-container"><p class="ecl-page-header__description">`).Text(p.Lead).Raw(`</p></div>`)
	}
	return m.Raw("\n</div></div>")
}

// messages puts what was just done, and what is wrong with a form.
func (m *Markup) messages(p *Page, links []ProblemLink) *Markup {
	if p.Flash != "" {
		m.Notification(Notice{Tone: "success", Text: p.Flash})
	}
	m.Raw("\n")
	if p.Problem == nil {
		return m
	}
	m.Raw("<div class=\"ecl-notification ecl-notification--error of-summary\" id=\"problems\" role=\"alert\" tabindex=\"-1\" data-of-focus>\n").Raw(iconError)
	m.Raw("\n<div class=\"ecl-notification__content\"><h2 class=\"ecl-notification__title\">").Text(p.Summary()).Raw("</h2>\n")
	if len(links) > 0 {
		form := ""
		for _, l := range links {
			if l.Form != "" {
				form = l.Form
			}
		}
		if form != "" {
			m.byEnter(form)
		}
		m.Raw(`<ul class="ecl-notification__description">`)
		for _, l := range links {
			m.Raw(`<li>`)
			switch {
			case l.URL != "":
				m.Raw(`<a class="ecl-link" href="`).Link(l.URL).Raw(`">`).Text(l.Text).Raw(`</a>`)
			case l.Do != "":
				m.Raw(`<button class="of-link" type="submit" form="`).Text(l.Form).Raw(`" name="do" value="`).Text(l.Do).Raw(`">`).Text(l.Text).Raw(`</button>`)
			default:
				m.Text(l.Text)
			}
			m.Raw(`</li>`)
		}
		m.Raw(`</ul>`)
	}
	return m.Raw("</div>\n</div>")
}

// byEnter puts what Enter presses in a box: the form is sent without any of its other buttons, such as
// one that takes something away. It stands before them; its form is named where it stands outside.
func (m *Markup) byEnter(form string) *Markup {
	return m.Raw(`<button class="of-hidden" type="submit"`).attribute(` form="`, form).Raw(` tabindex="-1" aria-hidden="true" data-of-enter></button>`)
}

// Notice is a message that stands out on a page. Shown by the part "notification".
type Notice struct {
	// Tone is success, error, warning or info.
	Tone string
	// Title and Text are what it says; Link leads on. Title and Link may be empty.
	Title, Text string
	Link        Link
}

// Notification puts a message that stands out.
func (m *Markup) Notification(n Notice) *Markup {
	m.Raw(`<div class="ecl-notification ecl-notification--`).Text(n.Tone).Raw(`" role="`)
	if n.Tone == "error" || n.Tone == "warning" {
		m.Raw("alert\">\n")
	} else {
		m.Raw("status\">\n")
	}
	switch n.Tone {
	case "success":
		m.Raw(iconSuccess)
	case "error":
		m.Raw(iconError)
	case "warning":
		m.Raw(iconWarning)
	default:
		m.Raw(iconInfo)
	}
	m.Raw("\n" + `<div class="ecl-notification__content">`)
	if n.Title != "" {
		m.Raw(`<h2 class="ecl-notification__title">`).Text(n.Title).Raw(`</h2>`)
	}
	m.Raw(`<div class="ecl-notification__description">`).Text(n.Text).Raw(`</div>`)
	if n.Link != (Link{}) {
		m.Raw(`<div class="ecl-notification__link"><a class="ecl-link" href="`).Link(n.Link.URL).Raw(`">`).Text(n.Link.Text).Raw(`</a></div>`)
	}
	return m.Raw("</div>\n</div>")
}

// writeNotification is Notification for templates, which give its parts by name: tone, title, text, and a
// link, with URL and Text.
func writeNotification(parts map[string]any) template.HTML {
	say := func(part any) string {
		if part == nil {
			return ""
		}
		return fmt.Sprint(part)
	}
	n := Notice{Tone: say(parts["tone"]), Title: say(parts["title"]), Text: say(parts["text"])}
	switch link := parts["link"].(type) {
	case Link:
		n.Link = link
	case map[string]any:
		n.Link = Link{say(link["URL"]), say(link["Text"])}
	}
	return new(Markup).Notification(n).HTML()
}
