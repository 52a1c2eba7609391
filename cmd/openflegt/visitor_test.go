package main

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// visitor is somebody with a browser that has no JavaScript: it keeps cookies, follows
// links, and fills in the forms that the pages show.
type visitor struct {
	t      *testing.T
	client *http.Client
	base   string
	path   string // where it is
	page   *html.Node
	text   string // of the page
}

func visit(t *testing.T, m *Main) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, client: &http.Client{Jar: jar, Timeout: 20 * time.Second}, base: m.BaseURL}
}

// open goes to a page and wants it to be there.
func (v *visitor) open(path string) *visitor {
	v.t.Helper()
	if !strings.HasPrefix(path, "http") {
		path = v.base + path
	}
	answer, err := v.client.Get(path)
	v.read(answer, err)
	return v
}

// read takes in an answer.
func (v *visitor) read(answer *http.Response, err error) {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if answer.StatusCode >= 500 {
		v.t.Fatalf("%s: %s\n%s", answer.Request.URL, answer.Status, body)
	}
	if v.page, err = html.Parse(bytes.NewReader(body)); err != nil {
		v.t.Fatal(err)
	}
	v.path, v.text = answer.Request.URL.Path, strings.Join(strings.Fields(words(v.page)), " ")
}

// sees wants texts on the page.
func (v *visitor) sees(texts ...string) *visitor {
	v.t.Helper()
	for _, text := range texts {
		if !strings.Contains(v.text, text) {
			v.t.Fatalf("%s does not say %q:\n%s", v.path, text, v.text)
		}
	}
	return v
}

// send fills in the form that goes to an address and sends it by one of its buttons
// ("name=value", or empty). Files are given as "@name": content.
func (v *visitor) send(action, button string, fill map[string]string) *visitor {
	v.t.Helper()
	form := find(v.page, func(n *html.Node) bool {
		return n.Data == "form" && strings.HasSuffix(attr(n, "action"), action) && attr(n, "method") == "post"
	})
	if form == nil {
		v.t.Fatalf("%s has no form for %s:\n%s", v.path, action, v.text)
	}
	values := fieldsOf(form)
	for name, value := range fill {
		if !strings.HasPrefix(name, "@") {
			values.Set(name, value)
		}
	}
	if name, value, ok := strings.Cut(button, "="); ok {
		values.Set(name, value)
	}
	var body bytes.Buffer
	kind := "application/x-www-form-urlencoded"
	if attr(form, "enctype") == "multipart/form-data" {
		w := multipart.NewWriter(&body)
		for name, list := range values {
			for _, value := range list {
				_ = w.WriteField(name, value)
			}
		}
		for name, content := range fill {
			if file, ok := strings.CutPrefix(name, "@"); ok {
				part, err := w.CreateFormFile(file, "licence.pdf")
				if err != nil {
					v.t.Fatal(err)
				}
				_, _ = io.WriteString(part, content)
			}
		}
		_ = w.Close()
		kind = w.FormDataContentType()
	} else {
		body.WriteString(values.Encode())
	}
	r, err := http.NewRequest("POST", v.base+attr(form, "action"), &body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Origin", v.base)
	answer, err := v.client.Do(r)
	v.read(answer, err)
	return v
}

// fieldsOf reads what stands in a form.
func fieldsOf(form *html.Node) url.Values {
	values := url.Values{}
	for n := range form.Descendants() {
		name := attr(n, "name")
		if name == "" {
			continue
		}
		switch n.Data {
		case "input":
			switch attr(n, "type") {
			case "file", "submit":
			case "radio", "checkbox":
				if has(n, "checked") {
					values.Add(name, attr(n, "value"))
				}
			default:
				values.Add(name, attr(n, "value"))
			}
		case "textarea":
			values.Add(name, words(n))
		case "select":
			for o := range n.Descendants() {
				if o.Data == "option" && has(o, "selected") {
					values.Add(name, attr(o, "value"))
				}
			}
		}
	}
	return values
}

// htmlNode is an element of a page.
type htmlNode = html.Node

// tick marks checkboxes by name and value, so that the next form sent has them.
func (v *visitor) tick(name string, values ...string) *visitor {
	v.t.Helper()
	for _, value := range values {
		box := find(v.page, func(n *html.Node) bool { return attr(n, "name") == name && attr(n, "value") == value })
		if box == nil {
			v.t.Fatalf("%s has no box %s=%s", v.path, name, value)
		}
		box.Attr = append(box.Attr, html.Attribute{Key: "checked"})
	}
	return v
}

// link gives the address of the first link whose address holds a text.
func (v *visitor) link(part string) string {
	v.t.Helper()
	a := find(v.page, func(n *html.Node) bool { return n.Data == "a" && strings.Contains(attr(n, "href"), part) })
	if a == nil {
		v.t.Fatalf("%s has no link to %s:\n%s", v.path, part, v.text)
	}
	return attr(a, "href")
}

// byID gives the text of an element.
func (v *visitor) byID(id string) string {
	v.t.Helper()
	n := find(v.page, func(n *html.Node) bool { return attr(n, "id") == id })
	if n == nil {
		v.t.Fatalf("%s has no %s", v.path, id)
	}
	return words(n)
}

func find(root *html.Node, is func(*html.Node) bool) *html.Node {
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && is(n) {
			return n
		}
	}
	return nil
}

func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// words gives the text in a node.
func words(root *html.Node) string {
	var b strings.Builder
	for n := range root.Descendants() {
		if n.Type == html.TextNode && n.Parent.Data != "script" && n.Parent.Data != "style" {
			b.WriteString(n.Data)
			if n.Parent.Data != "pre" && n.Parent.Data != "textarea" {
				b.WriteString(" ")
			}
		}
	}
	return b.String()
}
