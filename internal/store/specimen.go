package store

import "github.com/openflegt/openflegt/internal/flegt"

// AddSpecimen writes a new specimen, and notes that its image is used, which keeps it from
// being swept.
func (tx *Tx) AddSpecimen(s flegt.Specimen) error {
	if _, err := tx.exec(`INSERT INTO specimen (id, country, issuer, valid_from, version, body) VALUES ($1, $2, $3, $4, $5, $6)`,
		s.ID, s.Country, flegt.Fold(s.Body), string(s.From), s.Version, jsonOf(s)); err != nil {
		return err
	}
	_, err := tx.exec(`INSERT INTO blob_use (sha256, licence) VALUES ($1, $2) ON CONFLICT DO NOTHING`, s.Image.SHA256, "specimen/"+s.ID)
	return err
}

// SaveSpecimen writes a changed specimen and raises its version; Conflict when somebody else
// changed it meanwhile.
func (tx *Tx) SaveSpecimen(s *flegt.Specimen) error {
	old := s.Version
	s.Version++
	return changed(tx.exec(`UPDATE specimen SET version = $1, body = $2 WHERE id = $3 AND version = $4`, s.Version, jsonOf(s), s.ID, old))
}

// Specimen reads a specimen by id.
func (tx *Tx) Specimen(id string) (flegt.Specimen, error) {
	return body[flegt.Specimen](tx, `SELECT body FROM specimen WHERE id = $1`, id)
}

// SpecimenQuery narrows a list of specimens.
type SpecimenQuery struct {
	Country string // of the issuing body; empty: all
	After   string // go on after this one, in the same order
	Limit   int    // 0 means 25
	Offset  int
}

// Specimens reads a page of specimens by country and issuing body, the newest of each body first.
func (tx *Tx) Specimens(q SpecimenQuery) ([]flegt.Specimen, error) {
	if q.Limit == 0 {
		q.Limit = 25
	}
	w := &where{}
	w.equal("country", q.Country)
	if q.After != "" {
		last := func(column string) string {
			return `(SELECT z.` + column + ` FROM specimen z WHERE z.id = ` + w.arg(q.After) + `)`
		}
		w.and(`((country, issuer) > (` + last("country") + `, ` + last("issuer") + `) OR country = ` + last("country") + ` AND issuer = ` + last("issuer") +
			` AND (valid_from < ` + last("valid_from") + ` OR valid_from = ` + last("valid_from") + ` AND id > ` + w.arg(q.After) + `))`)
	}
	return bodies[flegt.Specimen](tx, `SELECT body FROM specimen`+w.clause()+` ORDER BY country, issuer, valid_from DESC, id LIMIT `+w.arg(q.Limit)+` OFFSET `+w.arg(q.Offset), w.args...)
}

// CountSpecimens counts the specimens of a country, of all when it is empty.
func (tx *Tx) CountSpecimens(country string) (n int, err error) {
	w := &where{}
	w.equal("country", country)
	err = tx.row(`SELECT count(*) FROM specimen`+w.clause(), w.args...).Scan(&n)
	return n, err
}
