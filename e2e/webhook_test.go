package e2e

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
)

// TestWebhookInABrowser makes a webhook, is told of a test event, and reads the log; axe looks
// at every page and dialog of it, wide and narrow.
func TestWebhookInABrowser(t *testing.T) {
	p := startProgram(t, "demo", "--webhooks-allow-private")
	for _, who := range []struct{ role, lang string }{{"competent_authority", "en"}, {"operator", "da"}} {
		t.Run(who.lang, func(t *testing.T) {
			came := make(chan string, 10)
			receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, "thank you, <b>taken</b>")
				came <- r.Header.Get("webhook-signature")
			}))
			defer receiver.Close()
			v := newVisitor(t, p.Base, who.lang)
			v.arrives(p.demo().person(t, who.role, "DK"))
			looks := func(name string) {
				t.Helper()
				for _, width := range []int64{1280, 320} {
					v.wide(width)
					if over := ask[int](v, `() => document.documentElement.scrollWidth - innerWidth`); over > 0 {
						t.Errorf("%s is %d pixels wider than a screen of %d", name, over, width)
					}
					for _, found := range check(v) {
						t.Errorf("%s at %d: %s", name, width, found)
					}
					v.photograph("webhook-" + name + "-" + who.lang + map[bool]string{true: "-narrow"}[width < 1000])
				}
				v.wide(1280)
			}
			v.open("/account/webhooks?lang=" + who.lang)
			looks("none")
			v.press(v.T("webhook.new.title"))
			v.click(v.T("webhook.types.choose"))
			v.tick(v.T("licence.event.accepted"))
			v.tick(v.T("webhook.type.webhook.changed"))
			looks("form")
			v.fill(v.T("webhook.url"), "nothing")
			v.press(v.T("webhook.make"))
			v.answered(422)
			v.sees(v.T("webhook.url_form"))
			looks("refused")
			v.fill(v.T("webhook.name"), "A system with a rather long name that nobody shortened")
			v.fill(v.T("webhook.url"), receiver.URL+"/a/path/that/is/as/long/as/such/paths/are/and/has/no/place/to/break/0123456789abcdef0123456789abcdef")
			v.press(v.T("webhook.make"))
			v.sees(v.T("webhook.secret.made"))
			looks("secret")
			v.press(v.T("webhook.test"))
			v.sees(v.T("webhook.tested"))
			if <-came == "" {
				t.Error("not signed")
			}
			v.seesSoon(v.T("webhook.delivery.delivered"))
			v.press(v.T("webhook.edit.title"))
			v.press(v.T("authority.save"))
			v.sees(v.T("webhook.changed"))
			<-came
			v.seesSoon(v.T("webhook.again"))
			looks("log")
			v.open("/account/webhooks")
			looks("list")
		})
	}
}
