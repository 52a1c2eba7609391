package registry_test

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// citizen adds an account as the door for accounts does: with its event.
func (w *town) citizen(id, first, last string) flegt.Actor {
	w.t.Helper()
	err := w.db.Update(ctx, func(tx *store.Tx) error {
		acc := flegt.Account{ID: id, Email: id + "@nordisktrae.example", FirstName: first, LastName: last, Lang: "da", Confirmed: true, Version: 1}
		if err := tx.AddAccount(acc); err != nil {
			return err
		}
		e := flegt.NewEvent(flegt.Actor{Account: id}, w.now, flegt.NounAccount, id, "enrolled")
		e.Version, e.State = 1, "open"
		_, err := tx.Append(e, acc)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	v, err := w.Visitor(ctx, id)
	if err != nil {
		w.t.Fatal(err)
	}
	return v.Person
}

// granted gives an account a role from the machine.
func (w *town) granted(a flegt.Actor, role flegt.Role, body string) flegt.Actor {
	w.t.Helper()
	if _, err := w.Grant(ctx, registry.HostOrder{Email: a.Email, Role: role, Body: body, User: "root"}); err != nil {
		w.t.Fatal(err)
	}
	roles, err := w.Roles(ctx, a.Account)
	if err != nil || len(roles) == 0 {
		w.t.Fatal(roles, err)
	}
	return roles[len(roles)-1]
}

// lived is a registry in which something of everything has happened.
func lived(t *testing.T, db *store.DB) (*town, flegt.Licence) {
	w := open(t, db)
	mette := w.citizen("mette", "Mette", "Sørensen")
	op := w.company(mette, "Nordisk Træ", "37606030")
	mette = w.granted(mette, flegt.RoleOperator, op.ID)
	officer := w.granted(w.citizen("officer", "Ole", "Holm"), flegt.RoleAuthority, "CA-DK")
	customs := w.granted(w.citizen("customs", "Karen", "Told"), flegt.RoleCustoms, "CUSTOMS-DK")
	l, err := w.NewDraft(ctx, mette, form("16.00123-00456.001-ID-DK"), "")
	if err != nil {
		t.Fatal(err)
	}
	steps := []func() error{
		func() error {
			_, err := w.AddScan(ctx, mette, l.ID, "scan.pdf", strings.NewReader("%PDF-1.4\nscan"))
			return err
		},
		func() error { _, err := w.SubmitLicence(ctx, mette, l.ID, 0); return err },
		func() error { _, err := w.AcceptLicence(ctx, officer, l.ID, 0); return err },
		func() error {
			_, err := w.Reserve(ctx, customs, l.ID, registry.Booking{MRN: "16DK16RF3TDPZE7AR2", Office: "DK003103",
				Items: []flegt.Item{{Line: 1, GoodsItem: 3, HS: "44072915", Unit: flegt.CubicMetre, Quantity: 8_000_000}}})
			return err
		},
		func() error {
			d, err := w.NewDraft(ctx, mette, form("x"), "")
			if err == nil {
				err = w.DiscardDraft(ctx, mette, d.ID)
			}
			return err
		},
		func() error { _, err := w.KeepMail(ctx, []byte("Subject: hello\r\n\r\n"), "", "", ""); return err },
	}
	for _, step := range steps {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	c, err := w.Licence(ctx, mette, l.ID)
	if err != nil {
		t.Fatal(err)
	}
	return w, c.Licence
}

// verify gives what does not agree. It is the same however the registry is cut into spans.
func verify(t testing.TB, db *store.DB) string {
	t.Helper()
	all, err := registry.Verify(context.Background(), db, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, events := range []int{1, 7} {
		spans, err := registry.VerifyInSpans(context.Background(), db, events)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := disagreements(all), disagreements(spans); a != b || all.Events != spans.Events || all.Rows != spans.Rows || all.Movements != spans.Movements {
			t.Errorf("%+v\nby spans of %d events:\n%+v", all, events, spans)
		}
	}
	return disagreements(all)
}

func disagreements(v registry.Verification) string {
	var out []string
	for _, d := range v.Disagreements {
		out = append(out, d.String())
	}
	slices.Sort(out)
	return strings.Join(out, "\n")
}

func TestVerifyFindsNothingWrong(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		lived(t, db)
		if found := verify(t, db); found != "" {
			t.Error(found)
		}
		left := -1
		if _, err := registry.Verify(context.Background(), db, func(done, total int) { left = total - done }); err != nil || left != 0 {
			t.Errorf("progress stopped %d before the end, %v", left, err)
		}
	})
}

// TestVerifyFindsTampering changes one thing after the other behind the program's back.
func TestVerifyFindsTampering(t *testing.T) {
	for name, c := range map[string]struct{ change, says string }{
		"a row's body":       {`UPDATE licence SET body = replace(body, 'Depok', 'Bogor') WHERE state = 'accepted'`, "it is not as event"},
		"a column":           {`UPDATE licence SET state = 'submitted'`, "state not as its body says"},
		"a version":          {`UPDATE operator SET version = 7`, "version not as its body says"},
		"a role":             {`UPDATE authorisation SET body = replace(body, '"competent_authority"', '"support"')`, "it is not as event"},
		"a booked version":   {`UPDATE licence_booked SET version = version + 1`, "it is not as event"},
		"a booking's mark":   {`DELETE FROM licence_booked`, "it is not as event"},
		"a search word":      {`DELETE FROM licence_word WHERE word = 'jepara'`, "search words not as its body says"},
		"an identifier":      {`UPDATE operator_identifier SET value = '10150817'`, "search words not as its body says"},
		"an account gone":    {`PRAGMA foreign_keys = 0; DELETE FROM account WHERE id = 'officer'`, "but it is gone"},
		"an account more":    {`INSERT INTO account (id, email, version, body) VALUES ('x', 'x@y.example', 1, '{"ID":"x","Email":"x@y.example","Version":1}')`, "no event speaks of it"},
		"an event changed":   {`DROP TRIGGER event_kept; UPDATE event SET account = 'mette' WHERE verb = 'accepted'`, "account not as its body says"},
		"an event gone":      {`DROP TRIGGER event_stays; DELETE FROM event WHERE seq = 60`, "the events 60 to 60 are missing"},
		"the last event":     {`DROP TRIGGER event_stays; DELETE FROM event WHERE seq = (SELECT max(seq) FROM event)`, "were counted"},
		"a movement's size":  {`DROP TRIGGER movement_kept; UPDATE movement SET body = replace(body, '8000000', '1000000')`, "it carries the movements"},
		"a movement too big": {`DROP TRIGGER movement_kept; UPDATE movement SET body = replace(body, '8000000', '9900000')`, "left of"},
		"a goods item":       {`DROP TRIGGER movement_kept; UPDATE movement SET body = replace(body, '"GoodsItem":3', '"GoodsItem":4')`, "item 4"},
		"a commodity code":   {`DROP TRIGGER movement_kept; UPDATE movement SET body = replace(body, '44072915', '44079100')`, "code 44079100"},
		"a name":             {`DELETE FROM dossier_name WHERE kind = 'exporter'`, "names not as its body says"},
		"a use":              {`UPDATE licence SET used = 'used_up'`, "its use is noted"},
		"a movement gone":    {`DROP TRIGGER movement_stays; DELETE FROM movement`, "the ledger has []"},
		"a change hidden":    {`DROP TRIGGER event_kept; UPDATE event SET verb = 'looked_up', body = replace(body, '"Verb":"booked"', '"Verb":"looked_up"') WHERE verb = 'booked'`, "it is a look, and says"},
		"a mail":             {`UPDATE incoming_mail SET raw = x'00'`, "its bytes are not those that came in"},
	} {
		t.Run(name, func(t *testing.T) {
			db := storetest.SQLite(t)
			lived(t, db)
			tamper(t, db, c.change)
			if found := verify(t, db); !strings.Contains(found, c.says) {
				t.Errorf("found %q, want %q", found, c.says)
			}
		})
	}
}

func tamper(t *testing.T, db *store.DB, change string) {
	t.Helper()
	raw, err := sql.Open("sqlite", filepath.Join(db.Dir(), "openflegt.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer raw.Close()
	if _, err := raw.Exec(change); err != nil {
		t.Fatal(err)
	}
}

func TestVerifyReadsAttachments(t *testing.T) {
	db := storetest.SQLite(t)
	_, l := lived(t, db)
	sum := l.Scans[0].SHA256
	file := filepath.Join(db.Dir(), "blobs", sum[:2], sum)
	if err := os.WriteFile(file, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if found := verify(t, db); !strings.Contains(found, "has 7 bytes") {
		t.Errorf("found %q", found)
	}
	if err := os.Remove(file); err != nil {
		t.Fatal(err)
	}
	if found := verify(t, db); !strings.Contains(found, "is not there") {
		t.Errorf("found %q", found)
	}
}
