package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// hooked adds a person with a role and an active webhook.
func hooked(t *testing.T, db *store.DB, id string) flegt.Webhook {
	t.Helper()
	h := flegt.Webhook{ID: id, Account: "a-" + id, Authorisation: "z-" + id, Name: "Test", URL: "https://hooks.example.eu/", State: flegt.WebhookActive, CreatedAt: day, Version: 1}
	update(t, db, func(tx *store.Tx) error {
		return errors.Join(
			tx.AddAccount(flegt.Account{ID: h.Account, Email: id + "@x.example", Version: 1}),
			tx.AddAuthorisation(flegt.Authorisation{ID: h.Authorisation, Account: h.Account, Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Status: flegt.Approved, RequestedAt: day, Version: 1}),
			tx.AddWebhook(h))
	})
	return h
}

func delivery(hook, id string, seq int64, next time.Time) flegt.Delivery {
	return flegt.Delivery{ID: id, Webhook: hook, Seq: seq, Type: "licence.accepted", State: flegt.DeliveryWaiting, Apart: seq == 0, CreatedAt: day, NextAt: next}
}

func TestWebhookRows(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		h := hooked(t, db, "h")
		hooked(t, db, "i")
		update(t, db, func(tx *store.Tx) error {
			stale, old := h, h
			h.Name = "Changed"
			if err := tx.SaveWebhook(&h); err != nil {
				return err
			}
			if err := tx.SaveWebhook(&stale); flegt.KindOf(err) != flegt.Conflict {
				t.Errorf("saved over somebody's change: %v", err)
			}
			if err := tx.DropWebhook(old); flegt.KindOf(err) != flegt.Conflict {
				t.Errorf("dropped what somebody changed: %v", err)
			}
			if first, any, err := tx.FirstFollowed(); err != nil || first != 0 || !any {
				t.Errorf("first %d %v %v", first, any, err)
			}
			if err := errors.Join(tx.BeginWebhook("h", 8, time.Time{}), tx.BeginWebhook("i", 7, time.Time{})); err != nil {
				return err
			}
			if first, _, err := tx.FirstFollowed(); err != nil || first != 7 {
				t.Errorf("first %d %v", first, err)
			}
			all, err := tx.FollowingWebhooks()
			if err != nil || len(all) != 2 || all[0].Name != "Changed" || all[0].Since != 8 {
				t.Errorf("%+v %v", all, err)
			}
			return errors.Join(
				tx.AddWebhookSecret("h", 1, "one", day), tx.AddDelivery(delivery("h", "d1", 1, day)),
				tx.DropWebhook(h))
		})
		update(t, db, func(tx *store.Tx) error {
			if _, err := tx.Webhook("h"); flegt.KindOf(err) != flegt.NotFound {
				t.Errorf("still there: %v", err)
			}
			if err := tx.HoldWebhook("h", day); flegt.KindOf(err) != flegt.NotFound {
				t.Errorf("held: %v", err)
			}
			z, err := tx.Authorisation("z-i")
			if err != nil {
				return err
			}
			if ended, err := tx.WebhooksOfEndedRoles(10); err != nil || len(ended) != 0 {
				t.Errorf("ended %v %v", ended, err)
			}
			z.Status = flegt.Ended
			if err := tx.SaveAuthorisation(&z); err != nil {
				return err
			}
			if ended, err := tx.WebhooksOfEndedRoles(10); err != nil || len(ended) != 1 {
				t.Errorf("ended %v %v", ended, err)
			}
			return nil
		})
	})
}

// What is sent by hand goes first, then the events in the order of the log; the head of the
// order holds up what is behind it.
func TestDeliveriesAreInOrder(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		hooked(t, db, "h")
		update(t, db, func(tx *store.Tx) error {
			later := day.Add(time.Hour)
			for _, d := range []flegt.Delivery{delivery("h", "b", 2, day), delivery("h", "a", 1, later), delivery("h", "c", 3, day), delivery("h", "again", 2, day)} {
				if err := tx.AddDelivery(d); err != nil {
					return err
				}
			}
			next := func(want string) flegt.Delivery {
				t.Helper()
				d, err := tx.NextDelivery("h", day)
				if err != nil || d.ID != want {
					t.Fatalf("%q %v, want %q", d.ID, err, want)
				}
				return d
			}
			next("a") // not due, and nothing overtakes it
			if err := tx.AddDelivery(delivery("h", "test", 0, day)); err != nil {
				return err
			}
			d := next("test")
			d.NextAt = later.Add(time.Hour)
			if err := tx.SaveDelivery(d); err != nil {
				return err
			}
			next("a") // sooner than what is tried again by hand
			d.NextAt = day.Add(time.Minute)
			if err := tx.SaveDelivery(d); err != nil {
				return err
			}
			for _, want := range []string{"test", "a", "b", "c"} {
				d := next(want)
				d.State = flegt.Delivered
				if err := tx.SaveDelivery(d); err != nil {
					return err
				}
			}
			if _, err := tx.NextDelivery("h", day); flegt.KindOf(err) != flegt.NotFound {
				t.Errorf("something waits: %v", err)
			}
			if n, err := tx.CountWaiting("h", 10); n != 0 || err != nil {
				t.Errorf("%d wait, %v", n, err)
			}
			log, err := tx.Deliveries("h", "c", 10)
			if err != nil || len(log) != 2 || log[0].ID != "b" {
				t.Errorf("%+v %v", log, err)
			}
			if err := tx.SweepWebhooks(day, day.Add(time.Second)); err != nil {
				return err
			}
			log, err = tx.Deliveries("h", "", 10)
			if len(log) != 0 {
				t.Errorf("swept, and left %+v", log)
			}
			return err
		})
	})
}

// Two programs claim at the same time: each webhook is had by one, and again when the claim is
// over.
func TestWebhooksAreClaimedOnce(t *testing.T) {
	storetest.Twice(t, func(t *testing.T, first, second *store.DB) {
		const hooks = 8
		for i := range hooks {
			id := fmt.Sprint("h", i)
			hooked(t, first, id)
			update(t, first, func(tx *store.Tx) error { return tx.WakeIdleWebhook(id, day) })
		}
		claim := func(db *store.DB, now time.Time) (got []string) {
			err := db.Update(context.Background(), func(tx *store.Tx) error {
				got = nil
				due, err := tx.DueWebhooks(now, hooks)
				for _, id := range due {
					mine, err := tx.ClaimWebhook(id, now, now.Add(time.Minute))
					if err != nil {
						return err
					}
					if mine {
						got = append(got, id)
					}
				}
				return err
			})
			if err != nil {
				t.Error(err)
			}
			return got
		}
		var all sync.WaitGroup
		var got [2][]string
		for i, db := range []*store.DB{first, second} {
			all.Go(func() { got[i] = claim(db, day) })
		}
		all.Wait()
		if len(got[0])+len(got[1]) != hooks {
			t.Errorf("claimed %v", got)
		}
		if again := claim(first, day.Add(30*time.Second)); len(again) != 0 {
			t.Errorf("claimed again: %v", again)
		}
		update(t, second, func(tx *store.Tx) error {
			return errors.Join(tx.ReleaseWebhook("h1", time.Time{}), tx.ReleaseWebhook("h2", day), tx.WakeWebhook("h1", day.Add(time.Hour)))
		})
		if again := claim(first, day.Add(30*time.Second)); len(again) != 1 || again[0] != "h2" {
			t.Errorf("claimed %v, want h2", again)
		}
		if again := claim(first, day.Add(2*time.Minute)); len(again) != hooks-1 {
			t.Errorf("claims that are over: %v", again)
		}
	})
}

func TestWebhookFailures(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		hooked(t, db, "h")
		update(t, db, func(tx *store.Tx) error {
			for hours := range 3 {
				if since, err := tx.WebhookFails("h", day.Add(time.Duration(hours)*time.Hour)); err != nil || !since.Equal(day) {
					t.Errorf("fails since %s, %v", since, err)
				}
			}
			if err := tx.WebhookWorks("h"); err != nil {
				return err
			}
			since, err := tx.WebhookFails("h", day.Add(time.Hour))
			if !since.Equal(day.Add(time.Hour)) {
				t.Errorf("fails since %s", since)
			}
			return err
		})
	})
}

func TestWebhookSecrets(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		hooked(t, db, "h")
		update(t, db, func(tx *store.Tx) error {
			want := func(at time.Time, want ...string) {
				t.Helper()
				if got, err := tx.WebhookSecrets("h", at); err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%v %v, want %v", got, err, want)
				}
			}
			for i, name := range []string{"one", "two", "three"} {
				now := day.Add(time.Duration(i) * time.Hour)
				if err := tx.AddWebhookSecret("h", i+1, name, now.Add(flegt.OldSecretLasts)); err != nil {
					return err
				}
			}
			want(day.Add(3*time.Hour), "three", "two")
			want(day.Add(2*time.Hour+flegt.OldSecretLasts), "three")
			return tx.SweepWebhooks(day.Add(48*time.Hour), day)
		})
	})
}

func TestSeal(t *testing.T) {
	dir := t.TempDir()
	open := func(o store.Options) *store.DB {
		t.Helper()
		db, err := store.Open(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	}
	db := open(store.Options{Dir: dir})
	if _, err := db.Unseal("h", "a1:AAAA"); !errors.Is(err, store.ErrSealed) {
		t.Errorf("without a key: %v", err)
	}
	sealed, err := db.Seal("h", []byte("secret"))
	if err != nil || strings.Contains(sealed, "secret") {
		t.Fatal(sealed, err)
	}
	if again, _ := db.Seal("h", []byte("secret")); again == sealed {
		t.Error("the same secret is sealed the same")
	}
	info, err := os.Stat(filepath.Join(dir, "secret.key"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key: %v %v", info, err)
	}
	if secret, err := open(store.Options{Dir: dir}).Unseal("h", sealed); err != nil || string(secret) != "secret" {
		t.Errorf("another process reads %q, %v", secret, err)
	}
	elsewhere := store.Options{Dir: t.TempDir(), Key: filepath.Join(dir, "secret.key")}
	if secret, err := open(elsewhere).Unseal("h", sealed); err != nil || string(secret) != "secret" {
		t.Errorf("a node with the same key reads %q, %v", secret, err)
	}
	for name, wrong := range map[string]func() ([]byte, error){
		"for another owner": func() ([]byte, error) { return db.Unseal("i", sealed) },
		"in plain":          func() ([]byte, error) { return db.Unseal("h", "secret") },
		"cut":               func() ([]byte, error) { return db.Unseal("h", sealed[:len(sealed)-8]) },
		"with another key": func() ([]byte, error) {
			other := open(store.Options{Dir: t.TempDir()})
			if _, err := other.Seal("x", []byte("x")); err != nil {
				return nil, err
			}
			return other.Unseal("h", sealed)
		},
	} {
		if secret, err := wrong(); !errors.Is(err, store.ErrSealed) {
			t.Errorf("%s: %q %v", name, secret, err)
		}
	}
	bad := filepath.Join(t.TempDir(), "bad.key")
	if err := os.WriteFile(bad, []byte("too short"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := open(store.Options{Dir: t.TempDir(), Key: bad}).Seal("h", []byte("x")); err == nil || errors.Is(err, store.ErrSealed) {
		t.Errorf("a bad key: %v", err)
	}
}
