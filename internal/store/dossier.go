package store

import (
	"cmp"
	"database/sql"
	"strconv"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// AddDossier writes the dossier of a licence that was lodged for the first time.
func (tx *Tx) AddDossier(d flegt.Dossier) error {
	cents, currency := fee(d)
	_, err := tx.exec(`INSERT INTO dossier (id, licence, country, standing, officer, lodged_at, arrival, importer, exporter, issuing, headings, warnings, closed_at, version, body, fee_cents, fee_currency, operator, unaccepted)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, (SELECT operator FROM licence WHERE id = $2), `+unaccepted("$4", "$2")+`)`,
		flegt.DossierID(d.Licence), d.Licence, d.Country, string(d.Standing), d.Officer, tx.at(d.LodgedAt), string(d.Facts.Arrival), flegt.Fold(d.Facts.Importer), flegt.Fold(d.Facts.Exporter),
		flegt.Fold(d.Facts.Issuing), headings(d), d.Warnings, tx.at(d.Closed), d.Version, jsonOf(d), cents, currency)
	if err != nil {
		return err
	}
	return tx.addNames(d)
}

// SaveDossier writes a changed dossier and raises its version; Conflict when somebody else
// changed it meanwhile.
func (tx *Tx) SaveDossier(d *flegt.Dossier) error {
	old := d.Version
	d.Version++
	cents, currency := fee(*d)
	err := changed(tx.exec(`UPDATE dossier SET country = $1, standing = $2, officer = $3, lodged_at = $4, arrival = $5, importer = $6, exporter = $7, issuing = $8,
		headings = $9, warnings = $10, closed_at = $11, version = $12, body = $13, fee_cents = $14, fee_currency = $15, unaccepted = `+unaccepted("$2", "$16")+` WHERE licence = $16 AND version = $17`,
		d.Country, string(d.Standing), d.Officer, tx.at(d.LodgedAt), string(d.Facts.Arrival), flegt.Fold(d.Facts.Importer), flegt.Fold(d.Facts.Exporter),
		flegt.Fold(d.Facts.Issuing), headings(*d), d.Warnings, tx.at(d.Closed), d.Version, jsonOf(d), cents, currency, d.Licence, old))
	if err != nil {
		return err
	}
	return tx.addNames(*d)
}

// headings writes the HS headings so that one of them can be found: " 4407 9403 ".
func headings(d flegt.Dossier) string {
	if len(d.Facts.Headings) == 0 {
		return ""
	}
	return " " + strings.Join(d.Facts.Headings, " ") + " "
}

// Dossier reads the dossier of a licence.
func (tx *Tx) Dossier(licence string) (flegt.Dossier, error) {
	return body[flegt.Dossier](tx, `SELECT body FROM dossier WHERE licence = $1`, licence)
}

// LodgedWithoutDossier reads licences that were lodged and have no dossier, after one by id.
func (tx *Tx) LodgedWithoutDossier(after string, limit int) ([]flegt.Licence, error) {
	return tx.licences(`SELECT `+tx.licenceText("l")+` FROM licence l WHERE id > $1 AND submitted_at IS NOT NULL
		AND NOT EXISTS (SELECT 1 FROM dossier d WHERE d.licence = l.id) ORDER BY id LIMIT $2`, after, limit)
}

// Outcome narrows what was decided by what became of it; empty narrows nothing.
type Outcome string

// The outcomes: an acceptance that holds, or anything else.
const (
	OutcomeAccepted   Outcome = "accepted"
	OutcomeUnaccepted Outcome = "unaccepted" // rejected, withdrawn, or the acceptance was withdrawn
)

// DossierQuery narrows an authority's work list. Country is required: without it nothing is
// listed.
type DossierQuery struct {
	Country  string
	Standing flegt.Standing // empty: all that are not decided
	Any      bool           // with no Standing: the decided ones too
	Officer  string         // handled by this account
	Nobody   bool           // handled by nobody
	Held     bool           // customs holds the shipment
	Importer string         // part of the name, folded
	Exporter string
	Issuing  string
	Heading  string // HS, four digits
	Number   string // beginning of a word of the licence number
	Warnings bool   // with something to look at
	Outcome  Outcome
	Lodged   struct{ From, Until time.Time }
	Arrival  struct{ From, Until flegt.Date } // both days included
	Sort     string                           // "lodged", "arrival", "importer", "warnings"; empty is "lodged"
	Desc     bool
	Limit    int // 0 means 25
	Offset   int
	After    string // licence: go on after its dossier, in the same order
	AfterKey string // what Key gave of it, so that it may have changed since; empty: as it is now
	counting bool   // in no order
	tallied  bool   // and an index by standing serves best
}

var dossierSorts = map[string]string{"": "lodged_at", "lodged": "lodged_at", "arrival": "CASE WHEN arrival = '' THEN '9' ELSE arrival END", "importer": "importer", "warnings": "warnings"}

// Dossiers reads a page of the work list.
func (tx *Tx) Dossiers(q DossierQuery) ([]flegt.Dossier, error) {
	w, ok, err := q.where(tx)
	if err != nil || !ok {
		return nil, err
	}
	if q.Limit == 0 {
		q.Limit = 25
	}
	column, known := dossierSorts[q.Sort]
	if !known {
		column = "lodged_at"
	}
	dir, than := "", ">"
	if q.Desc {
		dir, than = " DESC", "<"
	}
	if q.After != "" && q.AfterKey != "" {
		w.and("(" + column + ", licence) " + than + " (" + q.keyed(w) + ", " + w.arg(q.After) + ")")
	} else if q.After != "" {
		w.and("(" + column + ", licence) " + than + " (SELECT " + column + ", licence FROM dossier WHERE licence = " + w.arg(q.After) + ")")
	}
	order := ` ORDER BY ` + column + dir + `, licence` + dir
	page := order + ` LIMIT ` + w.arg(q.Limit) + ` OFFSET ` + w.arg(q.Offset)
	if w.from != "" { // sorted without their bodies
		return bodies[flegt.Dossier](tx, `SELECT body FROM dossier WHERE licence IN (SELECT licence FROM `+w.few(column)+w.clause()+page+`)`+order, w.args...)
	}
	return bodies[flegt.Dossier](tx, `SELECT body FROM dossier`+w.clause()+page, w.args...)
}

// Key is what the list sorts a dossier by, where that can change; else empty.
func (q DossierQuery) Key(d flegt.Dossier) string {
	switch q.Sort {
	case "arrival":
		return cmp.Or(string(d.Facts.Arrival), "9")
	case "importer":
		return ":" + flegt.Fold(d.Facts.Importer)
	case "warnings":
		return strconv.Itoa(d.Warnings)
	}
	return ""
}

// keyed gives the key of the dossier after which a list goes on, as its column has it.
func (q DossierQuery) keyed(w *where) string {
	if q.Sort == "warnings" {
		n, _ := strconv.Atoi(q.AfterKey)
		return w.arg(n)
	}
	return w.arg(strings.TrimPrefix(q.AfterKey, ":"))
}

// CountDossiers counts what a query finds, at most up to cap.
func (tx *Tx) CountDossiers(q DossierQuery, cap int) (n int, err error) {
	q.counting, q.tallied = true, q.Standing == "" && q.Officer == "" && q.Arrival.From == "" && q.Arrival.Until == ""
	w, ok, err := q.where(tx)
	if err != nil || !ok {
		return 0, err
	}
	from := "dossier"
	if w.from != "" {
		from = w.few("")
	}
	err = tx.row(`SELECT count(*) FROM (SELECT 1 AS one FROM `+from+w.clause()+` LIMIT `+w.arg(cap)+`) t`, w.args...).Scan(&n)
	return n, err
}

func (q DossierQuery) where(tx *Tx) (*where, bool, error) {
	if q.Country == "" {
		return nil, false, nil
	}
	names, some, err := tx.narrowings(q)
	if err != nil || !some {
		return nil, false, err
	}
	leading, isFew, err := tx.leading(q, names)
	if err != nil {
		return nil, false, err
	}
	q.tallied = q.tallied && leading < 0
	w := &where{}
	few := false
	if isFew {
		tx.lead(w, q, names[leading])
	} else {
		if few, err = tx.fewUnhandled(q); err != nil {
			return nil, false, err
		}
		country := "country"
		if q.Officer != "" || q.Held { // these are few: they are found and sorted
			country = aside(country)
		}
		w.equal(country, q.Country)
		q.stand(w, few)
	}
	if q.Held {
		w.and(`licence IN (SELECT licence FROM licence_word WHERE word = ` + w.arg(heldWord(q.Country)) + `)`)
	}
	w.equal("officer", q.Officer)
	if q.Nobody && few {
		w.and("officer = ''")
	} else if q.Nobody {
		w.and(aside("officer") + " = ''")
	}
	for i, n := range names {
		if i != leading || !isFew {
			tx.narrow(w, n, i == leading && q.counting)
		}
	}
	if word := strings.ToLower(flegt.NumberKey(q.Number)); word != "" {
		from, to := w.arg(word), w.arg(word+"\U0010FFFF")
		w.and(`licence IN (SELECT licence FROM licence_word WHERE word >= ` + from + ` AND word < ` + to + `)`)
	}
	if q.Warnings {
		w.and("warnings > 0")
	}
	switch q.Outcome {
	case OutcomeAccepted:
		w.and("unaccepted = 0 AND standing = 'decided'")
	case OutcomeUnaccepted:
		w.and("unaccepted = 1")
	}
	w.between(tx, "lodged_at", q.Lodged.From, q.Lodged.Until)
	if q.Arrival.From != "" || q.Arrival.Until != "" {
		w.and("arrival <> ''")
	}
	if q.Arrival.From != "" {
		w.and(dossierSorts["arrival"] + " >= " + w.arg(string(q.Arrival.From)))
	}
	if q.Arrival.Until != "" {
		w.and(dossierSorts["arrival"] + " <= " + w.arg(string(q.Arrival.Until)))
	}
	return w, true, nil
}

// stand narrows a list by standing, word by word as the indexes have it, so that many are read
// in the list's order; few are found by their standing and sorted.
func (q DossierQuery) stand(w *where, few bool) {
	switch {
	case q.Standing == flegt.DossierDecided:
		w.and("standing = 'decided'")
	case q.Standing == flegt.DossierOpen && !few:
		w.and("standing <> 'decided'")
		w.equal(aside("standing"), string(q.Standing))
	case q.Standing == "" && !q.Any && q.tallied:
		w.and("standing IN ('open', 'waiting')")
	case q.Standing == "" && !q.Any:
		w.and("standing <> 'decided'")
	default:
		w.equal("standing", string(q.Standing))
	}
}

// fewUnhandled says whether the dossiers asked for are those that nobody handles and are few.
func (tx *Tx) fewUnhandled(q DossierQuery) (bool, error) {
	if !q.Nobody || q.Standing != flegt.DossierOpen {
		return false, nil
	}
	n, err := tx.isFew(`SELECT count(*) FROM (SELECT 1 AS one FROM dossier WHERE country = $1 AND standing = 'open' AND officer = '' LIMIT $2) t`, q.Country, few)
	return n < few, err
}

// DossierCounts counts a country's dossiers that are not decided: how many nobody handles,
// how many an officer does, how many wait, and how many there are, each at most up to cap.
func (tx *Tx) DossierCounts(country, officer string, cap int) (nobody, mine, waiting, all int, err error) {
	count := func(cond string) string {
		return `(SELECT count(*) FROM (SELECT 1 AS one FROM dossier WHERE country = $1 AND ` + cond + ` LIMIT $3) t)`
	}
	// Where nobody handles more than are counted, there are not less in all.
	err = tx.row(`WITH n AS MATERIALIZED (SELECT `+count(`standing = 'open' AND officer = ''`)+` AS nobody) SELECT n.nobody, `+count(`standing IN ('open', 'waiting') AND officer = $2`)+`, `+count(`standing = 'waiting'`)+`,
		CASE WHEN n.nobody >= $3 THEN n.nobody ELSE `+count(`standing IN ('open', 'waiting')`)+` END FROM n`,
		country, officer, cap).Scan(&nobody, &mine, &waiting, &all)
	return nobody, mine, waiting, all, err
}

// CountHeld counts the licences lodged in a country whose shipments customs holds, at most up to cap.
func (tx *Tx) CountHeld(country string, cap int) (n int, err error) {
	return tx.howMany(`SELECT count(*) FROM (SELECT 1 AS one FROM licence_word WHERE word = $1 LIMIT $2) t`, heldWord(country), cap)
}

// HeldAmong tells of some licences lodged in a country which of them have shipments that customs holds.
func (tx *Tx) HeldAmong(country string, licences []string) (map[string]bool, error) {
	held := map[string]bool{}
	if len(licences) == 0 {
		return held, nil
	}
	cond, arg := tx.among("licence", "$2", licences)
	err := tx.all(`SELECT licence FROM licence_word WHERE word = $1 AND `+cond, []any{heldWord(country), arg}, func(r *sql.Rows) error {
		var id string
		err := r.Scan(&id)
		held[id] = true
		return err
	})
	return held, err
}

// SavedView is a way an officer narrows the work list, kept under a name.
type SavedView struct {
	Name  string
	Query string // as it stands in the page's address
}

// SavedViews reads an account's saved views by name.
func (tx *Tx) SavedViews(account string) (out []SavedView, err error) {
	err = tx.all(`SELECT name, query FROM saved_view WHERE account = $1 ORDER BY name`, []any{account}, func(r *sql.Rows) error {
		var v SavedView
		err := r.Scan(&v.Name, &v.Query)
		out = append(out, v)
		return err
	})
	return out, err
}

// SaveView keeps a view; the same name again replaces it.
func (tx *Tx) SaveView(account string, v SavedView) error {
	_, err := tx.exec(`INSERT INTO saved_view (account, name, query) VALUES ($1, $2, $3) ON CONFLICT (account, name) DO UPDATE SET query = $3`, account, v.Name, v.Query)
	return err
}

// DropView forgets a view.
func (tx *Tx) DropView(account, name string) error {
	_, err := tx.exec(`DELETE FROM saved_view WHERE account = $1 AND name = $2`, account, name)
	return err
}
