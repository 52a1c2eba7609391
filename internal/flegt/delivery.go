package flegt

import (
	"net/http"
	"strings"
	"time"
	"unicode"
)

// DeliveryState is where the telling of one event to one webhook stands.
type DeliveryState string

// The states of a delivery.
const (
	DeliveryWaiting DeliveryState = "waiting"
	Delivered       DeliveryState = "delivered"
	DeliveryGivenUp DeliveryState = "given_up"
)

// What kept a receiver from answering well; each is a sentence, "webhook.problem.<problem>".
const (
	ProblemStatus   = "status"   // it answered with another status than 2xx
	ProblemRedirect = "redirect" // it answered with a redirect, which is not followed
	ProblemGone     = "gone"     // it answered 410
	ProblemTimeout  = "timeout"
	ProblemName     = "name"    // its name leads to no address
	ProblemPrivate  = "private" // its name leads to an address outside the public Internet
	ProblemTLS      = "tls"     // its certificate was not good
	ProblemConnect  = "connect" // it could not be reached, or broke off
	ProblemSecret   = "secret"  // the secret cannot be read on this machine
	ProblemRights   = "rights"  // the event is no longer for the one who is told
)

// DeliveryProblems lists them.
var DeliveryProblems = []string{ProblemStatus, ProblemRedirect, ProblemGone, ProblemTimeout, ProblemName, ProblemPrivate, ProblemTLS,
	ProblemConnect, ProblemSecret, ProblemRights}

// Delivery is the telling of one event to one webhook, with what became of the last try.
type Delivery struct {
	ID        string // the webhook-id of every try
	Webhook   string
	Seq       int64 // of the event; 0 for a test
	Type      string
	State     DeliveryState
	Apart     bool `json:",omitempty"` // sent by hand: it does not keep its place in the order
	Attempts  int
	Status    int           `json:",omitempty"` // HTTP status of the last answer; 0 when there was none
	Answer    string        `json:",omitempty"` // beginning of the last answer
	Problem   string        `json:",omitempty"` // what was wrong with the last try
	Took      time.Duration `json:",omitempty"` // of the last try
	CreatedAt time.Time
	TriedAt   time.Time
	NextAt    time.Time // when it is tried next; zero when it is not
}

// WebhookAnswer is what came of one try.
type WebhookAnswer struct {
	Status     int
	Text       string
	Problem    string // empty for an answer of 2xx
	Took       time.Duration
	RetryAfter time.Duration // as the receiver asked for; 0 when it did not
}

// answerKept is how many characters of an answer are kept.
const answerKept = 500

// deliveryWaits are the times between tries, three days in all (Standard Webhooks 1.0.0,
// "Deliverability and reliability").
var deliveryWaits = []time.Duration{5 * time.Second, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 5 * time.Hour, 10 * time.Hour,
	14 * time.Hour, 20 * time.Hour, 24 * time.Hour}

// MaxAttempts is how often a delivery is tried before it is given up.
var MaxAttempts = len(deliveryWaits) + 1

// longestWait bounds what a receiver may ask for by Retry-After.
const longestWait = 24 * time.Hour

// Tried notes what came of a try. jitter, from 0 to 1, lengthens the wait by up to a fifth, so
// that not everything is tried again at the same moment. A test is tried once.
func (d *Delivery) Tried(a WebhookAnswer, now time.Time, jitter float64) {
	d.Attempts++
	d.Status, d.Answer, d.Problem, d.Took = a.Status, readableText(a.Text), a.Problem, a.Took
	d.TriedAt, d.NextAt = now.UTC(), time.Time{}
	switch {
	case a.Problem == "":
		d.State = Delivered
	case d.Seq == 0 || a.Status == http.StatusGone || d.Attempts > len(deliveryWaits):
		d.State = DeliveryGivenUp
	default:
		wait := deliveryWaits[d.Attempts-1]
		wait += time.Duration(jitter * float64(wait) / 5)
		d.NextAt = now.UTC().Add(max(wait, min(a.RetryAfter, longestWait))).Truncate(time.Microsecond)
	}
}

// GiveUp ends a delivery that cannot be made.
func (d *Delivery) GiveUp(now time.Time, problem string) {
	d.State, d.Problem, d.TriedAt, d.NextAt = DeliveryGivenUp, problem, now.UTC(), time.Time{}
}

// SendAgain has it tried now: one that waits keeps its place in the order, one that is settled
// is sent apart from it, with all its tries again.
func (d *Delivery) SendAgain(now time.Time) error {
	if d.Seq == 0 {
		return Refuse(Conflict, "webhook.test_again", nil)
	}
	if d.State != DeliveryWaiting {
		d.State, d.Apart, d.Attempts = DeliveryWaiting, true, 0
	}
	d.NextAt = now.UTC()
	return nil
}

// readableText is the beginning of an answer without what a page or a log cannot show.
func readableText(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\n', r == '\t':
			return r
		case r == unicode.ReplacementChar, !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
	return cut(strings.TrimSpace(s), answerKept)
}

// WebhookSending is one try to be made: the event, signed by each of the secrets.
type WebhookSending struct {
	Webhook  Webhook
	Delivery Delivery
	Event    Event
	Secrets  [][]byte // the newest first; empty when none can be read
}
