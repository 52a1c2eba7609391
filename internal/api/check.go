package api

import (
	"context"
	"net/http"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

type checkInput struct {
	Number   string `path:"number" maxLength:"100" doc:"Box 3 of the licence." example:"16.00123-00456.001-ID-DK"`
	Expires  string `query:"expires" maxLength:"20" doc:"Box 4, the day of expiry." example:"2017-02-17"`
	Licensee string `query:"licensee" maxLength:"300" doc:"Box 8, the licensee's name."`
	Invoice  string `query:"invoice" maxLength:"200" doc:"Box 17, the number of the invoice."`
}

type checkOutput struct {
	Body struct {
		Result string `json:"result" enum:"usable,not_usable" doc:"Whether goods can be cleared under the licence today."`
		Text   string `json:"text" doc:"The same in words."`
	}
}

func (s *Server) checkOperations() {
	register(s, about{id: "check-licence-on-paper", method: http.MethodGet, path: "/check/{number}", public: true, tag: "Public check",
		summary: "Is the licence on this paper usable?",
		text: "For whoever holds the paper: needs its number and one more fact that stands on it. A wrong fact is answered like an unknown number. " +
			"No token is needed; an address may ask as often in a minute as the headers say, and may be wrong 60 times in an hour."}, s.check)
}

func (s *Server) check(ctx context.Context, c *call, in *checkInput) (*checkOutput, error) {
	from := network(c.request)
	if err := s.Accounts.PaperTry(ctx, from); err != nil {
		return nil, err
	}
	usable, err := s.Office.CheckPaper(ctx, in.Number, registry.Paper{Expires: flegt.ParseDate(in.Expires), Licensee: in.Licensee, Invoice: in.Invoice})
	if err != nil {
		return nil, err
	}
	if err := s.Accounts.PaperFound(ctx, from); err != nil {
		return nil, err
	}
	out := &checkOutput{}
	out.Body.Result = "not_usable"
	if usable {
		out.Body.Result = "usable"
	}
	out.Body.Text = c.say("check_paper."+out.Body.Result, nil)
	return out, nil
}
