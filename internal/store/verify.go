package store

import (
	"database/sql"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// Filed is a noun's row as it lies in its table, for whoever checks the registry.
type Filed struct {
	Noun    flegt.Noun
	ID      string
	Version int
	State   string   // empty for nouns without one
	Hash    string   // SHA-256 of the body as it stands, hex
	Value   any      // the noun itself, as its body has it: an flegt.Licence and so on; nil when that cannot be read
	Astray  []string // columns and indexes that do not say what the body says
}

// projection is how a noun's columns follow from its body.
type projection struct {
	noun    flegt.Noun
	table   string
	columns []string
	// elsewhere has the columns that follow from another noun's row: an expression that is
	// empty when they do.
	elsewhere map[string]string
	read      func(body string) (saying, error)
	index     string // query of the words it is found by, empty when there are none: id, word
	byID      string // column of index that names the noun and has an index; else all is read at once
	words     func(noun any) []string
}

// saying is what a body says.
type saying struct {
	noun    any
	id      string
	version int
	state   string
	want    []any // columns
}

// projections lists the tables of nouns whose every change is an event.
func projections() []projection {
	return []projection{
		{noun: flegt.NounAccount, table: "account", columns: []string{"email", "ecas"},
			read: of(func(a flegt.Account) (string, int, string, []any) {
				return a.ID, a.Version, "", []any{strings.ToLower(a.Email), strings.ToLower(a.EcasName)}
			})},
		{noun: flegt.NounOperator, table: "operator", columns: []string{"country", "name", "folded", "town", "postcode", "section"},
			read: of(func(o flegt.Operator) (string, int, string, []any) {
				return o.ID, o.Version, "", []any{o.Country, o.Name, flegt.Fold(o.FullName()), flegt.Fold(o.Town), o.Postcode, o.Section}
			}),
			index: `SELECT operator, gram FROM operator_gram UNION ALL SELECT operator, kind || ' ' || value FROM operator_identifier`,
			words: func(noun any) []string { return operatorWords(noun.(flegt.Operator)) }},
		{noun: flegt.NounAuthority, table: "authority", columns: []string{"role", "country"},
			read: of(func(a flegt.Authority) (string, int, string, []any) {
				return a.ID, a.Version, "", []any{string(a.Role), a.Country}
			})},
		{noun: flegt.NounAuthorisation, table: "authorisation", columns: []string{"account", "role", "body_id", "country", "status", "requested_at"},
			read: of(func(z flegt.Authorisation) (string, int, string, []any) {
				return z.ID, z.Version, string(z.Status), []any{z.Account, string(z.Role), z.Body, z.Country, string(z.Status), z.RequestedAt}
			})},
		{noun: flegt.NounAPIToken, table: "api_token", columns: []string{"account", "authorisation", "hash"},
			read: of(func(t flegt.APIToken) (string, int, string, []any) {
				return t.ID, t.Version, "", []any{t.Account, t.Authorisation, t.Hash}
			})},
		{noun: flegt.NounWebhook, table: "webhook", columns: []string{"account", "authorisation", "state"},
			read: of(func(h flegt.Webhook) (string, int, string, []any) {
				return h.ID, h.Version, string(h.State), []any{h.Account, h.Authorisation, string(h.State)}
			})},
		{noun: flegt.NounLicence, table: "licence",
			columns: []string{"operator", "country", "state", "number", "number_key", "export", "expires", "exporter", "created_at", "updated_at", "submitted_at", "origin"},
			read: of(func(l flegt.Licence) (string, int, string, []any) {
				return l.ID, l.Version, string(l.State), []any{l.Operator, l.ImportCountry, string(l.State), l.Form.Number, flegt.NumberKey(l.Form.Number),
					l.Form.Export, string(l.ValidUntil()), l.Form.Licensee.Name, l.CreatedAt, l.UpdatedAt, l.SubmittedAt, origin(l)}
			}),
			index: `SELECT licence, word FROM licence_word`, byID: "licence",
			words: func(noun any) []string { return words(noun.(flegt.Licence)) }},
		{noun: flegt.NounSpecimen, table: "specimen", columns: []string{"country", "issuer", "valid_from"},
			read: of(func(s flegt.Specimen) (string, int, string, []any) {
				return s.ID, s.Version, "", []any{s.Country, flegt.Fold(s.Body), string(s.From)}
			})},
		{noun: flegt.NounDossier, table: "dossier",
			columns: []string{"country", "standing", "officer", "lodged_at", "arrival", "importer", "exporter", "issuing", "headings", "closed_at", "fee_cents", "fee_currency", "operator", "unaccepted", "names"},
			elsewhere: map[string]string{"operator": `CASE WHEN operator = (SELECT l.operator FROM licence l WHERE l.id = dossier.licence) THEN '' ELSE 'astray' END`,
				"unaccepted": `CASE WHEN unaccepted = (` + unaccepted("standing", "dossier.licence") + `) THEN '' ELSE 'astray' END`, "names": namesKept()},
			read: of(func(d flegt.Dossier) (string, int, string, []any) {
				f := d.Facts
				cents, currency := fee(d)
				return flegt.DossierID(d.Licence), d.Version, string(d.Standing), []any{d.Country, string(d.Standing), d.Officer, d.LodgedAt, string(f.Arrival),
					flegt.Fold(f.Importer), flegt.Fold(f.Exporter), flegt.Fold(f.Issuing), headings(d), d.Closed, cents, currency, "", "", ""}
			})},
		{noun: flegt.NounQuestion, table: "question", columns: []string{"licence", "country", "state", "deadline", "asked_at", "reminded_at", "addressee", "operator", "export"},
			read: of(func(q flegt.Question) (string, int, string, []any) {
				return q.ID, q.Version, string(q.State), []any{q.Licence, q.Country, string(q.State), string(q.Deadline), q.AskedAt, q.RemindedAt, string(q.To), q.Operator, q.Export}
			})},
	}
}

func of[T any](fn func(T) (string, int, string, []any)) func(string) (saying, error) {
	return func(body string) (r saying, err error) {
		noun, err := parse[T](body)
		r.noun = noun
		r.id, r.version, r.state, r.want = fn(noun)
		return r, err
	}
}

func operatorWords(o flegt.Operator) []string {
	out := grams(operatorText(o))
	seen := map[string]bool{}
	for _, id := range o.Identifiers {
		if w := string(id.Kind) + " " + id.Normalise().Value; !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// CountFiled counts the rows that Verifying.EachFiled hands out.
func (tx *Tx) CountFiled() (total int, err error) {
	for _, p := range projections() {
		var n int
		if err := tx.row(`SELECT count(*) FROM ` + p.table).Scan(&n); err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// Verifying is a look through the whole registry, a span after another.
type Verifying struct {
	tx          *Tx
	projections []projection
	sums        map[flegt.Noun]map[string]uint64 // of the words of nouns of which all are read at once
}

// Verifying begins a look through the whole registry.
func (tx *Tx) Verifying() (*Verifying, error) {
	v := &Verifying{tx: tx, projections: projections(), sums: map[flegt.Noun]map[string]uint64{}}
	for _, p := range v.projections {
		if p.index == "" || p.byID != "" {
			continue
		}
		sums, err := tx.indexSums(p, Span{})
		if err != nil {
			return nil, fmt.Errorf("%s: %w", p.table, err)
		}
		v.sums[p.noun] = sums
	}
	return v, nil
}

// EachFiled hands every row in a span of every noun to fn, with what in its columns and
// indexes does not follow from its body. Nothing else can be asked meanwhile.
func (v *Verifying) EachFiled(span Span, fn func(Filed) error) error {
	for _, p := range v.projections {
		if err := v.filed(p, span, fn); err != nil {
			return fmt.Errorf("%s: %w", p.table, err)
		}
	}
	return nil
}

func (v *Verifying) filed(p projection, span Span, fn func(Filed) error) (err error) {
	sums := v.sums[p.noun]
	if p.byID != "" {
		if sums, err = v.tx.indexSums(p, span); err != nil {
			return err
		}
	}
	columns := slices.Clone(p.columns)
	for i, c := range columns {
		if expression, ok := p.elsewhere[c]; ok {
			columns[i] = expression
		}
	}
	w := span.where("id")
	booked := `NULL`
	if p.noun == flegt.NounLicence {
		booked = v.tx.bookedVersion(p.table)
	}
	query := `SELECT id, version, body, ` + booked + `, ` + strings.Join(columns, ", ") + ` FROM ` + p.table + w.clause() + ` ORDER BY id`
	return v.tx.each(query, w.args, func(r *sql.Rows) error {
		f := Filed{Noun: p.noun}
		var body string
		var booked sql.NullInt64
		found := make([]any, len(p.columns))
		into := []any{&f.ID, &f.Version, &body, &booked}
		for i := range found {
			into = append(into, &found[i])
		}
		if err := r.Scan(into...); err != nil {
			return err
		}
		if body = asBooked(body, f.Version, booked); booked.Valid {
			f.Version = int(booked.Int64)
		}
		f.Hash = hashOf(body)
		p.compare(&f, body, found, sums)
		return fn(f)
	})
}

func (p projection) compare(f *Filed, body string, found []any, sums map[string]uint64) {
	says, err := p.read(body)
	if err != nil {
		f.Astray = append(f.Astray, "body")
		return
	}
	f.State, f.Value = says.state, says.noun
	if says.id != f.ID {
		f.Astray = append(f.Astray, "id")
	}
	if says.version != f.Version {
		f.Astray = append(f.Astray, "version")
	}
	for i, column := range p.columns {
		if !agrees(found[i], says.want[i]) {
			f.Astray = append(f.Astray, column)
		}
	}
	if p.words != nil && sumWords(p.words(says.noun)) != sums[f.ID] {
		f.Astray = append(f.Astray, "search words")
	}
}

// agrees says whether a column holds what the body says.
func agrees(found, want any) bool {
	switch want := want.(type) {
	case time.Time:
		var m moment
		return m.Scan(found) == nil && m.Equal(want.Truncate(time.Microsecond))
	case string:
		if text, ok := found.([]byte); ok {
			found = string(text)
		}
		return found == want
	case int64:
		return found == want
	case nil:
		return found == nil
	}
	return false
}

// indexSums gives for each noun in a span one number that stands for all words it is found by:
// the sum of their hashes, which needs no order and little memory.
func (tx *Tx) indexSums(p projection, span Span) (map[string]uint64, error) {
	sums := map[string]uint64{}
	w := &where{}
	if p.byID != "" {
		w = span.where(p.byID)
	}
	err := tx.each(p.index+w.clause(), w.args, func(r *sql.Rows) error {
		var id, word string
		if err := r.Scan(&id, &word); err != nil {
			return err
		}
		sums[id] += hashWord(word)
		return nil
	})
	return sums, err
}

func sumWords(words []string) (sum uint64) {
	for _, w := range words {
		sum += hashWord(w)
	}
	return sum
}

func hashWord(w string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(w))
	return h.Sum64()
}
