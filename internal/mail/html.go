package mail

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// htmlText gives the text a reader sees of an HTML mail: blocks become lines, cells are
// parted by tabs, scripts and hidden parts are left out. With ownOnly, quoted mails are
// left out too; a line ">" stands in their place.
func htmlText(source string, ownOnly bool) string {
	t := textWriter{ownOnly: ownOnly}
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(maxTextBytes)
	for {
		switch z.Next() {
		case html.ErrorToken:
			return t.text()
		case html.TextToken:
			if t.skip == "" {
				t.write(string(z.Text()))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			if token := z.Token(); !t.open(token) {
				return t.text()
			}
		case html.EndTagToken:
			t.close(z.Token())
		}
	}
}

// textWriter collects the text of an HTML mail.
type textWriter struct {
	b       strings.Builder
	ownOnly bool
	skip    string // name of the element that is being left out
	depth   int    // how many of that name are open
	pre     int
	// pending is what stands before the next text: 0 nothing, then a space, a tab, one
	// line end, an empty line.
	pending pendingSpace
}

type pendingSpace int

const (
	noSpace pendingSpace = iota
	oneSpace
	cell
	lineEnd
	emptyLine
)

// open handles a start tag; false ends the reading: the rest is a quoted mail.
func (t *textWriter) open(token html.Token) bool {
	name := token.Data
	if t.skip != "" {
		if name == t.skip && token.Type == html.StartTagToken {
			t.depth++
		}
		return true
	}
	quoted, rest := quotedHTML(token)
	if t.ownOnly && rest {
		return false
	}
	if hiddenHTML(token) || t.ownOnly && quoted {
		if token.Type == html.StartTagToken && !voidHTML(token.DataAtom) {
			t.skip, t.depth = name, 1
		}
		if t.ownOnly && quoted {
			t.space(lineEnd)
			t.write(">")
			t.space(lineEnd)
		}
		return true
	}
	switch {
	case token.DataAtom == atom.Br && t.pending >= lineEnd:
		t.space(emptyLine)
	case token.DataAtom == atom.Pre:
		t.pre++
	}
	t.space(spaceOf(token.DataAtom))
	return true
}

func (t *textWriter) close(token html.Token) {
	if t.skip != "" {
		if token.Data == t.skip {
			if t.depth--; t.depth == 0 {
				t.skip = ""
			}
		}
		return
	}
	if token.DataAtom == atom.Pre && t.pre > 0 {
		t.pre--
	}
	if token.DataAtom != atom.Br {
		t.space(spaceOf(token.DataAtom))
	}
}

func (t *textWriter) space(s pendingSpace) { t.pending = max(t.pending, s) }

func (t *textWriter) write(text string) {
	if t.pre > 0 {
		t.flush()
		t.b.WriteString(text)
		return
	}
	words := strings.Fields(text)
	if len(words) == 0 {
		if text != "" {
			t.space(oneSpace)
		}
		return
	}
	if strings.TrimLeft(text, " \t\r\n\u00a0") != text {
		t.space(oneSpace)
	}
	t.flush()
	t.b.WriteString(strings.Join(words, " "))
	if strings.TrimRight(text, " \t\r\n\u00a0") != text {
		t.space(oneSpace)
	}
}

func (t *textWriter) flush() {
	if t.b.Len() > 0 {
		t.b.WriteString([]string{"", " ", "\t", "\n", "\n\n"}[t.pending])
	}
	t.pending = noSpace
}

func (t *textWriter) text() string { return cutText(t.b.String()) }

// spaceOf says what an element puts around its content.
func spaceOf(a atom.Atom) pendingSpace {
	switch a {
	case atom.P, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Ul, atom.Ol, atom.Table:
		return emptyLine
	case atom.Br, atom.Div, atom.Tr, atom.Li, atom.Hr, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Pre,
		atom.Address, atom.Dd, atom.Dt, atom.Dl, atom.Form, atom.Center, atom.Body, atom.Html:
		return lineEnd
	case atom.Td, atom.Th:
		return cell
	}
	return noSpace
}

func voidHTML(a atom.Atom) bool {
	switch a {
	case atom.Br, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Area, atom.Base, atom.Col, atom.Embed, atom.Source, atom.Track, atom.Wbr, atom.Param:
		return true
	}
	return false
}

// hiddenHTML knows elements whose content no reader sees.
func hiddenHTML(token html.Token) bool {
	switch token.DataAtom {
	case atom.Script, atom.Style, atom.Title, atom.Template, atom.Noscript, atom.Object, atom.Iframe, atom.Textarea, atom.Select:
		return true
	}
	style := strings.Join(strings.Fields(strings.ToLower(attribute(token, "style"))), "")
	for _, a := range token.Attr {
		if a.Key == "hidden" {
			return true
		}
	}
	for _, property := range []string{"font-size:0", "max-height:0", "opacity:0"} {
		if setToNothing(style, property) {
			return true
		}
	}
	return strings.Contains(style, "display:none") || strings.Contains(style, "visibility:hidden") || strings.Contains(style, "mso-hide:all")
}

// setToNothing tells that a style gives a property the value 0, "0px", "0%", and not 0.9.
func setToNothing(style, property string) bool {
	before, after, found := strings.Cut(style, property)
	if !found || before != "" && !strings.HasSuffix(before, ";") {
		return false
	}
	after, _, _ = strings.Cut(after, ";")
	return !strings.ContainsAny(after, "123456789")
}

// quotedHTML knows how mail programs mark quoted mails: as an element of its own, or by
// a mark after which all the rest is quoted.
func quotedHTML(token html.Token) (element, rest bool) {
	if token.DataAtom == atom.Blockquote {
		return true, false
	}
	class, id := " "+strings.ToLower(attribute(token, "class"))+" ", strings.ToLower(attribute(token, "id"))
	for _, mark := range []string{" gmail_quote ", " gmail_quote_container ", " gmail_attr ", " yahoo_quoted ", " protonmail_quote ", " tutanota_quote ", " moz-cite-prefix ", " moz-forward-container "} {
		if strings.Contains(class, mark) {
			return true, false
		}
	}
	switch {
	case strings.HasSuffix(id, "divrplyfwdmsg"), strings.HasPrefix(id, "mail-editor-reference-message"), strings.Contains(class, " outlookmessageheader "):
		return false, true
	case strings.HasPrefix(id, "yahoo_quoted"):
		return true, false
	}
	return false, false
}

func attribute(token html.Token, name string) string {
	for _, a := range token.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
