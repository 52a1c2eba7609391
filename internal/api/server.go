// Package api is the counter at which programs stand: the REST interface under /api/v1. Like
// the pages it decides nothing: an operation converts what came in, calls one method of the
// office as the flegt.Actor of the token's authorisation, and writes the answer. Rights are
// checked by the scope of the token first and by the office again.
//
// # The shape of every request
//
// ServeHTTP does what holds for all: it finds the operation, the language and the token,
// counts the request against the credential's rate, reads the body within its limit, and
// for a write with an Idempotency-Key sees to it that the change is made once (once.go).
// Then huma reads parameters and body by the Go types of the operation, which are also its
// description: docs/openapi.json is written from them and a test compares the two.
//
// Every refusal is a problem document (problem.go, RFC 9457) with the sentence of the pages.
// Cookies are neither read nor set, so that no other site can make a browser act here.
//
// # How to add an operation
//
// In the file of its noun: a struct for what comes in, one for what goes out, the method,
// and a line in the noun's list of operations. Then make openapi, and look at the
// difference: what was there must stay.
package api

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/identity"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/report"
	"github.com/openflegt/openflegt/internal/wording"
)

// Prefix is where the interface lies.
const Prefix = "/api/v1"

// Options are what the room needs. Catalog, Office and Accounts are required.
type Options struct {
	Catalog  *wording.Catalog
	Office   *registry.Office
	Accounts *identity.Identity
	// Clock tells the time; time.Now when nil.
	Clock func() time.Time
	// Logger takes one line for each request; slog.Default when nil.
	Logger *slog.Logger
	// NewID makes the number under which a request stands in the log.
	NewID func() string
	// BaseURL is the address people use, without a slash at the end.
	BaseURL string
	// Location is where a day begins, and by whose clock working days are counted; Brussels
	// when nil.
	Location *time.Location
	// Rate is how many requests a credential may make in a minute; 0 means DefaultRate, and
	// below 0 there is no limit.
	Rate int
	// Stopping ends when the program stops: who waits for events is answered then. Nil never
	// does.
	Stopping context.Context
}

// DefaultRate is how many requests a credential may make in a minute.
const DefaultRate = 1200

// checkRate is how many requests an address may make in a minute without a token: public
// checks, tokens that do not work, and reading the description.
const checkRate = 60

// Server answers programs. It is safe for use by many goroutines.
type Server struct {
	Options
	mux        found
	api        huma.API
	operations map[string]operation       // by pattern of the mux
	callers    *limiter                   // by credential
	passersby  *limiter                   // by address
	inFlight   sync.Map                   // keys of writes that are being carried out
	waiting    waiters                    // who waits for events
	json, yaml []byte                     // the description
	parameters map[string]map[string]bool // by pattern of the mux: what stands in path and query
	fields     map[string]map[string]bool // by pattern of the mux: what stands at the top of the body

	bulkReader func() *report.BulkReader // of tables of licences
	tables     chan struct{}             // holds who reads one
}

// operation is what ServeHTTP must know of one.
type operation struct {
	scope  flegt.APIScope
	public bool // needs no token
	upload bool // its body is a file, read as it comes
	keyed  bool // needs an Idempotency-Key
	secret bool // its answer is not kept
	cached bool // its answer is the same for a long time: ETag, 304
	// whole: all it does is one change, which fails when its key was used. So the key need
	// not be looked up before.
	whole bool
	// limit is how many bytes an upload may have.
	limit int64
}

// New makes the interface.
func New(o Options) (*Server, error) {
	if o.Catalog == nil || o.Office == nil || o.Accounts == nil {
		return nil, errors.New("api: a catalog, an office and accounts are needed")
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.NewID == nil {
		o.NewID = rand.Text
	}
	if o.Location == nil {
		brussels, err := time.LoadLocation("Europe/Brussels")
		if err != nil {
			return nil, err
		}
		o.Location = brussels
	}
	if o.Rate == 0 {
		o.Rate = DefaultRate
	}
	o.BaseURL = strings.TrimSuffix(o.BaseURL, "/")
	s := &Server{Options: o, operations: map[string]operation{}}
	s.mux = found{http.NewServeMux(), s}
	s.mux.ServeMux.HandleFunc("/", s.nothing)
	s.callers, s.passersby = newLimiter(o.Rate, o.Clock), newLimiter(checkRate, o.Clock)
	if o.Rate < 0 {
		s.passersby = newLimiter(-1, o.Clock)
	}
	s.tables = make(chan struct{}, 1)
	s.bulkReader = sync.OnceValue(func() *report.BulkReader { return report.NewBulkReader(s.Catalog, s.Office.Reference()) })
	s.api = humago.NewWithPrefix(s.mux, Prefix, s.config())
	for _, register := range []func(){s.whoamiOperations, s.referenceOperations, s.operatorOperations, s.authorisationOperations,
		s.licenceOperations, s.attachmentOperations, s.documentOperations, s.clearanceOperations, s.notificationOperations, s.supportOperations, s.eventOperations, s.webhookOperations, s.checkOperations,
		s.deskOperations, s.dossierOperations} {
		register()
	}
	s.mux.HandleFunc("POST /oauth/token", s.grant)
	s.mux.HandleFunc("GET /.well-known/oauth-authorization-server", s.metadata)
	s.operations["POST /oauth/token"] = operation{public: true}
	s.operations["GET /.well-known/oauth-authorization-server"] = operation{public: true}
	return s, s.describe()
}
