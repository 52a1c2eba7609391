package mail

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/jhillyerd/enmime/v2"
)

// Bounce is what a mail says that came back because another could not be delivered, or not
// yet (RFC 3464, and what older mail servers write in its stead).
type Bounce struct {
	// Action is the worst of what happened: BounceFailed, BounceDelayed, or BounceOther for
	// a report of success (delivered, relayed, expanded).
	Action string
	Status string // enhanced status code, RFC 3463, such as "5.1.1"; empty when not said
	Reason string // the words of the server that refused, one line; empty when not said
	// Recipient is the address that could not be reached; empty when not said.
	Recipient string
	// MessageID is that of the mail that came back, without brackets; empty when the report
	// does not hold it.
	MessageID string
}

// The actions of a Bounce.
const (
	BounceFailed  = "failed"
	BounceDelayed = "delayed"
	BounceOther   = "other"
)

// ReadBounce reads a delivery report; ok is false for a mail that is none. Whether it is
// genuine it cannot say: anybody can write one.
func ReadBounce(raw []byte) (b Bounce, ok bool) {
	if len(raw) > MaxMessageBytes {
		return Bounce{}, false
	}
	h, body := splitHeader(raw)
	defer func() {
		if r := recover(); r != nil { // as in readBody
			b, ok = Bounce{}, false
		}
	}()
	root := parseParts(raw)
	if b, ok = standardBounce(root); !ok {
		b, ok = oldBounce(h, body)
	}
	if !ok {
		return Bounce{}, false
	}
	if b.MessageID == "" {
		b.MessageID = returnedID(root, body)
	}
	return b, true
}

// parseParts gives the parts of a mail; nil when it has too many or none.
func parseParts(raw []byte) *enmime.Part {
	if tooManyParts(raw) {
		return nil
	}
	root, err := enmime.NewParser(enmime.DisableCharacterDetection(true), enmime.SkipMalformedParts(true), enmime.MaxStoredPartErrors(5),
		enmime.SetReadPartErrorPolicy(enmime.AllowCorruptTextPartErrorPolicy)).ReadParts(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	return root
}

// findPart gives the first part of one of the kinds; nil when there is none.
func findPart(p *enmime.Part, kinds ...string) *enmime.Part {
	for ; p != nil; p = p.NextSibling {
		if slices.Contains(kinds, strings.ToLower(p.ContentType)) && p.FirstChild == nil {
			return p
		}
		if found := findPart(p.FirstChild, kinds...); found != nil {
			return found
		}
	}
	return nil
}

// standardBounce reads the machine's part of a report (RFC 3464 section 2).
func standardBounce(root *enmime.Part) (Bounce, bool) {
	part := findPart(root, "message/delivery-status", "message/global-delivery-status")
	if part == nil {
		return Bounce{}, false
	}
	b := Bounce{Action: BounceOther}
	rest := bytes.ReplaceAll(bytes.TrimSpace(part.Content), []byte("\r\n"), []byte("\n"))
	groups := 0
	for len(bytes.TrimSpace(rest)) > 0 && groups < maxParts {
		var fields header
		fields, rest = splitHeader(bytes.TrimLeft(rest, "\n"))
		b.worsen(fields)
		groups++
	}
	return b, groups > 0
}

// worsen takes over what the fields of one recipient say, when it is worse than what is
// known.
func (b *Bounce) worsen(fields header) {
	status := statusCode.FindString(fields.first("Status"))
	action := strings.ToLower(strings.TrimSpace(fields.first("Action")))
	switch {
	case action == "failed", action == "" && strings.HasPrefix(status, "5"):
		action = BounceFailed
	case action == "delayed", action == "" && strings.HasPrefix(status, "4"):
		action = BounceDelayed
	default:
		return
	}
	if b.Action == BounceFailed {
		return
	}
	b.Action, b.Status = action, status
	b.Reason = shortLine(afterType(fields.first("Diagnostic-Code")))
	b.Recipient = bareRecipient(afterType(fields.first("Final-Recipient")))
	if original := bareRecipient(afterType(fields.first("Original-Recipient"))); original != "" {
		b.Recipient = original
	}
}

var (
	statusCode = regexp.MustCompile(`\b[245]\.\d{1,3}\.\d{1,3}\b`)
	// refusal finds the line of a server that refused: "550 5.1.1 No such user".
	refusal    = regexp.MustCompile(`(?m)^.*\b5\d\d[ -](?:#?5\.\d{1,3}\.\d{1,3}|[^\d\s]).*$`)
	returnedAs = regexp.MustCompile(`(?im)^[>\s]*message-id:\s*<([^<>\s]{1,900})>`)
	anyAddress = regexp.MustCompile(`<([^<>\s@]{1,64}@[^<>\s@]{1,255})>`)
)

// Words by which mail servers that write no machine's part say what they say. Waiting is
// looked for first.
var (
	delayWords = []string{"delayed", "delay)", "warning: ", "still being retried", "not yet been delivered", "temporarily deferred", "forsinket"}
	failWords  = []string{
		"failure notice", "mail delivery failed", "delivery failure", "delivery has failed", "undeliverable", "undelivered", "returned mail", "returned to sender",
		"delivery status notification (failure)", "mail system error", "could not be delivered", "message not delivered", "delivery notification",
		"kan ikke leveres", "kunne ikke leveres", "ikke leveret", "unzustellbar", "nicht zugestellt", "non remis", "onbestelbaar", "kunde inte levereras", "nondeliverable",
	}
)

// oldBounce knows the reports of servers that do not keep to RFC 3464 (qmail, old Exim and
// Exchange, appliances): sent by the mail system, with a subject that says so.
func oldBounce(h header, body []byte) (Bounce, bool) {
	subject := strings.ToLower(decodeWords(h.first("Subject")))
	failed := h.first("X-Failed-Recipients")
	from := strings.ToLower(h.first("From"))
	system := failed != "" || strings.Contains(from, "mailer-daemon") || strings.Contains(from, "postmaster@") || strings.Contains(from, "mail delivery") ||
		strings.Contains(from, "microsoftexchange") || strings.ReplaceAll(h.first("Return-Path"), " ", "") == "<>"
	says := func(words []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(subject, w) })
	}
	switch {
	case !system:
		return Bounce{}, false
	case says(delayWords):
		return Bounce{Action: BounceDelayed}, true
	case failed == "" && !says(failWords):
		return Bounce{}, false
	}
	text := linesToUTF8(string(body[:min(len(body), 64<<10)]))
	line := refusal.FindString(text)
	b := Bounce{Action: BounceFailed, Reason: shortLine(line), Status: statusCode.FindString(line), Recipient: bareRecipient(failed)}
	if m := anyAddress.FindStringSubmatch(text); b.Recipient == "" && m != nil {
		b.Recipient = bareRecipient(m[1])
	}
	return b, true
}

// returnedID finds the Message-ID of the mail that came back: in its part, or in the text.
func returnedID(root *enmime.Part, body []byte) string {
	if p := findPart(root, "message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers", "message/rfc822-headers"); p != nil {
		h, _ := splitHeader(p.Content)
		if id := bareID(h.first("Message-Id")); id != "" {
			return id
		}
	}
	if m := returnedAs.FindSubmatch(body); m != nil {
		return toUTF8(string(m[1]))
	}
	return ""
}

// afterType takes the type off a typed field: "rfc822; mette@example.org".
func afterType(value string) string {
	if _, after, ok := strings.Cut(value, ";"); ok {
		return strings.TrimSpace(after)
	}
	return strings.TrimSpace(value)
}

func bareRecipient(value string) string {
	value, _, _ = strings.Cut(value, ",")
	value = strings.Trim(strings.TrimSpace(value), "<>")
	value = normalAddress(value)
	odd := func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) || r == utf8.RuneError }
	if !strings.Contains(value, "@") || strings.IndexFunc(value, odd) >= 0 {
		return ""
	}
	return value
}

// shortLine makes one line of at most 300 letters.
func shortLine(s string) string {
	const most = 300
	line := []rune(strings.Join(strings.Fields(s), " "))
	if len(line) > most {
		line = append(line[:most-1], '…')
	}
	return string(line)
}
