package e2e

import (
	"bytes"
	"context"
	"fmt"
	"mime/multipart"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// manyLicences is a table of n licences with two goods lines each, for the Dutch operator of
// the demonstration; serial makes their numbers other ones than those of other tables.
func manyLicences(serial, n int) []byte {
	issued, expires := time.Now().AddDate(0, 0, -10), time.Now().AddDate(0, 2, 0)
	var b bytes.Buffer
	b.WriteString("number;invoice;issued;expires;export;issuing_body.name;importer.name;licensee.name;transport;issue_place;bill_of_lading;containers;office;description;hs;common;scientific;harvest;volume;weight;units\r\n")
	for i := range n {
		number := fmt.Sprintf("%s.%05d-%05d.001-ID-NL", issued.Format("06"), 10_000+serial, i)
		fmt.Fprintf(&b, "%s;JGL-%d;%s;%s;Indonesia;PT Mutuagung Lestari;Van der Berg;CV Jepara Garden Living;By sea;Depok;MAEU%d%05d;;;Teak garden chair;4407.29;Jati;Tectona grandis;ID;8,412;5120;480\r\n",
			number, i, issued.Format("02.01.2006"), expires.Format("02.01.2006"), serial, i)
		fmt.Fprintf(&b, "%s;;;;;;;;;;;;;Teak garden table;4407.29;Jati;Tectona grandis;ID;4,2;2600;60\r\n", number)
	}
	return b.Bytes()
}

// uploads sends a table and gives the address of its page.
func (c *caller) uploads(tb testing.TB, table []byte) string {
	tb.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "licences.csv")
	if err == nil {
		_, err = part.Write(table)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		tb.Fatal(err)
	}
	page, at, err := c.read(c.client.Post(c.base+"/licences/import", w.FormDataContentType(), &body))
	if err != nil || !strings.HasPrefix(at.Path, "/imports/") {
		tb.Fatalf("%v %s %s", err, at, page)
	}
	return at.Path
}

var progressBar = regexp.MustCompile(`<progress[^>]* max="(\d+)" value="(\d+)"`)

// waits asks for a table's page until it shows what is wanted, and gives it.
func (c *caller) waits(tb testing.TB, path string, wanted func(page string, done int) bool) string {
	tb.Helper()
	for until := time.Now().Add(10 * patience); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		page, _, err := c.get(path)
		if err != nil {
			tb.Fatal(err)
		}
		done := 0
		if m := progressBar.FindSubmatch(page); m != nil {
			done, _ = strconv.Atoi(string(m[2]))
		}
		if wanted(string(page), done) {
			return string(page)
		}
	}
	tb.Fatalf("%s does not come to an end", path)
	return ""
}

// idle says whether nothing goes on with a table.
func idle(page string, _ int) bool { return !strings.Contains(page, `data-of-bulk="working"`) }

// draftsOnRecord counts the drafts in a registry whose program was stopped.
func (p *program) draftsOnRecord(serial int) (n int) {
	p.t.Helper()
	db, err := store.Open(context.Background(), store.Options{Dir: p.Dir})
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	err = db.View(context.Background(), func(tx *store.Tx) error {
		return tx.EachLicence(func(l flegt.Licence) error {
			if strings.Contains(l.Form.Number, fmt.Sprintf(".%05d-", 10_000+serial)) {
				n++
			}
			return nil
		})
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return n
}

// TestAnImportSurvivesPullingThePlug: the program is killed in the middle of an import; after
// the next start the import goes on by itself to its end, and no licence is made twice.
func TestAnImportSurvivesPullingThePlug(t *testing.T) {
	const total = 6000
	p := startProgram(t, "demo")
	importer := sign(t, p.Base, p.demo().person(t, "operator", "NL"))
	at := importer.uploads(t, manyLicences(1, total))
	importer.waits(t, at, idle)
	if _, _, err := importer.post(at+"/start", nil, nil); err != nil {
		t.Fatal(err)
	}
	importer.waits(t, at, func(page string, done int) bool { return done > 0 || idle(page, done) })
	p.pull()
	if n := p.draftsOnRecord(1); n == 0 || n >= total {
		t.Fatalf("%d drafts when the plug was pulled: not in the middle", n)
	}
	p.args[0] = "serve"
	p.start()
	page := importer.waits(t, at, idle)
	if want := "Draft made (6,000)"; !strings.Contains(page, want) {
		t.Errorf("the page does not say %q: %s", want, page)
	}
	p.stop()
	if n := p.draftsOnRecord(1); n != total {
		t.Errorf("%d drafts", n)
	}
}

// BenchmarkImport measures an import from another process, over HTTP, as a person makes it:
// the file is sent and checked, then imported until the page says that it is done. What is on
// record afterwards is counted, and the registry verified.
func BenchmarkImport(b *testing.B) {
	const total = 8000
	p := startProgram(b, "demo")
	importer := sign(b, p.Base, p.demo().person(b, "operator", "NL"))
	p.stop()
	p.args[0] = "serve"
	p.start()
	var checking, importing time.Duration
	serial := 0
	for b.Loop() {
		serial++
		table := manyLicences(serial, total)
		began := time.Now()
		at := importer.uploads(b, table)
		importer.waits(b, at, idle)
		checked := time.Now()
		if _, _, err := importer.read(importer.client.Post(importer.base+at+"/start", "application/x-www-form-urlencoded", http.NoBody)); err != nil {
			b.Fatal(err)
		}
		page := importer.waits(b, at, idle)
		checking, importing = checking+checked.Sub(began), importing+time.Since(checked)
		if !strings.Contains(page, "Draft made (8,000)") {
			b.Fatal(page)
		}
	}
	made := float64(total * b.N)
	b.ReportMetric(made/checking.Seconds(), "read-and-checked/s")
	b.ReportMetric(made/importing.Seconds(), "imported/s")
	b.ReportMetric(made/(checking+importing).Seconds(), "licences/s")
	p.stop()
	for n := 1; n <= serial; n++ {
		if got := p.draftsOnRecord(n); got != total {
			b.Fatalf("%d drafts of %d", got, total)
		}
	}
}
