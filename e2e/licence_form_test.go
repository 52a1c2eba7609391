package e2e

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/fetch"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// draftPath is the address of a draft's form.
var draftPath = regexp.MustCompile(`^/licences/([0-9a-f-]{36})/edit(?:\?|$)`)

// becomes waits until something holds on the page the visitor is on.
func (v *visitor) becomes(what, function string, values ...any) {
	v.t.Helper()
	again := time.NewTicker(20 * time.Millisecond)
	defer again.Stop()
	for deadline := time.After(patience); ; {
		if v.holds(function, values...) {
			return
		}
		select {
		case <-deadline:
			v.fail("does not become so: %s", what)
		case <-again.C:
		}
	}
}

// holds evaluates a JavaScript function; it does not hold while one page makes way for another.
func (v *visitor) holds(function string, values ...any) bool {
	v.t.Helper()
	ctx, cancel := context.WithTimeout(v.ctx, patience)
	defer cancel()
	args, err := json.Marshal(values)
	if err != nil {
		v.t.Fatal(err)
	}
	ok, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("("+function+")(...("+string(args)+" ?? []))", chromedp.EvalAwaitPromise))
	return err == nil && ok
}

// arrives signs somebody of the demonstration in, in the visitor's language.
func (v *visitor) arrives(who demoPerson) {
	v.t.Helper()
	v.open("/?lang=" + v.w.lang)
	v.open(who.SignInURL)
}

// says waits until the page says something without being opened anew.
func (v *visitor) says(text string) {
	v.t.Helper()
	v.becomes(text, `text => document.querySelector("main").innerText.replace(/[\s\u00a0\u2009]+/g, " ").includes(text)`, plain(text))
}

// saved waits until what was typed is saved, and gives the draft's id.
func (v *visitor) saved() string {
	v.t.Helper()
	v.becomes("saved", `text => document.querySelector("[data-of-autosave]").textContent === text && !Object.keys(localStorage).some(k => k.startsWith("openflegt-draft:"))`, v.T("licence.autosave.saved"))
	match := draftPath.FindStringSubmatch(v.path())
	if match == nil {
		v.fail("a saved draft has the address %s", v.path())
	}
	if at := ask[string](v, `() => document.querySelector("h1").textContent`); at == v.T("licence.new.title") || !strings.HasPrefix(ask[string](v, `() => document.title`), at) {
		v.fail("is called %q after it was saved", at)
	}
	return match[1]
}

// value is what stands in the box with a label.
func (v *visitor) value(label string) string {
	v.t.Helper()
	v.find("field", label)
	return ask[string](v, `() => document.querySelector("[data-e2e=found]").value`)
}

// signsOutElsewhere ends the visitor's session while the page stays open, as when it runs out.
func (v *visitor) signsOutElsewhere() {
	v.t.Helper()
	ask[bool](v, `async () => (await fetch("/sign-out", {method: "POST"})).ok`)
}

// drafts counts the drafts in the list.
func (v *visitor) drafts() int {
	v.t.Helper()
	v.open("/licences?state=draft")
	return ask[int](v, `() => document.querySelectorAll("tbody tr").length`)
}

func TestLicenceFormWhileTyping(t *testing.T) {
	p := startProgram(t, "demo")
	importer := p.demo().person(t, "operator", "NL")
	for _, lang := range []string{"en", "da"} {
		t.Run(lang, func(t *testing.T) {
			v := newVisitor(t, p.Base, lang)
			v.arrives(importer)
			before := v.drafts()
			v.open("/licences/new?lang=" + lang)

			// What is wrong is said once the box has been left; nothing steals the focus.
			v.fill(v.T("licence.form.export"), "ID")
			v.fill(v.T("licence.form.number"), "nonsense")
			v.becomes("checks", `() => !document.querySelector("[data-of-checks-section]").hidden`)
			if at := ask[string](v, `() => document.activeElement.name`); at != "number" {
				t.Errorf("the focus went to %q", at)
			}
			if ask[bool](v, `() => !!document.getElementById("f-number-note")`) {
				t.Error("the box is marked while it is typed in")
			}
			v.fill(v.T("licence.form.invoice"), "INV-1")
			v.becomes("the number is marked", `() => document.getElementById("f-number-note")?.textContent.length > 10 && document.getElementById("f-number").getAttribute("aria-invalid") === "true"`)
			id := v.saved()
			v.photograph("licence-typing-" + lang)

			// A line and a species without a page load; the numbers are the server's.
			v.click(v.T("licence.add_line"))
			v.becomes("the new line has the focus", `() => document.activeElement.name === "goods.1.description"`)
			ask[bool](v, `() => { document.execCommand("insertText", false, "Teak chair"); return true }`)
			v.click(v.T("licence.add_species", "Line", 2))
			v.becomes("the new species has the focus", `() => document.activeElement.name === "goods.1.species.1.common"`)
			v.becomes("the line has a number", `() => document.querySelector("[name='goods.1.line']").value === "1"`)
			if got := ask[string](v, `() => document.querySelectorAll("legend")[1].textContent`); got != v.T("licence.line_number", "Line", 1) {
				t.Errorf("the only filled line is called %q", got)
			}
			ask[bool](v, `() => { document.querySelector("[name='goods.1.volume']").focus(); document.execCommand("insertText", false, "12.5"); return true }`)
			v.says(v.T("licence.totals"))
			v.find("button", v.T("licence.remove_line", "Line", 1))
			ask[bool](v, `() => { document.querySelector("button[value='remove_line:0']").click(); return true }`)
			v.becomes("one line is left", `() => document.querySelectorAll("[data-of-line]").length === 1 && document.querySelector("[name='goods.0.description']").value === "Teak chair"`)
			v.saved()

			// A species' names fill each other in.
			ask[bool](v, `() => { const box = document.querySelector("[name='goods.0.species.0.scientific']"); box.focus(); document.execCommand("insertText", false, "Tectona grandis"); box.blur(); return true }`)
			v.becomes("the common name", `() => document.querySelector("[name='goods.0.species.0.common']").value !== ""`)
			v.saved()

			// Loaded anew, it is all there, and it is one draft.
			v.goes(chromedp.Reload())
			if v.saidID() != id || v.value(v.T("licence.form.invoice")) != "INV-1" || v.value(v.T("licence.form.number")) != "nonsense" {
				v.fail("lost something")
			}
			for _, width := range []int64{1280, 320} {
				v.wide(width)
				if over := ask[int](v, `() => document.documentElement.scrollWidth - innerWidth`); over > 0 {
					t.Errorf("%d pixels wider than a screen of %d", over, width)
				}
				for _, found := range check(v) {
					t.Errorf("at %d: %s", width, found)
				}
				v.photograph("licence-draft-" + lang + map[bool]string{true: "-narrow"}[width < 1000])
			}
			v.wide(1280)
			v.press(v.T("licence.save"))
			v.sees(v.T("licence.saved"))
			if after := v.drafts(); after != before+1 {
				t.Errorf("%d drafts, not one more than %d", after, before)
			}
		})
	}
}

func (v *visitor) saidID() string {
	v.t.Helper()
	if match := draftPath.FindStringSubmatch(v.path()); match != nil {
		return match[1]
	}
	return ""
}

func TestLicenceFormWhenTheSessionEnds(t *testing.T) {
	p := startProgram(t, "demo")
	importer := p.demo().person(t, "operator", "DE")
	v := newVisitor(t, p.Base, "en")
	v.expects(401)
	v.arrives(importer)
	v.open("/licences/new")
	v.fill(v.T("licence.form.invoice"), "INV-1")
	v.find("field", v.T("licence.form.bill_of_lading"))
	ask[bool](v, `() => { document.querySelector("[data-e2e=found]").focus(); return true }`)
	id := v.saved()

	v.signsOutElsewhere()
	v.fill(v.T("licence.form.marks"), "Lot 7, “blue” & green")
	v.fill(v.T("licence.form.invoice"), "INV-2")
	v.says(v.T("licence.autosave.failed"))
	v.photograph("licence-signed-out")
	v.open("/contact") // so that the page is left without a session
	v.arrives(importer)
	v.open("/licences/" + id + "/edit")
	v.says(v.T("licence.autosave.restored"))
	if v.value(v.T("licence.form.marks")) != "Lot 7, “blue” & green" || v.value(v.T("licence.form.invoice")) != "INV-2" {
		v.fail("lost what was typed")
	}

	// Saved with the button after the session ended, the form waits behind the sign-in.
	v.signsOutElsewhere()
	v.fill(v.T("licence.form.remarks"), "Two lines\nof remarks")
	v.press(v.T("licence.save"))
	v.arrives(importer)
	v.open("/sign-in/kept")
	v.sees(v.T("account.kept.files"))
	v.press(v.T("account.kept.send"))
	v.sees(v.T("licence.saved"))
	if v.saidID() != id || v.value(v.T("licence.form.remarks")) != "Two lines\nof remarks" || v.value(v.T("licence.form.marks")) != "Lot 7, “blue” & green" {
		v.fail("lost what was typed")
	}

	// Signing out leaves nothing in the browser.
	v.fill(v.T("licence.form.remarks"), "Three")
	v.click(importer.FirstName + " " + importer.LastName)
	v.press(v.T("site.sign_out"))
	if left := ask[int](v, `() => Object.keys(localStorage).length`); left != 0 {
		t.Errorf("%d things stay in the browser", left)
	}
	v.arrives(importer)
	v.open("/licences/" + id + "/edit")
	if got := v.value(v.T("licence.form.remarks")); got != "Three" {
		t.Errorf("signing out lost what was typed: %q", got)
	}
}

func TestLicenceFormWhenTheNetworkIsAway(t *testing.T) {
	p := startProgram(t, "demo")
	importer := p.demo().person(t, "operator", "DE")
	v := newVisitor(t, p.Base, "da")
	v.arrives(importer)
	before := v.drafts()
	v.open("/licences/new")
	// The first save arrives, its answer does not.
	v.loses("*/autosave")
	v.fill(v.T("licence.form.invoice"), "INV-1")
	v.fill(v.T("licence.form.marks"), "Lot 7")
	v.says(v.T("licence.autosave.failed"))
	v.loses("")
	v.fill(v.T("licence.form.containers"), "MSKU1230417")
	ask[bool](v, `() => { dispatchEvent(new Event("online")); return true }`)
	id := v.saved()
	v.goes(chromedp.Reload())
	if v.saidID() != id || v.value(v.T("licence.form.containers")) != "MSKU1230417" || v.value(v.T("licence.form.marks")) != "Lot 7" {
		v.fail("lost what was typed")
	}
	if after := v.drafts(); after != before+1 {
		t.Errorf("%d drafts, not one more than %d", after, before)
	}
}

// loses lets requests to an address arrive and loses their answers; "" loses none any more.
func (v *visitor) loses(pattern string) {
	v.t.Helper()
	v.call(func(ctx context.Context) error {
		if pattern == "" {
			_, err := chromedp.Call(ctx, fetch.Disable, cdp.Empty{})
			return err
		}
		_, err := chromedp.Call(ctx, fetch.Enable, fetch.EnableParams{Patterns: []*fetch.RequestPattern{{URLPattern: pattern, RequestStage: fetch.RequestStageResponse}}})
		if err != nil {
			return err
		}
		return chromedp.Listen(v.ctx, func(event any) {
			if e, ok := event.(*fetch.EventRequestPaused); ok {
				go chromedp.Call(v.ctx, fetch.FailRequest, fetch.FailRequestParams{RequestID: e.RequestID, ErrorReason: network.ErrorReasonConnectionReset})
			}
		})
	})
}

func TestLicenceFormWhenAColleagueChangesIt(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	var both []demoPerson
	for _, who := range d.People {
		if who.Role == "operator" && who.Country == "DK" && len(both) < 2 && (len(both) == 0 || both[0].Body == who.Body) {
			both = append(both, who)
		}
	}
	mine, theirs := newVisitor(t, p.Base, "en"), newVisitor(t, p.Base, "da")
	mine.expects(409)
	mine.arrives(both[0])
	theirs.arrives(both[1])
	mine.open("/licences/new")
	mine.fill(mine.T("licence.form.invoice"), "MINE-1")
	mine.find("field", mine.T("licence.form.marks"))
	ask[bool](mine, `() => { document.querySelector("[data-e2e=found]").focus(); return true }`)
	id := mine.saved()

	theirs.open("/licences/" + id + "/edit")
	theirs.fill(theirs.T("licence.form.invoice"), "THEIRS-1")
	theirs.press(theirs.T("licence.save"))

	mine.fill(mine.T("licence.form.remarks"), "mine as well")
	mine.fill(mine.T("licence.form.marks"), "Lot 9")
	mine.says(mine.T("licence.autosave.conflict"))
	mine.photograph("licence-conflict")
	for _, found := range check(mine) {
		t.Error(found)
	}
	theirs.goes(chromedp.Reload())
	if got := theirs.value(theirs.T("licence.form.invoice")); got != "THEIRS-1" {
		t.Errorf("the colleague's invoice is now %q", got)
	}

	// Opened again, the form shows the colleague's and offers mine.
	mine.open("/licences/" + id + "/edit")
	mine.says(mine.T("licence.autosave.kept"))
	if got := mine.value(mine.T("licence.form.invoice")); got != "THEIRS-1" {
		t.Errorf("the form shows %q", got)
	}
	mine.press(mine.T("licence.autosave.mine"))
	mine.answered(409)
	mine.sees(mine.T("error.changed_meanwhile"))
	if mine.value(mine.T("licence.form.invoice")) != "MINE-1" || mine.value(mine.T("licence.form.marks")) != "Lot 9" {
		mine.fail("does not show what was typed")
	}
	mine.press(mine.T("licence.save"))
	mine.sees(mine.T("licence.saved"))
}

func TestLicenceFormSendsScans(t *testing.T) {
	p := startProgram(t, "demo")
	dir := t.TempDir()
	big := filepath.Join(dir, "licence.pdf")
	if err := os.WriteFile(big, append([]byte("%PDF-1.4\n"), make([]byte, 8<<20)...), 0o600); err != nil {
		t.Fatal(err)
	}
	text := filepath.Join(dir, "letter.docx")
	if err := os.WriteFile(text, []byte("not a scan at all"), 0o600); err != nil {
		t.Fatal(err)
	}
	huge := filepath.Join(dir, "huge.pdf")
	if err := os.WriteFile(huge, []byte("%PDF-1.4\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(huge, 51<<20); err != nil {
		t.Fatal(err)
	}
	v := newVisitor(t, p.Base, "en")
	v.arrives(p.demo().person(t, "operator", "CZ"))
	v.open("/licences/new")
	v.fill(v.T("scan.add"), huge)
	v.says(v.T("scan.too_large", "Max", 50))
	v.fill(v.T("scan.add"), text)
	v.says("A scan is a PDF, JPEG, PNG or TIFF file.")
	v.photograph("scan-refused")
	if v.saidID() != "" {
		v.fail("made a draft for what is no scan")
	}
	// The bar moves: its values are noted from the moment it appears.
	ask[bool](v, `() => {
		window.bars = [];
		new MutationObserver(() => {
			const bar = document.querySelector(".of-upload progress");
			if (bar && !bar.seen) {
				bar.seen = true;
				window.bars.push(bar.value);
				new MutationObserver(() => window.bars.push(bar.value)).observe(bar, {attributes: true});
			}
		}).observe(document.body, {childList: true, subtree: true});
		return true;
	}`)
	v.fill(v.T("scan.add"), big)
	v.says(v.T("scan.uploaded", "Name", "licence.pdf"))
	v.saved()
	if moved := ask[bool](v, `() => window.bars.length > 1 && window.bars.at(-1) > 0`); !moved {
		t.Error("the bar did not move")
	}
	v.says(v.T("scan.remove", "Name", "licence.pdf"))
	v.fill(v.T("licence.form.invoice"), "INV-1") // builds on the version that the scan made
	v.press(v.T("licence.save"))
	v.sees(v.T("licence.saved"))
	v.says(v.T("scan.viewer.failed")) // nothing more is asked of the scan from here on
	v.press(v.T("scan.remove", "Name", "licence.pdf"))
	v.sees(v.T("scan.removed"))
}

func TestLicenceFormWithoutScripts(t *testing.T) {
	p := startProgram(t, "demo")
	v := newVisitor(t, p.Base, "da")
	v.arrives(p.demo().person(t, "operator", "NL"))
	v.withoutScripts()
	v.open("/licences/new")
	v.fill(v.T("licence.form.invoice"), "INV-1")
	v.press(v.T("licence.add_line"))
	v.press(v.T("licence.save"))
	v.sees(v.T("licence.saved"))
	v.sees(v.T("check.title"))
	v.click(v.T("licence.discard"))
	v.press(v.T("licence.discard.sure"))
	v.sees(v.T("licence.discarded"))
}
