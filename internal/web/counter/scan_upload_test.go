package counter

import (
	"bytes"
	"io"
	"mime/multipart"
	"testing"
)

// FuzzUpload: whatever a form says, its fields stay within the limit and nothing breaks.
func FuzzUpload(f *testing.F) {
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"number\"\r\n\r\nID-1\r\n" +
		"--b\r\nContent-Disposition: form-data; name=\"scan\"; filename=\"a.pdf\"\r\nContent-Type: application/octet-stream\r\n\r\n%PDF-1.4\nscan\r\n--b--\r\n"))
	f.Add([]byte("--b\r\nContent-Disposition: form-data; name=\"scan\"; filename*=utf-8''x\r\n\r\n1\r\n--b--"))
	f.Fuzz(func(t *testing.T, body []byte) {
		boundary := "b"
		if line, _, found := bytes.Cut(body, []byte("\r\n")); found && len(line) > 2 {
			boundary = string(line[2:])
		}
		fields, _ := readUpload(multipart.NewReader(bytes.NewReader(body), boundary), func(_ string, part io.Reader) error {
			_, err := io.Copy(io.Discard, part)
			return err
		})
		total := 0
		for _, values := range fields {
			for _, v := range values {
				total += len(v)
			}
		}
		if total > FormLimit {
			t.Errorf("%d bytes of fields", total)
		}
	})
}
