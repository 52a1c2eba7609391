package flegt_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	. "github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
)

const (
	mrnA = "26DK16RF3TDPZE7AR2"
	mrnB = "26DK16RF3TDPZE7BR2"
)

var (
	noon    = time.Date(2016, 12, 6, 12, 0, 0, 0, time.UTC)
	customs = Actor{Account: "a", Role: RoleCustoms, Body: "CUSTOMS-DK", Country: "DK"}
)

// book is an accepted licence: line 1 states volume, weight and pieces, line 2 weight alone.
func book(t interface{ Fatal(...any) }) Ledger {
	ref, err := reference.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	return Ledger{Convert: ref.Convert, Holders: []string{"DK37606030"}, Licence: Licence{ID: "l", State: Accepted, ImportCountry: "DK", SubmittedAt: noon,
		Form: Form{Number: "16.1", Expires: "2017-03-17", Goods: []GoodsLine{
			{Line: 1, HS: "4407.29", Volume: "10", Weight: "5120", Units: "480"}, {Line: 2, HS: "4408", Weight: "3890"}}}}}
}

// step is one request to the ledger and the code it must be answered with; "" is "done" for
// a reservation.
type step struct {
	do   string // reserve, release, delete
	mrn  string
	item Item
	code ClearanceCode
	// hold is what the MRN holds in line 1 afterwards, in millionths.
	hold Quantity
}

func cubic(line int, q Quantity) Item {
	return Item{Line: line, HS: "44072915", Unit: CubicMetre, Quantity: q}
}

// run makes a request and appends what came of it.
func run(g *Ledger, s step) ClearanceCode {
	var moves []Movement
	var out Outcome
	var err error
	office := standsAt(*g, s.mrn)
	switch s.do {
	case "reserve":
		moves, err = g.Reserve(customs, noon, Claim{MRN: s.mrn, Office: office, Items: []Item{s.item}})
	case "release":
		out, err = g.Release(customs, noon, s.mrn, office)
	case "delete":
		out, err = g.Delete(customs, noon, s.mrn, office)
	case "correct":
		out, err = g.Correct(customs, noon, s.mrn, office, "the wrong line")
	case "take over":
		out, err = g.TakeOver(customs, noon, s.mrn, otherOffice(*g, s.mrn))
	case "withdraw acceptance":
		g.Licence.State = AcceptanceWithdrawn
	}
	g.Movements = append(g.Movements, append(moves, out.Movements...)...)
	if err != nil {
		return CodeOf(err)
	}
	return out.Code
}

// standsAt is the office at which the declaration stands.
func standsAt(g Ledger, mrn string) string {
	for _, d := range g.Declarations() {
		if d.MRN == mrn {
			return d.Office
		}
	}
	return "DK003103"
}

// otherOffice is one at which the declaration does not stand.
func otherOffice(g Ledger, mrn string) string {
	if standsAt(g, mrn) == "DK005600" {
		return "DK003103"
	}
	return "DK005600"
}

// TestObservedSequences is what was observed at the customs single window, number by number
// as in docs/clearance.md (6, the unknown number, is the office's: TestLookUp).
func TestObservedSequences(t *testing.T) {
	const m3 = Quantity(Million)
	heavy := func(u Unit, q Quantity) Item { return Item{Line: 1, Unit: u, Quantity: q} }
	for name, steps := range map[string][]step{
		"1 a second reservation replaces the first": {
			{"reserve", mrnA, cubic(1, 5*m3), "", 5 * m3}, {"reserve", mrnA, cubic(1, 2*m3), "", 2 * m3}},
		"2 released is consumed for good": {
			{"reserve", mrnA, cubic(1, 5*m3), "", 5 * m3}, {"release", mrnA, Item{}, "01", 0}, {"release", mrnA, Item{}, "03", 0},
			{"delete", mrnA, Item{}, "03", 0}, {"reserve", mrnA, cubic(1, 1), "06", 0}},
		"3 deleted is available again": {
			{"reserve", mrnA, cubic(1, 11*m3), "", 11 * m3}, {"delete", mrnA, Item{}, "01", 0}, {"delete", mrnA, Item{}, "02", 0},
			{"release", mrnA, Item{}, "02", 0}, {"reserve", mrnB, cubic(1, 11*m3), "", 11 * m3}},
		"4 too much drops the earlier hold": {
			{"reserve", mrnA, cubic(1, 5*m3), "", 5 * m3}, {"reserve", mrnA, cubic(1, 11*m3+1), "05", 0}, {"release", mrnA, Item{}, "02", 0}},
		"4 another commodity code leaves it": {
			{"reserve", mrnA, cubic(1, 5*m3), "", 5 * m3}, {"reserve", mrnA, Item{Line: 1, HS: "44079100", Unit: CubicMetre, Quantity: m3}, "03", 5 * m3}},
		"4 a code shorter than the licence's leaves it": {
			{"reserve", mrnA, cubic(1, 5*m3), "", 5 * m3}, {"reserve", mrnA, Item{Line: 1, HS: "4407", Unit: CubicMetre, Quantity: m3}, "03", 5 * m3}},
		"4 an unknown line leaves it": {
			{"reserve", mrnA, cubic(1, 5*m3), "", 5 * m3}, {"reserve", mrnA, cubic(3, m3), "07", 5 * m3}},
		"4 another unit leaves it": {
			{"reserve", mrnA, cubic(1, 5*m3), "", 5 * m3}, {"reserve", mrnA, heavy("MTK", m3), "10", 5 * m3}},
		"4 no unit is refused, never guessed": {
			{"reserve", mrnA, cubic(1, 5*m3), "", 5 * m3}, {"reserve", mrnA, heavy("", m3), "10", 5 * m3}},
		"7 grams, kilograms and tonnes": {
			{"reserve", mrnA, heavy("GRM", m3), "", m3 / 1000}, {"reserve", mrnA, heavy("KGM", 3*m3), "", 3 * m3}, {"reserve", mrnA, heavy("TNE", 2*m3), "", 2000 * m3}},
		"7 finer than the ledger counts": {
			{"reserve", mrnA, heavy("GRM", 1), "11", 0}},
		"7 pieces are only pieces": {
			{"reserve", mrnA, heavy(Piece, 480*m3), "", 480 * m3}, {"reserve", mrnA, Item{Line: 2, Unit: Piece, Quantity: m3}, "10", 480 * m3}},
		"8 acceptance withdrawn after the reservation": {
			{"reserve", mrnA, cubic(1, 5*m3), "", 5 * m3}, {"withdraw acceptance", mrnA, Item{}, "", 5 * m3},
			{"reserve", mrnA, cubic(1, 2*m3), "04", 5 * m3}, {"release", mrnA, Item{}, "04", 0}, {"release", mrnA, Item{}, "03", 0}},
		"8 and deletion": {
			{"reserve", mrnA, cubic(1, 5*m3), "", 5 * m3}, {"withdraw acceptance", mrnA, Item{}, "", 5 * m3}, {"delete", mrnA, Item{}, "04", 0}},
		"released in error": {
			{"correct", mrnA, Item{}, "", 0}, {"reserve", mrnA, cubic(1, 11*m3), "", 11 * m3}, {"correct", mrnA, Item{}, "", 11 * m3}, {"release", mrnA, Item{}, "01", 0},
			{"correct", mrnA, Item{}, "", 0}, {"release", mrnA, Item{}, "02", 0}, {"reserve", mrnA, cubic(1, 9*m3), "", 9 * m3}},
		"taken over by another office": {
			{"take over", mrnA, Item{}, "02", 0}, {"reserve", mrnA, cubic(1, 11*m3), "", 11 * m3}, {"take over", mrnA, Item{}, "", 11 * m3}, {"withdraw acceptance", mrnA, Item{}, "", 11 * m3},
			{"take over", mrnA, Item{}, "", 11 * m3}, {"release", mrnA, Item{}, "04", 0}, {"take over", mrnA, Item{}, "03", 0}},
	} {
		t.Run(name, func(t *testing.T) {
			g := book(t)
			for i, s := range steps {
				if got := run(&g, s); got != s.code {
					t.Fatalf("step %d, %s: %q, want %q", i+1, s.do, got, s.code)
				}
				var hold Quantity
				held, _ := g.Held(s.mrn)
				for _, h := range held {
					hold += h.Quantity
				}
				if hold != s.hold {
					t.Fatalf("step %d, %s: it holds %s, want %s", i+1, s.do, hold, s.hold)
				}
			}
		})
	}
	for _, state := range LicenceStates { // 5
		g := book(t)
		g.Licence.State = state
		got := run(&g, step{do: "reserve", mrn: mrnA, item: cubic(1, m3)})
		if want := map[bool]ClearanceCode{true: "", false: "04"}[state == Accepted]; got != want || len(g.Positions()) != 4 {
			t.Errorf("5 %s: %q, %d positions", state, got, len(g.Positions()))
		}
	}
}

// TestTheWholeDeclarationIsPutRight: what was released in error is given back line by line.
func TestTheWholeDeclarationIsPutRight(t *testing.T) {
	g := book(t)
	items := []Item{cubic(1, 2*Million), {Line: 1, Unit: Kilogram, Quantity: 100 * Million}, {Line: 2, Unit: Kilogram, Quantity: 10 * Million}}
	moves, err := g.Reserve(customs, noon, Claim{MRN: mrnA, Office: "DK003103", Items: items})
	if err != nil {
		t.Fatal(err)
	}
	g.Movements = moves
	run(&g, step{do: "release", mrn: mrnA})
	before := book(t).Positions()
	if got := run(&g, step{do: "correct", mrn: mrnA}); got != "" || fmt.Sprint(g.Positions()) != fmt.Sprint(before) || g.Started() {
		t.Errorf("%q: %+v", got, g.Positions())
	}
}

// TestCommodityCodes: a declaration's code begins with that of the licence, which is a heading at
// least.
func TestCommodityCodes(t *testing.T) {
	for licensed, codes := range map[string]map[string]ClearanceCode{
		"4407.29": {"44072915": "", "4407 29": "", "4407.29 15 10": "", "4407": "03", "440719": "03", "": "", "x": "03"},
		"4408":    {"44081015": "", "4408": "", "4407": "03", "440": "03"},
		"44":      {"4407": "03", "44": "03", "": ""},
	} {
		for code, want := range codes {
			g := book(t)
			g.Licence.Form.Goods[0].HS = licensed
			if _, err := g.Reserve(customs, noon, Claim{MRN: mrnA, Office: "DK003103", Items: []Item{{Line: 1, HS: code, Unit: CubicMetre, Quantity: 1}}}); CodeOf(err) != want {
				t.Errorf("%q under %q: %v, want %q", code, licensed, err, want)
			}
		}
	}
	g := book(t)
	many := make([]Item, MaxItems+1)
	for i := range many {
		many[i] = Item{Line: 1, GoodsItem: i + 1, Unit: CubicMetre, Quantity: 1}
	}
	if _, err := g.Reserve(customs, noon, Claim{MRN: mrnA, Office: "DK003103", Items: many[:MaxItems]}); err != nil {
		t.Error(err)
	}
	if _, err := g.Reserve(customs, noon, Claim{MRN: mrnA, Office: "DK003103", Items: many}); KindOf(err) != TooLarge {
		t.Error(err)
	}
}

// TestStanding: a licence whose last day has passed is expired as long as nothing came in under it.
func TestStanding(t *testing.T) {
	g := book(t)
	for day, want := range map[Date]string{"2017-03-17": "accepted", "2017-03-18": "expired"} {
		if got := g.Standing(day); got != want {
			t.Errorf("%s: %s, want %s", day, got, want)
		}
	}
	run(&g, step{do: "reserve", mrn: mrnA, item: cubic(1, Million)})
	if got := g.Standing("2017-03-18"); got != "expired" {
		t.Errorf("booked alone: %s", got)
	}
	run(&g, step{do: "release", mrn: mrnA})
	if got := g.Standing("2017-03-18"); got != "accepted" {
		t.Errorf("begun: %s", got)
	}
}

func TestDestinationAndHolder(t *testing.T) {
	g := book(t)
	none := book(t)
	none.Holders = nil
	for name, c := range map[string]struct {
		g     Ledger
		claim Claim
		want  ClearanceCode
	}{
		"nothing stated":   {g, Claim{}, ""},
		"same country":     {g, Claim{Destination: "DK", Importer: "dk 37606030"}, ""},
		"other country":    {g, Claim{Destination: "DE"}, "08"},
		"other importer":   {g, Claim{Importer: "DK10150817"}, "09"},
		"no EORI on file":  {none, Claim{Importer: "DK37606030"}, "09"},
		"none, not stated": {none, Claim{}, ""},
	} {
		c.claim.MRN, c.claim.Items = mrnA, []Item{cubic(1, 1)}
		if _, err := c.g.Reserve(customs, noon, c.claim); CodeOf(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// TestUsedUpInOneUnitOfEachLine: a line that is consumed in one of its units is consumed.
func TestUsedUpInOneUnitOfEachLine(t *testing.T) {
	g := book(t)
	items := []Item{cubic(1, 5*Million), {Line: 1, Unit: Piece, Quantity: 240 * Million}, {Line: 2, Unit: Kilogram, Quantity: 3890 * Million}}
	for i, it := range items {
		if g.UsedUp() {
			t.Fatalf("used up before item %d", i)
		}
		mrn := fmt.Sprintf("26DK16RF3TDPZE7A%d2", i)
		if got := run(&g, step{do: "reserve", mrn: mrn, item: it}); got != "" {
			t.Fatal(got)
		}
		run(&g, step{do: "release", mrn: mrn})
	}
	if !g.UsedUp() || g.Standing("2016-12-07") != "used_up" || !g.Split() {
		t.Errorf("not used up: %+v", g.Positions())
	}
}

// TestSharesOfOtherUnits: what is booked by weight is gone by volume and by pieces.
func TestSharesOfOtherUnits(t *testing.T) {
	g := book(t)
	run(&g, step{do: "reserve", mrn: mrnA, item: Item{Line: 1, Unit: Kilogram, Quantity: 2816 * Million}}) // half of 5,632
	if got := run(&g, step{do: "reserve", mrn: mrnB, item: cubic(1, 5_500_001)}); got != "05" {
		t.Errorf("more than the other half: %q", got)
	}
	if got := run(&g, step{do: "reserve", mrn: mrnB, item: Item{Line: 1, Unit: Piece, Quantity: 240 * Million}}); got != "" {
		t.Errorf("the other half in pieces: %q", got)
	}
	for _, p := range g.Positions()[:3] {
		if p.Available != 0 {
			t.Errorf("%s left of a full line: %+v", p.Available, p)
		}
	}
}

// TestPiecesElsewhereAreWhole: nobody reads of a third of a piece, and nothing is sold twice by
// rounding.
func TestPiecesElsewhereAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := book(t)
		run(&g, step{do: "reserve", mrn: mrnA, item: cubic(1, Quantity(rapid.Int64Range(1, 9_253_200).Draw(t, "volume")))})
		run(&g, step{do: "reserve", mrn: mrnB, item: Item{Line: 1, Unit: Piece, Quantity: Quantity(rapid.Int64Range(1, 480).Draw(t, "pieces")) * Million}})
		addsUp(t, g)
		p := g.Positions()[2]
		if p.Unit != Piece || p.Elsewhere%Million != 0 || p.Available%Million != 0 || p.Elsewhere == 0 {
			t.Fatalf("%+v", p)
		}
		if p.Available > 0 {
			if got := run(&g, step{do: "reserve", mrn: "26DK16RF3TDPZE7CR2", item: Item{Line: 1, Unit: Piece, Quantity: p.Available}}); got != "" {
				t.Fatalf("what is available, %s, is refused: %s", p.Available, got)
			}
			addsUp(t, g)
		}
	})
}

// TestPartsOfAPiece: nobody books a part of a piece any more, nor finds one. What was booked so in
// earlier days stays readable and can be released, and everything that is left is whole pieces.
func TestPartsOfAPiece(t *testing.T) {
	g := book(t)
	half := Item{Line: 1, Unit: Piece, Quantity: 3 * Million / 2}
	if got := run(&g, step{do: "reserve", mrn: mrnA, item: half}); got != CodeNotValidated || len(g.Movements) > 0 {
		t.Errorf("one and a half pieces: %q, %+v", got, g.Movements)
	}
	_, err := g.Licence.RecordCheck(customs, noon, PhysicalCheck{MRN: mrnA, Outcome: CheckQuantities, Date: DateOf(noon), Found: []Item{half}})
	if e, ok := err.(*Error); !ok || len(e.Boxes) != 1 || e.Boxes[0].Key != "clearance.pieces_whole" {
		t.Errorf("one and a half pieces are found: %v", err)
	}
	if got := run(&g, step{do: "reserve", mrn: mrnA, item: Item{Line: 2, Unit: Piece, Quantity: half.Quantity}}); got != CodeUnit {
		t.Errorf("of a line without pieces: %q", got)
	}
	g.Movements = []Movement{{Line: 1, MRN: mrnA, Office: "DK003103", Unit: Piece, Quantity: half.Quantity, Kind: MoveReserve}}
	run(&g, step{do: "reserve", mrn: mrnB, item: cubic(1, 1)})
	if p := g.Positions()[2]; p.Reserved != half.Quantity || p.Elsewhere%Million == 0 {
		t.Errorf("what was booked in earlier days: %+v", p)
	}
	g.Licence.Form.Goods[0].Volume, g.Licence.Form.Goods[0].Weight = "", ""
	if all := g.Everything(mrnB); len(all) == 0 || all[0].Unit != Piece || all[0].Quantity != 478*Million {
		t.Errorf("everything: %+v", all)
	}
	if got := run(&g, step{do: "release", mrn: mrnA}); got != OutcomeExecuted {
		t.Errorf("release: %q", got)
	}
}

func TestEverything(t *testing.T) {
	g := book(t)
	run(&g, step{do: "reserve", mrn: mrnB, item: Item{Line: 1, Unit: Piece, Quantity: 48 * Million}})
	moves, err := g.Reserve(customs, noon, Claim{MRN: mrnA, Office: "DK003103", Items: g.Everything(mrnA)})
	if err != nil || len(moves) != 2 || moves[0].Quantity != 8_900_000 || moves[1].Quantity != 3890*Million {
		t.Fatalf("%+v %v", moves, err)
	}
	g.Movements = append(g.Movements, moves...)
	if again, err := g.Reserve(customs, noon, Claim{MRN: mrnA, Office: "DK003103", Items: g.Everything(mrnA)}); err != nil || len(again) != 4 {
		t.Errorf("again: %+v %v", again, err)
	}
}

// TestTakeOver: what is taken over stands at the new office, item by item as it was.
func TestTakeOver(t *testing.T) {
	g := book(t)
	run(&g, step{do: "reserve", mrn: mrnA, item: cubic(1, Million)})
	out, err := g.TakeOver(customs, noon, mrnA, "DK005600")
	if err != nil || out.Code != "" || len(out.Movements) != 2 {
		t.Fatal(out, err)
	}
	g.Movements = append(g.Movements, out.Movements...)
	if d := g.Declarations()[0]; d.Office != "DK005600" || d.State != DeclarationReserved || d.Items[0].HS != "44072915" || d.Items[0].Office != "DK005600" {
		t.Errorf("%+v", d)
	}
	if _, err := g.TakeOver(customs, noon, mrnA, "DK005600"); KindOf(err) != Conflict {
		t.Errorf("twice: %v", err)
	}
}

// TestOnlyWhereItStands: another office moves nothing of a declaration, also not by asking for
// too much, before it has taken it over; and where it stood nothing is moved afterwards.
func TestOnlyWhereItStands(t *testing.T) {
	g := book(t)
	here, there := "DK003103", "DK005600"
	refused := func(office, key string) {
		t.Helper()
		moves, err := g.Reserve(customs, noon, Claim{MRN: mrnA, Office: office, Items: []Item{cubic(1, 9999*Million)}})
		released, err2 := g.Release(customs, noon, mrnA, office)
		deleted, err3 := g.Delete(customs, noon, mrnA, office)
		corrected, err4 := g.Correct(customs, noon, mrnA, office, "the wrong line")
		for what, err := range map[string]error{"reserve": err, "release": err2, "delete": err3, "correct": err4} {
			var e *Error
			if !errors.As(err, &e) || e.Kind != Refused {
				t.Errorf("%s at %s: %v", what, office, err)
			} else if what != "correct" && e.Key != key || what == "correct" && e.Key != "clearance.nothing_released" {
				t.Errorf("%s at %s: %s", what, office, e.Key)
			}
		}
		if len(moves)+len(released.Movements)+len(deleted.Movements)+len(corrected.Movements) != 0 {
			t.Errorf("something moved at %s", office)
		}
	}
	run(&g, step{do: "reserve", mrn: mrnA, item: cubic(1, Million)})
	refused(there, "clearance.stands_elsewhere")
	run(&g, step{do: "take over", mrn: mrnA})
	refused(here, "clearance.stands_elsewhere")
	run(&g, step{do: "release", mrn: mrnA})
	if _, err := g.Correct(customs, noon, mrnA, here, "the wrong line"); err == nil || err.(*Error).Key != "clearance.released_elsewhere" {
		t.Error(err)
	}
	run(&g, step{do: "correct", mrn: mrnA})
	moves, err := g.Reserve(customs, noon, Claim{MRN: mrnA, Office: here, Items: []Item{cubic(1, Million)}})
	if err != nil || len(moves) != 1 || moves[0].Office != here {
		t.Error("what stands nowhere is not booked anew:", moves, err)
	}
}

// TestNothingIsReleasedWhileHeld walks a hold through question, answer and lifting, and a
// physical check through both of its ends.
func TestNothingIsReleasedWhileHeld(t *testing.T) {
	g := book(t)
	officer := Actor{Account: "o", Role: RoleAuthority, Country: "DK"}
	do := func(_ Event, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	refused := func(want string) {
		t.Helper()
		_, err := g.Release(customs, noon, mrnA, "")
		if e, ok := err.(*Error); !ok || e.Key != want {
			t.Fatalf("%v, want %s", err, want)
		}
	}
	run(&g, step{do: "reserve", mrn: mrnA, item: cubic(1, Million)})
	if _, err := g.Licence.HoldShipment(customs, noon, "DK003103", " "); KindOf(err) != Invalid {
		t.Errorf("without a reason: %v", err)
	}
	do(g.Licence.HoldShipment(customs, noon, "DK003103", "the stamp looks odd"))
	if _, err := g.Licence.HoldShipment(customs, noon, "DK003103", "again"); KindOf(err) != Conflict {
		t.Errorf("held twice: %v", err)
	}
	refused("clearance.held")
	do(g.Licence.AnswerHold(officer, noon, "we ask Jakarta", false))
	refused("clearance.held")
	do(g.Licence.AnswerHold(officer, noon, "it is genuine", true))
	do(g.Licence.RecordCheck(customs, noon, PhysicalCheck{MRN: mrnA, Outcome: CheckNotConform, Remarks: "meranti", Date: "2016-12-06"}))
	refused("clearance.check_failed")
	do(g.Licence.RecordCheck(customs, noon, PhysicalCheck{MRN: mrnA, Outcome: CheckConform, Date: "2016-12-06"}))
	if got := run(&g, step{do: "release", mrn: mrnA}); got != "01" {
		t.Errorf("released: %q", got)
	}
	for name, c := range map[string]PhysicalCheck{
		"no outcome": {Date: "2016-12-06"}, "no day": {Outcome: CheckConform}, "in a week": {Outcome: CheckConform, Date: "2016-12-13"},
		"no words":            {Outcome: CheckNotConform, Date: "2016-12-06"},
		"no quantities":       {Outcome: CheckQuantities, Date: "2016-12-06"},
		"quantities, conform": {Outcome: CheckConform, Date: "2016-12-06", Found: []Item{{Line: 1, Unit: Piece, Quantity: 1}}},
		"the same twice":      {Outcome: CheckQuantities, Date: "2016-12-06", Found: []Item{{Line: 1, Unit: Piece, Quantity: 1}, {Line: 1, Unit: Piece, Quantity: 2}}},
		"a unit not there":    {Outcome: CheckQuantities, Date: "2016-12-06", Found: []Item{{Line: 2, Unit: Piece, Quantity: 1}}},
	} {
		if _, err := g.Licence.RecordCheck(customs, noon, c); KindOf(err) != Invalid {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLedgerProperties asks odd sequences of everything: the position of each line always
// adds up, no line is sold twice in any mixture of units, no earlier movement changes, more
// than one declaration is marked as such, and the log alone gives the same balances.
func TestLedgerProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		g := book(t)
		var log [][]byte
		mrns := []string{mrnA, mrnB, "26DK16RF3TDPZE7CR2"}
		units := []Unit{CubicMetre, Kilogram, Piece, "GRM", "TNE", "MTK", ""}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			s := step{do: rapid.SampledFrom([]string{"reserve", "reserve", "reserve", "release", "delete", "correct", "take over"}).Draw(t, "do"),
				mrn: rapid.SampledFrom(mrns).Draw(t, "mrn")}
			s.item = Item{Line: rapid.IntRange(1, 3).Draw(t, "line"), Unit: rapid.SampledFrom(units).Draw(t, "unit"),
				Quantity: Quantity(rapid.Int64Range(-1, 6000*Million).Draw(t, "quantity"))}
			if s.item.Unit == CubicMetre {
				s.item.Quantity /= 500
			}
			if s.item.Unit == Piece && rapid.Bool().Draw(t, "whole") {
				s.item.Quantity -= s.item.Quantity % Million
			}
			before := len(g.Movements)
			code := run(&g, s)
			if moves := g.Movements[before:]; len(moves) > 0 {
				text, err := json.Marshal(g.Booked(customs, noon, s.do, s.mrn, moves))
				if err != nil {
					t.Fatal(err)
				}
				log = append(log, text)
				if code != "" && code != CodeInsufficient && code != OutcomeExecuted {
					t.Fatalf("refused with %s, but something moved: %+v", code, moves)
				}
			}
			addsUp(t, g)
			standing := 0
			for _, d := range g.Declarations() {
				if d.State != DeclarationNone {
					standing++
				}
			}
			if g.Split() != (standing > 1) {
				t.Fatalf("split is %v with %d declarations", g.Split(), standing)
			}
		}
		again := book(t)
		again.Movements = replay(t, log)
		if want, got := fmt.Sprint(g.Positions(), g.Totals(), g.UsedUp()), fmt.Sprint(again.Positions(), again.Totals(), again.UsedUp()); want != got {
			t.Fatalf("the log gives %s, the ledger has %s", got, want)
		}
	})
}

func addsUp(t *rapid.T, g Ledger) {
	byLine := map[int]float64{}
	for _, p := range append(g.Positions(), g.Totals()...) {
		if p.Available+p.Reserved+p.Consumed+p.Elsewhere != p.Limit || min(p.Available, p.Reserved, p.Consumed, p.Elsewhere) < 0 {
			t.Fatalf("does not add up: %+v", p)
		}
		byLine[p.Line] += float64(p.Reserved+p.Consumed) / float64(p.Limit)
	}
	for line, share := range byLine {
		if line > 0 && share > 1.000001 {
			t.Fatalf("line %d is sold %f times", line, share)
		}
	}
}

// replay reads movements back from the events, as verify does.
func replay(t *rapid.T, log [][]byte) (out []Movement) {
	for _, text := range log {
		var e Event
		if err := json.Unmarshal(text, &e); err != nil {
			t.Fatal(err)
		}
		for _, x := range e.Data["movements"].([]any) {
			m := x.(map[string]any)
			q, err := ParseQuantity(m["quantity"].(string))
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, Movement{Line: int(m["line"].(float64)), MRN: e.Data["mrn"].(string), Unit: Unit(m["unit"].(string)), Quantity: q, Kind: MovementKind(m["kind"].(string))})
		}
	}
	return out
}
