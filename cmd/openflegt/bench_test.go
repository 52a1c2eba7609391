package main

import (
	"fmt"
	"io"
	"net/http"
	"sort"
	"testing"
	"time"

	"net/http/cookiejar"
)

// BenchmarkPages measures pages of the demonstration over HTTP, with the slowest hundredth
// beside the mean.
func BenchmarkPages(b *testing.B) {
	m := &Main{Config: Config{Listen: "127.0.0.1:0", SMTP: "off", DNS: "off", LogLevel: "error", Place: Place{Data: b.TempDir()}}, Demo: true, Stderr: io.Discard}
	if err := m.Start(b.Context()); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := m.Stop(); err != nil {
			b.Error(err)
		}
	})
	sheet, err := m.demoSheet(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	for _, page := range []struct{ role, path string }{{"", "/"}, {"operator", "/licences"}, {"competent_authority", "/desk"}, {"support", "/support/requests"}} {
		b.Run(fmt.Sprint(page.role, page.path), func(b *testing.B) {
			jar, err := cookiejar.New(nil)
			if err != nil {
				b.Fatal(err)
			}
			client := &http.Client{Jar: jar}
			for _, p := range sheet.People {
				if page.role != "" && p.Role == page.role {
					read(b, client, p.SignInURL)
					break
				}
			}
			var took []time.Duration
			for b.Loop() {
				began := time.Now()
				read(b, client, m.Address()+page.path)
				took = append(took, time.Since(began))
			}
			sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
			b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
		})
	}
}

func read(b *testing.B, client *http.Client, url string) {
	answer, err := client.Get(url)
	if err != nil {
		b.Fatal(err)
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != 200 {
		b.Fatal(answer.Status, err)
	}
}
