package e2e

import (
	"bytes"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"testing"
)

// BenchmarkScanMemory is a PDF of 50 MB and 200 pages that is uploaded and paged through to
// its end, as the viewer asks for it, in pieces of 64 kB. It reports by how much the
// resident memory of the built program grew, in MB; b.N uploads go to one program.
func BenchmarkScanMemory(b *testing.B) {
	scan := manyPagesPDF(200)
	p := startProgram(b, "demo")
	jar, err := cookiejar.New(nil)
	if err != nil {
		b.Fatal(err)
	}
	client := &http.Client{Jar: jar}
	fetched(b, client, p.demo().person(b, "operator", "DK").SignInURL, "")
	before, most := p.residentMemory(), int64(0)
	for b.Loop() {
		page := uploadScan(b, client, p.Base+"/licences/new", scan)
		at := scanAddress.FindString(page)
		if at == "" {
			b.Fatal("the scan is not on the form")
		}
		most = max(most, p.residentMemory())
		const piece = 64 << 10
		for from := 0; from < len(scan); from += piece {
			got := fetched(b, client, p.Base+at, fmt.Sprintf("bytes=%d-%d", from, min(from+piece, len(scan))-1))
			if got != string(scan[from:min(from+piece, len(scan))]) {
				b.Fatalf("the piece from byte %d is another", from)
			}
		}
		most = max(most, p.residentMemory())
	}
	b.ReportMetric(float64(most-before)/(1<<20), "MB-grown")
}

// uploadScan saves a new licence with a scan and gives the page that answers.
func uploadScan(b *testing.B, client *http.Client, address string, scan []byte) string {
	b.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	err := form.WriteField("do", "save")
	if err != nil {
		b.Fatal(err)
	}
	part, err := form.CreateFormFile("scan", "large.pdf")
	if err != nil {
		b.Fatal(err)
	}
	if _, err = part.Write(scan); err != nil {
		b.Fatal(err)
	}
	if err = form.Close(); err != nil {
		b.Fatal(err)
	}
	answer, err := client.Post(address, form.FormDataContentType(), &body)
	return whole(b, answer, err)
}

// fetched gives what stands at an address, or a range of it.
func fetched(b *testing.B, client *http.Client, address, part string) string {
	b.Helper()
	ask, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		b.Fatal(err)
	}
	if part != "" {
		ask.Header.Set("Range", part)
	}
	answer, err := client.Do(ask)
	return whole(b, answer, err)
}

func whole(b *testing.B, answer *http.Response, err error) string {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode >= 300 {
		b.Fatalf("%s answers %d: %v", answer.Request.URL.Path, answer.StatusCode, err)
	}
	return string(text)
}
