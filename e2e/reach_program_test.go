package e2e

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// programCallers are how many connections of programs ask at once.
const programCallers = 128

// counterpart is customs' program: its token, and the licences it asks about.
type counterpart struct {
	*reach
	token    string
	licences []flegt.Licence
	next     atomic.Int64 // numbers of declarations and keys not yet used
}

// measurePrograms measures the interface for programs: a program of customs looks up and
// books under all of Denmark's licences that can be cleared, in turn, from many connections
// that stay open. Afterwards the log is read: every answer has its event, and every booking
// its movement.
func (r *reach) measurePrograms(b *testing.B) {
	b.Run("program", func(b *testing.B) {
		c := r.counterpart(b)
		b.Run("whoami", func(b *testing.B) {
			c.measure(b, func(w *wire, _ int64) { w.out = fmt.Appendf(w.out[:0], whoamiRequest, c.token) })
		})
		b.Run("look-up", func(b *testing.B) { c.onRecord(b, c.measure(b, c.looks), "looked_up") })
		b.Run("reserve", func(b *testing.B) {
			a := c.measure(b, c.books)
			c.untilTold(b)
			c.onRecord(b, a, "booked")
		})
		b.Run("nothing", measureNothing)
	})
}

// Requests as programs send them.
const (
	whoamiRequest = "GET /api/v1/whoami HTTP/1.1\r\nHost: flegt.test\r\nAuthorization: Bearer %s\r\nAccept: application/json\r\n\r\n"
	lookRequest   = "GET /api/v1/licences/%s/quantities HTTP/1.1\r\nHost: flegt.test\r\nAuthorization: Bearer %s\r\nAccept: application/json\r\n\r\n"
	bookRequest   = "PUT /api/v1/licences/%s/declarations/%s/reservation HTTP/1.1\r\nHost: flegt.test\r\nAuthorization: Bearer %s\r\nAccept: application/json\r\n" +
		"Idempotency-Key: reach-%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
	bookBody = `{"office":"DK003103","destination":"DK","items":[{"line":1,"unit":"H87","quantity":"1"}]}`
)

func (c *counterpart) about(n int64) flegt.Licence { return c.licences[int(n)%len(c.licences)] }

func (c *counterpart) looks(w *wire, n int64) {
	w.out = fmt.Appendf(w.out[:0], lookRequest, c.about(n).Form.Number, c.token)
}

func (c *counterpart) books(w *wire, n int64) {
	w.out = fmt.Appendf(w.out[:0], bookRequest, c.about(n).Form.Number, c.mrn(n), c.token, n, len(bookBody), bookBody)
}

func (c *counterpart) mrn(n int64) string { return reachMRN(time.Now(), "DK", int(n)) }

// counterpart starts the program anew without a limit on requests and with its log in a
// file, as it is run in service, and makes customs' token on the page for it.
func (r *reach) counterpart(b *testing.B) *counterpart {
	r.stop()
	c := &counterpart{reach: r}
	r.look(b, func(tx *store.Tx) error {
		return tx.EachLicence(func(l flegt.Licence) error {
			if l.ImportCountry == "DK" && l.Clearable() == nil && strings.HasPrefix(l.ID, "reach-") {
				c.licences = append(c.licences, l)
			}
			return nil
		})
	})
	c.next.Store(programsFirst(time.Now()))
	r.args = append(r.args, "--api-rate=-1", "--log-level=info")
	r.logFile = filepath.Join(r.Dir, "reach.log")
	r.start()
	page, _, err := r.customs.get("/account/tokens")
	if err != nil {
		b.Fatal(err)
	}
	for _, old := range revokeToken.FindAllString(string(page), -1) { // of earlier runs on a kept folder: an account has 50 at most
		if _, _, err := r.customs.read(r.customs.client.PostForm(r.Base+old, nil)); err != nil {
			b.Fatal(err)
		}
	}
	page, _, err = r.customs.read(r.customs.client.PostForm(r.Base+"/account/tokens", url.Values{"name": {"Customs' program"}, "kind": {"token"},
		"scopes": {string(flegt.ScopeCustomsRead), string(flegt.ScopeCustomsWrite)}, "expires": {time.Now().AddDate(0, 1, 0).Format(time.DateOnly)}}))
	if err != nil {
		b.Fatal(err)
	}
	if c.token = string(secretOfToken.Find(page)); c.token == "" {
		b.Fatalf("no token was made: %s", page)
	}
	return c
}

var (
	secretOfToken = regexp.MustCompile(`oflegt_[\w-]{43}`)
	revokeToken   = regexp.MustCompile(`/account/tokens/[\w-]+/revoke`)
)

// programsFirst is the first number of declarations and keys that a run begun at a moment uses:
// it rises by 100,000 a second, which is more than anybody asks, so that a later run on a kept
// folder uses none that an earlier one did. A declaration's number has room for thirteen digits;
// those below two thousand million belong to the people and to what the registry was filled with.
func programsFirst(at time.Time) int64 {
	return 2_000_000_000 + at.UnixMicro()/10%9_000_000_000_000
}

// look reads the registry beside the running program.
func (r *reach) look(b *testing.B, fn func(*store.Tx) error) {
	b.Helper()
	db, err := store.Open(context.Background(), store.Options{Dir: r.Dir, Database: r.database})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if err := db.View(context.Background(), fn); err != nil {
		b.Fatal(err)
	}
}

// asked is what was asked and answered: requests from a number on, and the log before them.
type asked struct {
	first int64
	seq   int64
}

// measure lets the connections ask b.N times in all. It also reports what processor time a
// request takes of the program and of those who ask: on a busy machine the time that passes
// says little.
func (c *counterpart) measure(b *testing.B, ask func(w *wire, n int64)) asked {
	var before int64
	c.look(b, func(tx *store.Tx) (err error) { before, err = tx.Head(); return err })
	first := c.next.Add(int64(b.N)) - int64(b.N)
	fire(b, strings.TrimPrefix(c.Base, "http://"), c.cmd.Process.Pid, func(w *wire, i int) { ask(w, first+int64(i)) })
	return asked{first, before}
}

// untilTold waits until those concerned are told of everything, and reports how long it took
// after the last answer and what processor time it took of the program, for each of b.N.
func (c *counterpart) untilTold(b *testing.B) {
	b.Helper()
	began, before := time.Now(), processorTime(b, c.cmd.Process.Pid)
	db, err := store.Open(context.Background(), store.Options{Dir: c.Dir, Database: c.database})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	for told := false; !told; time.Sleep(20 * time.Millisecond) {
		if time.Since(began) > patience {
			b.Fatal("nobody is told")
		}
		err := db.View(context.Background(), func(tx *store.Tx) error {
			mark, err := tx.Followed("notice")
			if err != nil {
				return err
			}
			head, err := tx.Head()
			told = mark >= head
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(time.Since(began).Seconds(), "told-s")
	b.ReportMetric(float64((processorTime(b, c.cmd.Process.Pid)-before).Microseconds())/float64(b.N), "told-cpu-µs")
}

// fire opens the connections and lets them ask b.N times in all.
func fire(b *testing.B, address string, pid int, ask func(w *wire, i int)) {
	b.Helper()
	wires := make([]*wire, programCallers)
	for i := range wires {
		var err error
		if wires[i], err = dial(address); err != nil {
			b.Fatal(err)
		}
		defer wires[i].conn.Close()
	}
	calm(b)
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1)) // one thread asks, the program has the others
	program, callers := processorTime(b, pid), processorTime(b, os.Getpid())
	largest.Store(0)
	took := volley(b, wires, ask)
	b.ReportMetric(float64((processorTime(b, pid)-program).Microseconds())/float64(b.N), "program-cpu-µs")
	b.ReportMetric(float64((processorTime(b, os.Getpid())-callers).Microseconds())/float64(b.N), "callers-cpu-µs")
	report(b, took)
}

// onRecord wants exactly one event of the verb for every answer, about its licence, and of a
// booking its declaration and its movement.
func (c *counterpart) onRecord(b *testing.B, a asked, verb string) {
	b.Helper()
	if b.Failed() {
		return
	}
	missing := map[string]int{}
	for n := a.first; n < a.first+int64(b.N); n++ {
		missing[c.trace(verb, c.about(n).ID, c.mrn(n))]++
	}
	c.look(b, func(tx *store.Tx) error {
		for {
			page, err := tx.EventsSince(a.seq, 5000)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, e := range page {
				if a.seq++; e.Seq != a.seq {
					b.Errorf("event %d stands where %d should", e.Seq, a.seq)
				}
				if e.Verb != verb {
					continue
				}
				mrn, _ := e.Data["mrn"].(string)
				missing[c.trace(verb, e.NounID, mrn)]--
				if verb != "booked" {
					continue
				}
				if moves, err := tx.MovementsOf(mrn); err != nil || len(moves) != 1 || moves[0].Seq != e.Seq || moves[0].Licence != e.NounID {
					b.Errorf("%s moved %v, %v", mrn, moves, err)
				}
			}
		}
	})
	for what, n := range missing {
		if n != 0 {
			b.Errorf("%s: %d answers without an event", what, n)
		}
	}
}

// trace is what an answer and its event have in common.
func (c *counterpart) trace(verb, licence, mrn string) string {
	if verb != "booked" {
		mrn = ""
	}
	return licence + " " + mrn
}
