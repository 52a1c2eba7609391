package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"github.com/openflegt/openflegt/internal/flegt"
)

// write carries out a write. With an Idempotency-Key the change is made once: the key is
// kept in the change's own transaction and the answer beside it. The same request again is
// given the same answer; another request under the key is refused. A refused request
// changed nothing and is judged anew.
func (s *Server) write(w *answer, c *call, op operation) error {
	key := c.request.Header.Get("Idempotency-Key")
	if key == "" {
		if op.keyed {
			return refuse(kindKeyNeeded, nil)
		}
		c.carry(w, c.request)
		return nil
	}
	if !goodKey(key) {
		return refuse(kindKeyForm, flegt.Args{"Max": keyLimit})
	}
	asked, done, err := fingerprint(c.request, op)
	if err != nil {
		return err
	}
	defer done()
	slot := c.pass.Token + " " + key
	if _, busy := s.inFlight.LoadOrStore(slot, true); busy {
		return refuse(kindKeyBusy, nil)
	}
	defer s.inFlight.Delete(slot)
	if !op.whole {
		if used, err := s.again(w, c, key, asked); used || err != nil {
			return err
		}
	}
	return s.carryOut(w, c, op, key, asked)
}

// again answers a request whose key was used before; false when it was not.
func (s *Server) again(w *answer, c *call, key, asked string) (used bool, err error) {
	kept, used, err := s.Office.KeptAnswer(c.request.Context(), c.pass.Token, key)
	switch {
	case err != nil:
		return false, err
	case used && kept.Request != asked:
		return true, refuse(kindKeyReused, nil)
	case used && kept.Answer == nil:
		return true, refuse(kindKeyLost, nil)
	case used:
		return true, replay(w, kept.Answer)
	}
	return false, nil
}

// goodKey says whether a key is visible ASCII of bearable length.
func goodKey(key string) bool {
	for _, r := range key {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	return len(key) <= keyLimit
}

// carryOut lets the operation run and keeps its answer when the change was made. An answer
// with a secret is not kept: whoever asks again is told that it was carried out.
func (s *Server) carryOut(w *answer, c *call, op operation, key, asked string) error {
	ctx, once := s.Office.OnceOnly(c.request.Context(), c.pass.Token, key, asked)
	told := &recorded{header: http.Header{}}
	c.once = once
	c.carry(told, c.request.WithContext(ctx))
	if kept := once.Answer(); kept != nil {
		if c.ready != nil && bytes.Equal(c.ready.kept, kept) {
			c.ready.send(w)
			return nil
		}
		return give(w, kept)
	}
	if op.whole && !once.Done() {
		if used, err := s.again(w, c, key, asked); used || err != nil {
			return err
		}
	}
	if once.Done() && !op.secret {
		answer, err := json.Marshal(keptAnswer{Status: told.status, Header: told.header, Body: told.body.Bytes()})
		if err == nil {
			err = s.Office.KeepAnswer(context.WithoutCancel(ctx), c.pass.Token, key, answer)
		}
		if err != nil { // the change stands; the same request again is told so
			s.Logger.Error("answer not kept", "request", c.id, "error", err)
		}
	}
	told.send(w)
	return nil
}

// keepWith has the answer to a change kept in the change's own transaction: answerOf makes its
// ETag and its body of what the change came to, a nil body when that cannot be. What is kept is
// what is answered.
func keepWith(ctx context.Context, answerOf func(result any) (tag string, body any)) {
	c := callOf(ctx)
	if c == nil || c.once == nil {
		return
	}
	c.once.Tell = func(result any) []byte {
		tag, body := answerOf(result)
		if body == nil {
			return nil
		}
		var text bytes.Buffer
		if err := huma.DefaultJSONFormat.Marshal(&text, body); err != nil {
			return nil
		}
		answer := recorded{header: http.Header{"Content-Type": {"application/json"}, "Etag": {tag}}, status: http.StatusOK, body: text}
		kept := keptText(answer)
		if kept == nil {
			return nil
		}
		c.ready = &readyAnswer{answer, kept}
		return kept
	}
}

// keptText writes an answer whose body is JSON as it is kept: a keptAnswer into which the body
// is put as it is. A program for JSON would go through each letter of it once more.
func keptText(a recorded) []byte {
	kept, err := json.Marshal(keptAnswer{Status: a.status, Header: a.header})
	if err != nil {
		return nil
	}
	body := bytes.TrimSuffix(a.body.Bytes(), []byte("\n"))
	const field = `,"json":`
	out := make([]byte, 0, len(kept)+len(field)+len(body))
	out = append(out, kept[:len(kept)-1]...)
	out = append(out, field...)
	out = append(out, body...)
	return append(out, '}')
}

// readyAnswer is an answer together with how it is kept.
type readyAnswer struct {
	recorded
	kept []byte
}

// keptAnswer is an answer as it is kept.
type keptAnswer struct {
	Status int         `json:"status"`
	Header http.Header `json:"header"`
	Body   []byte      `json:"body,omitempty"`
	// JSON is the body, without the end of its line, where it is JSON: as it is it takes a third
	// less than Body.
	JSON json.RawMessage `json:"json,omitempty"`
}

// replay gives a kept answer again.
func replay(w http.ResponseWriter, kept []byte) error {
	w.Header().Set("Idempotency-Replayed", "true")
	return give(w, kept)
}

// give gives a kept answer.
func give(w http.ResponseWriter, kept []byte) error {
	var a keptAnswer
	if err := json.Unmarshal(kept, &a); err != nil {
		return fmt.Errorf("kept answer: %w", err)
	}
	told := recorded{header: a.Header, status: a.Status}
	told.body.Write(a.Body)
	if a.JSON != nil {
		told.body.Write(a.JSON)
		told.body.WriteByte('\n')
	}
	told.send(w)
	return nil
}

// recorded is an answer that is not sent yet.
type recorded struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header implements http.ResponseWriter.
func (r *recorded) Header() http.Header { return r.header }

// WriteHeader implements http.ResponseWriter.
func (r *recorded) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

// Write implements io.Writer.
func (r *recorded) Write(b []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(b)
}

func (r *recorded) send(w http.ResponseWriter) {
	for name, values := range r.header {
		w.Header()[name] = values
	}
	delete(w.Header(), "Content-Length")
	if r.body.Len() > countedByItself {
		w.Header()["Content-Length"] = []string{strconv.Itoa(r.body.Len())}
	}
	w.WriteHeader(max(r.status, http.StatusOK))
	_, _ = w.Write(r.body.Bytes()) // whoever went away may ask again under the key
}

// fingerprint is a hash of everything that was asked. A file is put aside while it is read,
// since it must be known before the key is looked up; done throws it away.
func fingerprint(r *http.Request, op operation) (sum string, done func(), err error) {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n%s\n%s\n%s\n", r.Method, r.URL.RequestURI(), r.Header.Get("If-Match"), r.Header.Get("Content-Type"))
	done = func() {}
	if !op.upload {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return "", done, err
		}
		h.Write(body)
		r.Body = io.NopCloser(bytes.NewReader(body))
		return hex.EncodeToString(h.Sum(nil)), done, nil
	}
	aside, err := os.CreateTemp("", "openflegt-upload-*")
	if err != nil {
		return "", done, err
	}
	done = func() { aside.Close(); os.Remove(aside.Name()) }
	if _, err := io.Copy(io.MultiWriter(h, aside), r.Body); err != nil {
		done()
		return "", func() {}, unreadable(err)
	}
	if _, err := aside.Seek(0, io.SeekStart); err != nil {
		done()
		return "", func() {}, err
	}
	r.Body = io.NopCloser(aside)
	return hex.EncodeToString(h.Sum(nil)), done, nil
}

// unreadable makes a refusal of what reading a file gives.
func unreadable(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return refuse(kindTooLarge, flegt.Args{"Max": tooLarge.Limit})
	}
	return refuse(kindUnreadable, nil)
}
