package store

import (
	"database/sql"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// What bookings raise a licence's version to stands in licence_booked, beside its row and not in it,
// until the row is written again: the rows of those who clear goods at the same moment lie together
// there, while each licence has half a page of text to itself, and on PostgreSQL writes its indexes anew.
// Whoever reads a licence reads both. Whoever writes one of the two holds the log's head: on PostgreSQL two
// processes would else not wait for one another.

// licenceText is what a licence is read from, of the table that stands under a name in the query:
// its row, and the version that bookings have raised it to since that was written.
func (tx *Tx) licenceText(table string) string {
	return table + `.body, ` + tx.bookedVersion(table)
}

func (tx *Tx) bookedVersion(table string) string {
	return `(SELECT booked.version FROM licence_booked booked WHERE booked.id = ` + table + `.id)`
}

// licences reads the licences that a query gives by their licenceText.
func (tx *Tx) licences(query string, args ...any) ([]flegt.Licence, error) {
	return nouns(tx, query, args, scanLicence)
}

// scanLicence reads the licence of a row that is its licenceText.
func scanLicence(r *sql.Rows) (l flegt.Licence, err error) {
	var text sql.RawBytes
	var booked sql.NullInt64
	if err = r.Scan(&text, &booked); err != nil {
		return l, err
	}
	return licenceOf(text, booked)
}

// licence reads the one licence that a query gives by its licenceText; NotFound when there is none.
func (tx *Tx) licence(query string, args ...any) (flegt.Licence, error) {
	all, err := tx.licences(query, args...)
	if err != nil {
		return flegt.Licence{}, err
	}
	if len(all) == 0 {
		return flegt.Licence{}, flegt.Missing()
	}
	return all[0], nil
}

func licenceOf(text []byte, booked sql.NullInt64) (l flegt.Licence, err error) {
	err = read(text, &l)
	return asVersion(l, booked), err
}

// asVersion is a licence with the version that bookings have raised it to, if they have.
func asVersion(l flegt.Licence, booked sql.NullInt64) flegt.Licence {
	if booked.Valid {
		l.Version = int(booked.Int64)
	}
	return l
}

// asBooked is a licence's row as it would stand with the version that bookings have raised it to; the
// row alone when they have not, or when its version does not stand where it is looked for.
func asBooked(row string, version int, booked sql.NullInt64) string {
	if booked.Valid {
		if text, ok := raised(row, version, int(booked.Int64)); ok {
			return text
		}
	}
	return row
}

// raised gives a licence's row with another version; false when the version does not stand where
// it is looked for. What stands before it are names without commas, and in what somebody wrote a
// quotation mark is never without a backslash before it.
func raised(row string, version, to int) (string, bool) {
	const name = `,"Version":`
	i := strings.Index(row, name)
	if i < 0 {
		return "", false
	}
	head, was := row[:i+len(name)], strconv.Itoa(version)
	rest, ok := strings.CutPrefix(row[len(head):], was)
	if !ok || !strings.HasPrefix(rest, ",") {
		return "", false
	}
	return head + strconv.Itoa(to) + rest, true
}

// stillAt is the condition that a licence's row in an update stands at a version, given by an argument.
func (tx *Tx) stillAt(arg string) string {
	return `coalesce(` + tx.bookedVersion("licence") + `, version) = ` + arg
}

// unbook lets the version stand in the licence's row alone, which has just been written.
func (tx *Tx) unbook(id string) error {
	_, err := tx.exec(`DELETE FROM licence_booked WHERE id = $1`, id)
	return err
}

// Touched is a licence as a booking will leave it, written out before its turn comes.
type Touched struct {
	licence    flegt.Licence // after it
	text, hash string
	// beside says that nothing of the licence's row but the version changes by it, and again that the
	// version stood beside the row already.
	beside, again bool
}

// Touch writes out what TouchLicence will write.
func Touch(l flegt.Licence) Touched { return touch(l, "", false) }

// touch is Touch for a licence whose row is known, of which one number changes: to write all of
// it anew took a twentieth of a booking.
func touch(l flegt.Licence, row string, booked bool) Touched {
	text, beside := raised(row, l.Version, l.Version+1)
	l.Version++
	if !beside {
		text = jsonOf(l)
	}
	return Touched{l, text, hashOf(text), beside, booked}
}

// TouchLicence guards a booking against a rival one: it raises the licence's version, and
// nothing else of it has changed.
func (tx *Tx) TouchLicence(l *flegt.Licence) error {
	t := Touch(*l)
	l.Version = t.licence.Version
	return tx.SaveTouched(t)
}

// SaveTouched is TouchLicence for what was written out before: Conflict when somebody else
// changed the licence or its ledger since it was read.
func (tx *Tx) SaveTouched(t Touched) error {
	if err := tx.holdHead(); err != nil {
		return err
	}
	save := tx.rewrite
	if t.beside {
		save = tx.book
	}
	if err := save(t); err != nil {
		return err
	}
	tx.saved = savedRow{t.licence.ID, t.hash, t.licence.Version}
	tx.renews(t.licence, t.text, t.beside)
	return nil
}

func (tx *Tx) rewrite(t Touched) error {
	err := changed(tx.exec(`UPDATE licence SET version = $1, body = $2 WHERE id = $3 AND `+tx.stillAt("$4"),
		t.licence.Version, t.text, t.licence.ID, t.licence.Version-1))
	if err != nil {
		return err
	}
	return tx.unbook(t.licence.ID)
}

// book raises the version beside the row; the first time it is found in the row.
func (tx *Tx) book(t Touched) error {
	if tx.bookLater(t) {
		return nil
	}
	if t.again {
		return changed(tx.exec(`UPDATE licence_booked SET version = $1 WHERE id = $2 AND version = $3`, t.licence.Version, t.licence.ID, t.licence.Version-1))
	}
	return changed(tx.exec(`INSERT INTO licence_booked (id, version) SELECT id, $1 FROM licence WHERE id = $2 AND version = $3 ON CONFLICT DO NOTHING`,
		t.licence.Version, t.licence.ID, t.licence.Version-1))
}
