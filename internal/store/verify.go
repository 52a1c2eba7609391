package store

import (
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"

	jsonv1 "github.com/go-json-experiment/json/v1"
	"github.com/openflegt/openflegt/internal/flegt"
)

// Filed is a noun's row as it lies in its table, for whoever checks the registry.
type Filed struct {
	Noun    flegt.Noun
	ID      string
	Version int
	State   string   // empty for nouns without one
	Hash    string   // SHA-256 of the body as it stands, hex
	Body    string   // JSON
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
	read      func(body string) (id string, version int, state string, want []any, err error)
	index     string // query of the words it is found by, empty when there are none: id, word
	words     func(body string) ([]string, error)
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
			words: func(body string) ([]string, error) {
				o, err := parse[flegt.Operator](body)
				return operatorWords(o), err
			}},
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
			index: `SELECT licence, word FROM licence_word`,
			words: func(body string) ([]string, error) {
				l, err := parse[flegt.Licence](body)
				return words(l), err
			}},
		{noun: flegt.NounSpecimen, table: "specimen", columns: []string{"country", "issuer", "valid_from"},
			read: of(func(s flegt.Specimen) (string, int, string, []any) {
				return s.ID, s.Version, "", []any{s.Country, flegt.Fold(s.Body), string(s.From)}
			})},
		{noun: flegt.NounDossier, table: "dossier",
			columns:   []string{"country", "standing", "officer", "lodged_at", "arrival", "importer", "exporter", "issuing", "headings", "closed_at", "fee_cents", "fee_currency", "operator"},
			elsewhere: map[string]string{"operator": `CASE WHEN operator = (SELECT l.operator FROM licence l WHERE l.id = dossier.licence) THEN '' ELSE 'astray' END`},
			read: of(func(d flegt.Dossier) (string, int, string, []any) {
				f := d.Facts
				cents, currency := fee(d)
				return flegt.DossierID(d.Licence), d.Version, string(d.Standing), []any{d.Country, string(d.Standing), d.Officer, d.LodgedAt, string(f.Arrival),
					flegt.Fold(f.Importer), flegt.Fold(f.Exporter), flegt.Fold(f.Issuing), headings(d), d.Closed, cents, currency, ""}
			})},
		{noun: flegt.NounQuestion, table: "question", columns: []string{"licence", "country", "state", "deadline", "asked_at", "reminded_at", "addressee", "operator", "export"},
			read: of(func(q flegt.Question) (string, int, string, []any) {
				return q.ID, q.Version, string(q.State), []any{q.Licence, q.Country, string(q.State), string(q.Deadline), q.AskedAt, q.RemindedAt, string(q.To), q.Operator, q.Export}
			})},
	}
}

func of[T any](fn func(T) (string, int, string, []any)) func(string) (string, int, string, []any, error) {
	return func(body string) (string, int, string, []any, error) {
		noun, err := parse[T](body)
		id, version, state, want := fn(noun)
		return id, version, state, want, err
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

// CountFiled counts the rows that EachFiled hands out.
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

// EachFiled hands every row of every noun to fn, with what in its columns and indexes does
// not follow from its body.
func (tx *Tx) EachFiled(fn func(Filed) error) error {
	for _, p := range projections() {
		if err := tx.filed(p, fn); err != nil {
			return fmt.Errorf("%s: %w", p.table, err)
		}
	}
	return nil
}

func (tx *Tx) filed(p projection, fn func(Filed) error) error {
	index, err := tx.indexSums(p)
	if err != nil {
		return err
	}
	columns := slices.Clone(p.columns)
	for i, c := range columns {
		if expression, ok := p.elsewhere[c]; ok {
			columns[i] = expression
		}
	}
	query := `SELECT id, version, body, ` + strings.Join(columns, ", ") + ` FROM ` + p.table + ` ORDER BY id`
	return tx.each(query, nil, func(r *sql.Rows) error {
		f := Filed{Noun: p.noun}
		found := make([]any, len(p.columns))
		into := []any{&f.ID, &f.Version, &f.Body}
		for i := range found {
			into = append(into, &found[i])
		}
		if err := r.Scan(into...); err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(f.Body))
		f.Hash = hex.EncodeToString(sum[:])
		if err := p.compare(&f, found, index); err != nil {
			f.Astray = append(f.Astray, "body")
		}
		return fn(f)
	})
}

func (p projection) compare(f *Filed, found []any, index map[string]uint64) error {
	id, version, state, want, err := p.read(f.Body)
	if err != nil {
		return err
	}
	f.State = state
	if id != f.ID {
		f.Astray = append(f.Astray, "id")
	}
	if version != f.Version {
		f.Astray = append(f.Astray, "version")
	}
	for i, column := range p.columns {
		if !agrees(found[i], want[i]) {
			f.Astray = append(f.Astray, column)
		}
	}
	if p.words == nil {
		return nil
	}
	words, err := p.words(f.Body)
	if err == nil && sumWords(words) != index[f.ID] {
		f.Astray = append(f.Astray, "search words")
	}
	return err
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

// indexSums gives for each noun one number that stands for all words it is found by: the
// sum of their hashes, which needs no order and little memory.
func (tx *Tx) indexSums(p projection) (map[string]uint64, error) {
	sums := map[string]uint64{}
	if p.index == "" {
		return sums, nil
	}
	err := tx.each(p.index, nil, func(r *sql.Rows) error {
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

// EachEventRow hands every event to fn, in order, with its number in the table and the
// columns that do not say what its body says. An event whose body cannot be read comes
// with "body" alone.
func (tx *Tx) EachEventRow(fn func(seq int64, e flegt.Event, astray []string) error) error {
	if err := tx.settled(); err != nil {
		return err
	}
	columns := []string{"at", "account", "noun", "noun_id", "verb", "country", "operator"}
	return tx.each(`SELECT seq, body, `+strings.Join(columns, ", ")+` FROM event ORDER BY seq`, nil, func(r *sql.Rows) error {
		var seq int64
		var text string
		found := make([]any, len(columns))
		into := []any{&seq, &text}
		for i := range found {
			into = append(into, &found[i])
		}
		if err := r.Scan(into...); err != nil {
			return err
		}
		var e flegt.Event
		if err := jsonv1.Unmarshal([]byte(text), &e); err != nil {
			return fn(seq, e, []string{"body"})
		}
		var astray []string
		if e.Seq != seq {
			astray = append(astray, "seq")
		}
		for i, want := range []any{e.At, e.Account, string(e.Noun), e.NounID, e.Verb, e.Country, e.Operator} {
			if !agrees(found[i], want) {
				astray = append(astray, columns[i])
			}
		}
		return fn(seq, e, astray)
	})
}

// EachMovement hands every movement to fn, in the order of the events that carry them, with
// the columns that do not say what its body says.
func (tx *Tx) EachMovement(fn func(m flegt.Movement, astray []string) error) error {
	columns := []string{"id", "licence", "mrn", "at"}
	return tx.each(`SELECT seq, body, `+strings.Join(columns, ", ")+` FROM movement ORDER BY seq, ordinal`, nil, func(r *sql.Rows) error {
		var seq int64
		var text string
		found := make([]any, len(columns))
		into := []any{&seq, &text}
		for i := range found {
			into = append(into, &found[i])
		}
		if err := r.Scan(into...); err != nil {
			return err
		}
		m, err := parse[flegt.Movement](text)
		if err != nil {
			return fn(flegt.Movement{Seq: seq}, []string{"body"})
		}
		var astray []string
		if m.Seq != seq {
			astray = append(astray, "seq")
		}
		for i, want := range []any{m.ID, m.Licence, m.MRN, m.At} {
			if !agrees(found[i], want) {
				astray = append(astray, columns[i])
			}
		}
		return fn(m, astray)
	})
}

// EachRawMail hands every mail that came in to fn, with the SHA-256 of its bytes, hex.
func (tx *Tx) EachRawMail(fn func(m flegt.IncomingMail, sum string) error) error {
	return tx.each(`SELECT id, body, raw FROM incoming_mail ORDER BY id`, nil, func(r *sql.Rows) error {
		var id, text string
		var raw []byte
		if err := r.Scan(&id, &text, &raw); err != nil {
			return err
		}
		m, err := parse[flegt.IncomingMail](text)
		if err != nil {
			m = flegt.IncomingMail{}
		}
		m.ID = id
		sum := sha256.Sum256(raw)
		return fn(m, hex.EncodeToString(sum[:]))
	})
}
