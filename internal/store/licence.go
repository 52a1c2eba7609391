package store

import (
	"database/sql"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/openflegt/openflegt/internal/flegt"
)

func parse[T any](text string) (T, error) {
	var v T
	err := read([]byte(text), &v)
	return v, err
}

// AddLicence writes a new draft.
func (tx *Tx) AddLicence(l flegt.Licence) error { return tx.AddLicences([]flegt.Licence{l}) }

// AddLicences writes new drafts.
func (tx *Tx) AddLicences(all []flegt.Licence) error {
	found := make(map[string][]string, len(all))
	for _, l := range all {
		if err := tx.addLicence(l); err != nil {
			return err
		}
		found[l.ID] = words(l)
	}
	return tx.addWords(found)
}

func (tx *Tx) addLicence(l flegt.Licence) error {
	if err := tx.holdHead(); err != nil {
		return err
	}
	text := jsonOf(l)
	_, err := tx.exec(`INSERT INTO licence (id, operator, country, state, number, number_key, export, expires, exporter, created_at, updated_at, submitted_at, version, body, origin)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		l.ID, l.Operator, l.ImportCountry, string(l.State), l.Form.Number, flegt.NumberKey(l.Form.Number), l.Form.Export, string(l.ValidUntil()),
		l.Form.Licensee.Name, tx.at(l.CreatedAt), tx.at(l.UpdatedAt), tx.at(l.SubmittedAt), l.Version, text, origin(l))
	if err := taken(err, l); err != nil {
		return err
	}
	tx.saved = savedRow{l.ID, hashOf(text), l.Version}
	tx.touches(l.ID, flegt.NumberKey(l.Form.Number))
	return tx.useBlobs("", text, l)
}

// SaveLicence writes a changed licence and raises its version. Conflict when somebody else
// changed it meanwhile, or when its number is lodged already under another licence.
func (tx *Tx) SaveLicence(before flegt.Licence, l *flegt.Licence) error {
	if err := tx.holdHead(); err != nil {
		return err
	}
	old := l.Version
	l.Version++
	text := jsonOf(l)
	w := &where{}
	set := "version = " + w.arg(l.Version) + ", body = " + w.arg(text)
	was := tx.licenceColumns(before)
	for i, c := range tx.licenceColumns(*l) {
		if c.value != was[i].value { // a column that stays leaves its indexes alone
			set += ", " + c.name + " = " + w.arg(c.value)
		}
	}
	n, err := tx.exec(`UPDATE licence SET `+set+` WHERE id = `+w.arg(l.ID)+` AND `+tx.stillAt(w.arg(old)), w.args...)
	if err := taken(err, *l); err != nil {
		return err
	}
	if n == 0 {
		return conflict()
	}
	if err := tx.unbook(l.ID); err != nil {
		return err
	}
	tx.saved = savedRow{l.ID, hashOf(text), l.Version}
	tx.touches(l.ID, flegt.NumberKey(before.Form.Number), flegt.NumberKey(l.Form.Number))
	if err := tx.useBlobs(jsonOf(before), text, *l); err != nil {
		return err
	}
	return tx.changeWords(l.ID, words(before), words(*l))
}

// licenceColumn is a column of a licence's row that follows from its body.
type licenceColumn struct {
	name  string
	value any
}

// licenceColumns are those that a change can change.
func (tx *Tx) licenceColumns(l flegt.Licence) []licenceColumn {
	return []licenceColumn{{"country", l.ImportCountry}, {"state", string(l.State)}, {"number", l.Form.Number}, {"number_key", flegt.NumberKey(l.Form.Number)},
		{"export", l.Form.Export}, {"expires", string(l.ValidUntil())}, {"exporter", l.Form.Licensee.Name}, {"updated_at", tx.at(l.UpdatedAt)},
		{"submitted_at", tx.at(l.SubmittedAt)}, {"operator", l.Operator}}
}

// origin is where a licence comes from: typed from the paper, or put in by the issuing
// country.
func origin(l flegt.Licence) string {
	if l.Electronic {
		return "electronic"
	}
	return "paper"
}

func taken(err error, l flegt.Licence) error {
	if unique(err) {
		return &flegt.Error{Kind: flegt.Conflict, Key: "check.number_taken", Args: flegt.Args{"Number": l.Form.Number},
			Boxes: []flegt.BoxError{{Box: "number", Key: "check.number_taken", Args: flegt.Args{"Number": l.Form.Number}}}}
	}
	return err
}

// words are the folded words by which a licence is searched: its number whole and in parts,
// exporter, importer, invoice and bill of lading.
func words(l flegt.Licence) []string {
	f := l.Form
	out := strings.Fields(flegt.Fold(strings.Join([]string{f.Number, f.Licensee.Name, f.Importer.Name, f.Invoice, f.BillOfLading}, " ")))
	if key := strings.ToLower(flegt.NumberKey(f.Number)); key != "" {
		out = append(out, key)
	}
	if m, marked := l.MarkedAs(); marked {
		for _, s := range m.Successors {
			out = append(out, successorWord(s))
		}
	}
	office, err := flegt.CheckCustomsOffice(f.Office)
	if err != nil {
		office = "" // as where none is named
	}
	out = append(out, officeWord(office))
	if bill := billWord(f.BillOfLading); bill != billWord("") {
		out = append(out, bill)
	}
	for _, n := range flegt.ContainerNumbers(f.Containers) {
		out = append(out, containerWord(n))
	}
	if _, held := l.StandingHold(); held {
		out = append(out, heldWord(l.ImportCountry))
	}
	for i, w := range out {
		out[i] = cut(w)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// wordsVersion is raised when words, or flegt.NumberKey, gives others for the same licence.
const wordsVersion = "5"

// What begins with a colon is found by what we look up ourselves: no text that somebody
// searches for does. A replaced licence is found by its successor's number, a shipment by its
// bill of lading and its containers, what comes to a customs office by the office, and by an empty
// one what names none, and what customs holds by the country where it is lodged.
func successorWord(number string) string { return ":successor:" + flegt.NumberKey(number) }
func officeWord(office string) string    { return ":office:" + office }
func containerWord(number string) string { return ":container:" + number }
func heldWord(country string) string     { return ":held:" + country }

// billWord is the same for a bill of lading in every spelling: without hyphens, points, strokes.
func billWord(number string) string {
	return ":bill:" + strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, flegt.NumberKey(number))
}

// cut shortens a word to what the index keeps.
func cut(w string) string {
	if len(w) > 60 {
		return strings.ToValidUTF8(w[:60], "")
	}
	return w
}

// changeWords writes the words under which a licence is found now instead of those before.
func (tx *Tx) changeWords(id string, before, after []string) error {
	if slices.Equal(before, after) {
		return nil
	}
	if len(before) > 0 {
		if _, err := tx.exec(`DELETE FROM licence_word WHERE licence = $1`, id); err != nil {
			return err
		}
	}
	return tx.addWords(map[string][]string{id: after})
}

// addWords writes the words under which licences are found, by the licences' ids, in one
// query and in the order in which they are kept.
func (tx *Tx) addWords(found map[string][]string) error {
	maps.DeleteFunc(found, func(_ string, words []string) bool { return len(words) == 0 })
	if len(found) == 0 {
		return nil
	}
	from := `json_each($1) l, json_each(l.value) w WHERE true` // without it SQLite reads ON as part of a join
	if tx.db.dialect == postgres {
		from = `jsonb_each($1::jsonb) l, jsonb_array_elements_text(l.value) w (value)`
	}
	if len(found) > 1 {
		from += ` ORDER BY w.value`
	}
	_, err := tx.exec(`INSERT INTO licence_word (word, licence) SELECT w.value, l.key FROM `+from+` ON CONFLICT DO NOTHING`, jsonOf(found))
	return err
}

// DropDraft forgets a draft that was never submitted; its events stay.
func (tx *Tx) DropDraft(l flegt.Licence) error {
	tx.touches(l.ID, flegt.NumberKey(l.Form.Number))
	for _, table := range []string{"licence_word", "blob_use"} {
		if _, err := tx.exec(`DELETE FROM `+table+` WHERE licence = $1`, l.ID); err != nil {
			return err
		}
	}
	return changed(tx.exec(`DELETE FROM licence WHERE id = $1 AND version = $2 AND state = 'draft'`, l.ID, l.Version))
}

// Licence reads a licence by id.
func (tx *Tx) Licence(id string) (flegt.Licence, error) {
	return tx.licence(`SELECT `+tx.licenceText("licence")+` FROM licence WHERE id = $1`, id)
}

// LicenceHeads reads of licences, by id, what names them, from the columns of their rows: id,
// operator, state, the countries, the number, whether the issuing country put it in. Nothing
// else of them is set; those that are gone are left out.
func (tx *Tx) LicenceHeads(ids []string) (map[string]flegt.Licence, error) {
	out := make(map[string]flegt.Licence, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	cond, arg := tx.among("id", "$1", ids)
	rows, err := tx.rows(`SELECT id, operator, country, state, number, export, origin = 'electronic' FROM licence WHERE `+cond, arg)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var l flegt.Licence
		if err := rows.Scan(&l.ID, &l.Operator, &l.ImportCountry, &l.State, &l.Form.Number, &l.Form.Export, &l.Electronic); err != nil {
			return nil, err
		}
		out[l.ID] = l
	}
	return out, rows.Err()
}

// LicencesNumbered reads the licences with a number that are lodged or were decided, or that
// the issuing country put in, the lodged or accepted one first.
func (tx *Tx) LicencesNumbered(number string) ([]flegt.Licence, error) {
	return tx.licences(`SELECT `+tx.licenceText("licence")+` FROM licence WHERE number_key = $1 AND (state <> 'draft' OR origin = 'electronic')
		ORDER BY CASE state WHEN 'accepted' THEN 0 WHEN 'submitted' THEN 1 WHEN 'returned' THEN 1 ELSE 2 END, submitted_at DESC`, flegt.NumberKey(number))
}

// Electronic finds the unclaimed or claimed licence that the issuing country put in under a
// number; NotFound when there is none that waits to be claimed.
func (tx *Tx) Electronic(number string) (flegt.Licence, error) {
	return tx.licence(`SELECT `+tx.licenceText("licence")+` FROM licence WHERE number_key = $1 AND `+aside("state")+` = 'issued'`, flegt.NumberKey(number))
}

// Predecessors reads the licences that were replaced or cancelled in favour of a number.
func (tx *Tx) Predecessors(number string, limit int) ([]flegt.Licence, error) {
	return tx.licences(`SELECT `+tx.licenceText("l")+` FROM licence_word w JOIN licence l ON l.id = w.licence WHERE w.word = $1 ORDER BY l.id LIMIT $2`,
		cut(successorWord(number)), limit)
}

// NumberLodged says whether a licence other than the given one stands here under the number,
// by anybody: put in by the issuing country, lodged, or accepted.
func (tx *Tx) NumberLodged(number, except string) (bool, error) {
	var n int
	err := tx.row(`SELECT count(*) FROM licence WHERE number_key = $1 AND id <> $2 AND
		(state IN ('issued', 'submitted', 'returned', 'accepted', 'acceptance_withdrawn') OR origin = 'electronic' AND state = 'draft')`,
		flegt.NumberKey(number), except).Scan(&n)
	return n > 0, err
}

// LicenceQuery narrows a list of licences. The scope comes from access: an empty scope
// lists nothing.
type LicenceQuery struct {
	Scope  flegt.Scope
	Text   string // words or their beginnings: number, exporter, importer, invoice
	States []string
	Export string
	// Offices are customs offices of clearance, by their reference numbers; none means all.
	Offices []string
	// NoOffice narrows to licences that name no customs office, or one of Offices if there are any.
	NoOffice bool
	// Standing narrows to accepted licences as they stand on Today; empty does not.
	Standing flegt.LicenceStanding
	Today    flegt.Date
	Sort     string // "updated", "submitted", "number", "expires", "id"; empty is "updated"
	After    string // with Sort "id", or "expires" when Asc: go on after this one
	// AfterExpiry is the day on which After expires, in a list by "expires"; empty where it
	// has none.
	AfterExpiry flegt.Date
	Asc         bool
	Limit       int // 0 means 25
	Offset      int
	Uncounted   bool // the page is read and nothing counted
	Whole       bool // common words are looked for among all licences, whatever work it is
	NoGoods     bool // the goods lines of a page's licences are not read: a list may show nothing of them
	counted     bool // nothing is read but how many there are
}

var licenceSorts = map[string]string{"": "updated_at", "updated": "updated_at", "submitted": "submitted_at", "number": "number_key", "expires": "expires", "id": "id"}

func withoutDrafts(states []string) []string {
	if len(states) == 0 {
		for _, s := range flegt.LicenceStates {
			states = append(states, string(s))
		}
	}
	out := slices.DeleteFunc(slices.Clone(states), func(s string) bool { return !flegt.LicenceState(s).Lodged() })
	if len(out) == 0 {
		return []string{"none"}
	}
	return out
}

const movementColumns = 7

var movementInsert = newInsert(`INSERT INTO movement (id, licence, mrn, at, seq, ordinal, body)`, "text text text timestamptz bigint bigint text", "")

// AddMovements appends to the ledger, under the event that carries them. The licence's row
// is saved first, in the same change.
func (tx *Tx) AddMovements(seq int64, moves []flegt.Movement) {
	j := &tx.sql.journal
	for i, m := range moves {
		m.Seq = seq
		text := jsonOf(m)
		j.moves = append(j.moves, m.ID, m.Licence, m.MRN, tx.at(m.At), seq, i, text)
		tx.sql.touched.moves(m, len(text))
	}
}

// Movements reads a licence's ledger, oldest first.
func (tx *Tx) Movements(licence string) ([]flegt.Movement, error) {
	if err := tx.settled(); err != nil {
		return nil, err
	}
	return bodies[flegt.Movement](tx, `SELECT body FROM movement WHERE licence = $1 ORDER BY seq, ordinal`, licence)
}

// MovementsUnder reads the ledgers of several licences at once, each oldest first.
func (tx *Tx) MovementsUnder(licences []string) (map[string][]flegt.Movement, error) {
	out := map[string][]flegt.Movement{}
	if len(licences) == 0 {
		return out, nil
	}
	if err := tx.settled(); err != nil {
		return nil, err
	}
	w := &where{}
	w.in("licence", licences)
	all, err := bodies[flegt.Movement](tx, `SELECT body FROM movement`+w.clause()+` ORDER BY seq, ordinal`, w.args...)
	for _, m := range all {
		out[m.Licence] = append(out[m.Licence], m)
	}
	return out, err
}

// MovementsOf reads what a declaration moved, under any licence, oldest first.
func (tx *Tx) MovementsOf(mrn string) ([]flegt.Movement, error) {
	if err := tx.settled(); err != nil {
		return nil, err
	}
	return bodies[flegt.Movement](tx, `SELECT body FROM movement WHERE mrn = $1 ORDER BY seq, ordinal`, mrn)
}

// EachLicence hands every licence to fn, in the order of their ids, without holding them all.
func (tx *Tx) EachLicence(fn func(flegt.Licence) error) error {
	return tx.each(`SELECT `+tx.licenceText("licence")+` FROM licence ORDER BY id`, nil, func(r *sql.Rows) error {
		l, err := scanLicence(r)
		if err != nil {
			return err
		}
		return fn(l)
	})
}

// LicenceStates reads in which states some licences are; those that are not there are left out.
func (tx *Tx) LicenceStates(ids []string) (map[string]flegt.LicenceState, error) {
	states := map[string]flegt.LicenceState{}
	if len(ids) == 0 {
		return states, nil
	}
	cond, arg := tx.among("id", "$1", ids)
	err := tx.all(`SELECT id, state FROM licence WHERE `+cond, []any{arg}, func(r *sql.Rows) error {
		var id, state string
		err := r.Scan(&id, &state)
		states[id] = flegt.LicenceState(state)
		return err
	})
	return states, err
}
