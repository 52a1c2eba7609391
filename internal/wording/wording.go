// Package wording holds every sentence a person reads, in every language, and writes
// dates, numbers and quantities the way each language does.
//
// The sentences lie in locale/<lang>.toml, one file for each language, flat and quoted, one
// line each, in the order of their keys:
//
//	"licence.list.title" = "Licences"
//	"account.hello" = "Hello {{.Name}}"
//	"licence.count" = {one = "{{.Count}} licence", other = "{{.Count}} licences"}
//
// A further language is one more file. A sentence may hold variables and nothing else of
// a template: what is decided is decided in code, where it is tested. Which plural form
// a number takes is go-i18n's knowledge (CLDR); a sentence without variables is one
// look-up in a map.
//
// A sentence that does not exist is shown as its key in brackets, ⟦like.this⟧: a page
// with a hole in it is better than no page. The tests of this package see to it that no
// key is missing in a language, that every language uses the same variables, and that
// no sentence is left over that nothing says.
package wording

import (
	"embed"
	"fmt"
	"io/fs"
	"sort"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"

	"github.com/openflegt/openflegt/internal/flegt"
)

//go:embed locale/*.toml
var embedded embed.FS

// Lang is a language by its ISO 639-1 code: "en", "da".
type Lang string

// English is the language everything exists in; it is what a reader gets whose own
// language the program does not speak.
const English Lang = "en"

// Danish is the language of the letter this system answers.
const Danish Lang = "da"

// Options says where the sentences come from. The zero value is the program's own.
type Options struct {
	// Files holds *.toml files in its root; nil means the ones built in.
	Files fs.FS
}

// Catalog is every sentence in every language. It does not change once made and may be
// used from many goroutines.
type Catalog struct {
	langs   []Lang
	matcher language.Matcher
	tongues map[Lang]*tongue
}

// tongue is one language: its plain sentences, those with variables, and those with
// plural forms, which go-i18n chooses among.
type tongue struct {
	plain    map[string]string
	filled   map[string]sentence
	plural   map[string]bool
	chooser  *i18n.Localizer
	sentence map[string]sentence // plural forms by their text
	law      *strings.Replacer   // the words of citations, see Law
	chosen   remembered[counted] // the text of a plural form
	laws     remembered[string]  // citations in words
}

// New reads the sentences. It fails when a file cannot be read, a key stands twice, or
// a sentence holds more of a template than variables.
func New(o Options) (*Catalog, error) {
	files := o.Files
	if files == nil {
		sub, err := fs.Sub(embedded, "locale")
		if err != nil {
			return nil, err
		}
		files = sub
	}
	raw, err := read(files)
	if err != nil {
		return nil, err
	}
	c := &Catalog{tongues: map[Lang]*tongue{}}
	for lang, messages := range raw {
		t, err := newTongue(lang, messages)
		if err != nil {
			return nil, err
		}
		c.tongues[lang] = t
		c.langs = append(c.langs, lang)
	}
	if c.tongues[English] == nil {
		return nil, fmt.Errorf("wording: there is no English")
	}
	sort.Slice(c.langs, func(i, j int) bool { // English first: it is the one to fall back on
		if (c.langs[i] == English) != (c.langs[j] == English) {
			return c.langs[i] == English
		}
		return c.langs[i] < c.langs[j]
	})
	var tags []language.Tag
	for _, l := range c.langs {
		tags = append(tags, language.Make(string(l)))
	}
	c.matcher = language.NewMatcher(tags)
	for lang, t := range c.tongues {
		t.law = c.lawWords(lang)
	}
	return c, nil
}

// read gathers the sentences of every file by language and key. The value is a string
// or, for plurals, a table of strings by form.
func read(files fs.FS) (map[Lang]map[string]any, error) {
	names, err := fs.Glob(files, "*.toml")
	if err != nil {
		return nil, err
	}
	all := map[Lang]map[string]any{}
	for _, name := range names {
		parts := strings.Split(strings.TrimSuffix(name, ".toml"), ".")
		lang := Lang(parts[len(parts)-1])
		text, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		messages := map[string]any{}
		if err := toml.Unmarshal(text, &messages); err != nil {
			return nil, fmt.Errorf("wording: %s: %w", name, err)
		}
		if all[lang] == nil {
			all[lang] = map[string]any{}
		}
		for key, message := range messages {
			if _, twice := all[lang][key]; twice {
				return nil, fmt.Errorf("wording: %s: %q stands in another file too", name, key)
			}
			all[lang][key] = message
		}
	}
	return all, nil
}

func newTongue(lang Lang, messages map[string]any) (*tongue, error) {
	t := &tongue{
		plain: map[string]string{}, filled: map[string]sentence{},
		plural: map[string]bool{}, sentence: map[string]sentence{},
	}
	tag := language.Make(string(lang))
	bundle := i18n.NewBundle(tag)
	for key, value := range messages {
		switch v := value.(type) {
		case string:
			s, err := parse(v)
			if err != nil {
				return nil, fmt.Errorf("wording: %s %q: %w", lang, key, err)
			}
			if len(s.names) == 0 {
				t.plain[key] = v
			} else {
				t.filled[key] = s
			}
		case map[string]any:
			if err := t.addPlural(bundle, tag, key, v); err != nil {
				return nil, fmt.Errorf("wording: %s %q: %w", lang, key, err)
			}
		default:
			return nil, fmt.Errorf("wording: %s %q is neither a sentence nor plural forms", lang, key)
		}
	}
	t.chooser = i18n.NewLocalizer(bundle, string(lang))
	return t, nil
}

func (t *tongue) addPlural(bundle *i18n.Bundle, tag language.Tag, key string, forms map[string]any) error {
	message, err := i18n.NewMessage(forms)
	if err != nil {
		return err
	}
	if message.Other == "" {
		return fmt.Errorf("the form \"other\" is missing")
	}
	message.ID = key
	for _, text := range []string{message.Zero, message.One, message.Two, message.Few, message.Many, message.Other} {
		s, err := parse(text)
		if err != nil {
			return err
		}
		t.sentence[text] = s
	}
	t.plural[key] = true
	return bundle.AddMessages(tag, message)
}

// Langs gives the languages there are, English first.
func (c *Catalog) Langs() []Lang { return append([]Lang(nil), c.langs...) }

// Speaks says whether there is such a language.
func (c *Catalog) Speaks(lang Lang) bool { return c.tongues[lang] != nil }

// Match chooses a language by a browser's Accept-Language header (RFC 9110 section
// 12.5.4); English when none fits or the header cannot be read.
func (c *Catalog) Match(acceptLanguage string) Lang {
	tags, _, err := language.ParseAcceptLanguage(acceptLanguage)
	if err != nil || len(tags) == 0 {
		return English
	}
	_, i, confidence := c.matcher.Match(tags...)
	if confidence == language.No {
		return English
	}
	return c.langs[i]
}

// Has says whether a sentence exists in a language.
func (c *Catalog) Has(lang Lang, key string) bool {
	t := c.tongues[lang]
	if t == nil {
		return false
	}
	if _, ok := t.plain[key]; ok {
		return true
	}
	if _, ok := t.filled[key]; ok {
		return true
	}
	return t.plural[key]
}

// Say gives a sentence with its variables filled in. args["Count"] chooses the plural
// form. Values are written in the language first: see Write.
func (c *Catalog) Say(lang Lang, key string, args flegt.Args) string {
	t := c.tongues[lang]
	if t == nil {
		lang, t = English, c.tongues[English]
	}
	if text, ok := t.plain[key]; ok {
		return text
	}
	if s, ok := t.filled[key]; ok {
		return s.fill(c, lang, args)
	}
	if !t.plural[key] {
		return "⟦" + key + "⟧"
	}
	n := count(args)
	text, err := t.chosen.text(counted{key, n}, func() (string, error) {
		return t.chooser.Localize(&i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateParser: asIs{}})
	})
	if err != nil {
		return "⟦" + key + "⟧"
	}
	return t.sentence[text].fill(c, lang, args)
}

// SayError gives the sentence of a refusal. An error without a key says that something
// went wrong, and no more: what has no kind is never shown.
func (c *Catalog) SayError(lang Lang, e *flegt.Error) string {
	if e == nil || e.Key == "" || e.Kind == flegt.Internal {
		return c.Say(lang, "error.internal", nil)
	}
	return c.Say(lang, e.Key, e.Args)
}

// SayBox gives the sentence about one box of a form.
func (c *Catalog) SayBox(lang Lang, b flegt.BoxError) string { return c.Say(lang, b.Key, b.Args) }
