package api

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
)

// load is a served interface with accepted licences, and clients that keep their connections.
type load struct {
	*town
	base    string
	numbers []string
	client  *http.Client
	next    atomic.Int64
}

func newLoad(b *testing.B) *load {
	l := &load{town: newTown(b), client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 256}}}
	for i := range 100 {
		l.numbers = append(l.numbers, fmt.Sprintf("16.%05d-00456.001-ID-DK", i+1))
		l.accepted(mette, l.numbers[i])
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: l.Server}
	go server.Serve(listener)
	b.Cleanup(func() { server.Close() })
	l.base = "http://" + listener.Addr().String() + Prefix + "/licences/"
	return l
}

// do sends requests from 64 clients at once and reports how many were answered in a second.
func (l *load) do(b *testing.B, method, path string, body func(n int64) string) {
	b.SetParallelism(32)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := l.next.Add(1)
			r, err := http.NewRequest(method, l.base+l.numbers[int(n)%len(l.numbers)]+path, strings.NewReader(body(n)))
			if err != nil {
				b.Error(err)
				return
			}
			r.Header.Set("Authorization", "Bearer "+l.tokens[customs])
			if method != "GET" {
				r.Header.Set("Content-Type", "application/json")
				r.Header.Set("Idempotency-Key", "bench-"+strconv.FormatInt(n, 10))
			}
			answer, err := l.client.Do(r)
			if err != nil {
				b.Error(err)
				return
			}
			text, err := io.ReadAll(answer.Body)
			answer.Body.Close()
			if err != nil || answer.StatusCode != 200 {
				b.Error(answer.Status, string(text))
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "req/s")
}

// BenchmarkLookUp reads positions over HTTP; each look is a durable event.
func BenchmarkLookUp(b *testing.B) {
	l := newLoad(b)
	b.ResetTimer()
	l.do(b, "GET", "/quantities", func(int64) string { return "" })
}

// BenchmarkWhoami reads what needs no licence: the interface's own cost.
func BenchmarkWhoami(b *testing.B) {
	l := newLoad(b)
	l.base, l.numbers = strings.TrimSuffix(l.base, "licences/")+"whoami", []string{""}
	b.ResetTimer()
	l.do(b, "GET", "", func(int64) string { return "" })
}

// BenchmarkReserve books over HTTP: token, rights, rules, movements, event, key and answer,
// durable. Each booking of a declaration replaces the one before.
func BenchmarkReserve(b *testing.B) {
	l := newLoad(b)
	b.ResetTimer()
	l.do(b, "PUT", "/declarations/"+mrn+"/reservation", func(n int64) string {
		return `{"office":"DK003103","items":[{"line":1,"unit":"MTQ","quantity":"` + strconv.FormatInt(n%8+1, 10) + `"}]}`
	})
}

// BenchmarkLookUpServed is BenchmarkLookUp without connections: what the interface, the office
// and the store take of a look.
func BenchmarkLookUpServed(b *testing.B) {
	l := newLoad(b)
	b.ReportAllocs()
	b.SetParallelism(64)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			n := l.next.Add(1)
			r := httptest.NewRequest("GET", Prefix+"/licences/"+l.numbers[int(n)%len(l.numbers)]+"/quantities", nil)
			r.Header.Set("Authorization", "Bearer "+l.tokens[customs])
			r.Header.Set("Accept", "application/json")
			answer := httptest.NewRecorder()
			l.Server.ServeHTTP(answer, r)
			if answer.Code != 200 {
				b.Error(answer.Code, answer.Body)
				return
			}
		}
	})
}
