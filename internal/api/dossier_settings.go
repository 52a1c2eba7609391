package api

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
	"github.com/openflegt/openflegt/internal/wording"
)

// Desk is what an authority set for its own desk.
type Desk struct {
	Authority     string            `json:"authority" example:"CA-DK"`
	TargetDays    int               `json:"target_days" doc:"Working days within which a licence should be decided; 0: no target is set."`
	SecondEyes    bool              `json:"second_eyes" doc:"A second officer must confirm a decision."`
	Fees          []DeskFee         `json:"fees" nullable:"false" doc:"What is charged for each licence, by the day from which it holds."`
	Appeal        map[string]string `json:"appeal,omitempty" doc:"What letters of decision say of how a rejection or a withdrawn acceptance can be appealed, by language (ISO 639-1); absent: nothing."`
	HolidaysKnown bool              `json:"holidays_known" doc:"Whether working days leave out the country's public holidays, or weekends alone."`
	Version       int               `json:"version" doc:"Of the authority; it is also the ETag."`
}

// DeskFee is what is charged for each licence lodged from a day on.
type DeskFee struct {
	Fee       string     `json:"fee" maxLength:"40" doc:"A point before at most two decimals, nothing between thousands; 0 ends the charge." example:"31.00"`
	Currency  string     `json:"currency" maxLength:"3" doc:"ISO 4217." example:"DKK"`
	FeeFrom   flegt.Date `json:"fee_from" maxLength:"40" doc:"The first day." example:"2017-01-01"`
	FeeSource string     `json:"fee_source" maxLength:"300" doc:"The national rule."`
}

// Officer is a colleague to whom a dossier can be given.
type Officer struct {
	Account string `json:"account"`
	Name    string `json:"name"`
}

// Tally counts what is not decided, and what customs holds, at most 1,001 of each.
type Tally struct {
	All     int `json:"all" doc:"At most 1,001 of anything are counted: 1001 is more than 1,000."`
	Nobody  int `json:"nobody" doc:"Open, and handled by nobody."`
	Mine    int `json:"mine" doc:"Handled by you."`
	Waiting int `json:"waiting" doc:"Waiting for the importer or the issuing country."`
	Held    int `json:"held,omitempty" doc:"Held by customs, decided or not."`
}

// SavedView is a way to narrow the work list, kept under a name.
type SavedView struct {
	View  string `json:"view" maxLength:"100" doc:"Its name; the same name again replaces it."`
	Query string `json:"query" maxLength:"2000" doc:"Parameters of /dossiers as they stand in an address." example:"part=mine&sort=arrival"`
}

func (s *Server) deskOperations() {
	const tag = "Fees and settings of the desk"
	read, write := flegt.ScopeDeskRead, flegt.ScopeDeskWrite
	register(s, about{id: "read-desk", method: http.MethodGet, path: "/desk", scope: read, tag: tag, summary: "Settings of the authority's desk"}, s.desk)
	register(s, about{id: "edit-desk", method: http.MethodPut, path: "/desk", scope: write, tag: tag, summary: "Change the settings of the desk"}, s.editDesk)
	register(s, about{id: "add-fee", method: http.MethodPost, path: "/desk/fees", scope: write, tag: tag, status: http.StatusCreated, summary: "Charge a fee from a day on",
		text: "The same day again replaces it. What was recorded for licences already stays."}, s.addFee)
	register(s, about{id: "list-officers", method: http.MethodGet, path: "/desk/officers", scope: read, tag: tag, summary: "Officers of one's own authority"}, s.officers)
	register(s, about{id: "read-tally", method: http.MethodGet, path: "/desk/tally", scope: read, tag: tag, summary: "How much is not decided"}, s.tally)
	register(s, about{id: "list-arrivals", method: http.MethodGet, path: "/desk/arrivals", scope: read, tag: tag, summary: "What is expected to arrive",
		text: "Dossiers, decided or not, in the order of their expected arrival; six weeks from today when nothing is asked for."}, s.arrivals)
	register(s, about{id: "list-views", method: http.MethodGet, path: "/desk/views", scope: read, tag: tag, summary: "One's saved views"}, s.savedViews)
	register(s, about{id: "save-view", method: http.MethodPost, path: "/desk/views", scope: write, tag: tag, summary: "Save a view"}, s.saveView)
	register(s, about{id: "drop-view", method: http.MethodDelete, path: "/desk/views", scope: write, tag: tag, status: http.StatusNoContent, summary: "Forget a saved view"}, s.dropView)
	s.feeOperations()
	s.questionOperations()
	s.bulkOperations()
	s.specimenOperations()
}

type deskOutput struct {
	ETag string `header:"ETag"`
	Body Desk
}

func (s *Server) desk(ctx context.Context, c *call, _ *struct{}) (*deskOutput, error) {
	found, err := s.Office.AuthorityDesk(ctx, c.actor())
	if err != nil {
		return nil, err
	}
	a := found.Authority
	out := &deskOutput{etag(a.Version), Desk{Authority: a.ID, TargetDays: a.Desk.TargetDays, SecondEyes: a.Desk.SecondEyes, Fees: []DeskFee{},
		Appeal: a.Desk.AppealWords(s.Clock()), HolidaysKnown: report.HolidaysKnown(a.Country), Version: a.Version}}
	for _, f := range a.Desk.Fees {
		out.Body.Fees = append(out.Body.Fees, DeskFee{amountOf(f.Cents), f.Currency, f.From, f.Source})
	}
	return out, nil
}

type editDeskInput struct {
	Match
	Body struct {
		TargetDays int               `json:"target_days" doc:"Working days; 0 sets no target."`
		SecondEyes bool              `json:"second_eyes"`
		Appeal     map[string]string `json:"appeal,omitempty" doc:"At most 2,000 characters in each of the register's languages; absent: as it stands. It is said of decisions made from now on."`
	}
}

func (s *Server) editDesk(ctx context.Context, c *call, in *editDeskInput) (*deskOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	for lang := range in.Body.Appeal {
		if !slices.Contains(s.Catalog.Langs(), wording.Lang(lang)) {
			return nil, flegt.InvalidBoxes([]flegt.BoxError{{Box: "appeal", Key: "desk.settings.appeal_language", Args: flegt.Args{"Found": lang}}})
		}
	}
	edit := registry.DeskEdit{TargetDays: in.Body.TargetDays, SecondEyes: in.Body.SecondEyes, Appeal: in.Body.Appeal}
	if err := s.Office.EditDesk(ctx, c.actor(), version, edit); err != nil {
		return nil, err
	}
	return s.desk(ctx, c, nil)
}

type deskFeeInput struct {
	Match
	Body DeskFee
}

// addFee leaves the other settings as they stand.
func (s *Server) addFee(ctx context.Context, c *call, in *deskFeeInput) (*deskOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	cents, ok := flegt.ParseCents(in.Body.Fee)
	box := flegt.BoxError{Box: "fee", Key: "desk.settings.fee_range"}
	if _, err := flegt.ParseExactQuantity(in.Body.Fee); ok && err != nil {
		box.Key, box.Args, ok = "quantity.point", flegt.Args{"Found": in.Body.Fee}, false
	}
	if !ok {
		return nil, flegt.InvalidBoxes([]flegt.BoxError{box})
	}
	err = s.Office.AddFee(ctx, c.actor(), version, flegt.Fee{From: flegt.ParseDate(string(in.Body.FeeFrom)), Cents: cents, Currency: in.Body.Currency, Source: in.Body.FeeSource})
	if err != nil {
		return nil, err
	}
	return s.desk(ctx, c, nil)
}

func (s *Server) officers(ctx context.Context, c *call, _ *struct{}) (*list[Officer], error) {
	found, err := s.Office.AuthorityDesk(ctx, c.actor())
	var out []Officer
	for _, o := range found.Officers {
		out = append(out, Officer(o))
	}
	return listOf(out), err
}

type tallyOutput struct{ Body Tally }

func (s *Server) tally(ctx context.Context, c *call, _ *struct{}) (*tallyOutput, error) {
	found, err := s.Office.AuthorityDesk(ctx, c.actor())
	t := found.Tally
	return &tallyOutput{Tally{t.All, t.Nobody, t.Mine, t.Waiting, t.Held}}, err
}

// arrivalDays is how many days ahead arrivals are listed when no last day is given.
const arrivalDays = 42

type arrivalsInput struct {
	Paged
	From  string `query:"from" maxLength:"40" doc:"The first day; absent: today."`
	Until string `query:"until" maxLength:"40" doc:"The last day; absent: six weeks after the first."`
}

func (s *Server) arrivals(ctx context.Context, c *call, in *arrivalsInput) (*page[DossierEntry], error) {
	if err := parameters(day("from", in.From), day("until", in.Until)); err != nil {
		return nil, err
	}
	q := registry.DossierQuery{Any: true, Sort: "arrival"}
	q.Arrival.From, q.Arrival.Until = flegt.ParseDate(in.From), flegt.ParseDate(in.Until)
	if in.From == "" {
		q.Arrival.From = s.Office.Reference().DayIn(c.actor().Country, s.Clock())
	}
	if in.Until == "" {
		q.Arrival.Until = flegt.DateOf(q.Arrival.From.Time().AddDate(0, 0, arrivalDays))
	}
	question := strings.Join([]string{"arrivals", string(q.Arrival.From), string(q.Arrival.Until)}, "|")
	return s.dossierPage(ctx, c, in.Paged, question, q)
}

func (s *Server) savedViews(ctx context.Context, c *call, _ *struct{}) (*list[SavedView], error) {
	found, err := s.Office.SavedViews(ctx, c.actor())
	var out []SavedView
	for _, v := range found {
		out = append(out, SavedView{v.Name, v.Query})
	}
	return listOf(out), err
}

type saveViewInput struct{ Body SavedView }

func (s *Server) saveView(ctx context.Context, c *call, in *saveViewInput) (*list[SavedView], error) {
	query := strings.TrimPrefix(in.Body.Query, "?")
	if !report.KnownWorkFilter(query) {
		return nil, flegt.InvalidBoxes([]flegt.BoxError{{Box: "query", Key: "api.bad_view"}})
	}
	if err := s.Office.SaveView(ctx, c.actor(), registry.SavedView{Name: in.Body.View, Query: query}); err != nil {
		return nil, err
	}
	return s.savedViews(ctx, c, nil)
}

type dropViewInput struct {
	View string `query:"view" required:"true" maxLength:"100" doc:"Its name."`
}

func (s *Server) dropView(ctx context.Context, c *call, in *dropViewInput) (*struct{}, error) {
	return nil, s.Office.DropView(ctx, c.actor(), in.View)
}
