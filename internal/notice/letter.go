package notice

import (
	"html"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// text is a letter before it is written in one or two languages.
type text struct {
	kind     string
	subject  string // key
	args     flegt.Args
	parts    []part
	path     string // page that shows the thing; empty for none
	link     string // whole address instead of path
	linkKey  string // words of the link
	reply    string // Message-ID of the mail that is answered
	auto     bool   // it answers a mail
	secret   bool
	seq      int64
	account  string
	both     bool // the English text below, when the reader's language is another
	noGreet  bool
	greeting string // name greeted
	question string // that a reply answers
	asks     string // country of the authority that asks the issuing country; empty for other letters
	topic    string // of the reader's choice; empty when there is no choice
}

// part is a paragraph: a sentence by key, words as they stand, or words that somebody has given
// for each language.
type part struct {
	key  string
	args flegt.Args
	raw  string
	by   func(lang string) string
	pre  bool // lines are kept as they are
}

func p(key string, args flegt.Args) part { return part{key: key, args: args} }

// post writes a letter and puts it into the outbox.
func (n *Notice) post(tx *store.Tx, to, lang string, t text) error {
	lang = string(n.lang(lang))
	plain, rich := n.write(lang, t)
	if t.both && lang != "en" {
		plain2, rich2 := n.write("en", t)
		line := n.say("en", "notice.english_below", nil)
		plain += "\n\n--- " + line + " ---\n\n" + plain2
		rich += "<hr><p lang=\"en\"><em>" + html.EscapeString(line) + "</em></p><div lang=\"en\">" + rich2 + "</div>"
	}
	now := n.now()
	id := n.NewID()
	l := flegt.Letter{ID: id, Seq: t.seq, Account: t.account, Kind: t.kind, Lang: lang, To: to,
		Subject: n.say(lang, t.subject, t.args), Text: plain,
		HTML:      "<!DOCTYPE html><html lang=\"" + lang + "\"><head><meta charset=\"utf-8\"><title>" + html.EscapeString(n.say(lang, t.subject, t.args)) + "</title></head><body>" + rich + "</body></html>",
		MessageID: id + "@" + n.host(), InReplyTo: t.reply, Topic: t.topic, Question: t.question, Automatic: t.auto, Secret: t.secret,
		State: flegt.LetterQueued, CreatedAt: now, NextAt: now}
	if n.Relay == nil && n.Copy == nil { // nobody will send it
		l.State, l.NextAt = flegt.LetterKept, time.Time{}
	}
	return n.addLetter(tx, l)
}

// choices is the page on which one chooses about what one gets mail.
const choices = "/notices"

// host is the name in Message-IDs: the domain letters come from.
func (n *Notice) host() string {
	_, domain, ok := strings.Cut(n.From, "@")
	if !ok {
		return "openflegt.invalid"
	}
	return domain
}

// write writes a letter in one language: plain, and as simple HTML.
func (n *Notice) write(lang string, t text) (plain, rich string) {
	var a, b strings.Builder
	add := func(s string) {
		a.WriteString(s + "\n\n")
		b.WriteString("<p>" + strings.ReplaceAll(html.EscapeString(s), "\n", "<br>") + "</p>")
	}
	if t.greeting != "" {
		add(n.say(lang, "notice.greeting", flegt.Args{"Name": t.greeting}))
	}
	for _, x := range t.parts {
		s := x.raw
		switch {
		case x.by != nil:
			s = x.by(lang)
		case x.key != "":
			s = n.say(lang, x.key, x.args)
		}
		if x.pre {
			a.WriteString(s + "\n\n")
			b.WriteString("<pre>" + html.EscapeString(s) + "</pre>")
			continue
		}
		add(s)
	}
	link := t.link
	if link == "" && t.path != "" {
		link = n.BaseURL + t.path
	}
	if link != "" {
		words := n.say(lang, t.linkKey, nil)
		a.WriteString(words + ":\n" + link + "\n\n")
		b.WriteString("<p><a href=\"" + html.EscapeString(link) + "\">" + html.EscapeString(words) + "</a></p>")
	}
	whom := "notice.whom_to_ask"
	if t.asks != "" {
		whom = "notice.whom_asks"
	}
	add(n.say(lang, whom, flegt.Args{"Support": n.SupportAddress, "Country": t.asks}))
	if t.topic != "" {
		words, choose := n.say(lang, "notice.choose", nil), n.BaseURL+choices
		a.WriteString(words + ":\n" + choose + "\n")
		b.WriteString("<p><a href=\"" + html.EscapeString(choose) + "\">" + html.EscapeString(words) + "</a></p>")
	}
	return strings.TrimRight(a.String(), "\n") + "\n", b.String()
}
