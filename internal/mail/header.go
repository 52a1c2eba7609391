package mail

import (
	"bytes"
	"mime"
	"net/mail"
	"net/textproto"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
)

// field is one header field, unfolded, its value undecoded but in UTF-8.
type field struct{ name, value string }

// header is the fields of a message in their order. A field may stand in it several
// times, also where RFC 5322 allows one only.
type header []field

// splitHeader takes the header off a message. Lines that are no field (an mbox "From "
// line, rubbish) are passed over, as mail programs do.
func splitHeader(raw []byte) (header, []byte) {
	var h header
	size := 0
	for len(raw) > 0 {
		line, rest, _ := bytes.Cut(raw, []byte("\n"))
		if size >= maxHeaderBytes {
			break
		}
		line = line[:min(len(line), maxHeaderBytes-size)]
		size += len(line) + 1
		text := strings.TrimRight(string(line), "\r")
		raw = rest
		if text == "" {
			break
		}
		if text[0] == ' ' || text[0] == '\t' {
			if len(h) > 0 {
				h[len(h)-1].value += " " + strings.TrimSpace(toUTF8(text))
			}
			continue
		}
		name, value, ok := strings.Cut(text, ":")
		name = strings.TrimRight(name, " \t")
		if !ok || name == "" || strings.ContainsAny(name, " \t") {
			continue
		}
		h = append(h, field{textproto.CanonicalMIMEHeaderKey(name), strings.TrimSpace(toUTF8(value))})
	}
	return h, raw
}

func (h header) all(name string) []string {
	var values []string
	for _, f := range h {
		if f.name == name {
			values = append(values, f.value)
		}
	}
	return values
}

// first gives the first field of a name; mail programs show that one.
func (h header) first(name string) string {
	for _, f := range h {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

// addresses collects the mailboxes of every field of a name, groups opened.
func (h header) addresses(name string) []Address {
	var list []Address
	for _, value := range h.all(name) {
		list = append(list, parseAddresses(value)...)
	}
	if len(list) > maxAddresses {
		list = list[:maxAddresses]
	}
	return list
}

// parseAddresses reads an address list. The addresses are found before encoded words are
// decoded: an encoded name that reads like an address is a name all the same.
func parseAddresses(value string) []Address {
	return slices.DeleteFunc(allAddresses(value), func(a Address) bool { return !strings.Contains(a.Email, "@") })
}

func allAddresses(value string) []Address {
	parser := mail.AddressParser{WordDecoder: wordDecoder()}
	if len(value) < maxAddresses*320 {
		if parsed, err := parser.ParseList(value); err == nil {
			list := make([]Address, len(parsed))
			for i, a := range parsed {
				list[i] = Address{Name: a.Name, Email: normalAddress(a.Address)}
			}
			return list
		}
	}
	return looseAddresses(value)
}

// looseAddresses reads what the strict grammar refuses, such as
// "Sørensen, Mette <mette@example.org>" without quotes: an entry is what stands in angle
// brackets, else a word with an "@".
func looseAddresses(value string) []Address {
	var list []Address
	var name strings.Builder // of the entry so far
	flush := func() {
		if text := strings.TrimSpace(name.String()); strings.Contains(text, "@") && !strings.ContainsAny(text, " \t\"") {
			list = append(list, Address{Email: normalAddress(text)})
		}
		name.Reset()
	}
	for i := 0; i < len(value) && len(list) <= maxAddresses; i++ {
		switch c := value[i]; c {
		case '"':
			n := quotedLength(value[i:])
			name.WriteString(value[i : i+n])
			i += n - 1
		case '(':
			i += commentLength(value[i:]) - 1
		case '<':
			address, _, closed := strings.Cut(value[i+1:], ">")
			if !closed {
				address = value[i+1:]
			}
			i += len(address) + 1
			if address = strings.TrimSpace(address); strings.Contains(address, "@") {
				display := strings.Trim(strings.TrimSpace(name.String()), `"`)
				list = append(list, Address{Name: decodeWords(display), Email: normalAddress(address)})
			}
			name.Reset()
		case ',', ';':
			flush()
		case ':':
			name.Reset() // the name of a group ends here
		default:
			name.WriteByte(c)
		}
	}
	flush()
	return list
}

// quotedLength gives the length of the quoted string a text starts with.
func quotedLength(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(s)
}

// commentLength gives the length of the comment, with those inside it, that a text
// starts with.
func commentLength(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(s)
}

// normalAddress writes the domain in lower case and international ones in their own
// letters, so that "træ.example" and its ASCII form are one address. The local part is
// left as it is.
func normalAddress(address string) string {
	address = withoutTrimmings(strings.TrimSpace(address))
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return address
	}
	domain := strings.ToLower(strings.TrimSuffix(address[at+1:], "."))
	if unicode, err := idna.Lookup.ToUnicode(domain); err == nil {
		domain = unicode
	}
	return address[:at+1] + domain
}

// withoutTrimmings takes off an address what programs put around one: a route of the old
// form ("@relay.example:", RFC 5322 section 4.4), "mailto:", and quotes on both sides.
func withoutTrimmings(address string) string {
	if _, after, ok := strings.Cut(address, ":"); ok && strings.HasPrefix(address, "@") {
		address = after
	}
	const link = "mailto:"
	if len(address) > len(link) && strings.EqualFold(address[:len(link)], link) {
		address = address[len(link):]
	}
	for _, quote := range []string{"'", `"`, "\u2019"} {
		if inner, ok := strings.CutPrefix(address, quote); ok && strings.HasSuffix(inner, quote) {
			return strings.TrimSuffix(inner, quote)
		}
	}
	return address
}

// wordDecoder decodes RFC 2047 words in any charset that browsers know.
func wordDecoder() *mime.WordDecoder {
	return &mime.WordDecoder{CharsetReader: charsetReader}
}

// decodeWords decodes a header value; what cannot be decoded stays as it is.
func decodeWords(value string) string {
	decoded, err := wordDecoder().DecodeHeader(value)
	if err != nil {
		return value
	}
	return strings.ToValidUTF8(strings.Join(strings.Fields(decoded), " "), "\uFFFD")
}

// toUTF8 reads bytes that are no UTF-8 as Windows-1252, which holds ISO-8859-1: what
// older mail programs in Western Europe send without saying so.
func toUTF8(s string) string {
	if utf8.ValidString(s) {
		return s
	}
	decoded, err := charmap.Windows1252.NewDecoder().String(s)
	if err != nil {
		return strings.ToValidUTF8(s, "\uFFFD")
	}
	return decoded
}

// bareID takes the first message id out of a field.
func bareID(value string) string {
	if _, after, ok := strings.Cut(value, "<"); ok {
		value, _, _ = strings.Cut(after, ">")
	}
	value, _, _ = strings.Cut(strings.TrimSpace(value), " ")
	const most = 998 // longest line, RFC 5322 section 2.1.1
	if len(value) > most {
		return ""
	}
	return value
}

func parseDate(value string) time.Time {
	t, err := mail.ParseDate(value)
	if err != nil {
		return time.Time{}
	}
	return t
}

// automatic names the field that says a program sent the message, "" when none does.
func (h header) automatic() string {
	for _, f := range h {
		value := strings.ToLower(f.value)
		word, _, _ := strings.Cut(value, ";")
		word = strings.TrimSpace(word)
		by := false
		switch f.name {
		case "Auto-Submitted": // RFC 3834 section 5
			by = word != "no"
		case "Precedence":
			by = word == "bulk" || word == "list" || word == "junk" || word == "auto_reply"
		case "List-Id", "List-Post", "List-Unsubscribe": // RFC 2919, RFC 2369
			by = true
		case "X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Autogenerated":
			by = word != "no"
		case "X-Failed-Recipients":
			by = true
		case "X-Auto-Response-Suppress":
			by = strings.Contains(value, "all") || strings.Contains(value, "autoreply")
		case "Return-Path": // the null return path of bounces, RFC 5321 section 4.5.5
			by = strings.ReplaceAll(value, " ", "") == "<>"
		case "Content-Type":
			by = word == "multipart/report" // RFC 6522
		case "From":
			by = strings.Contains(value, "mailer-daemon@")
		case "Subject": // Exchange and others that say it nowhere else
			by = automaticSubject(decodeWords(f.value))
		}
		if by {
			return f.name
		}
	}
	return ""
}

// automaticSubjects begin the subjects of answers that programs write for people who are
// away.
var automaticSubjects = []string{
	"automatic reply:", "auto-reply:", "autoreply:", "auto:", "out of office:", "automatisk svar:", "autosvar:", "ikke til stede:",
	"automatische antwort:", "abwesenheitsnotiz:", "réponse automatique", "automatisch antwoord:", "automatiskt svar:", "frånvaro:",
	"risposta automatica:", "respuesta automática:", "odpowiedź automatyczna:", "automatická odpověď:", "automaattinen vastaus:",
}

func automaticSubject(subject string) bool {
	subject = strings.ToLower(strings.TrimSpace(subject))
	return slices.ContainsFunc(automaticSubjects, func(start string) bool { return strings.HasPrefix(subject, start) })
}

// canonicalCharset finds a charset by the names browsers accept for it.
func canonicalCharset(label string) (string, bool) {
	e, err := htmlindex.Get(strings.TrimSpace(label))
	if err != nil {
		return "", false
	}
	name, err := htmlindex.Name(e)
	return name, err == nil
}
