package e2e

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// caller is somebody who has signed in and keeps connections open, as browsers do.
type caller struct {
	client *http.Client
	base   string
}

// sign gives a caller for a person of the demonstration.
func sign(tb testing.TB, base string, who demoPerson) *caller {
	tb.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		tb.Fatal(err)
	}
	c := &caller{base: base, client: &http.Client{Jar: jar, Timeout: patience, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	if who.SignInURL != "" {
		if _, _, err := c.get(strings.TrimPrefix(who.SignInURL, base)); err != nil {
			tb.Fatal(err)
		}
	}
	return c
}

func (c *caller) get(path string) (page []byte, at *url.URL, err error) {
	return c.read(c.client.Get(c.base + path))
}

func (c *caller) read(answer *http.Response, err error) ([]byte, *url.URL, error) {
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	page, err := io.ReadAll(answer.Body)
	if err == nil && answer.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", answer.Request.URL, answer.Status)
	}
	return page, answer.Request.URL, err
}

// post sends a form with fields in pairs, and a scan when there is one.
func (c *caller) post(path string, fields map[string]string, scan []byte) ([]byte, *url.URL, error) {
	if scan == nil {
		form := url.Values{}
		for k, v := range fields {
			form.Set(k, v)
		}
		return c.read(c.client.PostForm(c.base+path, form))
	}
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for k, v := range fields {
		if err := w.WriteField(k, v); err != nil {
			return nil, nil, err
		}
	}
	part, err := w.CreateFormFile("scan", "licence.pdf")
	if err != nil {
		return nil, nil, err
	}
	if _, err := part.Write(scan); err != nil {
		return nil, nil, err
	}
	if err := w.Close(); err != nil {
		return nil, nil, err
	}
	return c.read(c.client.Post(c.base+path, w.FormDataContentType(), &body))
}

// load lets so many callers at once do something b.N times in all, and reports the median,
// the slowest hundredth and how many were done in a second.
func load(b *testing.B, callers int, do func() error) {
	b.Helper()
	report(b, loadBy(b, callers, func(int, int) error { return do() }))
}

// loadBy lets so many callers at once do something b.N times in all, who know which caller they
// are and how often was done before, and gives how long each took.
func loadBy(b *testing.B, callers int, do func(caller, i int) error) []time.Duration {
	b.Helper()
	took := make([]time.Duration, b.N)
	largest.Store(0)
	var next atomic.Int64
	var all sync.WaitGroup
	b.ResetTimer()
	for caller := range callers {
		all.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= b.N {
					return
				}
				began := time.Now()
				if err := do(caller, i); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(began)
			}
		})
	}
	all.Wait()
	b.StopTimer()
	return took
}

// report tells the median, the slowest hundredth, how many were done in a second, and the size of
// the largest page.
func report(b *testing.B, took []time.Duration) {
	b.Helper()
	slices.Sort(took)
	b.ReportMetric(milliseconds(took[len(took)/2]), "p50-ms")
	b.ReportMetric(milliseconds(took[len(took)*99/100]), "p99-ms")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "done/s")
	if size := largest.Load(); size > 0 {
		b.ReportMetric(float64(size)/1000, "page-kB")
	}
}

// largest is the size in bytes of the largest page opened by the load under way, as it is
// before it is compressed.
var largest atomic.Int64

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// opens is a page opened again and again. It must hold a text, so that an empty list or a
// refusal is not taken for speed.
func (c *caller) opens(holds string, path func() string) func() error {
	return func() error {
		at := path()
		page, _, err := c.get(at)
		for was := largest.Load(); int64(len(page)) > was && !largest.CompareAndSwap(was, int64(len(page))); {
			was = largest.Load()
		}
		if err == nil && !bytes.Contains(page, []byte(holds)) {
			err = fmt.Errorf("%s does not say %q", at, holds)
		}
		return err
	}
}

var versionField = regexp.MustCompile(`name="version" value="(\d+)"`)

// submits enters a licence as a person does: save a draft with its scan, then submit it.
func (c *caller) submits(number func() string) func() error {
	issued, expires := time.Now().AddDate(0, 0, -20).Format(time.DateOnly), time.Now().AddDate(0, 3, 0).Format(time.DateOnly)
	return func() error {
		n := number()
		fields := map[string]string{"do": "save", "number": n, "export": "ID", "issuing_body.name": "PT Mutuagung Lestari", "importer.name": "Fyns Trælast A/S",
			"expires": expires, "issued": issued, "transport": "By sea", "licensee.name": "CV Jepara Garden Living", "goods.0.description": "Teak garden chair",
			"goods.0.hs": "4407.29", "goods.0.species.0.common": "Jati", "goods.0.species.0.scientific": "Tectona grandis", "goods.0.harvest": "ID",
			"goods.0.volume": "8.412", "goods.0.weight": "5120", "goods.0.units": "480", "invoice": "JGL-1", "issue_place": "Depok", "import_country": "DK"}
		page, at, err := c.post("/licences/new", fields, []byte("%PDF-1.4\n% "+n+"\n"+strings.Repeat("licence ", 2000)+"\n%%EOF\n"))
		if err != nil {
			return err
		}
		version := versionField.FindSubmatch(page)
		if version == nil {
			return fmt.Errorf("the draft's page %s has no version", at)
		}
		fields["do"], fields["version"] = "submit", string(version[1])
		_, at, err = c.post(at.Path, fields, nil)
		if err == nil && strings.HasSuffix(at.Path, "/edit") {
			err = fmt.Errorf("%s was not submitted", n)
		}
		return err
	}
}

// clears books a piece under a licence and releases it.
func (c *caller) clears(licence, mrn func() string) func() error {
	return func() error {
		at, declaration := "/customs/"+licence(), mrn()
		page, _, err := c.post(at+"/book", map[string]string{"mrn": declaration, "office": "DK003103", "quantity.1.H87": "1"}, nil)
		if err == nil && !bytes.Contains(page, []byte(declaration)) {
			err = fmt.Errorf("%s was not booked under %s", declaration, at)
		}
		if err != nil {
			return err
		}
		_, _, err = c.post(at+"/declarations/"+declaration+"/release", nil, nil)
		return err
	}
}
