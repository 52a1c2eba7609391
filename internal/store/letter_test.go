package store_test

import (
	"context"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

func TestLettersAreFound(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		letter := func(id, to string, state flegt.LetterState, hours int) flegt.Letter {
			return flegt.Letter{ID: id, To: to, State: state, MessageID: id + "@flegt.example", CreatedAt: day.Add(time.Duration(hours) * time.Hour), NextAt: day}
		}
		update(t, db, func(tx *store.Tx) error {
			for _, l := range []flegt.Letter{
				letter("a", "Mette@x.example", flegt.LetterSent, 1), letter("b", "mette@X.example", flegt.LetterBounced, 2), letter("c", "mette@x.example", flegt.LetterQueued, 3),
				letter("d", "jens@x.example", flegt.LetterFailed, 1), letter("e", "jens@x.example", flegt.LetterSent, 2),
			} {
				if err := tx.AddLetters(l); err != nil {
					return err
				}
			}
			return nil
		})
		err := db.View(context.Background(), func(tx *store.Tx) error {
			for id, want := range map[string]bool{"b@flegt.example": true, "%@flegt.example": false, "": false} {
				l, err := tx.LetterByMessageID(id)
				if (err == nil) != want || err == nil && l.ID != "b" {
					t.Errorf("message %q: %q %v", id, l.ID, err)
				}
			}
			for q, want := range map[store.LetterQuery]string{
				{Limit: 10}: "cebda", {Limit: 2, Offset: 1}: "eb", {To: " METTE@x.example", Limit: 10}: "cba", {State: flegt.LetterSent, Limit: 10}: "ea",
			} {
				all, err := tx.Letters(q)
				if err != nil {
					return err
				}
				got := ""
				for _, l := range all {
					got += l.ID
				}
				if got != want {
					t.Errorf("%+v: %s, want %s", q, got, want)
				}
			}
			if n, err := tx.CountLetters(store.LetterQuery{}, 3); err != nil || n != 3 {
				t.Errorf("counted %d, %v", n, err)
			}
			if l, err := tx.Unreachable("mette@x.EXAMPLE"); err != nil || l.ID != "b" {
				t.Errorf("Mette: %q %v", l.ID, err)
			}
			for _, address := range []string{"jens@x.example", "nobody@x.example"} {
				if _, err := tx.Unreachable(address); flegt.KindOf(err) != flegt.NotFound {
					t.Errorf("%s: %v", address, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
