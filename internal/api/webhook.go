package api

import (
	"context"
	"net/http"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// WebhookEdit is what is entered of a webhook.
type WebhookEdit struct {
	Name  string   `json:"name" maxLength:"100" doc:"As you call it." example:"Our customs system"`
	URL   string   `json:"url" maxLength:"500" doc:"Where events are posted to: https, on the public Internet." example:"https://system.example.eu/flegt"`
	Types []string `json:"types,omitempty" maxItems:"200" doc:"Which events it is told of, as noun and verb; absent or empty: all that your role may see, also kinds that are added later." example:"[\"licence.accepted\",\"licence.rejected\"]"`
}

func (e WebhookEdit) form() registry.WebhookForm {
	return registry.WebhookForm{Name: e.Name, URL: e.URL, Types: e.Types}
}

// Webhook is an address that is told of events.
type Webhook struct {
	ID string `json:"id"`
	WebhookEdit
	State     flegt.WebhookState `json:"state" enum:"active,paused,disabled" doc:"Paused by you, or disabled by the registry."`
	Reason    string             `json:"reason,omitempty" enum:"gone,failing,behind" doc:"Why it was disabled: the receiver answered 410; nothing could be delivered for five days; more than 10,000 events waited."`
	Failing   *time.Time         `json:"failing_since,omitempty" doc:"Since when nothing that was tried could be delivered; absent when the last try worked, and in the answer to a change. After five days it is disabled."`
	CreatedAt time.Time          `json:"created_at"`
	Version   int                `json:"version" doc:"Rises with each change; it is also the ETag."`
}

// Delivery is the telling of one event to one webhook.
type Delivery struct {
	ID        string              `json:"id" doc:"The webhook-id header of every try."`
	Seq       int64               `json:"seq,omitempty" doc:"The number of the event in the log; absent for a test."`
	Type      string              `json:"type" example:"licence.accepted"`
	State     flegt.DeliveryState `json:"state" enum:"waiting,delivered,given_up"`
	Attempts  int                 `json:"attempts" doc:"How often it was tried; since it was sent again, when it was."`
	Status    int                 `json:"status,omitempty" doc:"HTTP status of the last answer; absent when there was none."`
	Answer    string              `json:"answer,omitempty" doc:"How the last answer began."`
	Problem   string              `json:"problem,omitempty" doc:"What was wrong with the last try, in one word: status, redirect, gone, timeout, name, private, tls, connect, secret, rights."`
	Detail    string              `json:"detail,omitempty" doc:"The same as a sentence."`
	TookMS    int64               `json:"took_ms,omitempty" doc:"How long the last try took, in milliseconds."`
	CreatedAt time.Time           `json:"created_at"`
	TriedAt   *time.Time          `json:"tried_at,omitempty"`
	NextAt    *time.Time          `json:"next_at,omitempty" doc:"When it is tried next, at the earliest; what stands before it in the log goes first."`
}

func (s *Server) webhookOperations() {
	const tag, all, one = "Webhooks", "/webhooks", "/webhooks/{id}"
	read, write := flegt.ScopeWebhooksRead, flegt.ScopeWebhooksWrite
	register(s, about{id: "list-webhooks", method: http.MethodGet, path: all, scope: read, tag: tag, summary: "One's webhooks",
		text: "Those of the role for which the token was made, the oldest first; there are at most five."}, s.webhooks)
	register(s, about{id: "create-webhook", method: http.MethodPost, path: all, scope: write, tag: tag, status: http.StatusCreated, secret: true,
		summary: "Be told of events", text: "What happens from now on is posted to the address, signed after the Standard Webhooks specification. The signing secret is given here and not again."}, s.createWebhook)
	register(s, about{id: "list-event-types", method: http.MethodGet, path: "/webhooks/types", scope: read, tag: tag, summary: "Which events a webhook can be told of",
		text: "Those of the role for which the token was made."}, s.eventTypes)
	register(s, about{id: "read-webhook", method: http.MethodGet, path: one, scope: read, tag: tag, summary: "Read a webhook"}, s.readWebhook)
	register(s, about{id: "edit-webhook", method: http.MethodPut, path: one, scope: write, tag: tag, summary: "Change a webhook"}, s.editWebhook)
	register(s, about{id: "delete-webhook", method: http.MethodDelete, path: one, scope: write, tag: tag, status: http.StatusNoContent, summary: "Delete a webhook with its log"}, s.deleteWebhook)
	register(s, about{id: "rotate-webhook", method: http.MethodPost, path: one + "/rotate", scope: write, tag: tag, secret: true, summary: "Make a new signing secret",
		text: "For 24 hours each message is signed with the old one too."}, s.rotateWebhook)
	register(s, about{id: "pause-webhook", method: http.MethodPost, path: one + "/pause", scope: write, tag: tag, summary: "Stop a webhook",
		text: "What waits is kept. What happens meanwhile is not sent later: read it from /events."}, s.stepWebhook(s.Office.PauseWebhook))
	register(s, about{id: "resume-webhook", method: http.MethodPost, path: one + "/resume", scope: write, tag: tag, summary: "Let a webhook be told again",
		text: "Of what waits, and of what happens from now on; also one that was disabled."}, s.stepWebhook(s.Office.ResumeWebhook))
	register(s, about{id: "test-webhook", method: http.MethodPost, path: one + "/test", scope: write, tag: tag, status: http.StatusAccepted, summary: "Send a test event",
		text: "It has the type webhook.test and is tried once; look at the deliveries for the answer."}, s.testWebhook)
	register(s, about{id: "list-deliveries", method: http.MethodGet, path: one + "/deliveries", scope: read, tag: tag, summary: "What a webhook was told",
		text: "Newest first, of the last 30 days."}, s.deliveries)
	register(s, about{id: "resend-delivery", method: http.MethodPost, path: one + "/deliveries/{delivery}/resend", scope: write, tag: tag, status: http.StatusAccepted,
		summary: "Send again", text: "Under the same webhook-id. One that waits is tried now; one that was delivered or given up is sent apart from the order."}, s.resend)
}

type webhookOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     Webhook
}

func webhookAnswer(h flegt.Webhook, err error) (*webhookOutput, error) {
	if err != nil {
		return nil, err
	}
	return &webhookOutput{ETag: etag(h.Version), Body: webhookOf(h)}, nil
}

func webhookOf(h flegt.Webhook) Webhook {
	return Webhook{ID: h.ID, WebhookEdit: WebhookEdit{h.Name, h.URL, h.Types}, State: h.State, Reason: h.Reason, Failing: moment(h.FailingSince), CreatedAt: h.CreatedAt, Version: h.Version}
}

func (s *Server) webhooks(ctx context.Context, c *call, _ *struct{}) (*list[Webhook], error) {
	found, err := s.Office.Webhooks(ctx, c.actor())
	if err != nil {
		return nil, err
	}
	var out []Webhook
	for _, h := range found {
		out = append(out, webhookOf(h))
	}
	return listOf(out), nil
}

func (s *Server) eventTypes(_ context.Context, c *call, _ *struct{}) (*list[string], error) {
	return listOf(flegt.EventTypesOf(c.actor().Role)), nil
}

// SecretWebhook is a webhook with its signing secret.
type SecretWebhook struct {
	Webhook
	Secret string `json:"secret" doc:"Keep it: it is shown this once." example:"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"`
}

type secretOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     SecretWebhook
}

type createWebhookInput struct{ Body WebhookEdit }

func (s *Server) createWebhook(ctx context.Context, c *call, in *createWebhookInput) (*secretOutput, error) {
	h, secret, err := s.Office.NewWebhook(ctx, c.actor(), in.Body.form())
	if err != nil {
		return nil, err
	}
	return &secretOutput{etag(h.Version), Prefix + "/webhooks/" + h.ID, SecretWebhook{webhookOf(h), secret}}, nil
}

func (s *Server) readWebhook(ctx context.Context, c *call, in *IDInput) (*webhookOutput, error) {
	return webhookAnswer(s.Office.Webhook(ctx, c.actor(), in.ID))
}

type editWebhookInput struct {
	IDInput
	Match
	Body WebhookEdit
}

func (s *Server) editWebhook(ctx context.Context, c *call, in *editWebhookInput) (*webhookOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return webhookAnswer(s.Office.ChangeWebhook(ctx, c.actor(), in.ID, version, in.Body.form()))
}

// WebhookStep names a webhook and the version that was looked at.
type WebhookStep struct {
	IDInput
	Match
}

func (s *Server) deleteWebhook(ctx context.Context, c *call, in *WebhookStep) (*struct{}, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return nil, s.Office.DeleteWebhook(ctx, c.actor(), in.ID, version)
}

func (s *Server) rotateWebhook(ctx context.Context, c *call, in *WebhookStep) (*secretOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	h, secret, err := s.Office.RotateWebhook(ctx, c.actor(), in.ID, version)
	if err != nil {
		return nil, err
	}
	return &secretOutput{ETag: etag(h.Version), Body: SecretWebhook{webhookOf(h), secret}}, nil
}

// stepWebhook pauses or resumes.
func (s *Server) stepWebhook(step func(context.Context, flegt.Actor, string, int) (flegt.Webhook, error)) func(context.Context, *call, *WebhookStep) (*webhookOutput, error) {
	return func(ctx context.Context, c *call, in *WebhookStep) (*webhookOutput, error) {
		version, err := in.version()
		if err != nil {
			return nil, err
		}
		return webhookAnswer(step(ctx, c.actor(), in.ID, version))
	}
}

type deliveryOutput struct{ Body Delivery }

func (c *call) deliveryOf(d flegt.Delivery) Delivery {
	out := Delivery{ID: d.ID, Seq: d.Seq, Type: d.Type, State: d.State, Attempts: d.Attempts, Status: d.Status, Answer: d.Answer, Problem: d.Problem,
		TookMS: d.Took.Milliseconds(), CreatedAt: d.CreatedAt, TriedAt: unlessZero(d.TriedAt), NextAt: unlessZero(d.NextAt)}
	if d.Problem != "" {
		out.Detail = c.say("webhook.problem."+d.Problem, flegt.Args{"Status": d.Status})
	}
	return out
}

func unlessZero(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

func (s *Server) testWebhook(ctx context.Context, c *call, in *IDInput) (*deliveryOutput, error) {
	d, err := s.Office.TestWebhook(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	return &deliveryOutput{c.deliveryOf(d)}, nil
}

func (s *Server) deliveries(ctx context.Context, c *call, in *PagedOf) (*page[Delivery], error) {
	question := "deliveries " + in.ID
	last, err := in.after(question)
	if err != nil {
		return nil, err
	}
	found, err := s.Office.Deliveries(ctx, c.actor(), in.ID, last, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(c, in.Paged, question, found, func(d flegt.Delivery) string { return d.ID }, c.deliveryOf), nil
}

type resendInput struct {
	IDInput
	Delivery string `path:"delivery" maxLength:"60"`
}

func (s *Server) resend(ctx context.Context, c *call, in *resendInput) (*deliveryOutput, error) {
	d, err := s.Office.SendAgain(ctx, c.actor(), in.ID, in.Delivery)
	if err != nil {
		return nil, err
	}
	return &deliveryOutput{c.deliveryOf(d)}, nil
}
