package store

import (
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// What dossiers say of importers, exporters, issuing bodies and headings is much the same from
// one to another. Each text is kept once for a country, in dossier_name; a part of a name is
// looked for among those, and then the whole names in the dossiers, by index.

// naming is a column of dossiers whose texts are kept, and a text in it or a part of one.
type naming struct{ column, text string }

// namesOf are a dossier's texts, as they stand in its columns.
func namesOf(d flegt.Dossier) []naming {
	f := d.Facts
	return []naming{{"importer", flegt.Fold(f.Importer)}, {"exporter", flegt.Fold(f.Exporter)}, {"issuing", flegt.Fold(f.Issuing)}, {"headings", headings(d)}}
}

// addNames keeps the texts of a dossier.
func (tx *Tx) addNames(d flegt.Dossier) error {
	w := &where{}
	var rows []string
	country := w.arg(d.Country)
	for _, n := range namesOf(d) {
		if n.text != "" {
			rows = append(rows, "("+country+", "+w.arg(n.column)+", "+w.arg(n.text)+")")
		}
	}
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.exec(`INSERT INTO dossier_name (country, kind, name) VALUES `+strings.Join(rows, ", ")+` ON CONFLICT DO NOTHING`, w.args...)
	return err
}

// narrowing is a list narrowed by a part of the texts in a column; names are the whole texts.
type narrowing struct {
	naming
	names []string // none: too many have it, so that it is soon found row by row
}

// maxNames is how many names hold a part at most; see narrowing.
const maxNames = 200

// narrowings finds the names that hold what a work list is narrowed by; false when none does.
func (tx *Tx) narrowings(q DossierQuery) (out []narrowing, some bool, err error) {
	heading := q.Heading
	if heading != "" {
		heading = " " + heading + " "
	}
	for _, n := range []naming{{"exporter", flegt.Fold(q.Exporter)}, {"importer", flegt.Fold(q.Importer)}, {"issuing", flegt.Fold(q.Issuing)}, {"headings", heading}} {
		if n.text == "" {
			continue
		}
		names, err := tx.namesHolding(q.Country, n)
		if err != nil || len(names) == 0 {
			return nil, false, err
		}
		if len(names) > maxNames {
			names = nil
		}
		out = append(out, narrowing{n, names})
	}
	return out, true, nil
}

// namesHolding reads the texts that hold a part, at most one more than maxNames.
func (tx *Tx) namesHolding(country string, n naming) ([]string, error) {
	w := &where{}
	w.and("country = " + w.arg(country))
	w.and("kind = " + w.arg(n.column))
	w.contains("name", n.text)
	query := `SELECT name FROM dossier_name` + w.clause() + ` LIMIT ` + w.arg(maxNames+1)
	return again(tx, query, w.args, func() (names []string, err error) {
		rows, err := tx.rows(query, w.args...)
		if err != nil {
			return nil, err
		}
		defer rows.Close()
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				return nil, err
			}
			names = append(names, name)
		}
		return names, rows.Err()
	})
}

// named is the condition that the column holds one of the names.
func (tx *Tx) named(w *where, column string, n narrowing) {
	mark := w.arg(nil)
	cond, arg := tx.among(column, mark, n.names)
	w.args[len(w.args)-1] = arg
	w.and(cond)
}

// leading gives the narrowing that leaves the fewest dossiers: by whose index they are counted,
// and by which they are found when they are few. It is -1 where the list has a better way.
func (tx *Tx) leading(q DossierQuery, all []narrowing) (at int, isFew bool, err error) {
	at = -1
	if q.Any || q.Officer != "" || q.Standing == flegt.DossierWaiting {
		return at, false, nil
	}
	best := few + 1
	for i, n := range all {
		if n.names == nil {
			continue
		}
		w := &where{}
		tx.within(w, q, n)
		count, err := tx.isFew(`SELECT count(*) FROM (SELECT 1 AS one FROM dossier`+w.clause()+` LIMIT `+w.arg(few)+`) t`, w.args...)
		if err != nil {
			return -1, false, err
		}
		if count < best {
			at, best = i, count
		}
	}
	return at, best < few, nil
}

// within adds what the indexes by name hold: a country, what is decided or what is not, names.
func (tx *Tx) within(w *where, q DossierQuery, n narrowing) {
	w.and("country = " + w.arg(q.Country))
	if q.Standing == flegt.DossierDecided {
		w.and("standing = 'decided'")
	} else {
		w.and("standing <> 'decided'")
	}
	tx.named(w, n.column, n)
}

// lead has a list found by the few dossiers that have one of the names. What else the list is
// narrowed by is looked for among them.
func (tx *Tx) lead(w *where, q DossierQuery, n narrowing) {
	in := &where{}
	tx.within(in, q, n)
	w.from, w.args = in.clause(), in.args
	if q.Standing == flegt.DossierOpen {
		w.and("standing = 'open'")
	}
}

// few is what lead finds, with the columns that the list's conditions and its order speak of: an
// index has most of them, and the rows need not be read.
func (w *where) few(order string) string {
	speak, columns := w.clause()+order, "licence"
	for _, column := range []string{"standing", "officer", "lodged_at", "arrival", "importer", "exporter", "issuing", "headings", "warnings"} {
		if strings.Contains(speak, column) {
			columns += ", " + column
		}
	}
	return "(SELECT " + columns + " FROM dossier" + w.from + " LIMIT " + w.arg(few) + ") found"
}

// narrow adds a narrowing to a list, by its index or else passed over in the list's order.
func (tx *Tx) narrow(w *where, n narrowing, byIndex bool) {
	switch {
	case n.names == nil:
		w.contains(n.column, n.text)
	case byIndex:
		tx.named(w, n.column, n)
	default:
		tx.named(w, aside(n.column), n)
	}
}

// namesKept is an expression for verifying: empty when the names of a dossier are kept.
func namesKept() string {
	var all []string
	for _, n := range namesOf(flegt.Dossier{}) {
		all = append(all, "("+n.column+" = '' OR EXISTS (SELECT 1 FROM dossier_name n WHERE n.country = dossier.country AND n.kind = '"+n.column+"' AND n.name = dossier."+n.column+"))")
	}
	return "CASE WHEN " + strings.Join(all, " AND ") + " THEN '' ELSE 'astray' END"
}
