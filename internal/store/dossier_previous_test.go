package store

import (
	"database/sql"
	"strings"
	"testing"
)

// whose are the conditions of whose cases are counted elsewhere.
func whose(p PreviousOf) *where {
	w := &where{}
	p.whose(w)
	return w
}

// TestEarlierCasesAndFeesAreFoundByIndex: no table is read from end to end.
func TestEarlierCasesAndFeesAreFoundByIndex(t *testing.T) {
	db, err := Open(t.Context(), Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	operator, exporter := PreviousOf{Operator: "o", Except: "l"}, PreviousOf{Exporter: "PT Kayu", Except: "l"}
	err = db.View(t.Context(), func(tx *Tx) error {
		for text, w := range map[string]*where{
			`SELECT l.body FROM dossier d JOIN licence l ON l.id = d.licence / ORDER BY d.lodged_at DESC, d.licence DESC LIMIT 10`: operator.where("DK"),
			`SELECT d.body FROM dossier d / LIMIT 10`:                            exporter.where("DK"),
			`SELECT min(d.country) FROM dossier d / AND d.country > ''`:          whose(operator),
			`SELECT min(d.country) AS first FROM dossier d / AND d.country > ''`: whose(exporter),
			`SELECT sum(fee_cents) FROM dossier /`:                               FeeQuery{Country: "DK"}.where(tx),
			`SELECT body FROM dossier / ORDER BY lodged_at`:                      FeeQuery{Country: "DK"}.where(tx),
		} {
			text = strings.Replace(text, "/", w.clause(), 1)
			err := tx.each(`EXPLAIN QUERY PLAN `+text, w.args, func(r *sql.Rows) error {
				var a, b, c any
				var detail string
				err := r.Scan(&a, &b, &c, &detail)
				if strings.HasPrefix(detail, "SCAN") || strings.HasPrefix(detail, "SEARCH d") && !strings.Contains(detail, "dossier_operator") && !strings.Contains(detail, "dossier_exporter") && !strings.Contains(detail, "dossier_fee") {
					t.Errorf("%s: %s", text, detail)
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
