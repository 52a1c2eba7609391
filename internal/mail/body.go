package mail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/jhillyerd/enmime/v2"
	"github.com/jhillyerd/enmime/v2/mediatype"
	"golang.org/x/text/encoding/htmlindex"
)

// bodyTexts is what the parts of a message hold.
type bodyTexts struct {
	text, html  string
	attachments []Attachment
	problems    []string
}

var errTooManyParts = errors.New("more parts than a mail for people has")

// readParts reads the MIME parts of a message (RFC 2045). On an error the body is given
// as it stands, since a mail program would show it too.
func readParts(raw, body []byte) (bodyTexts, error) {
	whole := bodyTexts{text: cutText(linesToUTF8(string(body[:min(len(body), maxTextBytes)])))}
	if tooManyParts(raw) {
		return whole, errTooManyParts
	}
	parser := enmime.NewParser(
		enmime.DisableCharacterDetection(true), // short texts are guessed wrong
		enmime.SetCustomParseMediaType(keepCharset),
		enmime.DisableTextConversion(true),
		enmime.SkipMalformedParts(true),
		enmime.MultipartWOBoundaryAsSinglePart(true),
		enmime.MaxStoredPartErrors(5),
		enmime.SetReadPartErrorPolicy(enmime.AllowCorruptTextPartErrorPolicy),
	)
	root, err := parser.ReadParts(bytes.NewReader(raw))
	if err != nil {
		return whole, err
	}
	var b bodyTexts
	b.collect(root)
	if strings.TrimSpace(b.text+b.html) == "" && len(b.attachments) == 0 {
		return whole, nil // the parts it speaks of are not there
	}
	b.text, b.html = cutText(b.text), cutText(b.html)
	return b, nil
}

// collect gathers texts and attachments of a part and those inside it.
func (b *bodyTexts) collect(p *enmime.Part) {
	for ; p != nil; p = p.NextSibling {
		for _, e := range p.Errors {
			if len(b.problems) < 10 && e.Name != enmime.ErrorCharsetConversion { // ours, see keepCharset
				b.problems = append(b.problems, fmt.Sprintf("part %s: %s", p.PartID, e.Name))
			}
		}
		if p.FirstChild != nil {
			b.collect(p.FirstChild)
			continue
		}
		b.add(p)
	}
}

func (b *bodyTexts) add(p *enmime.Part) {
	kind := strings.ToLower(p.ContentType)
	switch {
	case strings.HasPrefix(kind, "multipart/") && len(p.Content) == 0:
	case p.Disposition == "attachment" || p.FileName != "" && p.Parent != nil || kind != "" && kind != "text/plain" && kind != "text/html" && !strings.HasPrefix(kind, "multipart/"):
		b.attachments = append(b.attachments, Attachment{Name: p.FileName, Type: kind, Size: len(p.Content)})
	case kind == "text/html":
		b.html += partText(p) + "\n"
	default:
		b.text += partText(p) + "\n"
	}
}

// asIs before the name of a charset makes one that no library knows, so that it leaves the
// bytes of a part as they are.
const asIs = "as-is:"

// keepCharset reads a Content-Type for the library, which would trust the charset it names.
func keepCharset(contentType string) (string, map[string]string, []string, error) {
	kind, params, invalid, err := mediatype.Parse(contentType)
	if err == nil && strings.HasPrefix(kind, "text/") {
		params["charset"] = asIs + params["charset"]
	}
	return kind, params, invalid, err
}

// partText gives the text of a part. What reads as UTF-8 is UTF-8, whatever the part says:
// no other charset makes such bytes by chance, and mails name the wrong one often.
func partText(p *enmime.Part) string {
	content := strings.TrimPrefix(string(p.Content), "\uFEFF")
	name, known := canonicalCharset(strings.TrimPrefix(p.Charset, asIs))
	if !known || name == "utf-8" || !plainASCII(content) && utf8.ValidString(content) {
		return linesToUTF8(content)
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return linesToUTF8(content)
	}
	decoded, err := e.NewDecoder().String(content)
	if err != nil {
		return linesToUTF8(content)
	}
	return strings.TrimPrefix(decoded, "\uFEFF")
}

func plainASCII(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }) < 0
}

// linesToUTF8 reads each line that is no UTF-8 as Windows-1252: a mail put together by
// programs, or by people from other mails, may hold both.
func linesToUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	lines := strings.SplitAfter(s, "\n")
	for i, line := range lines {
		lines[i] = toUTF8(line)
	}
	return strings.Join(lines, "")
}

// tooManyParts counts before parsing, because parsers of nested parts call themselves.
func tooManyParts(raw []byte) bool {
	lower := bytes.ToLower(raw)
	if bytes.Count(lower, []byte("boundary")) > 2*maxMultiparts || bytes.Count(lower, []byte("multipart/")) > 2*maxMultiparts {
		return true
	}
	return bytes.Count(lower, []byte("\n--")) > 20*maxParts || bytes.Count(lower, []byte("\ncontent-")) > 10*maxParts
}

// cutText bounds a text and gives it one kind of line end.
func cutText(s string) string {
	if len(s) > maxTextBytes {
		s = s[:maxTextBytes]
	}
	s = strings.ReplaceAll(s, "\r\n", "\n")
	s = strings.ReplaceAll(s, "\r", "\n")
	return strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "\uFFFD")
}

// charsetReader decodes a charset for encoded words. An unknown one is read as
// Windows-1252 unless it is UTF-8 already.
func charsetReader(charset string, input io.Reader) (io.Reader, error) {
	name, known := canonicalCharset(charset)
	if !known {
		content, err := io.ReadAll(input)
		return strings.NewReader(toUTF8(string(content))), err
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return nil, err
	}
	return e.NewDecoder().Reader(input), nil
}
