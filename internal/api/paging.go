package api

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Paged are the parameters of a list that is read page by page.
type Paged struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"25" doc:"How many to give at most."`
	Cursor string `query:"cursor" maxLength:"3000" doc:"Where to go on: from the Link header (rel next) or the field next of the page before. It fits the same question alone."`
}

// PagedOf names a noun by its id, whose list is read page by page.
type PagedOf struct {
	IDInput
	Paged
}

// maxLast is how long what a cursor says may be, in bytes: an id, and what its row is sorted by.
const maxLast = 2000

// after reads the cursor: the id of the last that was given; empty at the beginning. The
// cursor carries a hash of the question, since another question's order is another one.
func (p Paged) after(question string) (string, error) {
	if p.Cursor == "" {
		return "", nil
	}
	bad := flegt.InvalidBoxes([]flegt.BoxError{{Box: "cursor", Key: "api.bad_cursor"}})
	raw, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil {
		return "", bad
	}
	asked, last, ok := strings.Cut(string(raw), " ")
	if !ok || asked != questionHash(question) || last == "" || len(last) > maxLast {
		return "", bad
	}
	return last, nil
}

func cursorTo(question, last string) string {
	return base64.RawURLEncoding.EncodeToString([]byte(questionHash(question) + " " + last))
}

func questionHash(question string) string {
	sum := sha256.Sum256([]byte(question))
	return hex.EncodeToString(sum[:6])
}

// linkNext writes the Link header (RFC 8288) that leads to the next page; empty at the end.
func (c *call) linkNext(cursor string) string {
	if cursor == "" {
		return ""
	}
	query := url.Values{}
	for name, values := range c.request.URL.Query() {
		query[name] = values
	}
	query.Set("cursor", cursor)
	return "<" + c.request.URL.EscapedPath() + "?" + query.Encode() + `>; rel="next"`
}

// pageOf makes a page of what was found, one more than asked for when there is more. last gives
// what the next page goes on after.
func pageOf[T, U any](c *call, in Paged, question string, found []T, last func(T) string, write func(T) U) *page[U] {
	out := &page[U]{}
	out.Body.Items = []U{}
	if len(found) > in.Limit {
		found = found[:in.Limit]
		out.Body.Next = cursorTo(question, last(found[in.Limit-1]))
		out.Link = c.linkNext(out.Body.Next)
	}
	for _, x := range found {
		out.Body.Items = append(out.Body.Items, write(x))
	}
	return out
}
