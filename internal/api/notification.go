package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Notification is what the person was told.
type Notification struct {
	Seq   int64     `json:"seq" doc:"The number of the event that it tells of."`
	At    time.Time `json:"at"`
	Topic string    `json:"topic" example:"licence"`
	Key   string    `json:"key" doc:"The name of the sentence."`
	Text  string    `json:"text" doc:"The sentence, in the language of Accept-Language."`
	Path  string    `json:"path" doc:"The page that shows the thing."`
	Read  bool      `json:"read"`
}

func (s *Server) notificationOperations() {
	const tag = "Notifications"
	register(s, about{id: "list-notifications", method: http.MethodGet, path: "/notifications", scope: flegt.ScopeNotificationsRead, tag: tag,
		summary: "What one was told", text: "Newest first."}, s.notifications)
	register(s, about{id: "mark-notifications-read", method: http.MethodPost, path: "/notifications/read", scope: flegt.ScopeNotificationsWrite, tag: tag,
		summary: "Mark as read", text: "All up to one of them."}, s.readNotifications)
	register(s, about{id: "read-mail-choice", method: http.MethodGet, path: "/notifications/mail", scope: flegt.ScopeNotificationsRead, tag: tag,
		summary: "What one is told by mail", text: "Letters about one's own account and requests are always sent."}, s.mailChoice)
	register(s, about{id: "choose-mail", method: http.MethodPut, path: "/notifications/mail", scope: flegt.ScopeNotificationsWrite, tag: tag,
		summary: "Choose what one is told by mail"}, s.chooseMail)
}

func (s *Server) notifications(ctx context.Context, c *call, in *Paged) (*page[Notification], error) {
	const question = "notifications"
	last, err := in.after(question)
	if err != nil {
		return nil, err
	}
	before := int64(1) << 62
	if last != "" {
		if before, err = strconv.ParseInt(last, 10, 64); err != nil {
			return nil, flegt.InvalidBoxes([]flegt.BoxError{{Box: "cursor", Key: "api.bad_cursor"}})
		}
	}
	found, err := s.Office.NotificationsBefore(ctx, c.actor(), before, in.Limit+1)
	if err != nil {
		return nil, err
	}
	out := &page[Notification]{}
	out.Body.Items = []Notification{}
	if len(found) > in.Limit {
		found = found[:in.Limit]
		out.Body.Next = cursorTo(question, strconv.FormatInt(found[in.Limit-1].Seq, 10))
		out.Link = c.linkNext(out.Body.Next)
	}
	for _, n := range found {
		out.Body.Items = append(out.Body.Items, Notification{n.Seq, n.At, n.Topic, n.Key, c.say(n.Key, n.Args), n.Path, n.Read})
	}
	return out, nil
}

type markInput struct {
	Body struct {
		UpTo int64 `json:"up_to" minimum:"1" doc:"The number of the newest that was read."`
	}
}

func (s *Server) readNotifications(ctx context.Context, c *call, in *markInput) (*struct{}, error) {
	return nil, s.Office.MarkRead(ctx, c.actor(), in.Body.UpTo)
}

// MailChoice says for each topic whether the person is also told by mail.
type MailChoice struct {
	Licence       bool `json:"licence" doc:"What happens to licences."`
	Clearance     bool `json:"clearance" doc:"What customs does under licences."`
	Authorisation bool `json:"authorisation" doc:"Requests and roles that one looks after."`
}

type mailChoiceOutput struct{ Body MailChoice }

func (s *Server) mailChoice(ctx context.Context, c *call, _ *struct{}) (*mailChoiceOutput, error) {
	wanted, err := s.Office.MailWanted(ctx, c.actor())
	if err != nil {
		return nil, err
	}
	return &mailChoiceOutput{MailChoice{wanted["licence"], wanted["clearance"], wanted["authorisation"]}}, nil
}

type chooseMailInput struct{ Body MailChoice }

func (s *Server) chooseMail(ctx context.Context, c *call, in *chooseMailInput) (*mailChoiceOutput, error) {
	b := in.Body
	err := s.Office.ChooseMail(ctx, c.actor(), map[string]bool{"licence": b.Licence, "clearance": b.Clearance, "authorisation": b.Authorisation})
	if err != nil {
		return nil, err
	}
	return s.mailChoice(ctx, c, nil)
}
