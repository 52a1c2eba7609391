package store

import "github.com/openflegt/openflegt/internal/flegt"

// AddAuthority writes a new authority; it changes nothing when the id is known already and
// says so.
func (tx *Tx) AddAuthority(a flegt.Authority) (added bool, err error) {
	n, err := tx.exec(`INSERT INTO authority (id, role, country, version, body) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
		a.ID, string(a.Role), a.Country, a.Version, jsonOf(a))
	return n == 1, err
}

// SaveAuthority writes a changed authority and raises its version; Conflict when somebody
// else changed it meanwhile.
func (tx *Tx) SaveAuthority(a *flegt.Authority) error {
	old := a.Version
	a.Version++
	return changed(tx.exec(`UPDATE authority SET version = $1, body = $2 WHERE id = $3 AND version = $4`, a.Version, jsonOf(a), a.ID, old))
}

// Authority reads an authority by id.
func (tx *Tx) Authority(id string) (flegt.Authority, error) {
	return body[flegt.Authority](tx, `SELECT body FROM authority WHERE id = $1`, id)
}

// Authorities reads the authorities whose officers hold a role; all when role is empty.
func (tx *Tx) Authorities(role flegt.Role) ([]flegt.Authority, error) {
	w := &where{}
	w.equal("role", string(role))
	return bodies[flegt.Authority](tx, `SELECT body FROM authority`+w.clause()+` ORDER BY country, role`, w.args...)
}
