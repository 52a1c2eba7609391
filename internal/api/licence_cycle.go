package api

import (
	"bytes"
	"context"
	"net/http"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// Return is what the authority said when it sent a licence back.
type Return struct {
	At      time.Time   `json:"at"`
	Words   string      `json:"words,omitempty"`
	Remarks []BoxRemark `json:"remarks,omitempty"`
}

// BoxRemark is what is said about one box.
type BoxRemark struct {
	Pointer string `json:"pointer" maxLength:"60" doc:"JSON pointer to the field in the body of a licence, as the body is now; empty when the goods line is gone." example:"/form/goods/0/volume"`
	Words   string `json:"words" maxLength:"1000"`
}

// Mark is what the issuing country reports of its licence.
type Mark struct {
	Verb       flegt.Verb `json:"verb" enum:"replace,cancel,report_lost"`
	From       flegt.Date `json:"from" maxLength:"40" doc:"The day on which it was replaced, cancelled or lost."`
	Reason     string     `json:"reason" maxLength:"2000"`
	Successors []string   `json:"successors,omitempty" maxItems:"20" doc:"Numbers of the licences that stand in its place."`
}

// addCycle adds what happened to a licence beside its decisions.
func (out *Licence) addCycle(l flegt.Licence) {
	if r := l.Return; r != nil {
		last := returnOf(l, *r)
		out.Return = &last
	}
	for _, r := range l.Returned {
		out.Returned = append(out.Returned, returnOf(l, r))
	}
	for _, m := range l.Marks {
		out.Marks = append(out.Marks, Mark{m.Verb, m.From, m.Reason, m.Successors})
	}
	for _, h := range l.Holds {
		out.Holds = append(out.Holds, holdOf(h))
	}
	for _, check := range l.PhysicalChecks {
		out.Checks = append(out.Checks, checkOf(check))
	}
	for _, one := range l.Confirmations {
		if one.Verb == flegt.VerbExtend {
			out.ExtendedTo = one.Until
		}
	}
}

// returnOf writes one sending back; a remark points to where its box stands now.
func returnOf(l flegt.Licence, r flegt.Return) Return {
	out := Return{At: r.At, Words: r.Words}
	for _, remark := range r.Remarks {
		one := BoxRemark{Words: remark.Words}
		if b, there := l.RemarkBox(remark); there {
			one.Pointer = formPointer(b.Field)
		}
		out.Remarks = append(out.Remarks, one)
	}
	return out
}

func (s *Server) cycleOperations() {
	const tag, one = "Licences", "/licences/{id}"
	write, decide := flegt.ScopeLicencesWrite, flegt.ScopeLicencesDecide
	register(s, about{id: "return-licence", method: http.MethodPost, path: one + "/return", scope: decide, tag: tag, summary: "Send a licence back to be put right",
		text: "With remarks on boxes, or words on the whole."}, s.returnLicence)
	register(s, about{id: "withdraw-acceptance", method: http.MethodPost, path: one + "/withdraw-acceptance", scope: decide, tag: tag, summary: "Take an acceptance back",
		text: "While nothing is released under it; what is reserved stays reserved."}, s.withdrawAcceptance)
	register(s, about{id: "claim-licence", method: http.MethodPost, path: "/licences/claim", scope: write, tag: tag, summary: "Claim an electronic licence"}, s.claimLicence)
	register(s, about{id: "unclaim-licence", method: http.MethodPost, path: one + "/unclaim", scope: write, tag: tag, status: http.StatusNoContent, summary: "Give a claimed licence back"}, s.unclaimLicence)
	register(s, about{id: "issue-licence", method: http.MethodPost, path: "/licences/issue", scope: flegt.ScopeLicencesIssue, tag: tag, status: http.StatusCreated, secret: true,
		summary: "Put in an electronic licence", text: "By a licensing authority. The verification number, with which the importer claims it, is given this once."}, s.issueLicence)
	register(s, about{id: "mark-licence", method: http.MethodPost, path: one + "/mark", scope: flegt.ScopeLicencesIssue, tag: tag,
		summary: "Report a licence replaced, cancelled or lost", text: "By the licensing authority, or by the competent authority with that country's confirmation."}, s.markLicence)
	register(s, about{id: "extend-licence", method: http.MethodPost, path: one + "/extend", scope: flegt.ScopeLicencesIssue, tag: tag,
		summary: "Record an extension of validity", text: "By the licensing authority, or by the competent authority with that country's confirmation."}, s.extendLicence)
	s.confirmationOperations()
}

type returnInput struct {
	IDInput
	Match
	Body struct {
		Words   string      `json:"words,omitempty" maxLength:"2000" doc:"About the whole."`
		Remarks []BoxRemark `json:"remarks,omitempty" nullable:"false" maxItems:"40"`
	}
}

func (s *Server) returnLicence(ctx context.Context, c *call, in *returnInput) (*licenceOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	var remarks []flegt.BoxRemark
	for _, r := range in.Body.Remarks {
		remarks = append(remarks, flegt.BoxRemark{Field: boxOf(r.Pointer), Words: r.Words})
	}
	l, err := s.Office.ReturnLicence(ctx, c.actor(), in.ID, version, in.Body.Words, remarks)
	return s.changed(ctx, c, l, err)
}

func (s *Server) withdrawAcceptance(ctx context.Context, c *call, in *reasonInput) (*licenceOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	l, err := s.Office.WithdrawAcceptance(ctx, c.actor(), in.ID, version, in.Body.Reason)
	return s.changed(ctx, c, l, err)
}

type claimInput struct {
	Body struct {
		Number       string `json:"number" maxLength:"100"`
		Verification string `json:"verification" maxLength:"100" doc:"The verification number that the licensing authority gave."`
	}
}

func (s *Server) claimLicence(ctx context.Context, c *call, in *claimInput) (*licenceOutput, error) {
	l, err := s.Office.ClaimLicence(ctx, c.actor(), in.Body.Number, in.Body.Verification)
	return s.changed(ctx, c, l, err)
}

func (s *Server) unclaimLicence(ctx context.Context, c *call, in *stepInput) (*struct{}, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	return nil, s.Office.UnclaimLicence(ctx, c.actor(), in.ID, version)
}

// IssuedLicence is a licence that was just put in, with the number to claim it by.
type IssuedLicence struct {
	Licence      Licence `json:"licence"`
	Verification string  `json:"verification" doc:"With it the importer claims the licence. It is kept nowhere: hand it on now."`
}

type issueInput struct {
	Body struct {
		LicenceEdit
		Verification string `json:"verification,omitempty" maxLength:"100" doc:"A verification number of your own; absent: one is made."`
	}
}

type issueOutput struct {
	ETag     string `header:"ETag"`
	Location string `header:"Location"`
	Body     IssuedLicence
}

func (s *Server) issueLicence(ctx context.Context, c *call, in *issueInput) (*issueOutput, error) {
	if err := s.importCountry(in.Body.ImportCountry); err != nil {
		return nil, err
	}
	l, verification, err := s.Office.IssueLicence(ctx, c.actor(), in.Body.Form.form(), in.Body.ImportCountry, in.Body.Verification)
	out, err := s.changed(ctx, c, l, err)
	if err != nil {
		return nil, err
	}
	return &issueOutput{out.ETag, Prefix + "/licences/" + l.ID, IssuedLicence{out.Body, verification}}, nil
}

// Confirmation is the issuing authority's confirmation on paper.
type Confirmation struct {
	Reference string `json:"reference,omitempty" maxLength:"200" doc:"Number, day or subject of the letter."`
	Name      string `json:"name,omitempty" maxLength:"200" doc:"The file's name."`
	File      []byte `json:"file,omitempty" doc:"PDF, JPEG, PNG or TIFF in base64; the request may have 1 MiB. The competent authority needs it, or a receipt; the licensing authority does not."`
	Receipt   string `json:"receipt,omitempty" maxLength:"2000" doc:"Of a file that was handed in by hand-in-confirmation, instead of file."`
}

func (e Confirmation) evidence() registry.Evidence {
	ev := registry.Evidence{Reference: e.Reference, Name: e.Name, Receipt: e.Receipt}
	if len(e.File) > 0 {
		ev.File = bytes.NewReader(e.File)
	}
	return ev
}

type markLicenceInput struct {
	IDInput
	Match
	Body struct {
		Mark
		Confirmation Confirmation `json:"confirmation,omitempty"`
	}
}

func (s *Server) markLicence(ctx context.Context, c *call, in *markLicenceInput) (*licenceOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	m := in.Body.Mark
	l, err := s.Office.MarkLicence(ctx, c.actor(), in.ID, version, flegt.Mark{Verb: m.Verb, From: flegt.ParseDate(string(m.From)), Reason: m.Reason, Successors: m.Successors},
		in.Body.Confirmation.evidence())
	return s.changed(ctx, c, l, err)
}

type extendInput struct {
	IDInput
	Match
	Body struct {
		Until        string       `json:"until" maxLength:"40" doc:"The new last day."`
		Confirmation Confirmation `json:"confirmation,omitempty"`
	}
}

func (s *Server) extendLicence(ctx context.Context, c *call, in *extendInput) (*licenceOutput, error) {
	version, err := in.version()
	if err != nil {
		return nil, err
	}
	l, err := s.Office.ExtendLicence(ctx, c.actor(), in.ID, version, flegt.ParseDate(in.Body.Until), in.Body.Confirmation.evidence())
	return s.changed(ctx, c, l, err)
}
