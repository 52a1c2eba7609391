// Command staticgen makes the files under static/ecl from the Europa Component
// Library's preset, as npm gives it (@ecl/preset-ec), and compresses them ahead:
//
//	go run ./internal/web/staticgen -from node_modules/@ecl/preset-ec
//
// The style sheet is trimmed: rules whose every selector speaks of a component that no
// page of ours uses are left out, which is two fifths of it. The fonts' address at the
// Commission's servers is left out too, so that no request leaves the own host. Logos
// are not copied. Without -from only the compressed files are made anew.
//
//	go run ./internal/web/staticgen -pdfjs node_modules/pdfjs-dist
//
// makes the files under static/pdfjs from Mozilla's pdf.js.
package main

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/andybalholm/brotli"
)

func main() {
	from := flag.String("from", "", "directory of the unpacked @ecl/preset-ec")
	to := flag.String("to", "internal/web/static/ecl", "directory to write to")
	pdfjs := flag.String("pdfjs", "", "directory of the unpacked pdfjs-dist; makes static/pdfjs and nothing else")
	flag.Parse()
	do := func() error { return run(*from, *to) }
	if *pdfjs != "" {
		do = func() error { return takePDFJS(*pdfjs, "internal/web/static/pdfjs") }
	}
	if err := do(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(from, to string) error {
	if from != "" {
		if err := take(from, to); err != nil {
			return err
		}
	}
	for _, name := range []string{"ecl-ec.css", "ecl-ec-print.css", "ecl-ec.js"} {
		if err := compress(filepath.Join(to, name)); err != nil {
			return err
		}
	}
	return nil
}

// takePDFJS copies and compresses what shows a PDF: the page's part, the worker, and what
// unpacks pictures.
func takePDFJS(from, to string) error {
	for source, name := range map[string]string{
		"build/pdf.min.mjs": "pdf.js", "build/pdf.worker.min.mjs": "pdf.worker.js", "wasm/jbig2.wasm": "jbig2.wasm", "wasm/openjpeg.wasm": "openjpeg.wasm", "wasm/qcms_bg.wasm": "qcms_bg.wasm",
		"LICENSE": "LICENSE", "wasm/LICENSE_JBIG2": "LICENSE_JBIG2", "wasm/LICENSE_OPENJPEG": "LICENSE_OPENJPEG",
		"wasm/LICENSE_PDFJS_JBIG2": "LICENSE_PDFJS_JBIG2", "wasm/LICENSE_PDFJS_OPENJPEG": "LICENSE_PDFJS_OPENJPEG",
		"wasm/LICENSE_QCMS": "LICENSE_QCMS", "wasm/LICENSE_PDFJS_QCMS": "LICENSE_PDFJS_QCMS",
	} {
		data, err := os.ReadFile(filepath.Join(from, source))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), data, 0o644); err != nil {
			return err
		}
		if filepath.Ext(name) == "" {
			continue
		}
		if err := compress(filepath.Join(to, name)); err != nil {
			return err
		}
		if err := os.Remove(filepath.Join(to, name)); err != nil { // the compressed ones hold it all
			return err
		}
	}
	return nil
}

// take copies what we use of the preset.
func take(from, to string) error {
	for _, name := range []string{"ecl-ec.css", "ecl-ec-print.css"} {
		text, err := os.ReadFile(filepath.Join(from, "dist/styles", name))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), []byte(clean(string(text))), 0o644); err != nil {
			return err
		}
	}
	for source, name := range map[string]string{
		"dist/scripts/ecl-ec.js":         "ecl-ec.js",
		"dist/fonts/InterVariable.woff2": "InterVariable.woff2",
		"LICENSE":                        "LICENSE",
	} {
		data, err := os.ReadFile(filepath.Join(from, source))
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(to, name), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

var (
	elsewhere = regexp.MustCompile(`url\(https://[^)]*\) format\("woff2"\),`)
	italic    = regexp.MustCompile(`@font-face\{[^}]*font-style:italic[^}]*\}`)
	sourceMap = regexp.MustCompile(`/\*# sourceMappingURL=[^*]*\*/`)
)

// clean points fonts at our own host, drops the italic cut (the browser slants the
// upright one) and trims.
func clean(css string) string {
	css = elsewhere.ReplaceAllString(css, "")
	css = italic.ReplaceAllString(css, "")
	css = sourceMap.ReplaceAllString(css, "")
	css = strings.ReplaceAll(css, "../fonts/", "")
	return trim(css)
}

// unused are the components that no page of ours uses.
var unused = regexp.MustCompile(`\.ecl-(mega-menu|menu|gallery|list-illustration|banner|quiz|quiz-card|story-card|` +
	`featured-item|range|range-container|media-container|splash-page|carousel|spotlight|navigation-list|rating-field|` +
	`category-filter|text-media|fact-figures|blockquote|news-ticker|animated-numbers?|highlighted-search|` +
	`add-to-calendar|social-media-follow|page-header-expandable|slider|slider-pager|slogan-ticker|picture|popover|` +
	`video|date-block|content-item|datepicker|u-media-[a-z0-9-]+|easy-to-read)(__|--|[^a-z0-9_-]|$)`)

// trim walks over the rules of a minified style sheet and leaves out those all of
// whose selectors need an unused component. A block in which nothing is left goes too.
func trim(css string) string {
	var out strings.Builder
	for len(css) > 0 {
		if strings.HasPrefix(css, "/*") {
			end := strings.Index(css, "*/") + 2
			out.WriteString(css[:end])
			css = css[end:]
			continue
		}
		open := strings.IndexAny(css, "{;")
		if open < 0 {
			out.WriteString(css)
			break
		}
		if css[open] == ';' { // @charset, @import
			out.WriteString(css[:open+1])
			css = css[open+1:]
			continue
		}
		end := closing(css, open)
		head, body := css[:open], css[open+1:end]
		css = css[end+1:]
		out.WriteString(rule(head, body))
	}
	return out.String()
}

func rule(head, body string) string {
	plain := strings.TrimSpace(head)
	switch {
	case strings.HasPrefix(plain, "@media"), strings.HasPrefix(plain, "@supports"), strings.HasPrefix(plain, "@layer"):
		if body = trim(body); body == "" {
			return ""
		}
		return head + "{" + body + "}"
	case strings.HasPrefix(plain, "@"):
		return head + "{" + body + "}"
	}
	var kept []string
	for _, selector := range selectors(head) {
		if !unused.MatchString(selector) {
			kept = append(kept, selector)
		}
	}
	if len(kept) == 0 {
		return ""
	}
	return strings.Join(kept, ",") + "{" + body + "}"
}

// selectors splits at commas that stand in no parenthesis, bracket or string.
func selectors(head string) []string {
	var list []string
	depth, start := 0, 0
	for i := range len(head) {
		switch head[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',':
			if depth == 0 {
				list = append(list, head[start:i])
				start = i + 1
			}
		}
	}
	return append(list, head[start:])
}

// closing finds the brace that closes the one at open, passing over strings.
func closing(css string, open int) int {
	depth := 0
	var quote byte
	for i := open; i < len(css); i++ {
		c := css[i]
		switch {
		case c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '{':
			depth++
		case c == '}':
			if depth--; depth == 0 {
				return i
			}
		}
	}
	return len(css) - 1
}

// compress writes name.br and name.gz, as small as they get.
func compress(name string) error {
	data, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var br, gz bytes.Buffer
	b := brotli.NewWriterLevel(&br, brotli.BestCompression)
	if _, err := b.Write(data); err != nil {
		return err
	}
	if err := b.Close(); err != nil {
		return err
	}
	g, err := gzip.NewWriterLevel(&gz, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := g.Write(data); err != nil {
		return err
	}
	if err := g.Close(); err != nil {
		return err
	}
	fmt.Printf("%s %d, br %d, gz %d\n", name, len(data), br.Len(), gz.Len())
	if err := os.WriteFile(name+".br", br.Bytes(), 0o644); err != nil {
		return err
	}
	return os.WriteFile(name+".gz", gz.Bytes(), 0o644)
}
