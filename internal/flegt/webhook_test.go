package flegt

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestPublicAddress(t *testing.T) {
	for _, a := range []string{"127.0.0.1", "::1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "fe80::1", "fe80::1%eth0",
		"fd00:ec2::254", "fc00::1", "100.64.0.1", "100.100.100.200", "0.0.0.0", "0.1.2.3", "::", "224.0.0.1", "ff02::1", "255.255.255.255", "240.0.0.1",
		"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::1", "2001:0:1::1", "192.0.2.1", "198.18.0.1", "fec0::1"} {
		if PublicAddress(netip.MustParseAddr(a)) {
			t.Errorf("%s counts as public", a)
		}
	}
	for _, a := range []string{"8.8.8.8", "100.63.255.255", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "::ffff:8.8.8.8"} {
		if !PublicAddress(netip.MustParseAddr(a)) {
			t.Errorf("%s does not count as public", a)
		}
	}
}

func TestWebhookAddress(t *testing.T) {
	for text, want := range map[string][2]string{ // key in the open, key with private ones allowed
		"https://hooks.example.eu/flegt?x=1":        {"", ""},
		"https://hooks.example.eu:8443/":            {"", ""},
		"https://[2606:4700::1111]/":                {"", ""},
		"":                                          {"error.required", "error.required"},
		"hooks.example.eu":                          {"webhook.url_form", "webhook.url_form"},
		"https://":                                  {"webhook.url_form", "webhook.url_form"},
		"https://a b/":                              {"webhook.url_form", "webhook.url_form"},
		"https:hooks":                               {"webhook.url_form", "webhook.url_form"},
		"http://hooks.example.eu/":                  {"webhook.url_https", ""},
		"ftp://hooks.example.eu/":                   {"webhook.url_https", "webhook.url_https"},
		"https://me:pw@hooks.example.eu/":           {"webhook.url_extra", "webhook.url_extra"},
		"https://hooks.example.eu/#a":               {"webhook.url_extra", "webhook.url_extra"},
		"https://127.0.0.1/":                        {"webhook.url_private", ""},
		"https://169.254.169.254/latest":            {"webhook.url_private", ""},
		"https://[::ffff:10.0.0.1]/":                {"webhook.url_private", ""},
		"https://LOCALHOST./":                       {"webhook.url_private", ""},
		"https://x.localhost/":                      {"webhook.url_private", ""},
		"https://a.eu/" + strings.Repeat("x", 500):  {"error.too_long", "error.too_long"},
		"https://hooks.example.eu/\nHost: other.eu": {"webhook.url_form", "webhook.url_form"},
	} {
		for i, private := range []bool{false, true} {
			err := Webhook{Name: "x", URL: text}.Check(RoleOperator, private)
			got := ""
			if e, ok := err.(*Error); ok {
				got = e.Boxes[0].Key
			}
			if got != want[i] {
				t.Errorf("%q, private %v: %q, want %q", text, private, got, want[i])
			}
		}
	}
}

func TestWebhookChecksNameAndTypes(t *testing.T) {
	for name, c := range map[string]struct {
		hook Webhook
		role Role
		box  string
	}{
		"no name":           {Webhook{Name: " "}, RoleOperator, "name"},
		"a long name":       {Webhook{Name: strings.Repeat("é", 101)}, RoleOperator, "name"},
		"an unknown type":   {Webhook{Name: "x", Types: []string{"licence.eaten"}}, RoleOperator, "types"},
		"customs' own":      {Webhook{Name: "x", Types: []string{"licence.looked_up"}}, RoleOperator, "types"},
		"customs asks":      {Webhook{Name: "x", Types: []string{"licence.looked_up"}}, RoleCustoms, ""},
		"drafts of another": {Webhook{Name: "x", Types: []string{"licence.edited"}}, RoleCustoms, "types"},
		"all":               {Webhook{Name: "x"}, RoleSupport, ""},
	} {
		c.hook.URL = "https://a.eu"
		err := c.hook.Check(c.role, false)
		if got, _ := err.(*Error); (got == nil) != (c.box == "") || got != nil && (len(got.Boxes) != 1 || got.Boxes[0].Box != c.box) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, role := range Roles {
		all := EventTypesOf(role)
		if !slices.Contains(all, "licence.accepted") || (Webhook{}).Wants(role, TestEventType) || !(Webhook{}).Wants(role, "licence.accepted") ||
			(Webhook{Types: []string{"licence.held"}}).Wants(role, "licence.accepted") {
			t.Errorf("%s: %v", role, all)
		}
	}
}

func TestDeliveryIsTried(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	d := Delivery{Seq: 7, State: DeliveryWaiting}
	at, broken := now, WebhookAnswer{Status: 500, Problem: ProblemStatus}
	for range MaxAttempts - 1 {
		d.Tried(broken, at, 0)
		if d.State != DeliveryWaiting || !d.NextAt.After(at) {
			t.Fatalf("after %d: %+v", d.Attempts, d)
		}
		at = d.NextAt
	}
	if total := at.Sub(now); total != 75*time.Hour+35*time.Minute+5*time.Second {
		t.Errorf("tried for %s", total)
	}
	d.Tried(broken, at, 0)
	if d.State != DeliveryGivenUp || !d.NextAt.IsZero() || d.Attempts != MaxAttempts {
		t.Errorf("%+v", d)
	}
	if err := d.SendAgain(at); err != nil || d.State != DeliveryWaiting || !d.Apart || d.Attempts != 0 || !d.NextAt.Equal(at) {
		t.Errorf("again: %v %+v", err, d)
	}
	d.Tried(WebhookAnswer{Status: 204, Text: "ok\x00\xff\u202e" + strings.Repeat("x", 600)}, at, 0)
	if d.State != Delivered || d.Problem != "" || !strings.HasPrefix(d.Answer, "okxxx") || len([]rune(d.Answer)) != answerKept+1 {
		t.Errorf("%+v", d)
	}
}

func TestDeliveryEndsEarly(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		d      Delivery
		a      WebhookAnswer
		jitter float64
		state  DeliveryState
		wait   time.Duration
	}{
		"a test":            {Delivery{}, WebhookAnswer{Status: 500, Problem: ProblemStatus}, 0, DeliveryGivenUp, 0},
		"gone":              {Delivery{Seq: 1}, WebhookAnswer{Status: 410, Problem: ProblemGone}, 0, DeliveryGivenUp, 0},
		"jitter":            {Delivery{Seq: 1, Attempts: 1}, WebhookAnswer{Problem: ProblemTimeout}, 1, DeliveryWaiting, 6 * time.Minute},
		"asked to wait":     {Delivery{Seq: 1}, WebhookAnswer{Status: 503, Problem: ProblemStatus, RetryAfter: time.Hour}, 0, DeliveryWaiting, time.Hour},
		"asked for a week":  {Delivery{Seq: 1}, WebhookAnswer{Status: 503, Problem: ProblemStatus, RetryAfter: 168 * time.Hour}, 0, DeliveryWaiting, 24 * time.Hour},
		"asked for a blink": {Delivery{Seq: 1, Attempts: 2}, WebhookAnswer{Status: 429, Problem: ProblemStatus, RetryAfter: 1}, 0, DeliveryWaiting, 30 * time.Minute},
	} {
		c.d.State = DeliveryWaiting
		c.d.Tried(c.a, now, c.jitter)
		if wait := c.d.NextAt.Sub(now); c.d.State != c.state || c.wait != 0 && wait != c.wait {
			t.Errorf("%s: %+v after %s", name, c.d, wait)
		}
	}
	if err := (&Delivery{}).SendAgain(now); KindOf(err) != Conflict {
		t.Errorf("a test is sent again: %v", err)
	}
}

func TestWebhookLife(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	by := Actor{Account: "a", Role: RoleOperator, Body: "op"}
	h := Webhook{ID: "h", Account: "a", Authorisation: "z", URL: "https://secret.example.eu/token", State: WebhookActive, Version: 1}
	step := func(e Event, err error) Event {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range e.Data {
			if text, _ := v.(string); strings.Contains(text, "secret.example") {
				t.Errorf("%s tells the address", e.Verb)
			}
		}
		return e
	}
	if _, err := h.Resume(by, now); KindOf(err) != Conflict {
		t.Errorf("resumed while active: %v", err)
	}
	step(h.Pause(by, now))
	if _, err := h.Pause(by, now); KindOf(err) != Conflict || h.State != WebhookPaused {
		t.Errorf("paused twice: %v", err)
	}
	step(h.Resume(by, now))
	if e := step(h.Disable(now, WebhookGone), nil); e.State != "disabled" || e.Data["reason_code"] != WebhookGone || e.Account != "" || h.Reason != WebhookGone {
		t.Errorf("%+v", e)
	}
	if step(h.Resume(by, now)); h.State != WebhookActive || h.Reason != "" {
		t.Errorf("%+v", h)
	}
	if e := step(h.Deleted(by, now), nil); e.Verb != "deleted" || e.State != "" {
		t.Errorf("%+v", e)
	}
}
