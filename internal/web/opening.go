package web

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/wording"
)

// patience is how long a visitor waits for the registry to open, once it is known that it does
// what an upgrade asks for, before he is told so.
const patience = 2 * time.Second

// Opening stands at the door until the registry is open: whoever comes early waits, and is told
// how far it is when that takes long, as after an upgrade. Then it hands everybody on.
type Opening struct {
	catalog  *wording.Catalog
	programs func(path string) bool
	stopping <-chan struct{}
	behind   atomic.Pointer[http.Handler]
	open     chan struct{} // closed when there is something behind the door
	progress atomic.Pointer[Progress]
	begun    chan struct{} // closed when there is some progress
	once     sync.Once
}

// Progress is how far the registry is with being brought up to date.
type Progress struct {
	What        string        // is done, for whoever watches the program
	Done, Total int           // of it
	Percent     int           // the same, from 0 to 100
	Left        time.Duration // 0 while it is not known
}

// NewOpening makes a closed door. programs says which addresses programs ask for; those who wait
// are sent away when stopping is closed.
func NewOpening(catalog *wording.Catalog, programs func(path string) bool, stopping <-chan struct{}) *Opening {
	return &Opening{catalog: catalog, programs: programs, stopping: stopping, open: make(chan struct{}), begun: make(chan struct{})}
}

// Tell takes how far it is.
func (o *Opening) Tell(p Progress) {
	o.progress.Store(&p)
	o.once.Do(func() { close(o.begun) })
}

// HandOn opens the door, once.
func (o *Opening) HandOn(h http.Handler) {
	o.behind.Store(&h)
	close(o.open)
}

// ServeHTTP hands a visitor on, now or when the door opens, or tells him to come again.
func (o *Opening) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h := o.behind.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	if r.URL.Path == "/healthz" {
		w.Header().Set("Cache-Control", "no-store")
		fmt.Fprintln(w, "ok")
		return
	}
	wait := patience
	if r.URL.Path == "/readyz" {
		wait = 0
	}
	select {
	case <-o.open:
	case <-o.stopping:
	case <-r.Context().Done():
		return
	case <-o.begun:
		select {
		case <-o.open:
		case <-o.stopping:
		case <-r.Context().Done():
			return
		case <-time.After(wait):
		}
	}
	if h := o.behind.Load(); h != nil {
		(*h).ServeHTTP(w, r)
		return
	}
	o.comeAgain(w, r)
}

// comeAgain says how far the registry is, to people, programs and whoever watches it.
func (o *Opening) comeAgain(w http.ResponseWriter, r *http.Request) {
	p := Progress{What: "start"}
	if told := o.progress.Load(); told != nil {
		p = *told
	}
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Retry-After", "10")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
	lang := o.catalog.Match(r.Header.Get("Accept-Language"))
	switch {
	case r.URL.Path == "/readyz":
		h.Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusServiceUnavailable)
		fmt.Fprintf(w, "bringing the registry up to date: %s, %d of %d (%d %%)", p.What, p.Done, p.Total, p.Percent)
		if p.Left > 0 {
			fmt.Fprintf(w, ", %s left", p.Left.Round(time.Second))
		}
		fmt.Fprintln(w)
	case o.programs(r.URL.Path):
		h.Set("Content-Type", "application/problem+json")
		w.WriteHeader(http.StatusServiceUnavailable)
		_ = json.NewEncoder(w).Encode(map[string]any{"type": "about:blank", "title": http.StatusText(http.StatusServiceUnavailable), "status": http.StatusServiceUnavailable,
			"detail": o.say(wording.English, p)})
	default:
		h.Set("Content-Type", "text/html; charset=utf-8")
		h.Set("Refresh", "10")
		w.WriteHeader(http.StatusServiceUnavailable)
		title := html.EscapeString(o.catalog.Say(lang, "upgrade.title", nil))
		fmt.Fprintf(w, `<!doctype html><html lang="%s"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>%s – OpenFLEGT</title></head><body><main><h1>%s</h1><p>%s</p></main></body></html>`,
			lang, title, title, html.EscapeString(o.say(lang, p)))
	}
}

// say is how far it is, in a sentence.
func (o *Opening) say(lang wording.Lang, p Progress) string {
	if p.Left > 0 {
		return o.catalog.Say(lang, "upgrade.left", flegt.Args{"Percent": p.Percent, "Count": int((p.Left + time.Minute - 1) / time.Minute)})
	}
	return o.catalog.Say(lang, "upgrade.soon", nil)
}
