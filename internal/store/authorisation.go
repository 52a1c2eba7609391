package store

import (
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// AddAuthorisation writes a new request; Conflict when the login has or has asked for the
// same role for the same body already.
func (tx *Tx) AddAuthorisation(a flegt.Authorisation) error {
	tx.sql.forgetRoles()
	_, err := tx.exec(`INSERT INTO authorisation (id, account, role, body_id, country, status, requested_at, version, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.ID, a.Account, string(a.Role), a.Body, a.Country, string(a.Status), tx.at(a.RequestedAt), a.Version, jsonOf(a))
	if unique(err) {
		return flegt.Refuse(flegt.Conflict, "authorisation.asked_already", nil)
	}
	return err
}

// SaveAuthorisation writes a changed authorisation and raises its version; Conflict when
// somebody else changed it meanwhile.
func (tx *Tx) SaveAuthorisation(a *flegt.Authorisation) error {
	old := a.Version
	a.Version++
	tx.sql.forgetRoles()
	n, err := tx.exec(`UPDATE authorisation SET status = $1, version = $2, body = $3 WHERE id = $4 AND version = $5`,
		string(a.Status), a.Version, jsonOf(a), a.ID, old)
	return changed(n, err)
}

// RoleHeld reads an authorisation, to see whether it still holds; nobody may change what it
// gives. Changes read it once until an authorisation changes, or a second process has written
// anything but what befell a licence.
func (tx *Tx) RoleHeld(id string) (*flegt.Authorisation, error) {
	t := tx.sql
	if !t.member.group {
		z, err := tx.Authorisation(id)
		return &z, err
	}
	if t.roles == nil {
		if err := tx.holdHead(); err != nil {
			return nil, err
		}
		t.roles = tx.db.roles.since(tx.db.known.rightsAge(), t.rolesChanged)
	}
	if z, known := t.roles[id]; known {
		return z, nil
	}
	z, err := tx.Authorisation(id)
	if err != nil {
		return nil, err
	}
	t.roles[id] = &z
	return &z, nil
}

// heldRoles are authorisations as they stood after the last commit. The one goroutine that writes
// alone gets at them.
type heldRoles struct {
	epoch uint64 // of rights, see known
	roles map[string]*flegt.Authorisation
}

// maxHeldRoles is how many are remembered.
const maxHeldRoles = 1000

// since gives those to which a change may add what it reads: those from before, when they can
// be relied on and the change has changed none itself.
func (h *heldRoles) since(epoch uint64, changed bool) map[string]*flegt.Authorisation {
	if changed {
		return map[string]*flegt.Authorisation{}
	}
	if h.roles == nil || h.epoch != epoch || len(h.roles) > maxHeldRoles {
		h.epoch, h.roles = epoch, map[string]*flegt.Authorisation{}
	}
	return h.roles
}

// forgetRoles: what was read of authorisations in the transaction may not be so any more.
func (t *transaction) forgetRoles() { t.roles, t.rolesChanged = nil, true }

// Authorisation reads an authorisation by id.
func (tx *Tx) Authorisation(id string) (flegt.Authorisation, error) {
	return body[flegt.Authorisation](tx, `SELECT body FROM authorisation WHERE id = $1`, id)
}

// AuthorisationsOf reads what a login asked for and holds, newest first.
func (tx *Tx) AuthorisationsOf(account string) ([]flegt.Authorisation, error) {
	return bodies[flegt.Authorisation](tx, `SELECT body FROM authorisation WHERE account = $1 ORDER BY requested_at DESC, id DESC`, account)
}

// AuthorisationQuery narrows Support's queue.
type AuthorisationQuery struct {
	Status  []string
	Role    flegt.Role
	Country string
	Body    string
	Mail    string // "kept": a mail that keeps the rules is attached; "none": not yet
	Before  time.Time
	Newest  bool   // newest first; else oldest first
	After   string // go on after this one, in the same order
	Limit   int    // 0 means 50
	Offset  int
}

// Authorisations reads the queue.
func (tx *Tx) Authorisations(q AuthorisationQuery) ([]flegt.Authorisation, error) {
	if q.Limit == 0 {
		q.Limit = 50
	}
	w := q.where(tx)
	order := "requested_at, id"
	if q.Newest {
		order = "requested_at DESC, id DESC"
	}
	return bodies[flegt.Authorisation](tx, `SELECT body FROM authorisation`+w.clause()+` ORDER BY `+order+` LIMIT `+w.arg(q.Limit)+` OFFSET `+w.arg(q.Offset), w.args...)
}

// CountAuthorisations counts what a query finds, at most up to cap.
func (tx *Tx) CountAuthorisations(q AuthorisationQuery, cap int) (int, error) {
	w := q.where(tx)
	var n int
	err := tx.row(`SELECT count(*) FROM (SELECT 1 AS one FROM authorisation`+w.clause()+` LIMIT `+w.arg(cap)+`) t`, w.args...).Scan(&n)
	return n, err
}

func (q AuthorisationQuery) where(tx *Tx) *where {
	w := &where{}
	w.in("status", q.Status)
	w.equal("role", string(q.Role))
	w.equal("country", q.Country)
	w.equal("body_id", q.Body)
	kept := `min(instr(body, '"MailKept":true'), 1)` // as the index authorisation_mail has it
	if tx.db.dialect == postgres {
		kept = `least(strpos(body, '"MailKept":true'), 1)`
	}
	switch q.Mail {
	case "kept":
		w.and(kept + " = 1")
	case "none":
		w.and(kept + " = 0")
	}
	if q.After != "" {
		than := ">"
		if q.Newest {
			than = "<"
		}
		w.and("(requested_at, id) " + than + " (SELECT z.requested_at, z.id FROM authorisation z WHERE z.id = " + w.arg(q.After) + ")")
	}
	if !q.Before.IsZero() {
		w.and("requested_at < " + w.arg(tx.at(q.Before)))
	}
	return w
}
