package e2e

import (
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // for making a database
	"github.com/openflegt/openflegt/internal/store"
)

// reachEnv says how many licences the benchmarks below are measured with. reachDirEnv is a
// folder in which they are kept: where it holds a filled registry on SQLite that is measured
// again, and it is left to "openflegt verify" to read it over.
const (
	reachEnv    = "OPENFLEGT_REACH"
	reachDirEnv = "OPENFLEGT_REACH_DIR"
)

// reachOperator has two fifths of the licences.
const reachOperator = "Fyns Trælast"

// reach is the built program with a full registry and people who have signed in.
type reach struct {
	*program
	licences                            int
	database                            string // empty: SQLite
	importer, officer, customs, support *caller
	issuing                             *caller      // of the licensing authority
	fresh                               atomic.Int64 // numbers of licences and declarations not yet used
}

// BenchmarkReach measures the built program from another process, over HTTP, with 100,000
// licences or as many as OPENFLEGT_REACH says. On PostgreSQL it is measured too where
// OPENFLEGT_TEST_POSTGRES names a cluster (scripts/postgres.sh). In the end the whole
// registry is verified.
func BenchmarkReach(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { measureReach(b, "") })
	if cluster := os.Getenv("OPENFLEGT_TEST_POSTGRES"); cluster != "" {
		b.Run("postgres", func(b *testing.B) { measureReach(b, newDatabase(b, cluster)) })
	}
}

func measureReach(b *testing.B, database string) {
	r := openReach(b, database)
	b.Run("start", r.measureStart)
	r.measureMemory(b, "memory-idle")
	r.measureLists(b)
	r.measurePages(b)
	r.measureChanges(b)
	r.measureCrowd(b)
	r.measureMemory(b, "memory-after")
	r.measurePrograms(b)
}

// openReach lets people sign in by the demonstration's links, fills the registry, and starts
// the program as it is run in service; their sessions go on.
func openReach(b *testing.B, database string) *reach {
	r := &reach{licences: 100_000, database: database}
	if text := os.Getenv(reachEnv); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1000 {
			b.Fatalf("%s=%s: a number of licences from 1000", reachEnv, text)
		}
		r.licences = n
	}
	r.fresh.Store(10_000_000 + time.Now().UnixMilli()%1_000_000_000) // those below belong to what it is filled with
	var where []string
	if database != "" {
		where = []string{"--database", database}
	}
	kept := os.Getenv(reachDirEnv)
	if kept != "" && database == "" {
		r.program = startProgramIn(b, kept, "demo")
	} else {
		kept = ""
		r.program = startProgram(b, "demo", where...)
	}
	d := r.demo()
	r.importer, r.officer = sign(b, r.Base, d.person(b, "operator", "DK")), sign(b, r.Base, d.person(b, "competent_authority", "DK"))
	r.customs, r.support = sign(b, r.Base, d.person(b, "customs", "DK")), sign(b, r.Base, d.person(b, "support", ""))
	r.issuing = sign(b, r.Base, d.person(b, "licensing_authority", "ID"))
	r.stop()
	if kept == "" || !filled(b, kept, r.licences) {
		began := time.Now()
		seed(b, store.Options{Dir: r.Dir, Database: database}, r.licences, 2000)
		b.Logf("%d licences written in %s", r.licences, time.Since(began).Round(time.Second))
		if err := os.WriteFile(filepath.Join(r.Dir, "filled"), []byte(strconv.Itoa(r.licences)), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	r.args[0] = "serve"
	r.start()
	return r
}

// filled says whether a kept folder holds the licences already.
func filled(b *testing.B, dir string, n int) bool {
	said, err := os.ReadFile(filepath.Join(dir, "filled"))
	if err == nil && string(said) != strconv.Itoa(n) {
		b.Fatalf("%s holds %s licences, not %d", dir, said, n)
	}
	return err == nil
}

// newDatabase makes a database that goes with the benchmark.
func newDatabase(b *testing.B, cluster string) string {
	u, err := url.Parse(cluster)
	if err != nil {
		b.Fatal(err)
	}
	admin, err := sql.Open("pgx", cluster)
	if err != nil {
		b.Fatal(err)
	}
	name := fmt.Sprintf("openflegt_reach_%d", rand.Uint64())
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if _, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			b.Error(err)
		}
		admin.Close()
	})
	u.Path = "/" + name
	return u.String()
}

// measureStart stops the program and measures how long it takes from its start until the
// first page is there.
func (r *reach) measureStart(b *testing.B) {
	anybody := sign(b, r.Base, demoPerson{})
	for b.Loop() {
		b.StopTimer()
		anybody.client.CloseIdleConnections()
		r.stop()
		b.StartTimer()
		r.start()
		if _, _, err := anybody.get("/"); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(milliseconds(b.Elapsed())/float64(b.N), "first-page-ms")
}

func (r *reach) measureMemory(b *testing.B, name string) {
	b.Run(name, func(b *testing.B) {
		for b.Loop() {
			r.residentMemory()
		}
		b.ReportMetric(float64(r.residentMemory())/(1<<20), "MB")
	})
}

// at is always the same page.
func at(path string) func() string { return func() string { return path } }

func (r *reach) measureLists(b *testing.B) {
	country, issued := "DK", time.Now().AddDate(0, 0, -20)
	own := reachNumber(r.licences-5, country, issued) // i%5 == 0 is the first operator's
	deep := min(r.licences*2/5, 1000) / licencesPerPage
	notAll := "" // of a small registry all licences under a word are searched
	if r.licences >= 100_000 {
		notAll = "whole=1"
	}
	for _, list := range []struct {
		name, path, holds string
		who               *caller
	}{
		{"licences/first", "/licences", "/licences/reach-", r.importer},
		{"licences/deep", fmt.Sprint("/licences?page=", deep), "/licences/reach-", r.importer},
		{"licences/by-number", "/licences?q=" + own, own, r.importer},
		{"licences/by-word", "/licences?q=jepara", "Jepara", r.importer},
		{"licences/by-words", "/licences?q=jati+abadi+jepara", "", r.importer},
		{"licences/by-everybodys-word", "/licences?q=fyns", "/licences/reach-", r.importer},
		{"licences/by-seldom-words", "/licences?q=jepara+semarang", notAll, r.importer},
		{"licences/by-state", "/licences?state=accepted", "/licences/reach-", r.importer},
		{"licences/by-number-order", "/licences?sort=number", "/licences/reach-", r.importer},
		{"licences/by-submission", "/licences?sort=submitted", "/licences/reach-", r.importer},
		{"licences/by-expiry", "/licences?sort=expires", "/licences/reach-", r.importer},
		{"licences/by-state-and-expiry", "/licences?state=accepted&sort=expires", "/licences/reach-", r.importer},
		{"licences/of-country", "/licences", "/licences/reach-", r.officer},
		{"licences/of-country-by-word", "/licences?q=jepara&sort=expires", "Jepara", r.officer},
		{"licences/all", "/licences", "/licences/reach-", r.support},
		{"licences/all-by-expiry", "/licences?sort=expires", "/licences/reach-", r.support},
		{"desk", "/desk", "/desk/", r.officer},
		{"desk/mine", "/desk?part=mine", "", r.officer},
		{"desk/by-arrival", "/desk?sort=arrival", "/desk/", r.officer},
		{"desk/decided", "/desk?part=decided", "/desk/", r.officer},
		{"desk/by-exporter", "/desk?exporter=jepara", "/desk/", r.officer},
		{"desk/by-names", "/desk?exporter=jepara&importer=fyns", "/desk/", r.officer},
		{"desk/by-heading", "/desk?heading=9403", "/desk/", r.officer},
		{"desk/decided-by-exporter", "/desk?part=decided&exporter=jepara", "/desk/", r.officer},
		{"desk/by-nobodys-name", "/desk?exporter=nobody", "", r.officer},
		{"desk/arrivals", "/desk/arrivals", "", r.officer},
		{"desk/fees", "/desk/fees", "", r.officer},
		{"customs/expected", "/customs/expected", "/customs/", r.customs},
		{"customs/expected-over", "/customs/expected?standing=used_up", "", r.customs},
		{"customs/expected-by-word", "/customs/expected?q=jepara", "", r.customs},
		{"customs/expected-at-office", "/customs/expected?office=DK003103", "/customs/", r.customs},
		{"customs/expired", "/customs/expected?standing=expired", "/customs/", r.customs},
		{"customs/expired-by-word", "/customs/expected?standing=expired&q=jepara", "", r.customs},
		{"issuing/licences", "/licences", "/licences/reach-", r.issuing},
		{"issuing/licences-by-word", "/licences?q=jepara", "", r.issuing},
		{"issuing/licences-by-state", "/licences?state=rejected", "/licences/reach-", r.issuing},
		{"home", "/", "", r.importer},
		{"home/of-officer", "/", "", r.officer},
		{"imports", "/licences/import", "", r.importer},
		{"questions", "/questions", "", r.officer},
		{"specimens", "/specimens", "", r.officer},
		{"hooks", "/account/webhooks", "", r.importer},
		{"notices", "/notices", "", r.importer},
		{"support/letters", "/support/letters", "", r.support},
		{"support/mails", "/support/mails", "", r.support},
		{"support/requests", "/support/requests", "/support/requests/", r.support},
		{"support/requests-without-mail", "/support/requests?status=requested&mail=none", "/support/requests/", r.support},
	} {
		b.Run(list.name, func(b *testing.B) { load(b, 1, list.who.opens(list.holds, at(list.path))) })
	}
}

// licencesPerPage is how many licences a list shows at a time.
const licencesPerPage = 25

// some goes through the first operator's newest licences in a state.
func (r *reach) some(state string) func() string {
	i := r.licences
	return func() string {
		for {
			if i--; i < r.licences*9/10 {
				i = r.licences - 1
			}
			if i%5 < 2 && string(reachState(i)) == state {
				return fmt.Sprintf("reach-%08d", i)
			}
		}
	}
}

func (r *reach) measurePages(b *testing.B) {
	accepted, waiting := r.some("accepted"), r.some("submitted")
	b.Run("licence", func(b *testing.B) {
		load(b, 1, r.importer.opens("Tectona grandis", func() string { return "/licences/" + accepted() }))
	})
	b.Run("licence/of-issuing", func(b *testing.B) {
		load(b, 1, r.issuing.opens("Tectona grandis", func() string { return "/licences/" + accepted() }))
	})
	b.Run("customs/case", func(b *testing.B) {
		load(b, 1, r.customs.opens("Tectona grandis", func() string { return "/customs/" + accepted() }))
	})
	b.Run("desk/case", func(b *testing.B) {
		load(b, 1, r.officer.opens("Mutuagung", func() string { return "/desk/" + waiting() }))
	})
	number := reachNumber(r.licences-5, "DK", time.Now().AddDate(0, 0, -20))
	b.Run("customs/look-up", func(b *testing.B) { load(b, 1, r.customs.opens(number, at("/customs?number="+number))) })
}

func (r *reach) measureChanges(b *testing.B) {
	number := func() string {
		n := r.fresh.Add(1)
		return fmt.Sprintf("%s.%05d-%05d.001-ID-DK", time.Now().Format("06"), 90000-n/100_000%80000, n%100_000)
	}
	mrn := func() string { return reachMRN(time.Now(), "DK", int(r.fresh.Add(1))) }
	accepted := r.some("accepted")
	b.Run("submit", func(b *testing.B) { load(b, 1, r.importer.submits(number)) })
	b.Run("submit/8-at-once", func(b *testing.B) { load(b, 8, r.importer.submits(number)) })
	b.Run("book-and-release", func(b *testing.B) { load(b, 1, r.customs.clears(accepted, mrn)) })
}

// measureCrowd lets many look at once.
func (r *reach) measureCrowd(b *testing.B) {
	b.Run("licences/8-at-once", func(b *testing.B) { load(b, 8, r.importer.opens("/licences/", at("/licences"))) })
	b.Run("landing/8-at-once", func(b *testing.B) { load(b, 8, sign(b, r.Base, demoPerson{}).opens("OpenFLEGT", at("/"))) })
}
