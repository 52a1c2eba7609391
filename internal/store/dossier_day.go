package store

import "github.com/openflegt/openflegt/internal/flegt"

// Arrivals is how much is expected on a day.
type Arrivals struct {
	Day        flegt.Date
	Open       int // licences not decided yet
	Accepted   int
	Unaccepted int // decided, and not accepted: rejected or withdrawn, or the acceptance was
}

// All is how many licences there are.
func (a Arrivals) All() int { return a.Open + a.Accepted + a.Unaccepted }

// Arrivals counts what is expected in a country from day to day, both days included. Days on
// which nothing is expected are left out. On SQLite the sums are kept, by triggers; on PostgreSQL,
// where several write at once and would wait for each other's sums, each day is counted.
func (tx *Tx) Arrivals(country string, from, until flegt.Date) (out []Arrivals, err error) {
	if from.Time().IsZero() || until < from {
		return nil, nil
	}
	query, args := `SELECT arrival, sum(CASE kind WHEN 0 THEN dossiers ELSE 0 END), sum(CASE kind WHEN 1 THEN dossiers ELSE 0 END), sum(CASE kind WHEN 2 THEN dossiers ELSE 0 END) FROM dossier_day
		WHERE country = $1 AND arrival >= $2 AND arrival <= $3 GROUP BY arrival ORDER BY arrival`, []any{country, string(from), string(until)}
	if tx.db.dialect == postgres {
		query, args = countedDays, []any{country, jsonOf(daysOf(from, until))}
	}
	rows, err := tx.rows(query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var d Arrivals
		if err := rows.Scan(&d.Day, &d.Open, &d.Accepted, &d.Unaccepted); err != nil {
			return nil, err
		}
		if d.All() > 0 {
			out = append(out, d)
		}
	}
	return out, rows.Err()
}

// countedDays counts each day by itself, in an index that has all that is asked for: that takes a
// third of what grouping the days does. What is decided and not accepted has a small index of its own.
const countedDays = `SELECT value, open, decided - unaccepted, unaccepted FROM (SELECT value,
	(SELECT count(*) FROM dossier WHERE country = $1 AND standing IN ('open', 'waiting') AND arrival = day.value) AS open,
	(SELECT count(*) FROM dossier WHERE country = $1 AND standing = 'decided' AND arrival = day.value) AS decided,
	(SELECT count(*) FROM dossier WHERE country = $1 AND unaccepted = 1 AND arrival = day.value) AS unaccepted
	FROM jsonb_array_elements_text($2::jsonb) day) counted ORDER BY value`

// daysOf are the days from one to another, both included.
func daysOf(from, until flegt.Date) (days []flegt.Date) {
	for day, last := from.Time(), until.Time(); !day.After(last); day = day.AddDate(0, 0, 1) {
		days = append(days, flegt.DateOf(day))
	}
	return days
}

// unaccepted says in a dossier's row whether the licence was decided otherwise than by an acceptance
// that holds: 1 when it is rejected or withdrawn, or its acceptance is.
func unaccepted(standing, licence string) string {
	return `CASE WHEN ` + standing + ` = 'decided' AND NOT EXISTS (SELECT 1 FROM licence WHERE id = ` + licence + ` AND state = 'accepted') THEN 1 ELSE 0 END`
}

// SettleDossier notes in the dossier's row what became of a licence whose dossier stays decided: its
// acceptance was withdrawn. The dossier itself says nothing of it, so that its version stays.
func (tx *Tx) SettleDossier(licence string) error {
	_, err := tx.exec(`UPDATE dossier SET unaccepted = `+unaccepted("standing", "$1")+` WHERE licence = $1`, licence)
	return err
}
