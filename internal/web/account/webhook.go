package account

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// webhooksPage lists the webhooks of the role in which one acts.
type webhooksPage struct {
	counter.Page
	// Role is whose they are; empty without a role.
	Role  string
	Table counter.Table
	Empty *counter.Empty
	// Room says that one more may be made.
	Room bool
}

// webhookFormPage is the form of a new webhook, or of one that is changed.
type webhookFormPage struct {
	counter.Page
	Form registry.WebhookForm
	// Action is where it is posted to, Version the one that was looked at; 0 for a new one.
	Action  string
	Version int
	// Groups are the events to be chosen from, by noun; Chosen says that some are ticked.
	Groups []counter.Field
	Chosen bool
}

// webhookPage is one webhook with its log.
type webhookPage struct {
	counter.Page
	Hook     flegt.Webhook
	Address  string
	Standing counter.Status
	Terms    []counter.Term
	// Off says why nothing is sent, or that nothing arrives; empty while it works.
	Off string
	// Active lets what is sent be sent again, and a test be sent.
	Active bool
	// Secret is shown once, right after it was made; Rotated says that another was before it.
	Secret  string
	Rotated bool
	Log     []deliveryLine
	Pages   counter.Pages
}

func (s pages) listWebhooks(w http.ResponseWriter, r *counter.Request) error {
	p := &webhooksPage{Page: s.Page(r, "webhook.list.title")}
	p.Crumbs = webhookCrumbs(&p.Page)[:1]
	p.Lead = p.T("webhook.lead")
	if r.Viewer.Acting == nil {
		return s.Show(w, p, "webhook_list")
	}
	p.Role = p.RoleName(*r.Viewer.Acting)
	all, err := s.Office.Webhooks(r.Context(), r.Viewer.Actor)
	if err != nil {
		return err
	}
	p.Room = len(all) < flegt.MaxWebhooks
	p.Table = counter.Table{Caption: p.Title, Columns: []string{p.T("webhook.name"), p.T("webhook.types"), p.T("roles.status")}}
	for _, h := range all {
		status := webhookStatus(&p.Page, h)
		p.Table.Rows = append(p.Table.Rows, []counter.Cell{{Text: h.Name, URL: p.URL("/account/webhooks/%s", h.ID), Sub: hostOf(h.URL)}, {Text: webhookTypes(&p.Page, h)}, {Status: &status}})
	}
	if len(all) == 0 {
		p.Empty = &counter.Empty{Title: p.T("webhook.none"), Text: p.T("webhook.none.text")}
	}
	return s.Show(w, p, "webhook_list")
}

// hostOf gives the name of the machine in an address; what follows it may be long.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}

// webhookCrumbs lead back to the account and to the list.
func webhookCrumbs(p *counter.Page) []counter.Link {
	return []counter.Link{{URL: "/account", Text: p.T("site.account")}, {URL: "/account/webhooks", Text: p.T("webhook.list.title")}}
}

func webhookStatus(p *counter.Page, h flegt.Webhook) counter.Status {
	if h.State == flegt.WebhookActive && !h.FailingSince.IsZero() {
		return p.Status("stop", "webhook.state.failing")
	}
	tone := map[flegt.WebhookState]string{flegt.WebhookActive: "ok", flegt.WebhookPaused: "wait", flegt.WebhookDisabled: "stop"}[h.State]
	return p.Status(tone, "webhook.state."+string(h.State))
}

// webhookTypes says of what a webhook is told.
func webhookTypes(p *counter.Page, h flegt.Webhook) string {
	if len(h.Types) == 0 {
		return p.T("webhook.types.all")
	}
	return p.TN("webhook.types.some", len(h.Types))
}

// eventWords says what an event of a type is.
func eventWords(p *counter.Page, eventType string) string {
	noun, verb, _ := strings.Cut(eventType, ".")
	switch {
	case noun == string(flegt.NounLicence):
		return p.T("licence.event." + verb)
	case noun == string(flegt.NounDossier) && verb != "ticked" && verb != "unticked":
		return p.T("desk.event." + verb)
	}
	return p.T("webhook.type." + eventType)
}

// webhookForm makes the page of the form, with what was typed or what is kept.
func (s pages) webhookForm(r *counter.Request, title string, form registry.WebhookForm, action string, version int) *webhookFormPage {
	p := &webhookFormPage{Page: s.Page(r, title), Form: form, Action: action, Version: version, Chosen: len(form.Types) > 0}
	p.Crumbs = webhookCrumbs(&p.Page)
	return p
}

// offer makes the boxes of the events: one group for each noun, the first with what is wrong.
func (p *webhookFormPage) offer() error {
	nouns := map[string]int{}
	var groups [][]counter.Option
	for _, t := range flegt.EventTypesOf(p.Viewer.Actor.Role) {
		noun, _, _ := strings.Cut(t, ".")
		at, known := nouns[noun]
		if !known {
			at = len(groups)
			nouns[noun], groups = at, append(groups, nil)
		}
		groups[at] = append(groups[at], counter.Option{Value: t, Label: eventWords(&p.Page, t), Selected: slices.Contains(p.Form.Types, t)})
	}
	for i, options := range groups {
		noun, _, _ := strings.Cut(options[0].Value, ".")
		f, err := p.Field("types", "webhook.noun."+noun, "", "options", options, "readOnly", true)
		if err != nil {
			return err
		}
		if i > 0 {
			f.ID, f.Error = f.ID+"-"+noun, ""
		}
		p.Groups = append(p.Groups, f)
	}
	p.Chosen = p.Chosen || p.Err("types") != ""
	p.Label("types", p.T("webhook.types"))
	return nil
}

// showWebhookForm shows the form, again when err is not nil.
func (s pages) showWebhookForm(w http.ResponseWriter, p *webhookFormPage, err error) error {
	if err != nil {
		p.Problem = counter.RefusalOf(err)
	}
	if offering := p.offer(); offering != nil {
		return offering
	}
	if err != nil {
		return s.Again(w, p, "webhook_form", err)
	}
	return s.Show(w, p, "webhook_form")
}

func postedWebhook(r *counter.Request) registry.WebhookForm {
	return registry.WebhookForm{Name: counter.Clean(r.Posted("name")), URL: r.Posted("url"), Types: r.PostForm["types"]}
}

func (s pages) newWebhook(w http.ResponseWriter, r *counter.Request) error {
	if r.Viewer.Acting == nil {
		return flegt.Refuse(flegt.Forbidden, "webhook.role_needed", nil)
	}
	return s.showWebhookForm(w, s.webhookForm(r, "webhook.new.title", registry.WebhookForm{}, "/account/webhooks/new", 0), nil)
}

// createWebhook makes a webhook and shows its secret, this once.
func (s pages) createWebhook(w http.ResponseWriter, r *counter.Request) error {
	form := postedWebhook(r)
	h, secret, err := s.Office.NewWebhook(r.Context(), r.Viewer.Actor, form)
	if err != nil {
		return s.showWebhookForm(w, s.webhookForm(r, "webhook.new.title", form, "/account/webhooks/new", 0), err)
	}
	p, err := s.webhookPage(r, h.ID)
	if err != nil {
		return err
	}
	p.Secret = secret
	return s.Show(w, p, "webhook_show")
}

func (s pages) editWebhook(w http.ResponseWriter, r *counter.Request) error {
	h, err := s.Office.Webhook(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.showWebhookForm(w, s.webhookEdit(r, h, registry.WebhookForm{Name: h.Name, URL: h.URL, Types: h.Types}, h.Version), nil)
}

func (s pages) webhookEdit(r *counter.Request, h flegt.Webhook, form registry.WebhookForm, version int) *webhookFormPage {
	p := s.webhookForm(r, "webhook.edit.title", form, "", version)
	p.Action = p.URL("/account/webhooks/%s/edit", h.ID)
	p.Crumbs = append(p.Crumbs, counter.Link{URL: p.URL("/account/webhooks/%s", h.ID), Text: h.Name})
	return p
}

func (s pages) saveWebhook(w http.ResponseWriter, r *counter.Request) error {
	h, err := s.Office.Webhook(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	form, version := postedWebhook(r), postedVersion(r)
	if _, err := s.Office.ChangeWebhook(r.Context(), r.Viewer.Actor, h.ID, version, form); err != nil {
		return s.showWebhookForm(w, s.webhookEdit(r, h, form, version), err)
	}
	p := s.Page(r, "webhook.list.title")
	return s.Done(w, r, p.URL("/account/webhooks/%s", h.ID), "webhook.changed")
}

// postedVersion reads the version that a form was made for; -1, which no noun has, when the
// form does not say.
func postedVersion(r *counter.Request) int {
	version, err := strconv.Atoi(r.Posted("version"))
	if err != nil || version < 1 {
		return -1
	}
	return version
}

// webhookPage makes the page of a webhook.
func (s pages) webhookPage(r *counter.Request, id string) (*webhookPage, error) {
	h, err := s.Office.Webhook(r.Context(), r.Viewer.Actor, id)
	if err != nil {
		return nil, err
	}
	p := &webhookPage{Page: s.Page(r, "webhook.list.title"), Hook: h, Active: h.State == flegt.WebhookActive}
	p.Title, p.Crumbs, p.Wide = h.Name, webhookCrumbs(&p.Page), true
	p.Address = p.URL("/account/webhooks/%s", h.ID)
	p.Standing = webhookStatus(&p.Page, h)
	switch {
	case h.State == flegt.WebhookActive && !h.FailingSince.IsZero():
		p.Off = p.T("webhook.failing.text", "Moment", p.DateTime(h.FailingSince))
	case h.State == flegt.WebhookPaused:
		p.Off = p.T("webhook.paused.text")
	case h.State == flegt.WebhookDisabled:
		p.Off = p.T("webhook.reason." + h.Reason)
	}
	types := counter.Term{Name: p.T("webhook.types"), Lines: []counter.Cell{{Text: webhookTypes(&p.Page, h)}}}
	for _, t := range h.Types {
		types.Lines = append(types.Lines, counter.Cell{Sub: eventWords(&p.Page, t)})
	}
	p.Terms = []counter.Term{counter.TermOf(p.T("webhook.url"), h.URL), types}
	if r.Viewer.Acting != nil {
		p.Terms = append(p.Terms, counter.TermOf(p.T("apitoken.role"), p.RoleName(*r.Viewer.Acting)))
	}
	p.Terms = append(p.Terms, counter.TermOf(p.T("webhook.created"), p.DateTime(h.CreatedAt)), counter.TermOf(p.T("webhook.changed_at"), p.DateTime(h.ChangedAt)))
	return p, s.fillLog(r, p)
}

func (s pages) showWebhook(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.webhookPage(r, r.PathValue("id"))
	if err != nil {
		return err
	}
	return s.Show(w, p, "webhook_show")
}

// rotateWebhook makes a new secret and shows it, this once.
func (s pages) rotateWebhook(w http.ResponseWriter, r *counter.Request) error {
	_, secret, refused := s.Office.RotateWebhook(r.Context(), r.Viewer.Actor, r.PathValue("id"), postedVersion(r))
	p, err := s.webhookPage(r, r.PathValue("id"))
	if err != nil {
		return err
	}
	if refused != nil {
		return s.Again(w, p, "webhook_show", refused)
	}
	p.Secret, p.Rotated = secret, true
	return s.Show(w, p, "webhook_show")
}

// webhookStep carries out a step and says on the page that it was done.
func (s pages) webhookStep(done string, step func(r *counter.Request, id string, version int) error) counter.Handler {
	return func(w http.ResponseWriter, r *counter.Request) error {
		id := r.PathValue("id")
		refused := step(r, id, postedVersion(r))
		p, err := s.webhookPage(r, id)
		if err != nil {
			return err
		}
		if refused != nil {
			return s.Again(w, p, "webhook_show", refused)
		}
		return s.Done(w, r, p.Address, done)
	}
}

func (s pages) pauseWebhook(r *counter.Request, id string, version int) error {
	_, err := s.Office.PauseWebhook(r.Context(), r.Viewer.Actor, id, version)
	return err
}

func (s pages) resumeWebhook(r *counter.Request, id string, version int) error {
	_, err := s.Office.ResumeWebhook(r.Context(), r.Viewer.Actor, id, version)
	return err
}

func (s pages) testWebhook(r *counter.Request, id string, _ int) error {
	_, err := s.Office.TestWebhook(r.Context(), r.Viewer.Actor, id)
	return err
}

func (s pages) sendAgain(r *counter.Request, id string, _ int) error {
	_, err := s.Office.SendAgain(r.Context(), r.Viewer.Actor, id, r.PathValue("delivery"))
	return err
}

func (s pages) deleteWebhook(w http.ResponseWriter, r *counter.Request) error {
	id := r.PathValue("id")
	refused := s.Office.DeleteWebhook(r.Context(), r.Viewer.Actor, id, postedVersion(r))
	if refused == nil {
		return s.Done(w, r, "/account/webhooks", "webhook.deleted")
	}
	p, err := s.webhookPage(r, id)
	if err != nil {
		return err
	}
	return s.Again(w, p, "webhook_show", refused)
}
