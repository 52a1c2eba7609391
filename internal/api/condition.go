package api

import (
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

// etag writes a version as an entity tag.
func etag(version int) string { return `"` + strconv.Itoa(version) + `"` }
