package api

import (
	"context"
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// Position is what one line of a licence has in one unit. Available, reserved, consumed and
// elsewhere add up to limit.
type Position struct {
	Line      int        `json:"line"`
	Unit      flegt.Unit `json:"unit" doc:"UN/ECE Recommendation 20." example:"MTQ"`
	Granted   string     `json:"granted" doc:"On the paper."`
	Limit     string     `json:"limit" doc:"With the tolerance of Reg. (EC) 1024/2008 art. 10(2)."`
	Available string     `json:"available"`
	Reserved  string     `json:"reserved"`
	Consumed  string     `json:"consumed"`
	Elsewhere string     `json:"elsewhere" doc:"What is taken of it by bookings of the same line in another unit. Available, reserved, consumed and elsewhere add up to limit."`
}

func positionsOf(positions []flegt.Position) []Position {
	out := make([]Position, 0, len(positions))
	for _, p := range positions {
		out = append(out, Position{p.Line, p.Unit, p.Granted.String(), p.Limit.String(), p.Available.String(), p.Reserved.String(), p.Consumed.String(), p.Elsewhere.String()})
	}
	return out
}

// Quantities is what customs reads of a licence.
type Quantities struct {
	Licence       string        `json:"licence" doc:"Its id."`
	Number        string        `json:"number"`
	State         string        `json:"state"`
	Standing      string        `json:"standing" doc:"As a reader sees it today: also used_up and expired."`
	ImportCountry string        `json:"import_country"`
	Clearable     bool          `json:"clearable" doc:"Whether it can be reserved against."`
	NotClearable  *Reason       `json:"not_clearable,omitempty" doc:"Why it cannot be reserved against; absent when it can."`
	Held          bool          `json:"held" doc:"Customs holds the shipment: nothing is released."`
	Split         bool          `json:"split" doc:"More than one declaration takes from it."`
	Positions     []Position    `json:"positions" nullable:"false"`
	Totals        []Position    `json:"totals" nullable:"false" doc:"Of all lines together, line 0."`
	Declarations  []Declaration `json:"declarations" nullable:"false"`
	Version       int           `json:"version,omitempty" doc:"Of the licence: rises with each change of it and each booking; it is also the ETag."`
}

// Declaration is what a declaration holds or has taken.
type Declaration struct {
	MRN    string                 `json:"mrn" example:"26DK16RF3TDPZE7AR2"`
	Office string                 `json:"office" example:"DK003103" doc:"Where it was booked last."`
	State  flegt.DeclarationState `json:"state" doc:"reserved, released, or empty when it was freed."`
	Items  []DeclarationLine      `json:"items" nullable:"false" doc:"What it holds, or what was released."`
}

// DeclarationLine is an amount of one line.
type DeclarationLine struct {
	Line      int        `json:"line"`
	GoodsItem int        `json:"goods_item,omitempty" doc:"The number of the declaration's goods item, when it was stated."`
	Commodity string     `json:"commodity_code,omitempty" doc:"As declared, when it was stated."`
	Unit      flegt.Unit `json:"unit"`
	Quantity  string     `json:"quantity"`
}

// Reason says why something cannot be done, as the refusal of trying it would.
type Reason struct {
	Code   string `json:"code,omitempty" doc:"Of the customs single window." example:"04"`
	Key    string `json:"key" doc:"The name of the sentence; it stays the same in every language." example:"clearance.not_accepted"`
	Detail string `json:"detail" doc:"The sentence that the pages say, in the language of Accept-Language."`
}

// reason puts a refusal into words; nil when there is none.
func (c *call) reason(err error) *Reason {
	if err == nil {
		return nil
	}
	p := c.problem(err)
	return &Reason{p.Code, p.Key, p.Detail}
}

func (c *call) quantities(q registry.Quantities) Quantities {
	out := Quantities{Licence: q.ID, Number: q.Number, State: q.State, Standing: q.Standing, ImportCountry: q.Country,
		Clearable: q.Clearable == nil, NotClearable: c.reason(q.Clearable),
		Held: q.Held, Split: q.Split, Positions: positionsOf(q.Positions), Totals: positionsOf(q.Totals), Declarations: []Declaration{}, Version: q.Version}
	for _, d := range q.Declarations {
		one := Declaration{MRN: d.MRN, Office: d.Office, State: d.State, Items: []DeclarationLine{}}
		for _, m := range d.Items {
			one.Items = append(one.Items, DeclarationLine{m.Line, m.GoodsItem, m.HS, m.Unit, m.Quantity.String()})
		}
		out.Declarations = append(out.Declarations, one)
	}
	return out
}

// Cleared is what became of an operation on the ledger.
type Cleared struct {
	Outcome   flegt.ClearanceCode `json:"outcome,omitempty" doc:"Of a release or a deletion: 01 executed, 04 executed although the licence has left the status for clearing."`
	DryRun    bool                `json:"dry_run,omitempty" doc:"Nothing was done: this is what would be."`
	Licence   string              `json:"licence" doc:"Its id."`
	Number    string              `json:"number"`
	MRN       string              `json:"mrn"`
	Standing  string              `json:"standing"`
	Split     bool                `json:"split"`
	Positions []Position          `json:"positions" nullable:"false" doc:"After it."`
	Totals    []Position          `json:"totals" nullable:"false"`
	Version   int                 `json:"version,omitempty" doc:"Of the licence, after it."`
}

type clearedOutput struct {
	ETag string `header:"ETag"`
	Body func(huma.Context)
}

func (s *Server) clearanceOperations() {
	const tag, declaration = "Customs", "/licences/{number}/declarations/{mrn}/reservation"
	read, write := flegt.ScopeCustomsRead, flegt.ScopeCustomsWrite
	register(s, about{id: "read-quantities", method: http.MethodGet, path: "/licences/{number}/quantities", scope: read, tag: tag,
		summary: "What is left of a licence", text: "Works in every state. The number is that of box 3, or the licence's id; a slash in it is written %2F. Each look is logged.", answers: jsonAnswer[Quantities](s)}, s.quantities)
	register(s, about{id: "reserve", method: http.MethodPut, path: declaration, scope: write, tag: tag, keyed: true, whole: true,
		summary: "Reserve for a declaration", text: "States the whole of what the declaration takes: sent again it replaces, it never adds. A refusal has its code in the customs single window; after code 05 the declaration's earlier hold is dropped.", answers: jsonAnswer[Cleared](s)}, s.reserve)
	register(s, about{id: "release", method: http.MethodPost, path: declaration + "/release", scope: write, tag: tag, keyed: true, whole: true,
		summary: "Release", text: "What the declaration holds becomes consumed, for good.", answers: jsonAnswer[Cleared](s)}, s.release)
	register(s, about{id: "delete-reservation", method: http.MethodDelete, path: declaration, scope: write, tag: tag, keyed: true, whole: true, status: http.StatusOK,
		summary: "Free what a declaration holds", answers: jsonAnswer[Cleared](s)}, s.deleteReservation)
	register(s, about{id: "correct-release", method: http.MethodPost, path: declaration + "/correction", scope: write, tag: tag, keyed: true, whole: true,
		summary: "Put right what was released in error", answers: jsonAnswer[Cleared](s)}, s.correct)
	register(s, about{id: "take-over-reservation", method: http.MethodPost, path: declaration + "/takeover", scope: write, tag: tag, keyed: true, whole: true,
		summary: "Go on with what another office booked", text: "What the declaration holds stands at the office named from then on.", answers: jsonAnswer[Cleared](s)}, s.takeOver)
	register(s, about{id: "find-declaration", method: http.MethodGet, path: "/declarations/{mrn}", scope: read, tag: tag,
		summary: "The licences under which a declaration was booked", text: "The newest booking first, with what is left of each. Each look is logged."}, s.findDeclaration)
	register(s, about{id: "list-expected-licences", method: http.MethodGet, path: "/customs/expected", scope: read, tag: tag,
		summary: "What is accepted and comes to one's customs offices", text: "Those that expire first on top, with what is left of each."}, s.expected)
	s.inspectionOperations()
}

// NumberInput names a licence by box 3.
type NumberInput struct {
	Number string `path:"number" maxLength:"100" doc:"The licence's number (box 3) or its id; a slash in it is written %2F." example:"16.00123-00456.001-ID-DK"`
}

func (s *Server) quantities(ctx context.Context, c *call, in *NumberInput) (*writtenOutput, error) {
	look, err := s.Office.Look(ctx, c.actor(), in.Number)
	if err != nil {
		return nil, err
	}
	c.headers["Etag"] = c.single(2, etag(look.Version()))
	if look.Clearable() != nil { // the reason is in the language of who asks
		return c.writtenAlready(jsonOf(c.quantities(look.Quantities()))), nil
	}
	return c.writtenAlready(look.Written(func(q registry.Quantities) []byte { return jsonOf(c.quantities(q)) })), nil
}

// DeclarationInput names a declaration under a licence.
type DeclarationInput struct {
	NumberInput
	MayMatch
	MRN    string `path:"mrn" maxLength:"40" doc:"The declaration's movement reference number (MRN), 18 characters." example:"26DK16RF3TDPZE7AR2"`
	DryRun bool   `query:"dry_run" doc:"Say what would happen, and touch nothing."`
}

type reserveInput struct {
	DeclarationInput
	Body struct {
		Office      string        `json:"office" maxLength:"20" doc:"Customs office reference number." example:"DK003103"`
		Destination string        `json:"destination,omitempty" maxLength:"2" doc:"Country of destination as declared; absent: not compared."`
		Importer    string        `json:"importer,omitempty" maxLength:"20" doc:"EORI of the importer as declared; absent: not compared."`
		Items       []ReserveItem `json:"items,omitempty" nullable:"false" maxItems:"999" doc:"What the declaration takes: at least one, or none, also left out, when everything is true."`
		Everything  bool          `json:"everything,omitempty" doc:"All that is left of the quantities on the paper, instead of items: one declaration for the whole shipment."`
	}
}

// ReserveItem is one item of a declaration.
type ReserveItem struct {
	Line      int        `json:"line" minimum:"1" maximum:"100000" doc:"The number of the licence's goods line."`
	GoodsItem int        `json:"goods_item,omitempty" minimum:"0" maximum:"99999" doc:"The number of the declaration's goods item; absent or 0: not stated."`
	Commodity string     `json:"commodity_code,omitempty" maxLength:"22" doc:"As declared: it must begin with the code of the licence (box 10). Absent: not compared."`
	Unit      flegt.Unit `json:"unit" maxLength:"3" doc:"Never guessed. GRM, KGM and TNE convert into each other exactly." example:"MTQ"`
	Quantity  string     `json:"quantity" maxLength:"40" doc:"Exact: a point before at most six decimals, nothing between thousands. Pieces (H87) are whole." example:"12.5"`
}

func (s *Server) reserve(ctx context.Context, c *call, in *reserveInput) (*clearedOutput, error) {
	b := registry.Booking{Office: in.Body.Office, Destination: in.Body.Destination, Importer: in.Body.Importer, Everything: in.Body.Everything}
	var boxes []flegt.BoxError
	switch given := len(in.Body.Items) > 0; {
	case !given && !b.Everything:
		boxes = append(boxes, flegt.BoxError{Box: "items", Key: "clearance.no_items"})
	case given && b.Everything:
		boxes = append(boxes, flegt.BoxError{Box: "items", Key: "api.items_or_everything"})
	}
	for i, it := range in.Body.Items {
		q, err := flegt.ParseExactQuantity(it.Quantity)
		if e, ok := err.(*flegt.Error); ok {
			boxes = append(boxes, flegt.BoxError{Box: "items." + strconv.Itoa(i) + ".quantity", Key: e.Key, Args: e.Args})
		} else if q == 0 {
			boxes = append(boxes, flegt.BoxError{Box: "items." + strconv.Itoa(i) + ".quantity", Key: "quantity.positive"})
		}
		b.Items = append(b.Items, flegt.Item{Line: it.Line, GoodsItem: it.GoodsItem, HS: it.Commodity, Unit: it.Unit, Quantity: q})
	}
	if err := flegt.InvalidBoxes(boxes); err != nil {
		return nil, err
	}
	return s.clear(ctx, c, in.DeclarationInput, registry.OpReserve, b)
}

type endInput struct {
	DeclarationInput
	Office string `query:"office" maxLength:"20" doc:"Customs office reference number; absent: the one that booked."`
}

func (s *Server) release(ctx context.Context, c *call, in *endInput) (*clearedOutput, error) {
	return s.clear(ctx, c, in.DeclarationInput, registry.OpRelease, registry.Booking{Office: in.Office})
}

func (s *Server) deleteReservation(ctx context.Context, c *call, in *endInput) (*clearedOutput, error) {
	return s.clear(ctx, c, in.DeclarationInput, registry.OpDelete, registry.Booking{Office: in.Office})
}

type correctInput struct {
	DeclarationInput
	Body struct {
		Office string `json:"office,omitempty" maxLength:"20" doc:"Customs office reference number; absent: the one that booked."`
		Reason string `json:"reason" maxLength:"2000" doc:"In words."`
	}
}

func (s *Server) correct(ctx context.Context, c *call, in *correctInput) (*clearedOutput, error) {
	return s.clear(ctx, c, in.DeclarationInput, registry.OpCorrect, registry.Booking{Office: in.Body.Office, Reason: in.Body.Reason})
}

type takeOverInput struct {
	DeclarationInput
	Body struct {
		Office string `json:"office" maxLength:"20" doc:"Customs office reference number of the office that goes on; one of your own." example:"DK003103"`
	}
}

func (s *Server) takeOver(ctx context.Context, c *call, in *takeOverInput) (*clearedOutput, error) {
	return s.clear(ctx, c, in.DeclarationInput, registry.OpTakeOver, registry.Booking{Office: in.Body.Office})
}

// clear does an operation on the ledger, or says what it would do.
func (s *Server) clear(ctx context.Context, c *call, in DeclarationInput, op registry.Operation, b registry.Booking) (*clearedOutput, error) {
	var err error
	if b.Version, err = in.version(); err != nil {
		return nil, err
	}
	b.MRN = in.MRN
	answerOf := func(done registry.Cleared) Cleared {
		return Cleared{done.Code, in.DryRun, done.Licence.ID, done.Licence.Form.Number, flegt.NormaliseMRN(b.MRN), done.Standing, done.Split,
			positionsOf(done.Positions), positionsOf(done.Totals), done.Licence.Version}
	}
	keepWith(ctx, func(result any) (string, any) {
		done, ok := result.(registry.Cleared)
		if !ok {
			return "", nil
		}
		return etag(done.Licence.Version), answerOf(done)
	})
	var done registry.Cleared
	if in.DryRun {
		done, err = s.Office.DryRun(ctx, c.actor(), op, in.Number, b)
	} else {
		done, err = s.Office.Clear(ctx, c.actor(), op, in.Number, b)
	}
	if err != nil {
		return nil, err
	}
	tag := etag(done.Licence.Version)
	if c.ready != nil && !in.DryRun && c.ready.header.Get("ETag") == tag { // it was written to be kept
		return &clearedOutput{tag, c.writtenAlready(c.ready.body.Bytes()).Body}, nil
	}
	return &clearedOutput{tag, c.writtenAlready(jsonOf(answerOf(done))).Body}, nil
}
