package store

// maxFollowed is how many events of other processes are gone through at most to see what they
// have changed. When there are more, everything is forgotten.
const maxFollowed = 5000

// maxOthers is how many names are remembered of what other processes have changed.
const maxOthers = 20_000

// befell is a licence that another process has changed.
type befell struct{ id, key string } // key is its number's, as it is now; empty when it is gone

// overtaken is called whenever a change has come to hold the log's head. When that is not the one
// up to which we know what happened, another process has written, and what it has changed is
// forgotten. Nobody writes an event as long as the head is held.
func (tx *Tx) overtaken(head int64) error {
	k := &tx.db.known
	last := k.knownHead()
	if head == last {
		return nil
	}
	tx.sql.touched.drop() // it may be built on what is forgotten
	if last == 0 || head < last || head-last > maxFollowed {
		k.forget(head)
		return nil
	}
	changed, rights, err := tx.befallen(last, head)
	if err != nil {
		return err
	}
	k.follow(head, changed, rights)
	return nil
}

// befallen reads which licences the events after a number up to another are about, looks left out, and
// whether they tell of anything else.
func (tx *Tx) befallen(after, until int64) (changed []befell, rights bool, err error) {
	rows, err := tx.rows(`SELECT e.noun = 'licence', e.noun_id, coalesce(l.number_key, '') FROM event e
		LEFT JOIN licence l ON l.id = e.noun_id WHERE e.seq > $1 AND e.seq <= $2 AND e.verb <> '`+lookedUp+`'`, after, until)
	if err != nil {
		return nil, false, err
	}
	defer rows.Close()
	for rows.Next() {
		var licence bool
		var one befell
		if err := rows.Scan(&licence, &one.id, &one.key); err != nil {
			return nil, false, err
		}
		if licence {
			changed = append(changed, one)
		} else {
			rights = true
		}
	}
	return changed, rights, rows.Err()
}

// knownHead is the log's head up to which we know what happened; 0 when nothing is known.
func (k *known) knownHead() int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.head
}

// forget forgets everything.
func (k *known) forget(head int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.epoch++
	k.rights++
	k.entries, k.under, k.others, k.size, k.head = nil, nil, nil, 0, head
}

// follow forgets what other processes have changed up to a head.
func (k *known) follow(head int64, changed []befell, rights bool) {
	if k.othersAre() > maxOthers {
		k.forget(head)
		return
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.head = head
	k.clock++
	if rights {
		k.rights++
	}
	if k.others == nil {
		k.others = map[string]uint64{}
	}
	for _, one := range changed {
		names := append([]string{byID(one.id)}, k.under[one.id]...)
		if one.key != "" {
			names = append(names, byNumber(one.key))
		}
		for _, name := range names {
			k.drop(name)
			k.others[name] = k.clock
			k.parts[partOf(name)].last = k.clock
		}
	}
}

func (k *known) othersAre() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return len(k.others)
}

// StillKnown says whether what was read before the change began can be relied on in it: false
// when another process has changed it since.
func (tx *Tx) StillKnown(l *WithLedger) (bool, error) {
	if err := tx.holdHead(); err != nil {
		return false, err
	}
	k := &tx.db.known
	k.mu.Lock()
	defer k.mu.Unlock()
	if l.seen.epoch != k.epoch || len(k.others) == 0 { // as a rule nobody else writes
		return l.seen.epoch == k.epoch, nil
	}
	return k.others[l.name] <= l.seen.clock && k.others[byID(l.Licence.ID)] <= l.seen.clock, nil
}

// rightsAge is what tells whether another process has written anything but what befell a licence
// between two moments: it rises then.
func (k *known) rightsAge() uint64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.rights
}
