package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// Authorisation is a role asked for, held or ended.
type Authorisation struct {
	ID           string                    `json:"id"`
	Role         flegt.Role                `json:"role"`
	Body         string                    `json:"body" doc:"For which body: an operator's id, or an authority's such as CA-DK."`
	BodyName     string                    `json:"body_name"`
	Country      string                    `json:"country"`
	Capacity     flegt.Capacity            `json:"capacity,omitempty" doc:"For an operator: importer or agent."`
	Offices      []string                  `json:"offices,omitempty" doc:"For customs: the offices at which the officer acts; absent: the whole country."`
	Status       flegt.AuthorisationStatus `json:"status"`
	PersonName   string                    `json:"person_name"`
	PersonEmail  string                    `json:"person_email"`
	MailKept     bool                      `json:"mail_kept" doc:"A mail that keeps the five rules has come."`
	RequestedAt  time.Time                 `json:"requested_at"`
	DecidedAt    *time.Time                `json:"decided_at,omitempty"`
	EndedAt      *time.Time                `json:"ended_at,omitempty"`
	Reason       string                    `json:"reason,omitempty" doc:"Of a rejection or an end."`
	Version      int                       `json:"version" doc:"Rises with each change; it is also the ETag."`
	PhoneNumber  string                    `json:"phone,omitempty"`
	ApplicantSay string                    `json:"note,omitempty" doc:"What the applicant wrote with the request."`
	Mails        []Mail                    `json:"mails,omitempty" doc:"The e-mails that came about it, the oldest first, with what became of the five rules, without their text; not in a list. For the applicant, the Support Team and observers."`
	Similar      []Operator                `json:"similar,omitempty" doc:"Companies that may be the same as the one it is for; not in a list. For the Support Team."`
}

func (s *Server) authorisationOf(c *call, d registry.Desk) Authorisation {
	z := d.Authorisation
	name := d.BodyName
	if name == "" {
		name = z.Body
	}
	return Authorisation{ID: z.ID, Role: z.Role, Body: z.Body, BodyName: bodyName(s.Catalog, c.lang, s.Office.Reference().CountryName, name),
		Country: z.Country, Capacity: z.Capacity, Offices: z.Offices, Status: z.Status, PersonName: d.Person.FirstName + " " + d.Person.LastName,
		PersonEmail: d.Person.Email, MailKept: z.MailKept, RequestedAt: z.RequestedAt, DecidedAt: moment(z.DecidedAt), EndedAt: moment(z.EndedAt),
		Reason: z.Reason, Version: z.Version, PhoneNumber: z.Phone, ApplicantSay: z.Note}
}

// moment leaves a time out that never was.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

type authorisationOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     Authorisation
}

func (s *Server) authorisationOperations() {
	const tag, one = "Authorisations", "/authorisations/{id}"
	read, write, decide := flegt.ScopeAuthorisationsRead, flegt.ScopeAuthorisationsWrite, flegt.ScopeAuthorisationsDecide
	register(s, about{id: "list-own-authorisations", method: http.MethodGet, path: "/authorisations", scope: read, tag: tag,
		summary: "One's own requests and roles", text: "Newest first, all of them."}, s.ownAuthorisations)
	register(s, about{id: "request-authorisation", method: http.MethodPost, path: "/authorisations", scope: write, tag: tag, status: http.StatusCreated,
		summary: "Ask for a role", text: "The role is given by the Support Team, and the e-mail of the five rules is still needed."}, s.requestAuthorisation)
	register(s, about{id: "list-authorisation-queue", method: http.MethodGet, path: "/authorisations/queue", scope: read, tag: tag,
		summary: "Requests and roles that one looks after", text: "For the Support Team and observers all; for a competent authority those of operators in its country. Oldest first."}, s.authorisationQueue)
	register(s, about{id: "read-authorisation", method: http.MethodGet, path: one, scope: read, tag: tag, summary: "Read a request or role"}, s.readAuthorisation)
	register(s, about{id: "withdraw-authorisation", method: http.MethodPost, path: one + "/withdraw", scope: write, tag: tag, summary: "Take one's own request back"}, s.withdrawAuthorisation)
	register(s, about{id: "ask-again", method: http.MethodPost, path: one + "/again", scope: write, tag: tag, status: http.StatusCreated, summary: "Ask for a role again",
		text: "A new request with everything that a rejected or withdrawn one had."}, s.askAgain)
	register(s, about{id: "read-role-mail", method: http.MethodGet, path: one + "/mail", scope: read, tag: tag, summary: "The e-mail that a request still needs",
		text: "It keeps the five rules when it is sent as it stands, from the address named."}, s.roleMail)
	register(s, about{id: "end-authorisation", method: http.MethodPost, path: one + "/end", scope: write, tag: tag, summary: "End a role",
		text: "By its holder, or by the Support Team. Tokens made under it die with it, also the one that asks."}, s.endAuthorisation)
	register(s, about{id: "approve-authorisation", method: http.MethodPost, path: one + "/approve", scope: decide, tag: tag, summary: "Approve a request"}, s.approveAuthorisation)
	register(s, about{id: "reject-authorisation", method: http.MethodPost, path: one + "/reject", scope: decide, tag: tag, summary: "Reject a request"}, s.rejectAuthorisation)
}

func (s *Server) ownAuthorisations(ctx context.Context, c *call, _ *struct{}) (*list[Authorisation], error) {
	all, err := s.Office.MyAuthorisations(ctx, c.actor())
	if err != nil {
		return nil, err
	}
	var out []Authorisation
	for _, d := range all {
		out = append(out, s.authorisationOf(c, d))
	}
	return listOf(out), nil
}

type requestInput struct {
	Body struct {
		Role     flegt.Role     `json:"role" enum:"operator,competent_authority,customs" doc:"The other roles are not asked for here."`
		Body     string         `json:"body" maxLength:"60" doc:"An operator's id, or an authority's such as CA-DK."`
		Capacity flegt.Capacity `json:"capacity,omitempty" enum:"importer,agent" doc:"For an operator."`
		Phone    string         `json:"phone,omitempty" maxLength:"40"`
		Note     string         `json:"note,omitempty" maxLength:"2000"`
		Offices  []string       `json:"offices,omitempty" nullable:"false" maxItems:"50" doc:"For customs: the customs offices at which the officer acts; absent: the whole country."`
	}
}

func (s *Server) requestAuthorisation(ctx context.Context, c *call, in *requestInput) (*authorisationOutput, error) {
	b := in.Body
	z, err := s.Office.RequestRole(ctx, c.actor(), registry.RoleRequest{Role: b.Role, Body: b.Body, Capacity: b.Capacity, Phone: b.Phone, Note: b.Note, Offices: strings.Join(b.Offices, " ")})
	if err != nil {
		return nil, err
	}
	out, err := s.readAuthorisation(ctx, c, &IDInput{z.ID})
	if err == nil {
		out.Location = Prefix + "/authorisations/" + z.ID
	}
	return out, err
}

func (s *Server) readAuthorisation(ctx context.Context, c *call, in *IDInput) (*authorisationOutput, error) {
	d, err := s.Office.Authorisation(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	out := &authorisationOutput{ETag: etag(d.Authorisation.Version), Body: s.authorisationOf(c, d)}
	if a := c.actor(); a.Account == d.Authorisation.Account || a.Is(flegt.RoleSupport) || a.Is(flegt.RoleObserver) { // as on its page
		for _, m := range d.Mails {
			m.Text, m.MessageID, m.EnvelopeFrom, m.RemoteIP = "", "", "", ""
			out.Body.Mails = append(out.Body.Mails, c.mail(m))
		}
	}
	for _, op := range d.Similar {
		out.Body.Similar = append(out.Body.Similar, operatorOf(op))
	}
	return out, nil
}

type queueInput struct {
	Paged
	Status  []string   `query:"status" enum:"requested,approved,rejected,withdrawn,ended" maxItems:"5" doc:"Several with commas between."`
	Role    flegt.Role `query:"role" enum:"operator,competent_authority,customs,support,licensing_authority,observer"`
	Country string     `query:"country" maxLength:"2"`
	Mail    string     `query:"mail" enum:"kept,none" doc:"Whether a mail that keeps the five rules has come."`
}

// page is the answer of a list that is read page by page.
type page[T any] struct {
	Link string `header:"Link"`
	Body struct {
		Items []T    `json:"items" nullable:"false"`
		Next  string `json:"next,omitempty" doc:"Cursor of the next page; absent at the end."`
	}
}

func (s *Server) authorisationQueue(ctx context.Context, c *call, in *queueInput) (*page[Authorisation], error) {
	question := strings.Join(append([]string{"authorisations", string(in.Role), in.Country, in.Mail}, in.Status...), "|")
	after, err := in.after(question)
	if err != nil {
		return nil, err
	}
	found, _, err := s.Office.RequestQueue(ctx, c.actor(), registry.AuthorisationQuery{Status: in.Status, Role: in.Role, Country: in.Country,
		Mail: in.Mail, After: after, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	out := &page[Authorisation]{}
	out.Body.Items = []Authorisation{}
	if len(found) > in.Limit {
		found = found[:in.Limit]
		out.Body.Next = cursorTo(question, found[in.Limit-1].Authorisation.ID)
		out.Link = c.linkNext(out.Body.Next)
	}
	for _, d := range found {
		out.Body.Items = append(out.Body.Items, s.authorisationOf(c, d))
	}
	return out, nil
}

type stepInput struct {
	IDInput
	Match
}

func (s *Server) withdrawAuthorisation(ctx context.Context, c *call, in *stepInput) (*authorisationOutput, error) {
	return s.decideAuthorisation(ctx, c, in.IDInput, in.Match, func(version int) error {
		return s.Office.WithdrawRequestAt(ctx, c.actor(), in.ID, version)
	})
}

type reasonInput struct {
	IDInput
	Match
	Body struct {
		Reason string `json:"reason" maxLength:"2000" doc:"In words; the person concerned reads it."`
	}
}

func (s *Server) endAuthorisation(ctx context.Context, c *call, in *reasonInput) (*authorisationOutput, error) {
	return s.decideAuthorisation(ctx, c, in.IDInput, in.Match, func(version int) error {
		return s.Office.EndAuthorisation(ctx, c.actor(), in.ID, version, in.Body.Reason)
	})
}

func (s *Server) rejectAuthorisation(ctx context.Context, c *call, in *reasonInput) (*authorisationOutput, error) {
	return s.decideAuthorisation(ctx, c, in.IDInput, in.Match, func(version int) error {
		return s.Office.RejectRequest(ctx, c.actor(), in.ID, version, in.Body.Reason)
	})
}

type approveInput struct {
	IDInput
	Match
	Body struct {
		Override string `json:"override,omitempty" maxLength:"1000" doc:"The written reason for approving without a mail that keeps the five rules."`
	}
}

func (s *Server) approveAuthorisation(ctx context.Context, c *call, in *approveInput) (*authorisationOutput, error) {
	return s.decideAuthorisation(ctx, c, in.IDInput, in.Match, func(version int) error {
		return s.Office.ApproveRequest(ctx, c.actor(), in.ID, version, in.Body.Override)
	})
}

// decideAuthorisation takes a step at the version that was looked at and gives what became
// of it.
func (s *Server) decideAuthorisation(ctx context.Context, c *call, id IDInput, match Match, step func(version int) error) (*authorisationOutput, error) {
	version, err := match.version()
	if err != nil {
		return nil, err
	}
	if err := step(version); err != nil {
		return nil, err
	}
	return s.readAuthorisation(ctx, c, &id)
}

func (s *Server) askAgain(ctx context.Context, c *call, in *IDInput) (*authorisationOutput, error) {
	z, err := s.Office.AskAgain(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	out, err := s.readAuthorisation(ctx, c, &IDInput{z.ID})
	if err == nil {
		out.Location = Prefix + "/authorisations/" + z.ID
	}
	return out, err
}

// RoleMail is the e-mail of the five rules.
type RoleMail struct {
	From    string   `json:"from" doc:"The address of the account: it must be sent from here."`
	To      []string `json:"to" nullable:"false"`
	Cc      []string `json:"cc" nullable:"false" doc:"Empty while no address of the authority is known."`
	Subject string   `json:"subject"`
	Body    string   `json:"body"`
}

type roleMailOutput struct{ Body RoleMail }

func (s *Server) roleMail(ctx context.Context, c *call, in *IDInput) (*roleMailOutput, error) {
	expect, err := s.Office.RoleMailFor(ctx, c.actor(), in.ID)
	if err != nil {
		return nil, err
	}
	m := flegt.WriteRoleMail(expect)
	return &roleMailOutput{RoleMail{expect.AccountEmail, append([]string{}, m.To...), append([]string{}, m.Cc...), m.Subject, m.Body}}, nil
}
