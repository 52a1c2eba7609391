package e2e

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser is the one Chromium of this run; every visitor has a profile of his own in it.
var browser struct {
	once    sync.Once
	ctx     context.Context
	profile string
	close   []context.CancelFunc
	err     error
}

// shell is Chromium without the window around the page, where Debian has it. The window is painted
// for nobody, and takes a third of the processor time.
const shell = "/usr/lib/chromium/chromium-headless-shell"

// chromium names the program that is started.
func chromium() string {
	if _, err := os.Stat(shell); err == nil {
		return shell
	}
	return "chromium"
}

// openBrowser starts Chromium when the first visitor needs it.
func openBrowser() (context.Context, error) {
	browser.once.Do(func() {
		browser.profile, browser.err = os.MkdirTemp("", "openflegt-chromium-")
		if browser.err != nil {
			return
		}
		options := []chromedp.ExecAllocatorOption{
			chromedp.ExecPath(chromium()), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU,
			chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.UserDataDir(browser.profile),
			chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
			chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
			chromedp.Flag("disable-backgrounding-occluded-windows", true), chromedp.Flag("disable-renderer-backgrounding", true),
			chromedp.Flag("disable-background-timer-throttling", true),
			chromedp.Flag("disable-dev-shm-usage", true), chromedp.Flag("hide-scrollbars", true),
			chromedp.Flag("disable-features", "Translate,OptimizationHints,MediaRouter"),
			chromedp.WindowSize(1280, 900), chromedp.WSURLReadTimeout(patience),
		}
		machine, stop := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, leave := chromedp.NewContext(machine)
		browser.ctx, browser.close = ctx, []context.CancelFunc{leave, stop}
		browser.err = chromedp.Do(ctx, chromedp.Navigate("about:blank"))
	})
	return browser.ctx, browser.err
}

// closeBrowser ends Chromium and takes its profile away.
func closeBrowser() {
	for _, end := range browser.close {
		end()
	}
	if browser.profile != "" {
		os.RemoveAll(browser.profile)
	}
}

// visitor is a person at a browser.
type visitor struct {
	t testing.TB
	// w are the words of the language the person reads.
	w words
	// base is where the program is.
	base string
	// Status is the HTTP status of the page last opened.
	Status int

	// scriptless says that JavaScript is off.
	scriptless bool

	ctx      context.Context
	mu       sync.Mutex
	problems []string
	expected map[int64]bool
}

// newVisitor opens a browser for a person who reads a language. In the end the browser
// must have had nothing to complain of: no error of a script, nothing forbidden by the
// Content-Security-Policy, no request to another host.
func newVisitor(t testing.TB, base, lang string) *visitor {
	t.Helper()
	parent, err := openBrowser()
	if err != nil {
		t.Fatalf("chromium: %v", err)
	}
	ctx, leave := chromedp.NewContext(parent, chromedp.WithNewBrowserContext())
	v := &visitor{t: t, w: speak(t, lang), base: base, ctx: ctx}
	t.Cleanup(func() {
		leave()
		v.mu.Lock()
		defer v.mu.Unlock()
		for _, p := range v.problems {
			t.Error("browser:", p)
		}
	})
	// The tab lives as long as the context it is first used with: this one, no shorter.
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, v.hear); err != nil {
		t.Fatal(err)
	}
	v.call(func(ctx context.Context) error {
		_, err := chromedp.Call(ctx, network.SetExtraHTTPHeaders, network.SetExtraHTTPHeadersParams{
			Headers: network.Headers{"Accept-Language": lang}})
		return err
	})
	v.wide(1280)
	return v
}

// hear notes what a page must not do.
func (v *visitor) hear(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		v.note("a script failed: " + e.ExceptionDetails.Text + " " + e.ExceptionDetails.URL)
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			v.note(fmt.Sprintf("console: %s %v", e.Type, e.Args))
		}
	case *log.EventEntryAdded:
		// A page that answers 404 or 422 is logged too; that is the test's own affair.
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			v.note("log: " + e.Entry.Text + " " + e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		url := e.Request.URL
		if !strings.HasPrefix(url, v.base+"/") && !strings.HasPrefix(url, "data:") && !strings.HasPrefix(url, "chrome-extension:") && url != "about:blank" {
			v.note("a request to another host: " + url)
		}
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 && e.Type != network.ResourceTypeDocument && !v.expected[int64(e.Response.Status)] {
			v.note(fmt.Sprintf("%s answers %d", e.Response.URL, e.Response.Status))
		}
	}
}

// expects says that scripts of the page may be answered with a status.
func (v *visitor) expects(status int64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.expected = map[int64]bool{status: true}
}

func (v *visitor) note(problem string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.problems = append(v.problems, problem)
}

// wide makes the window so many pixels wide.
func (v *visitor) wide(pixels int64) {
	v.t.Helper()
	v.do(chromedp.EmulateViewport(pixels, 900))
}

// withoutScripts switches JavaScript off, as for a person whose browser has none.
func (v *visitor) withoutScripts() {
	v.t.Helper()
	v.call(func(ctx context.Context) error {
		v.scriptless = true
		_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
		return err
	})
}

// call does something in the browser within patience.
func (v *visitor) call(do func(context.Context) error) {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	if err := do(ctx); err != nil {
		v.t.Fatalf("browser: %v", err)
	}
}

func (v *visitor) do(steps ...chromedp.Action[chromedp.Void]) {
	v.t.Helper()
	v.call(func(ctx context.Context) error { return chromedp.Do(ctx, steps...) })
}

// ask evaluates a JavaScript function on values and gives its answer.
func ask[T any](v *visitor, function string, values ...any) T {
	v.t.Helper()
	args := make([]string, len(values))
	for i, value := range values {
		raw, err := json.Marshal(value)
		if err != nil {
			v.t.Fatal(err)
		}
		args[i] = string(raw)
	}
	var answer T
	v.call(func(ctx context.Context) (err error) {
		answer, err = chromedp.Run(ctx, chromedp.Evaluate[T]("("+function+")("+strings.Join(args, ",")+")", chromedp.EvalAwaitPromise))
		return err
	})
	return answer
}

// goes does steps that lead to another page, waits for that page, and gives its status.
func (v *visitor) goes(steps ...chromedp.Action[chromedp.Void]) int {
	v.t.Helper()
	v.call(func(ctx context.Context) error {
		answer, err := chromedp.RunResponse(ctx, steps...)
		if err != nil {
			return err
		}
		if answer != nil {
			v.Status = int(answer.Status)
		}
		return nil
	})
	return v.Status
}

// open opens a page by its path or whole address and gives its status.
func (v *visitor) open(path string) int {
	v.t.Helper()
	if strings.HasPrefix(path, "/") {
		path = v.base + path
	}
	return v.goes(chromedp.Navigate(path))
}

// path is where the visitor is.
func (v *visitor) path() string {
	v.t.Helper()
	return ask[string](v, `() => location.pathname + location.search`)
}

// text is what the page says.
func (v *visitor) text() string {
	v.t.Helper()
	return plain(ask[string](v, `() => document.querySelector("main")?.innerText ?? document.body.innerText`))
}

// sees checks that the page says something.
func (v *visitor) sees(text string) {
	v.t.Helper()
	if page := v.text(); !strings.Contains(strings.ToLower(page), strings.ToLower(plain(text))) {
		v.fail("does not say %q", text)
	}
}

// seesNot checks that the page does not say something.
func (v *visitor) seesNot(text string) {
	v.t.Helper()
	if page := v.text(); strings.Contains(strings.ToLower(page), strings.ToLower(plain(text))) {
		v.fail("says %q", text)
	}
}

// seesSoon opens the page anew until it says something: for what is done in the
// background. It fails after patience.
func (v *visitor) seesSoon(text string) {
	v.t.Helper()
	for deadline := time.Now().Add(patience); ; {
		if strings.Contains(strings.ToLower(v.text()), strings.ToLower(plain(text))) {
			return
		}
		if time.Now().After(deadline) {
			v.fail("does not say %q in time", text)
		}
		v.goes(chromedp.Reload())
	}
}

// answered checks the status of the last page.
func (v *visitor) answered(status int) {
	v.t.Helper()
	if v.Status != status {
		v.fail("answered %d, not %d", v.Status, status)
	}
}

// fail ends the test and shows the page.
func (v *visitor) fail(format string, args ...any) {
	v.t.Helper()
	v.t.Fatalf("the page %s (%d) %s; it says:\n%s", v.path(), v.Status, fmt.Sprintf(format, args...), v.text())
}

// finder is what a person does with the eyes: find a box by its label, a button or link
// by its words. It marks what it found with data-e2e and tells what it is.
const finder = `(what, name) => {
	const plain = s => (s || "").replace(/[\s\u00a0\u2009]+/g, " ").trim();
	const seen = e => e.getClientRects().length > 0 && !e.closest(".of-hidden");
	const mark = e => {
		for (const old of document.querySelectorAll("[data-e2e]")) old.removeAttribute("data-e2e");
		e.setAttribute("data-e2e", "found");
		return e.tagName === "SELECT" ? "select" : e.tagName === "INPUT" ? e.type : e.tagName.toLowerCase();
	};
	if (what === "field") {
		for (const label of document.querySelectorAll("label")) {
			const words = label.cloneNode(true);
			for (const extra of words.querySelectorAll(".ecl-form-label__required, .ecl-form-label__optional")) extra.remove();
			if (plain(words.textContent) === name && seen(label) && label.control) return mark(label.control);
		}
		for (const box of document.querySelectorAll("input, select, textarea"))
			if (plain(box.getAttribute("aria-label")) === name && seen(box)) return mark(box);
		return "";
	}
	const said = e => plain(e.getAttribute("aria-label") || e.textContent || e.value);
	const all = [...document.querySelectorAll("button, input[type=submit], a[href], summary")].filter(seen);
	const inMain = e => e.closest("dialog[open]") ? 0 : e.closest("main") ? 1 : 2;
	all.sort((a, b) => inMain(a) - inMain(b));
	const found = all.find(e => said(e) === name) || all.find(e => said(e).startsWith(name));
	return found ? mark(found) : "";
}`

const found = chromedp.CSS("[data-e2e=found]")

// find marks a field, button or link and says what it is.
func (v *visitor) find(what, name string) string {
	v.t.Helper()
	kind := ask[string](v, finder, what, plain(name))
	if kind == "" {
		v.fail("has no %s %q", what, name)
	}
	return kind
}

// has says whether the page has a button or link of that name.
func (v *visitor) has(name string) bool {
	v.t.Helper()
	return ask[string](v, finder, "button", plain(name)) != ""
}

// fill writes into the box with a label; in a select it chooses the line of that text or
// value; a date is given as 2016-11-15.
func (v *visitor) fill(label, value string) {
	v.t.Helper()
	switch kind := v.find("field", label); kind {
	case "select":
		ok := ask[bool](v, `value => {
			const box = document.querySelector("[data-e2e=found]");
			const plain = s => s.replace(/[\s\u00a0]+/g, " ").trim();
			const line = [...box.options].find(o => plain(o.text) === value) || [...box.options].find(o => o.value === value);
			if (!line) return false;
			box.value = line.value;
			box.dispatchEvent(new Event("input", {bubbles: true}));
			box.dispatchEvent(new Event("change", {bubbles: true}));
			return true;
		}`, plain(value))
		if !ok {
			v.fail("offers no %q under %q", value, label)
		}
	case "date", "datetime-local", "time":
		v.put(value)
	case "file":
		v.do(chromedp.SetUploadFiles(found, []string{value}))
	case "radio", "checkbox":
		v.t.Fatalf("%q is a %s: tick it", label, kind)
	default:
		ask[bool](v, `() => { const box = document.querySelector("[data-e2e=found]"); box.scrollIntoView({block: "center"}); box.focus(); box.select(); return true; }`)
		if value == "" {
			v.put("")
			return
		}
		v.call(func(ctx context.Context) error {
			_, err := chromedp.Call(ctx, input.InsertText, input.InsertTextParams{Text: value})
			return err
		})
	}
}

// put sets a box's value at once and tells the page.
func (v *visitor) put(value string) {
	v.t.Helper()
	ask[bool](v, `value => {
		const box = document.querySelector("[data-e2e=found]");
		box.value = value;
		box.dispatchEvent(new Event("input", {bubbles: true}));
		box.dispatchEvent(new Event("change", {bubbles: true}));
		return true;
	}`, value)
}

// tick ticks the box or circle with a label.
func (v *visitor) tick(label string) {
	v.t.Helper()
	v.find("field", label)
	ask[bool](v, `() => { const box = document.querySelector("[data-e2e=found]"); if (!box.checked) box.click(); return box.checked; }`)
}

// T is a word in the visitor's language.
func (v *visitor) T(key string, pairs ...any) string {
	v.t.Helper()
	return v.w.T(v.t, key, pairs...)
}

// reload opens the page that stands open anew.
var reload = chromedp.Reload()

// fillBox writes into the box of a name, for boxes whose label holds figures.
func (v *visitor) fillBox(name, value string) {
	v.t.Helper()
	ok := ask[bool](v, `name => {
		for (const old of document.querySelectorAll("[data-e2e]")) old.removeAttribute("data-e2e");
		const box = document.querySelector("[name='" + name + "']");
		box?.setAttribute("data-e2e", "found");
		return box !== null;
	}`, name)
	if !ok {
		v.fail("has no box %s", name)
	}
	v.put(value)
}
