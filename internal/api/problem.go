package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/wording"
)

// Problem is the answer to a request that was not carried out, RFC 9457.
type Problem struct {
	Type    string         `json:"type" format:"uri-reference" doc:"The kind of problem: the address of a page that explains it. It never changes." example:"/api/problems/invalid"`
	Title   string         `json:"title" doc:"The kind of problem in words, in the language of Accept-Language."`
	Status  int            `json:"status" minimum:"400" maximum:"599" doc:"The HTTP status."`
	Detail  string         `json:"detail" doc:"What is wrong here and what to do, the same sentence as on the pages."`
	Key     string         `json:"key,omitempty" doc:"The name of the sentence; it stays the same in every language." example:"clearance.not_enough"`
	Code    string         `json:"code,omitempty" doc:"For a refusal of the ledger or of a booking: its code in the customs single window." example:"05"`
	Request string         `json:"request" doc:"The number of this request in our log."`
	Errors  []FieldProblem `json:"errors,omitempty" doc:"One for each field that is wrong."`
}

// FieldProblem says what is wrong with one field or parameter.
type FieldProblem struct {
	Pointer   string `json:"pointer,omitempty" doc:"JSON pointer (RFC 6901) to the field in the request's body." example:"/form/goods/0/hs"`
	Parameter string `json:"parameter,omitempty" doc:"Name of the parameter of path, query or header."`
	Detail    string `json:"detail" doc:"What is wrong with it."`
	Key       string `json:"key" doc:"The name of the sentence."`
}

// Error implements error, for huma.
func (p *Problem) Error() string { return p.Detail }

// GetStatus implements huma.StatusError.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType implements huma.ContentTypeFilter.
func (p *Problem) ContentType(string) string { return problemType }

const problemType = "application/problem+json"

// kind is a kind of problem: the last part of its type, and its status.
type kind struct {
	slug   string
	status int
}

// The kinds of problem. Each has a title, a sentence and a page that explains it, under
// "api.problem.<slug>"; a slug once published stays.
var (
	kindInvalid      = kind{"invalid", http.StatusUnprocessableEntity}
	kindUnreadable   = kind{"unreadable", http.StatusBadRequest}
	kindToken        = kind{"token-needed", http.StatusUnauthorized}
	kindBadToken     = kind{"token-of-no-use", http.StatusUnauthorized}
	kindScope        = kind{"scope", http.StatusForbidden}
	kindForbidden    = kind{"forbidden", http.StatusForbidden}
	kindNotFound     = kind{"not-found", http.StatusNotFound}
	kindMethod       = kind{"method", http.StatusMethodNotAllowed}
	kindConflict     = kind{"conflict", http.StatusConflict}
	kindRefused      = kind{"refused", http.StatusConflict}
	kindKeyBusy      = kind{"key-busy", http.StatusConflict}
	kindKeyLost      = kind{"key-answer-lost", http.StatusConflict}
	kindStale        = kind{"stale", http.StatusPreconditionFailed}
	kindTooLarge     = kind{"too-large", http.StatusRequestEntityTooLarge}
	kindMediaType    = kind{"media-type", http.StatusUnsupportedMediaType}
	kindRange        = kind{"range", http.StatusRequestedRangeNotSatisfiable}
	kindKeyReused    = kind{"key-reused", http.StatusUnprocessableEntity}
	kindKeyNeeded    = kind{"key-needed", http.StatusBadRequest}
	kindKeyForm      = kind{"key-form", http.StatusBadRequest}
	kindMatchNeeded  = kind{"if-match-needed", http.StatusPreconditionRequired}
	kindMatchForm    = kind{"if-match-form", http.StatusBadRequest}
	kindTooMany      = kind{"too-many", http.StatusTooManyRequests}
	kindInternal     = kind{"internal", http.StatusInternalServerError}
	kindNotAvailable = kind{"not-available", http.StatusServiceUnavailable}
)

// problemGoType is the Go type of a problem, for its schema.
var problemGoType = reflect.TypeFor[Problem]()

// problemKinds lists them for the description.
var problemKinds = []kind{kindInvalid, kindUnreadable, kindToken, kindBadToken, kindScope, kindForbidden, kindNotFound, kindMethod,
	kindConflict, kindRefused, kindKeyBusy, kindKeyLost, kindStale, kindTooLarge, kindMediaType, kindRange, kindKeyReused, kindKeyNeeded,
	kindKeyForm, kindMatchNeeded, kindMatchForm, kindTooMany, kindInternal, kindNotAvailable}

// refusal is a refusal of the interface itself, before the office was asked.
type refusal struct {
	kind kind
	args flegt.Args
}

// Error gives the text for logs.
func (r refusal) Error() string { return "api: " + r.kind.slug }

func refuse(k kind, args flegt.Args) error { return refusal{k, args} }

// problem puts an error into words.
func (c *call) problem(err error) *Problem {
	var ready *Problem
	if errors.As(err, &ready) {
		return ready
	}
	var own refusal
	if errors.As(err, &own) {
		return c.newProblem(own.kind, "api.problem."+own.kind.slug+".detail", own.args)
	}
	var e *flegt.Error
	if !errors.As(err, &e) {
		e = &flegt.Error{Kind: flegt.Internal, Cause: err}
	}
	k := kindOf(e)
	if k == kindInternal {
		return c.internal(err)
	}
	if minutes, told := e.Args["Count"].(int); told && k == kindTooMany {
		c.headers.Set("Retry-After", strconv.Itoa(60*minutes))
	}
	p := c.newProblem(k, e.Key, e.Args)
	if e.Key == "error.boxes" { // a page has boxes, a body fields
		p.Detail = c.say("api.problem.fields", e.Args)
	}
	if code, ok := e.Args["Code"].(string); ok {
		p.Code = code
	}
	for _, b := range e.Boxes {
		p.Errors = append(p.Errors, c.boxProblem(b))
	}
	return p
}

// boxProblem says what is wrong with a box: a field of the body, or a parameter.
func (c *call) boxProblem(b flegt.BoxError) FieldProblem {
	f := FieldProblem{Detail: c.say(b.Key, b.Args), Key: b.Key}
	if writes(c.request.Method) && !c.server.parameters[c.route][b.Box] {
		f.Pointer = c.pointer(b.Box)
	} else {
		f.Parameter = b.Box
	}
	return f
}

// internal hides what went wrong and logs it.
func (c *call) internal(err error) *Problem {
	k := kindInternal
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		k = kindNotAvailable // whoever asked went away, or the program is stopping
	} else {
		c.server.Logger.Error("request failed", "request", c.id, "route", c.route, "error", err)
	}
	return c.newProblem(k, "api.problem."+k.slug+".detail", nil)
}

func (c *call) newProblem(k kind, key string, args flegt.Args) *Problem {
	return &Problem{
		Type: "/api/problems/" + k.slug, Title: c.say("api.problem."+k.slug+".title", nil), Status: k.status,
		Detail: c.say(key, args), Key: key, Request: c.id,
	}
}

// kindOf gives the kind of an office's refusal.
func kindOf(e *flegt.Error) kind {
	switch e.Kind {
	case flegt.Invalid:
		return kindInvalid
	case flegt.NotFound:
		return kindNotFound
	case flegt.Forbidden:
		return kindForbidden
	case flegt.Conflict:
		if e.Key == "error.changed_meanwhile" {
			return kindStale
		}
		if e.Key == "api.key_in_use" {
			return kindKeyBusy
		}
		return kindConflict
	case flegt.Refused:
		return kindRefused
	case flegt.TooMany:
		return kindTooMany
	case flegt.TooLarge:
		return kindTooLarge
	}
	return kindInternal
}

// say writes a sentence in the language of the call, countries and bodies by name.
func (c *call) say(key string, args flegt.Args) string {
	named := flegt.Args{}
	for k, v := range args {
		if text, ok := v.(string); ok {
			switch k {
			case "Country", "Destination", "Export":
				v = c.server.Office.Reference().CountryName(text, string(c.lang))
			case "Body":
				v = bodyName(c.server.Catalog, c.lang, c.server.Office.Reference().CountryName, text)
			}
		}
		named[k] = v
	}
	return c.server.Catalog.Say(c.lang, key, named)
}

// bodyName writes a body's name as it stands, or whose it is when it stands there by its id.
func bodyName(catalog *wording.Catalog, lang wording.Lang, country func(code, lang string) string, name string) string {
	if key, code, ok := flegt.GenericName(name); ok {
		return catalog.Say(lang, key, flegt.Args{"Country": country(code, string(lang))})
	}
	return name
}

// pointerOf makes a JSON pointer (RFC 6901) of a box's name: "goods.2.hs" is
// /form/goods/2/hs in the body of a licence. Boxes of other nouns lie at the top.
func pointerOf(box string) string {
	pointer := "/" + strings.ReplaceAll(box, ".", "/")
	first, _, _ := strings.Cut(box, ".")
	if formBoxes[first] {
		return "/form" + pointer
	}
	if first == "identifier" {
		return "/identifiers" + strings.TrimPrefix(pointer, "/identifier")
	}
	return pointer
}

// formPointer makes a JSON pointer of the name of a licence's box. The customs office is a box
// of a licence, and of what customs does as well.
func formPointer(box string) string {
	if box == "office" {
		return "/form/office"
	}
	return pointerOf(box)
}

// proofBoxes are the boxes of a page about the issuing authority's confirmation, which in a
// body lie deeper.
var proofBoxes = map[string]string{"reference": "/confirmation/reference", "file": "/confirmation/file", "field": "/pointer", "scan": "/confirmation/file"}

// pointer makes a JSON pointer of a box's name for what this call sends.
func (c *call) pointer(box string) string {
	if proofBoxes[box] != "" && confirms(c.route) {
		return proofBoxes[box]
	}
	if strings.HasSuffix(c.route, "/support/authorities/{id}") && box != "name" {
		return "/address/" + box
	}
	if strings.HasSuffix(c.route, "/licences/{id}/submit") || strings.HasSuffix(c.route, "/licences/issue") {
		return formPointer(box)
	}
	if fields := c.server.fields[c.route]; box == "reason" && !fields[box] && fields["words"] {
		return "/words" // what the office calls a reason, where the body has words
	}
	if first, _, _ := strings.Cut(box, "."); c.server.fields[c.route][first] { // its own, and not the licence's box of that name
		if list, named := strings.CutSuffix(box, ".field"); named && strings.HasSuffix(c.route, "/licences/{id}/return") {
			box = list + ".pointer" // of a remark, to the box that it is about
		}
		return "/" + strings.ReplaceAll(box, ".", "/")
	}
	return pointerOf(box)
}

// confirms says whether a route takes a confirmation.
func confirms(route string) bool {
	for _, end := range []string{"/mark", "/extend", "/correct-on-paper"} {
		if strings.HasSuffix(route, "/licences/{id}"+end) {
			return true
		}
	}
	return false
}

// boxOf makes a box's name of a JSON pointer to a field of a licence.
func boxOf(pointer string) string {
	return strings.ReplaceAll(strings.TrimPrefix(strings.TrimPrefix(pointer, "/form"), "/"), "/", ".")
}

// refuse writes a problem document.
func (c *call) refuse(w http.ResponseWriter, err error) {
	p := c.problem(err)
	body, err := json.Marshal(p)
	if err != nil {
		http.Error(w, p.Detail, p.Status)
		return
	}
	h := w.Header()
	h.Set("Content-Type", problemType)
	h.Del("ETag")
	w.WriteHeader(p.Status)
	_, _ = w.Write(append(body, '\n'))
}

// translate makes our problem of what huma found wrong with parameters or body. It is huma's
// transformer, which sees every answer before it is written.
func translate(ctx huma.Context, _ string, v any) (any, error) {
	found, ok := v.(*huma.ErrorModel)
	if !ok {
		return v, nil
	}
	c := callOf(ctx.Context())
	k := kindInvalid
	switch found.Status {
	case http.StatusBadRequest:
		k = kindUnreadable
	case http.StatusRequestEntityTooLarge:
		k = kindTooLarge
	case http.StatusUnsupportedMediaType:
		k = kindMediaType
	case http.StatusInternalServerError:
		return c.internal(found), nil
	}
	p := c.newProblem(k, "api.problem."+k.slug+".detail", flegt.Args{"Max": bodyLimit, "Wanted": "application/json"})
	p.Status = found.Status
	for _, e := range found.Errors {
		if k == kindInvalid && e != nil {
			p.Errors = append(p.Errors, c.fieldProblem(e))
		}
	}
	return p, nil
}
