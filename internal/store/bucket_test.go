package store_test

import (
	"bufio"
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// bucket speaks as much of the S3 protocol as scans need: put, get with ranges, head,
// delete and list (Amazon S3 API reference, version 2006-03-01).
type bucket struct {
	address string
	close   func()
	mu      sync.Mutex
	objects map[string][]byte
	put     map[string]time.Time
}

func startBucket(t *testing.T) *bucket {
	t.Helper()
	t.Setenv("AWS_ACCESS_KEY_ID", "key")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	b := &bucket{objects: map[string][]byte{}, put: map[string]time.Time{}}
	server := httptest.NewServer(b)
	t.Cleanup(server.Close)
	b.address, b.close = "s3://scans?region=eu-north-1&use_path_style=true&endpoint="+server.URL, server.Close
	return b
}

func (b *bucket) object(key string) []byte {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.objects[key]
}

func (b *bucket) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key, found := strings.CutPrefix(r.URL.Path, "/scans/")
	if !strings.Contains(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/") {
		http.Error(w, "not signed", http.StatusForbidden)
		return
	}
	switch {
	case r.Method == http.MethodPut && found:
		body, err := payload(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		b.objects[key], b.put[key] = body, time.Now()
		w.Header().Set("ETag", etag(body))
	case r.Method == http.MethodDelete:
		delete(b.objects, key)
		w.WriteHeader(http.StatusNoContent)
	case !found || key == "":
		b.list(w)
	case b.objects[key] == nil:
		w.Header().Set("Content-Type", "application/xml")
		w.WriteHeader(http.StatusNotFound)
		io.WriteString(w, "<Error><Code>NoSuchKey</Code></Error>")
	default:
		w.Header().Set("ETag", etag(b.objects[key]))
		http.ServeContent(w, r, "", b.put[key], bytes.NewReader(b.objects[key]))
	}
}

func etag(body []byte) string {
	sum := md5.Sum(body)
	return `"` + hex.EncodeToString(sum[:]) + `"`
}

// payload reads a body that may come in signed chunks.
func payload(r *http.Request) ([]byte, error) {
	if !strings.Contains(r.Header.Get("Content-Encoding"), "aws-chunked") {
		return io.ReadAll(r.Body)
	}
	var out []byte
	for in := bufio.NewReader(r.Body); ; {
		line, err := in.ReadString('\n')
		if err != nil {
			return nil, err
		}
		size, _, _ := strings.Cut(strings.TrimSpace(line), ";")
		n, err := strconv.ParseInt(size, 16, 64)
		if err != nil || n == 0 {
			return out, err
		}
		chunk := make([]byte, n+2)
		if _, err := io.ReadFull(in, chunk); err != nil {
			return nil, err
		}
		out = append(out, chunk[:n]...)
	}
}

func (b *bucket) list(w http.ResponseWriter) {
	type content struct {
		Key          string
		LastModified string
		ETag         string
		Size         int
	}
	var answer struct {
		XMLName  xml.Name `xml:"ListBucketResult"`
		KeyCount int
		Contents []content
	}
	for key, body := range b.objects {
		answer.Contents = append(answer.Contents, content{key, b.put[key].UTC().Format("2006-01-02T15:04:05.000Z"), etag(body), len(body)})
	}
	sort.Slice(answer.Contents, func(i, j int) bool { return answer.Contents[i].Key < answer.Contents[j].Key })
	answer.KeyCount = len(answer.Contents)
	w.Header().Set("Content-Type", "application/xml")
	if err := xml.NewEncoder(w).Encode(answer); err != nil {
		fmt.Fprintln(w, err)
	}
}
