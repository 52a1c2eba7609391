package wording

import (
	"regexp"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// paragraph is an article with its paragraph as the code cites them: 4(1).
var paragraph = regexp.MustCompile(`(\d+)\((\d+)\)`)

// lawWords are the words of citations in the code, each with the key of its word in a language.
var lawWords = []struct{ found, key string }{
	{"Reg. (EC)", "law.word.regulation_ec"}, {"Reg. (EU)", "law.word.regulation_eu"}, {"VPA", "law.word.vpa"},
	{"Annexes", "law.word.annexes"}, {"Annex", "law.word.annex"}, {"art.", "law.word.article"}, {"box ", "law.word.box"}, {" and ", "law.word.and"},
	{"on licences", "law.word.on_licences"}, {"(to be verified)", "law.word.unverified"},
}

// Law writes a citation of the law as the code has it, "Reg. (EC) 2173/2005 art. 4(1), Annexes II
// and III", in a language.
func (c *Catalog) Law(lang Lang, citation string) string {
	t := c.tongues[lang]
	if t == nil {
		t = c.tongues[English]
	}
	text, _ := t.laws.text(citation, func() (string, error) {
		written := paragraph.ReplaceAllStringFunc(citation, func(s string) string {
			m := paragraph.FindStringSubmatch(s)
			return c.Say(lang, "law.paragraph", flegt.Args{"Article": m[1], "Paragraph": m[2]})
		})
		return t.law.Replace(written), nil
	})
	return text
}

// lawWords makes what replaces the words of citations by those of a language.
func (c *Catalog) lawWords(lang Lang) *strings.Replacer {
	var pairs []string
	for _, w := range lawWords {
		word := c.Say(lang, w.key, nil)
		pairs = append(pairs, w.found, strings.Replace(w.found, strings.TrimSpace(w.found), word, 1))
	}
	return strings.NewReplacer(pairs...)
}
