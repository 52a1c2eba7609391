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

// Specimens reads the specimens of a country, all countries' when it is empty, and of an
// issuing body, by its folded name; the newest of each body first. At most limit are read.
func (tx *Tx) Specimens(country, issuer string, limit int) ([]flegt.Specimen, error) {
	w := &where{}
	w.equal("country", country)
	w.equal("issuer", flegt.Fold(issuer))
	return bodies[flegt.Specimen](tx, `SELECT body FROM specimen`+w.clause()+` ORDER BY country, issuer, valid_from DESC, id LIMIT `+w.arg(limit), w.args...)
}
