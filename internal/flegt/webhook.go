package flegt

import (
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"
)

// NounWebhook names webhooks in the event log.
const NounWebhook Noun = "webhook"

// WebhookState is whether a webhook is told of events.
type WebhookState string

// The states of a webhook. Its owner pauses it; the program disables it, and says why.
const (
	WebhookActive   WebhookState = "active"
	WebhookPaused   WebhookState = "paused"
	WebhookDisabled WebhookState = "disabled"
)

// The reasons for which the program disables a webhook.
const (
	WebhookGone    = "gone"    // the receiver answered 410
	WebhookFailing = "failing" // nothing was delivered for WebhookPatience
	WebhookBehind  = "behind"  // more than MaxWaiting events wait
)

// Limits of webhooks.
const (
	MaxWebhooks     = 5                  // of one authorisation
	MaxWaiting      = 10_000             // events that wait for one receiver
	MaxTests        = 5                  // test events of one webhook in TestsWithin
	TestsWithin     = time.Minute        //
	WebhookPatience = 5 * 24 * time.Hour // how long one may fail until it is disabled
	OldSecretLasts  = 24 * time.Hour     // how long the secret before the last still signs
	KeepDeliveries  = 30 * 24 * time.Hour
	maxWebhookURL   = 500 // characters
)

// WebhookSecretBegins is how a signing secret is written: this and its 32 bytes in base64
// (Standard Webhooks 1.0.0, "Signature scheme").
const WebhookSecretBegins = "whsec_"

// Webhook is an address of somebody's that is told of events which one of his authorisations
// may see. Its secrets are kept apart from it (docs/decisions/0012).
type Webhook struct {
	ID            string
	Account       string
	Authorisation string
	Name          string // as its owner calls it
	URL           string
	Types         []string // of the events it wants, "licence.accepted"; empty means all
	State         WebhookState
	Reason        string `json:",omitempty"` // why the program disabled it
	CreatedAt     time.Time
	ChangedAt     time.Time
	Version       int
	// FailingSince is since when nothing was delivered that was tried; zero when the last try worked.
	// It is kept beside the webhook, and filled in for who reads it.
	FailingSince time.Time `json:"-"`
}

// Check says what is wrong in each box of the form of a webhook for a role. private says that
// plain http and addresses outside the public Internet are taken too.
func (h Webhook) Check(role Role, private bool) error {
	var boxes []BoxError
	say := func(box, key string, args Args) { boxes = append(boxes, BoxError{Box: box, Key: key, Args: args}) }
	switch {
	case strings.TrimSpace(h.Name) == "":
		say("name", "error.required", nil)
	case tooLong(h.Name, 100):
		say("name", "error.too_long", Args{"Max": 100})
	}
	if key, args := checkWebhookURL(h.URL, private); key != "" {
		say("url", key, args)
	}
	for _, t := range h.Types {
		if !slices.Contains(EventTypesOf(role), t) {
			say("types", "webhook.type_not_yours", Args{"Type": cut(t, 80)})
			break
		}
	}
	return InvalidBoxes(boxes)
}

// checkWebhookURL gives the key of what is wrong with a receiver's address.
func checkWebhookURL(text string, private bool) (string, Args) {
	if text == "" {
		return "error.required", nil
	}
	if tooLong(text, maxWebhookURL) {
		return "error.too_long", Args{"Max": maxWebhookURL}
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Hostname() == "" || u.Opaque != "" || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return "webhook.url_form", nil
	case u.Scheme != "https" && (!private || u.Scheme != "http"):
		return "webhook.url_https", nil
	case u.User != nil || u.Fragment != "":
		return "webhook.url_extra", nil
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	a, err := netip.ParseAddr(host)
	if !private && (err == nil && !PublicAddress(a) || host == "localhost" || strings.HasSuffix(host, ".localhost")) {
		return "webhook.url_private", nil
	}
	return "", nil
}

// cut shortens what somebody typed, to be said back to him.
func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}

// Wants says whether the webhook is told of events of a type, when its authorisation has the
// role.
func (h Webhook) Wants(role Role, eventType string) bool {
	if len(h.Types) > 0 && !slices.Contains(h.Types, eventType) {
		return false
	}
	return slices.Contains(EventTypesOf(role), eventType)
}

// Created gives the event of a new webhook.
func (h Webhook) Created(by Actor) Event { return h.event(by, h.CreatedAt, "created") }

// Change takes a new name, address and choice of events.
func (h *Webhook) Change(by Actor, now time.Time, name, address string, types []string) Event {
	h.Name, h.URL, h.Types, h.ChangedAt = name, address, types, now.UTC()
	return h.event(by, now, "changed")
}

// Rotate notes that there is a new secret.
func (h *Webhook) Rotate(by Actor, now time.Time) Event {
	h.ChangedAt = now.UTC()
	return h.event(by, now, "rotated")
}

// Pause stops it, by its owner: what happens meanwhile is not sent later.
func (h *Webhook) Pause(by Actor, now time.Time) (Event, error) {
	if h.State != WebhookActive {
		return Event{}, Refuse(Conflict, "webhook.not_active", nil)
	}
	h.State, h.ChangedAt = WebhookPaused, now.UTC()
	return h.event(by, now, "paused"), nil
}

// Resume lets it be told again of what happens from now on.
func (h *Webhook) Resume(by Actor, now time.Time) (Event, error) {
	if h.State == WebhookActive {
		return Event{}, Refuse(Conflict, "webhook.active_already", nil)
	}
	h.State, h.Reason, h.ChangedAt = WebhookActive, "", now.UTC()
	return h.event(by, now, "resumed"), nil
}

// Disable stops it, by the program, for a reason.
func (h *Webhook) Disable(now time.Time, reason string) Event {
	h.State, h.Reason, h.ChangedAt = WebhookDisabled, reason, now.UTC()
	return h.event(TheSystem(), now, "disabled").With("reason_code", reason)
}

// Deleted gives the event of a webhook that is no more.
func (h Webhook) Deleted(by Actor, now time.Time) Event {
	e := h.event(by, now, "deleted")
	e.State, e.Version = "", 0
	return e
}

// event names the authorisation and never the address, which may hold a secret of the
// receiver's.
func (h Webhook) event(by Actor, now time.Time, verb string) Event {
	e := NewEvent(by, now, NounWebhook, h.ID, verb)
	e.State, e.Version = string(h.State), h.Version
	return e.With("account", h.Account).With("authorisation", h.Authorisation)
}
