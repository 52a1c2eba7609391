package api

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"
	"strings"
)

// Match is the header by which a write says which version it was made for, RFC 9110
// section 13.1.1.
type Match struct {
	IfMatch string `header:"If-Match" doc:"The ETag of the version that you looked at, or * for any. Needed: without it the answer is 428." example:"\"7\""`
}

// version reads the version that was looked at; 0 for any.
func (m Match) version() (int, error) {
	text := strings.TrimSpace(m.IfMatch)
	switch text {
	case "":
		return 0, refuse(kindMatchNeeded, nil)
	case "*":
		return 0, nil
	}
	inner, quoted := strings.CutPrefix(text, `"`)
	inner, closed := strings.CutSuffix(inner, `"`)
	n, err := strconv.Atoi(inner)
	if !quoted || !closed || err != nil || n < 1 {
		return 0, refuse(kindMatchForm, nil)
	}
	return n, nil
}

// MayMatch is Match where a program may leave it out.
type MayMatch struct {
	IfMatch string `header:"If-Match" doc:"The ETag of the licence's version that you looked at: when it has changed since, the answer is 412. Absent or *: any." example:"\"7\""`
}

// version is as for Match; 0 when nothing is said.
func (m MayMatch) version() (int, error) {
	if strings.TrimSpace(m.IfMatch) == "" {
		return 0, nil
	}
	return Match(m).version()
}

// etag writes a version as an entity tag.
func etag(version int) string { return `"` + strconv.Itoa(version) + `"` }

// tagged answers with an entity tag made of the answer itself, and with 304 to whoever has
// that already (RFC 9110 sections 13.1.2 and 15.4.5). The answer may be kept, but is asked for
// again before it is used.
func (s *Server) tagged(w http.ResponseWriter, c *call) error {
	told := &recorded{header: http.Header{}}
	c.carry(told, c.request)
	if told.status != http.StatusOK {
		told.send(w)
		return nil
	}
	sum := sha256.Sum256(told.body.Bytes())
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "private, no-cache")
	w.Header().Set("Vary", "Authorization, Accept-Language")
	if knows(c.request.Header.Values("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	told.send(w)
	return nil
}

// knows says whether an entity tag is among those of If-None-Match, compared weakly.
func knows(lines []string, tag string) bool {
	for _, one := range strings.Split(strings.Join(lines, ","), ",") {
		if one = strings.TrimSpace(one); one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}
