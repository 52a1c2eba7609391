package notice

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Limits of the sending of webhooks.
const (
	atOnce     = 32       // receivers that are told at the same time
	inARow     = 20       // events that one is told until others have their turn
	answerRead = 16 << 10 // bytes read of an answer
)

// WebhookOffice is the office's side of the sending: see registry.Office.
type WebhookOffice interface {
	// QueueWebhooks queues what happened for whoever wants it and may see it.
	QueueWebhooks(ctx context.Context) (int, error)
	// ClaimWebhooks gives what is to be sent now, one for each webhook, out of others' reach.
	ClaimWebhooks(ctx context.Context, limit int) ([]flegt.WebhookSending, error)
	// SettleWebhook notes what came of a try, and gives the next.
	SettleWebhook(ctx context.Context, s flegt.WebhookSending, answer flegt.WebhookAnswer, more bool) (next flegt.WebhookSending, some bool, err error)
	// ReleaseWebhook has a try that was broken off made again.
	ReleaseWebhook(ctx context.Context, s flegt.WebhookSending) error
}

// WebhookOptions are what Webhooks need. Office and Write are required.
type WebhookOptions struct {
	Office WebhookOffice
	// Write gives an event as the interface for programs shows it.
	Write func(flegt.Event) any
	// Private lets receivers have addresses outside the public Internet.
	Private bool
	// BaseURL is named to receivers, so that they know who knocks.
	BaseURL string
	Logger  *slog.Logger
	// Clock gives the moment of a try, which its receiver compares with his own clock.
	Clock func() time.Time
}

// Webhooks tells receivers of events after the Standard Webhooks specification 1.0.0: one event
// after the other to each of them, many of them at once, each until it answers well or is given
// up. Whatever stops in the middle, an event is told at least once, under the same webhook-id.
type Webhooks struct {
	WebhookOptions
	client *http.Client
	slots  chan struct{}
	ended  chan struct{}
}

// NewWebhooks makes the sender.
func NewWebhooks(o WebhookOptions) *Webhooks {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	return &Webhooks{WebhookOptions: o, client: webhookClient(o.Private), slots: make(chan struct{}, atOnce), ended: make(chan struct{}, 1)}
}

// Run sends until the context ends, and comes back when nothing is under way any more.
func (w *Webhooks) Run(ctx context.Context) {
	tick := time.NewTicker(300 * time.Millisecond)
	defer tick.Stop()
	var under sync.WaitGroup
	defer under.Wait()
	for {
		if err := w.round(ctx, &under); err != nil && ctx.Err() == nil {
			w.Logger.Error("webhooks", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-w.ended: // there is room, and perhaps more for the same receiver
		}
	}
}

// round queues what happened and starts telling whoever has something to be told.
func (w *Webhooks) round(ctx context.Context, under *sync.WaitGroup) error {
	if _, err := w.Office.QueueWebhooks(ctx); err != nil {
		return err
	}
	free := cap(w.slots) - len(w.slots)
	if free == 0 {
		return nil
	}
	due, err := w.Office.ClaimWebhooks(ctx, free)
	for _, s := range due {
		w.slots <- struct{}{}
		under.Go(func() {
			w.tell(ctx, s)
			<-w.slots
			select {
			case w.ended <- struct{}{}:
			default:
			}
		})
	}
	return err
}

// tell sends to one receiver what is due, one event after the other.
func (w *Webhooks) tell(ctx context.Context, s flegt.WebhookSending) {
	kept := context.WithoutCancel(ctx) // what came of a try is noted even while the program stops
	for i := 1; ; i++ {
		answer := w.try(ctx, s)
		if ctx.Err() != nil && answer.Status == 0 {
			if err := w.Office.ReleaseWebhook(kept, s); err != nil {
				w.Logger.Error("webhooks", "webhook", s.Webhook.ID, "error", err)
			}
			return
		}
		w.Logger.Info("webhook", "webhook", s.Webhook.ID, "event", s.Delivery.Seq, "type", s.Delivery.Type, "status", answer.Status,
			"problem", answer.Problem, "ms", answer.Took.Milliseconds())
		next, some, err := w.Office.SettleWebhook(kept, s, answer, i < inARow && ctx.Err() == nil)
		if err != nil {
			w.Logger.Error("webhooks", "webhook", s.Webhook.ID, "error", err)
		}
		if err != nil || !some {
			return
		}
		s = next
	}
}

// payload is what a receiver gets, in the form that the specification recommends.
type payload struct {
	Type      string    `json:"type"`
	Timestamp time.Time `json:"timestamp"`
	Data      any       `json:"data"`
}

// try makes one try.
func (w *Webhooks) try(ctx context.Context, s flegt.WebhookSending) flegt.WebhookAnswer {
	if len(s.Secrets) == 0 {
		return flegt.WebhookAnswer{Problem: flegt.ProblemSecret}
	}
	start := time.Now()
	ctx, cancel := context.WithTimeout(ctx, webhookTimeout)
	defer cancel()
	r, err := w.request(ctx, s)
	if err != nil {
		w.Logger.Error("webhooks", "webhook", s.Webhook.ID, "error", err)
		return flegt.WebhookAnswer{Problem: flegt.ProblemConnect}
	}
	res, err := w.client.Do(r)
	if err != nil {
		return flegt.WebhookAnswer{Problem: problemIn(err), Took: time.Since(start)}
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(io.LimitReader(res.Body, answerRead)) // the status is the answer; the rest is for the log
	return flegt.WebhookAnswer{Status: res.StatusCode, Text: string(text), Problem: problemOf(res.StatusCode), Took: time.Since(start),
		RetryAfter: retryAfter(res.Header, w.Clock())}
}

// request writes and signs what is sent.
func (w *Webhooks) request(ctx context.Context, s flegt.WebhookSending) (*http.Request, error) {
	body, err := json.Marshal(payload{s.Delivery.Type, s.Event.At, w.Write(s.Event)})
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.Webhook.URL, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	now := w.Clock()
	signature, err := sign(s.Delivery.ID, now, body, s.Secrets)
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "OpenFLEGT (+"+w.BaseURL+")")
	r.Header.Set(standardwebhooks.HeaderWebhookID, s.Delivery.ID)
	r.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(now.Unix(), 10))
	r.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	return r, nil
}

// sign gives one signature for each secret, parted by blanks, so that a receiver may hold
// either while one follows the other.
func sign(id string, at time.Time, body []byte, secrets [][]byte) (string, error) {
	var out []string
	for _, secret := range secrets {
		by, err := standardwebhooks.NewWebhookRaw(secret)
		if err != nil {
			return "", err
		}
		one, err := by.Sign(id, at, body)
		if err != nil {
			return "", err
		}
		out = append(out, one)
	}
	return strings.Join(out, " "), nil
}
