package counter

import (
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// templates are the pages' contents. A page is parsed when it is first asked for: the program starts
// in no time, and a test parses them all.
type templates struct {
	base  *template.Template // the parts
	pages map[string]func() (*template.Template, error)
}

func loadTemplates(files fs.FS) (*templates, error) {
	names, err := fs.Glob(files, "template/*.html")
	if err != nil {
		return nil, err
	}
	t := &templates{base: template.New("base"), pages: map[string]func() (*template.Template, error){}}
	t.base.Funcs(template.FuncMap{"dict": dict, "list": func(v ...any) []any { return v }}).Funcs(parts()).Funcs(formParts()).Funcs(pageParts())
	for _, name := range names {
		page := strings.TrimSuffix(path.Base(name), ".html")
		if strings.HasPrefix(page, "part_") {
			if _, err := t.base.ParseFS(files, name); err != nil {
				return nil, fmt.Errorf("web: %w", err)
			}
			continue
		}
		t.pages[page] = sync.OnceValues(func() (*template.Template, error) {
			clone, err := t.base.Clone()
			if err != nil {
				return nil, err
			}
			return clone.ParseFS(files, name)
		})
	}
	return t, nil
}

// dict makes a map of pairs, for a part that takes several values.
func dict(pairs ...any) (map[string]any, error) {
	if len(pairs)%2 != 0 {
		return nil, fmt.Errorf("dict: a value is missing")
	}
	m := map[string]any{}
	for i := 0; i < len(pairs); i += 2 {
		m[fmt.Sprint(pairs[i])] = pairs[i+1]
	}
	return m, nil
}

// sheets are used again for one page after the other, but for those of an uncommonly long one.
var sheets = sync.Pool{New: func() any { return new(Markup) }}

// onto lets a template write on a sheet.
type onto struct{ sheet *Markup }

func (o onto) Write(html []byte) (int, error) {
	o.sheet.b = append(o.sheet.b, html...)
	return len(html), nil
}

// Written is a page that code writes, as it would fill its template: a page that has much on it and is
// opened often.
type Written interface {
	AnyPage
	// Scripts are the static files of the page's own scripts, which may only help.
	Scripts() []string
	// Content writes what stands between head and foot.
	Content(m *Markup)
}

// Show writes a page: &page, and the name of its template without .html; a Written one has none. It is put
// together before a byte is sent, so that an error in the middle becomes an error page.
func (s *Server) Show(w http.ResponseWriter, data AnyPage, name string) error {
	p := data.page()
	fill, err := s.filling(data, name)
	if err != nil {
		return err
	}
	m := sheets.Get().(*Markup)
	defer func() {
		if cap(m.b) < 1<<20 {
			m.b = m.b[:0]
			sheets.Put(m)
		}
	}()
	if p.Problem != nil { // learn the boxes' labels before the summary above them is written
		if err := fill(new(Markup), "content"); err != nil {
			return err
		}
	}
	m.head(p)
	if err := fill(m, "scripts"); err != nil {
		return err
	}
	m.above(p, data.ProblemLinks())
	if err := fill(m, "content"); err != nil {
		return err
	}
	m.foot(p)
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(p.Lang))
	h.Set("Content-Length", strconv.Itoa(len(m.b)))
	h.Add("Vary", "Accept-Language, Cookie")
	if h.Get("Cache-Control") == "" {
		if p.Viewer.SignedIn {
			h.Set("Cache-Control", "no-store") // what one sees must not stay on a shared machine
		} else {
			h.Set("Cache-Control", "private, no-cache")
		}
	}
	if p.Flash != "" {
		s.setCookie(w, flashCookie, "", -1)
	}
	if p.Code == 0 {
		p.Code = http.StatusOK
	}
	w.WriteHeader(p.Code)
	_, err = w.Write(m.b)
	if err != nil {
		s.Logger.Debug("the reader went away", "request", p.RequestID, "error", err)
	}
	return nil
}

// filling gives what writes a page's own parts, scripts and content.
func (s *Server) filling(data AnyPage, name string) (func(m *Markup, part string) error, error) {
	if w, ok := data.(Written); ok {
		return func(m *Markup, part string) error {
			if part == "content" {
				w.Content(m)
				return nil
			}
			scripts := w.Scripts()
			for _, script := range scripts {
				m.Raw(`<script src="`).Link(s.Static(script)).Raw(`" defer></script>`)
			}
			m.flag(len(scripts) > 0, "\n")
			return nil
		}, nil
	}
	get, ok := s.pages.pages[name]
	if !ok {
		return nil, fmt.Errorf("web: there is no template %q", name)
	}
	t, err := get()
	if err != nil {
		return nil, fmt.Errorf("web: template %s: %w", name, err)
	}
	return func(m *Markup, part string) error {
		if part == "scripts" && t.Lookup(part) == nil {
			return nil
		}
		if err := t.ExecuteTemplate(onto{m}, part, data); err != nil {
			return fmt.Errorf("web: template %s: %w", name, err)
		}
		return nil
	}, nil
}

// Fragment writes one part of a page, for a script that puts it into the page.
func (s *Server) Fragment(w http.ResponseWriter, data AnyPage, name, part string) error {
	text, err := s.Render(data, name, part)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_, err = io.WriteString(w, text)
	return err
}

// Render puts one part of a page together.
func (s *Server) Render(data AnyPage, name, part string) (string, error) {
	get, ok := s.pages.pages[name]
	if !ok {
		return "", fmt.Errorf("web: there is no template %q", name)
	}
	t, err := get()
	if err != nil {
		return "", fmt.Errorf("web: template %s: %w", name, err)
	}
	var b strings.Builder
	if err := t.ExecuteTemplate(&b, part, data); err != nil {
		return "", fmt.Errorf("web: template %s: %w", name, err)
	}
	return b.String(), nil
}
