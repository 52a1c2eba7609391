package web

import (
	"net/http"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// noticesPerPage is how many notices a page shows.
const noticesPerPage = 50

// noticesPage is what the person was told, newest first, and about what mail is wanted.
type noticesPage struct {
	Page
	Notices []noticeLine
	Empty   *Empty
	// Newest marks all up to it as read.
	Newest int64
	Topics []topicLine
	Older  string
}

// noticeLine is one notice.
type noticeLine struct {
	When string
	Link Link
	New  bool
}

// topicLine is one choice of mail.
type topicLine struct {
	Name, Label string
	Wanted      bool
}

func (s *Server) showNotices(w http.ResponseWriter, r *Request) error {
	p := noticesPage{Page: s.page(r, "notices.title")}
	now := pageNumber(r)
	all, err := s.Office.Notifications(r.Context(), r.Viewer.Actor, noticesPerPage+1, (now-1)*noticesPerPage)
	if err != nil {
		return err
	}
	if len(all) > noticesPerPage {
		all, p.Older = all[:noticesPerPage], "/notices?page="+strconv.Itoa(now+1)
	}
	for _, n := range all {
		p.Newest = max(p.Newest, n.Seq)
		p.Notices = append(p.Notices, noticeLine{When: p.DateTime(n.At), New: !n.Read, Link: Link{n.Path, p.noticeText(n)}})
	}
	wanted, err := s.Office.MailWanted(r.Context(), r.Viewer.Actor)
	if err != nil {
		return err
	}
	for _, topic := range registry.Topics {
		p.Topics = append(p.Topics, topicLine{topic, p.T("notices.topic." + topic), wanted[topic]})
	}
	if len(all) == 0 {
		p.Empty = &Empty{Title: p.T("notices.none"), Text: p.T("notices.none.text")}
	}
	return s.show(w, &p, "notices")
}

// noticeText writes a notice, countries and bodies by name.
func (p *Page) noticeText(n flegt.Notification) string {
	return p.server.Catalog.Say(p.Lang, n.Key, p.named(n.Args))
}

func (s *Server) readNotices(w http.ResponseWriter, r *Request) error {
	seq, _ := strconv.ParseInt(r.Posted("newest"), 10, 64)
	if err := s.Office.MarkRead(r.Context(), r.Viewer.Actor, seq); err != nil {
		return err
	}
	return s.done(w, r, "/notices", "notices.read")
}

func (s *Server) chooseMail(w http.ResponseWriter, r *Request) error {
	wanted := map[string]bool{}
	for _, topic := range registry.Topics {
		wanted[topic] = r.Posted("mail."+topic) != ""
	}
	if err := s.Office.ChooseMail(r.Context(), r.Viewer.Actor, wanted); err != nil {
		return err
	}
	return s.done(w, r, "/notices", "notices.chosen")
}
