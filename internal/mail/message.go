package mail

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

// Limits for one message.
const (
	MaxMessageBytes = 25 << 20 // raw size; larger ones are not taken
	maxHeaderBytes  = 1 << 20
	maxAddresses    = 1000 // per field
	maxMultiparts   = 50   // multipart bodies, which bounds how deep they nest
	maxParts        = 1000
	maxTextBytes    = 1 << 20 // of text that is looked at
)

// ErrTooLarge says that a message has more than MaxMessageBytes.
var ErrTooLarge = errors.New("mail: message too large")

// ErrTooMuch says that a sender has sent as much as is taken of him in a day.
var ErrTooMuch = errors.New("mail: too much of one sender")

// ErrNoHeader says that there is nothing in a message that reads as a header.
var ErrNoHeader = errors.New("mail: no header")

// Address is one mailbox of a header. Email is the bare address, its domain in lower
// case and, where it is an international one, in its own letters.
type Address struct {
	Name  string `json:"name,omitempty"`
	Email string `json:"email"`
}

// Attachment describes a part that is not the text of the mail.
type Attachment struct {
	Name string `json:"name,omitempty"`
	Type string `json:"type"` // as declared, e.g. "application/pdf"
	Size int    `json:"size"` // bytes, decoded
}

// Message is a mail as its reader sees it. Header values are decoded and unfolded.
type Message struct {
	From, To, Cc, ReplyTo []Address
	Subject               string
	MessageID             string // without angle brackets; empty when missing
	InReplyTo             string
	Date                  time.Time // zero when missing or unreadable
	// Text is the whole text, OwnText what the sender wrote: quoted mails left out,
	// the signature kept.
	Text, OwnText string
	Attachments   []Attachment
	// Automatic says that a program sent the mail (a bounce, a list, a holiday notice):
	// it is never answered (RFC 3834). AutomaticBy names the header that says so.
	Automatic   bool
	AutomaticBy string
	// Fingerprint is the same for the same mail arriving twice, by whatever way:
	// SHA-256, in hex, over sender, receivers, subject, date, id and body.
	Fingerprint string
	// Problems are the things that could not be read, for the log.
	Problems []string
}

// Emails gives the bare addresses of a list.
func Emails(list []Address) []string {
	out := make([]string, len(list))
	for i, a := range list {
		out[i] = a.Email
	}
	return out
}

// Read takes a raw message apart. It never panics. An error is returned only when there
// is nothing to read: no header, or more than MaxMessageBytes.
func Read(raw []byte) (m Message, err error) {
	if len(raw) > MaxMessageBytes {
		return Message{}, ErrTooLarge
	}
	raw = bytes.TrimPrefix(raw, []byte("\uFEFF")) // some programs write a mail as they write a text file
	h, body := splitHeader(raw)
	if len(h) == 0 {
		return Message{}, ErrNoHeader
	}
	m = Message{
		From: h.addresses("From"), To: h.addresses("To"), Cc: h.addresses("Cc"), ReplyTo: h.addresses("Reply-To"),
		Subject:   decodeWords(h.first("Subject")),
		MessageID: bareID(h.first("Message-Id")), InReplyTo: bareID(h.first("In-Reply-To")),
		Fingerprint: fingerprint(h, body),
	}
	m.Date = parseDate(h.first("Date"))
	m.AutomaticBy = h.automatic()
	m.Automatic = m.AutomaticBy != ""
	m.readBody(raw, body)
	return m, nil
}

// readBody fills in text and attachments. A library that chokes on a hostile mail must
// not take the program down, so what it throws becomes a problem of the message.
func (m *Message) readBody(raw, body []byte) {
	defer func() {
		if r := recover(); r != nil {
			m.problem("body", fmt.Errorf("%v", r))
		}
	}()
	texts, err := readParts(raw, body)
	if err != nil {
		m.problem("body", err)
	}
	m.Problems = append(m.Problems, texts.problems...)
	m.Attachments = texts.attachments
	m.Text, m.OwnText = texts.text, ownText(texts.text)
	if texts.html != "" && standsIn(texts.text, htmlText(texts.html, false)) {
		m.Text = htmlText(texts.html, false)
		m.OwnText = ownText(htmlText(texts.html, true))
	}
}

// standsIn tells that the plain text of a mail only stands in for its HTML, which the
// reader sees: it is empty, or a word to those who cannot read HTML.
func standsIn(plain, rich string) bool {
	return 2*len(strings.Fields(plain)) < len(strings.Fields(rich)) || strings.TrimSpace(plain) == ""
}

func (m *Message) problem(where string, err error) {
	const most = 20
	if len(m.Problems) < most {
		m.Problems = append(m.Problems, where+": "+err.Error())
	}
}

func fingerprint(h header, body []byte) string {
	sum := sha256.New()
	for _, name := range []string{"From", "To", "Cc", "Subject", "Date", "Message-Id"} {
		for _, value := range h.all(name) {
			fmt.Fprintf(sum, "%s:%d:%s\n", name, len(value), value)
		}
	}
	_, _ = io.WriteString(sum, strings.TrimRight(strings.ReplaceAll(string(body), "\r\n", "\n"), "\n"))
	return hex.EncodeToString(sum.Sum(nil))
}
