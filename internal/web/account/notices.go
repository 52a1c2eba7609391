package account

import (
	"net/http"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// noticesPerPage is how many notices a page shows.
const noticesPerPage = 50

// noticesPage is what the person was told, newest first, and about what mail is wanted.
type noticesPage struct {
	counter.Page
	Notices []noticeLine
	Empty   *counter.Empty
	// Newest marks all up to it as read.
	Newest int64
	Topics []topicLine
	Older  string
}

// noticeLine is one notice.
type noticeLine struct {
	When string
	Link counter.Link
	New  bool
}

// topicLine is one choice of mail.
type topicLine struct {
	Name, Label string
	Wanted      bool
}

func (s pages) showNotices(w http.ResponseWriter, r *counter.Request) error {
	p := noticesPage{Page: s.Page(r, "notices.title")}
	now := counter.PageAsked(r)
	all, err := s.Office.Notifications(r.Context(), r.Viewer.Actor, noticesPerPage+1, (now-1)*noticesPerPage)
	if err != nil {
		return err
	}
	if len(all) > noticesPerPage {
		all, p.Older = all[:noticesPerPage], "/notices?page="+strconv.Itoa(now+1)
	}
	for _, n := range all {
		p.Newest = max(p.Newest, n.Seq)
		p.Notices = append(p.Notices, noticeLine{When: p.DateTime(n.At), New: !n.Read, Link: counter.Link{URL: n.Path, Text: p.noticeText(n)}})
	}
	wanted, err := s.Office.MailWanted(r.Context(), r.Viewer.Actor)
	if err != nil {
		return err
	}
	for _, topic := range registry.Topics {
		p.Topics = append(p.Topics, topicLine{topic, p.T("notices.topic." + topic), wanted[topic]})
	}
	if len(all) == 0 {
		p.Empty = &counter.Empty{Title: p.T("notices.none"), Text: p.T("notices.none.text")}
	}
	return s.Show(w, &p, "notices")
}

// noticeText writes a notice, countries and bodies by name.
func (p *noticesPage) noticeText(n flegt.Notification) string {
	return p.Server().Catalog.Say(p.Lang, n.Key, p.Named(n.Args))
}

func (s pages) readNotices(w http.ResponseWriter, r *counter.Request) error {
	seq, _ := strconv.ParseInt(r.Posted("newest"), 10, 64)
	if err := s.Office.MarkRead(r.Context(), r.Viewer.Actor, seq); err != nil {
		return err
	}
	return s.Done(w, r, "/notices", "notices.read")
}

func (s pages) chooseMail(w http.ResponseWriter, r *counter.Request) error {
	wanted := map[string]bool{}
	for _, topic := range registry.Topics {
		wanted[topic] = r.Posted("mail."+topic) != ""
	}
	if err := s.Office.ChooseMail(r.Context(), r.Viewer.Actor, wanted); err != nil {
		return err
	}
	return s.Done(w, r, "/notices", "notices.chosen")
}
