package registry_test

import (
	"encoding/base64"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// hook makes a webhook that is told of everything.
func (w *town) hook(a flegt.Actor, types ...string) flegt.Webhook {
	w.t.Helper()
	h, secret, err := w.NewWebhook(ctx, a, registry.WebhookForm{Name: " Our system ", URL: "https://hooks.example.eu/flegt", Types: types})
	if err != nil {
		w.t.Fatal(err)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil || len(key) != 32 || h.Name != "Our system" {
		w.t.Fatalf("%q %v %+v", secret, err, h)
	}
	return h
}

var worked = flegt.WebhookAnswer{Status: 204}

func failed(status int, problem string) flegt.WebhookAnswer {
	return flegt.WebhookAnswer{Status: status, Problem: problem}
}

// tells queues what happened and sends it, as notice does; answers come one after the other, the
// last for all that follow. It says what was sent.
func (w *town) tells(answers ...flegt.WebhookAnswer) (sent []string) {
	w.t.Helper()
	if _, err := w.QueueWebhooks(ctx); err != nil {
		w.t.Fatal(err)
	}
	due, err := w.ClaimWebhooks(ctx, 100)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range due {
		for some := true; some; {
			if s.Delivery.Seq != s.Event.Seq || s.Delivery.Type != s.Event.EventType() || len(s.Secrets) == 0 {
				w.t.Fatalf("%+v", s)
			}
			sent = append(sent, s.Delivery.Type)
			if s, some, err = w.SettleWebhook(ctx, s, answers[0], true); err != nil {
				w.t.Fatal(err)
			}
			if len(answers) > 1 {
				answers = answers[1:]
			}
		}
	}
	return sent
}

func (w *town) sends(want string, answers ...flegt.WebhookAnswer) {
	w.t.Helper()
	if got := strings.Join(w.tells(answers...), " "); got != want {
		w.t.Fatalf("sent %q, want %q", got, want)
	}
}

// log shows the deliveries of a webhook, the newest first.
func (w *town) log(a flegt.Actor, h flegt.Webhook) string {
	w.t.Helper()
	all, err := w.Deliveries(ctx, a, h.ID, "", 100)
	if err != nil {
		w.t.Fatal(err)
	}
	var out []string
	for _, d := range all {
		out = append(out, fmt.Sprint(d.Type, " ", d.State, " ", d.Attempts, " ", d.Problem))
	}
	return strings.Join(out, ", ")
}

// lodged enters a licence, lets Denmark accept it, and customs look at it.
func (w *town) lodged(mette, officer, customs flegt.Actor, number string) flegt.Licence {
	w.t.Helper()
	l, err := w.NewDraft(ctx, mette, form(number), "")
	if err == nil {
		_, err = w.AddScan(ctx, mette, l.ID, "scan.pdf", strings.NewReader("%PDF-1.4\nscan"+number))
	}
	if err == nil {
		_, err = w.SubmitLicence(ctx, mette, l.ID, 0)
	}
	if err == nil {
		_, err = w.AcceptLicence(ctx, officer, l.ID, 0)
	}
	if err == nil {
		_, err = w.LookUp(ctx, customs, number)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

func people(w *town) (mette, officer, customs flegt.Actor) {
	mette = w.citizen("mette", "Mette", "Sørensen")
	mette = w.granted(mette, flegt.RoleOperator, w.company(mette, "Nordisk Træ", "37606030").ID)
	return mette, w.granted(w.citizen("officer", "Ole", "Holm"), flegt.RoleAuthority, "CA-DK"),
		w.granted(w.citizen("customs", "Karen", "Told"), flegt.RoleCustoms, "CUSTOMS-DK")
}

// Everybody is told what he may see: the operator of his drafts and not of what customs looks
// at, customs of what was lodged.
func TestWebhooksTellWhatMayBeSeen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db)
		mette, officer, customs := people(w)
		w.lodged(mette, officer, customs, "16.00123-00001.001-ID-DK") // nobody is told of what was before
		mine, hers, few := w.hook(mette), w.hook(customs), w.hook(customs, "licence.accepted", "licence.accepted")
		l := w.lodged(mette, officer, customs, "16.00123-00002.001-ID-DK")
		if sent := w.tells(worked); len(sent) == 0 {
			t.Fatal("nothing was sent")
		}
		for who, c := range map[string]struct {
			a       flegt.Actor
			h       flegt.Webhook
			want    string
			wantNot []string
		}{
			"operator":           {mette, mine, "licence.accepted licence.submitted licence.scan_added licence.created", []string{"licence.looked_up", "webhook.created"}},
			"customs":            {customs, hers, "licence.looked_up licence.accepted licence.submitted", []string{"licence.created", "licence.scan_added"}},
			"customs chose one":  {customs, few, "licence.accepted", []string{"licence.submitted"}},
			"customs, own hooks": {customs, hers, "webhook.created", nil},
		} {
			log := w.log(c.a, c.h)
			var types []string
			for _, line := range strings.Split(log, ", ") {
				types = append(types, strings.Fields(line)[0])
			}
			for _, want := range strings.Fields(c.want) {
				if !slices.Contains(types, want) {
					t.Errorf("%s: %s is not in %s", who, want, log)
				}
			}
			for _, no := range c.wantNot {
				if slices.Contains(types, no) {
					t.Errorf("%s: %s is in %s", who, no, log)
				}
			}
		}
		all, err := w.Deliveries(ctx, mette, mine.ID, "", 100)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.IsSortedFunc(all, func(a, b flegt.Delivery) int { return int(b.Seq - a.Seq) }) {
			t.Error("the log is not in order")
		}
		if found := verify(t, db); found != "" {
			t.Error(found)
		}
		_ = l
		w.sends("", worked) // nothing twice
	})
}

// What is somebody else's, or of another role of one's own, is not found.
func TestWebhooksAreOnesOwn(t *testing.T) {
	w := open(t, storetest.SQLite(t))
	mette, officer, customs := people(w)
	h := w.hook(mette)
	d, err := w.TestWebhook(ctx, mette, h.ID)
	if err != nil {
		t.Fatal(err)
	}
	other := w.granted(flegt.Actor{Account: "mette", Email: mette.Email}, flegt.RoleObserver, flegt.ObserverBody)
	roleless := flegt.Actor{Account: "mette"}
	for name, a := range map[string]flegt.Actor{"officer": officer, "customs": customs, "another role": other, "without a role": roleless} {
		form := registry.WebhookForm{Name: "x", URL: "https://x.example.eu"}
		for what, do := range map[string]func() error{
			"read":    func() error { _, err := w.Webhook(ctx, a, h.ID); return err },
			"change":  func() error { _, err := w.ChangeWebhook(ctx, a, h.ID, 0, form); return err },
			"rotate":  func() error { _, _, err := w.RotateWebhook(ctx, a, h.ID, 0); return err },
			"pause":   func() error { _, err := w.PauseWebhook(ctx, a, h.ID, 0); return err },
			"resume":  func() error { _, err := w.ResumeWebhook(ctx, a, h.ID, 0); return err },
			"delete":  func() error { return w.DeleteWebhook(ctx, a, h.ID, 0) },
			"test":    func() error { _, err := w.TestWebhook(ctx, a, h.ID); return err },
			"log":     func() error { _, err := w.Deliveries(ctx, a, h.ID, "", 10); return err },
			"again":   func() error { _, err := w.SendAgain(ctx, a, h.ID, d.ID); return err },
			"another": func() error { _, err := w.Webhook(ctx, a, "nothing"); return err },
		} {
			if err := do(); err == nil || flegt.KindOf(err) != flegt.NotFound {
				t.Errorf("%s, %s: %v", name, what, err)
			}
		}
	}
	if _, _, err := w.NewWebhook(ctx, roleless, registry.WebhookForm{Name: "x", URL: "https://x.example.eu"}); flegt.KindOf(err) != flegt.Forbidden {
		t.Errorf("without a role: %v", err)
	}
	hers := w.hook(customs)
	if _, err := w.SendAgain(ctx, customs, hers.ID, d.ID); err == nil || flegt.KindOf(err) != flegt.NotFound {
		t.Errorf("a delivery of another's webhook: %v", err)
	}
	if all, err := w.Webhooks(ctx, other); err != nil || len(all) != 0 {
		t.Errorf("%v %v", all, err)
	}
}

func TestWebhookIsKept(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db)
		mette, _, _ := people(w)
		h := w.hook(mette)
		if _, err := w.ChangeWebhook(ctx, mette, h.ID, 7, registry.WebhookForm{Name: "x", URL: "https://x.eu"}); flegt.KindOf(err) != flegt.Conflict {
			t.Errorf("a stale version: %v", err)
		}
		if _, err := w.ChangeWebhook(ctx, mette, h.ID, 1, registry.WebhookForm{Name: "x", URL: "http://x.eu"}); flegt.KindOf(err) != flegt.Invalid {
			t.Errorf("plain http: %v", err)
		}
		h, err := w.ChangeWebhook(ctx, mette, h.ID, 1, registry.WebhookForm{Name: "New", URL: "https://x.eu", Types: []string{"licence.held"}})
		if err != nil || h.Version != 2 || h.Name != "New" {
			t.Fatalf("%+v %v", h, err)
		}
		h, secret, err := w.RotateWebhook(ctx, mette, h.ID, 2)
		if err != nil || h.Version != 3 || !strings.HasPrefix(secret, "whsec_") {
			t.Fatalf("%+v %v", h, err)
		}
		if _, err := w.TestWebhook(ctx, mette, h.ID); err != nil {
			t.Fatal(err)
		}
		due, err := w.ClaimWebhooks(ctx, 1)
		if err != nil || len(due) != 1 || len(due[0].Secrets) != 2 || "whsec_"+base64.StdEncoding.EncodeToString(due[0].Secrets[0]) != secret {
			t.Fatalf("%+v %v", due, err)
		}
		for range 2 {
			if due, err := w.ClaimWebhooks(ctx, 1); err != nil || len(due) != 0 {
				t.Fatalf("claimed twice: %+v %v", due, err)
			}
		}
		if err := w.ReleaseWebhook(ctx, due[0]); err != nil {
			t.Fatal(err)
		}
		w.now = w.now.Add(flegt.OldSecretLasts)
		due, err = w.ClaimWebhooks(ctx, 1)
		if err != nil || len(due) != 1 || len(due[0].Secrets) != 1 {
			t.Fatalf("a day later: %+v %v", due, err)
		}
		for range flegt.MaxWebhooks - 1 {
			w.hook(mette)
		}
		if _, _, err := w.NewWebhook(ctx, mette, registry.WebhookForm{Name: "x", URL: "https://x.eu"}); flegt.KindOf(err) != flegt.Refused {
			t.Errorf("one too many: %v", err)
		}
		if err := w.DeleteWebhook(ctx, mette, h.ID, 2); flegt.KindOf(err) != flegt.Conflict {
			t.Errorf("deleted what had changed: %v", err)
		}
		if err := w.DeleteWebhook(ctx, mette, h.ID, 3); err != nil {
			t.Fatal(err)
		}
		if _, some, err := w.SettleWebhook(ctx, due[0], worked, true); err != nil || some {
			t.Errorf("what was under way when it was deleted: %v %v", some, err)
		}
		if found := verify(t, db); found != "" {
			t.Error(found)
		}
	})
}

// A failed event holds up what comes after it, is tried again, and all are sent in order.
func TestWebhookOrderAndRetries(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db)
		mette, officer, customs := people(w)
		h := w.hook(officer, "licence.submitted", "licence.accepted")
		w.lodged(mette, officer, customs, "16.00123-00001.001-ID-DK")
		w.sends("licence.submitted", failed(500, flegt.ProblemStatus))
		if log := w.log(officer, h); log != "licence.accepted waiting 0 , licence.submitted waiting 1 status" {
			t.Error(log)
		}
		w.sends("", worked)
		w.now = w.now.Add(7 * time.Second)
		w.sends("licence.submitted", failed(0, flegt.ProblemTimeout))
		w.sends("", worked)
		if _, err := w.TestWebhook(ctx, officer, h.ID); err != nil { // overtakes
			t.Fatal(err)
		}
		w.sends("webhook.test", failed(500, flegt.ProblemStatus))
		w.now = w.now.Add(6 * time.Minute)
		w.sends("licence.submitted licence.accepted", worked)
		if log := w.log(officer, h); log != "webhook.test given_up 1 status, licence.accepted delivered 1 , licence.submitted delivered 3 " {
			t.Error(log)
		}
		all, err := w.Deliveries(ctx, officer, h.ID, "", 10)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.SendAgain(ctx, officer, h.ID, all[2].ID); err != nil {
			t.Fatal(err)
		}
		w.sends("licence.submitted", worked)
		if again, err := w.Deliveries(ctx, officer, h.ID, "", 10); err != nil || len(again) != 3 || again[2].ID != all[2].ID {
			t.Errorf("sent again under another id: %+v %v", again, err)
		}
	})
}

// A waiting delivery is tried at once when its owner says so, and when the webhook is resumed.
func TestWebhookIsTriedNow(t *testing.T) {
	w := open(t, storetest.SQLite(t))
	mette, officer, customs := people(w)
	h := w.hook(officer, "licence.accepted")
	w.lodged(mette, officer, customs, "16.00123-00001.001-ID-DK")
	broken := failed(503, flegt.ProblemStatus)
	broken.RetryAfter = 10 * time.Hour
	w.sends("licence.accepted", broken)
	w.now = w.now.Add(time.Hour)
	w.sends("", worked)
	all, err := w.Deliveries(ctx, officer, h.ID, "", 10)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.SendAgain(ctx, officer, h.ID, all[0].ID); err != nil {
		t.Fatal(err)
	}
	w.sends("licence.accepted", broken)
	if h, err = w.PauseWebhook(ctx, officer, h.ID, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := w.SendAgain(ctx, officer, h.ID, all[0].ID); flegt.KindOf(err) != flegt.Conflict {
		t.Errorf("sent while paused: %v", err)
	}
	if _, err := w.TestWebhook(ctx, officer, h.ID); flegt.KindOf(err) != flegt.Conflict {
		t.Errorf("tested while paused: %v", err)
	}
	w.lodged(mette, officer, customs, "16.00123-00002.001-ID-DK") // not told of, also later
	w.sends("", worked)
	if _, err = w.ResumeWebhook(ctx, officer, h.ID, h.Version); err != nil {
		t.Fatal(err)
	}
	w.lodged(mette, officer, customs, "16.00123-00003.001-ID-DK")
	w.sends("licence.accepted licence.accepted", worked)
}

func TestWebhookIsDisabled(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db)
		mette, officer, customs := people(w)
		gone, failing := w.hook(officer, "licence.accepted"), w.hook(officer, "licence.submitted")
		state := func(h flegt.Webhook) string {
			t.Helper()
			h, err := w.Webhook(ctx, officer, h.ID)
			if err != nil {
				t.Fatal(err)
			}
			return string(h.State) + " " + h.Reason
		}
		w.lodged(mette, officer, customs, "16.00123-00001.001-ID-DK")
		if sent := w.tells(failed(410, flegt.ProblemGone), failed(500, flegt.ProblemStatus)); len(sent) != 2 {
			t.Fatal(sent)
		}
		if state(gone)+state(failing) != "disabled goneactive " && state(gone)+state(failing) != "active disabled gone" {
			t.Fatal(state(gone), state(failing))
		}
		if state(failing) != "active " { // which of the two was first does not matter
			gone, failing = failing, gone
		}
		began := w.now
		for state(failing) == "active " {
			w.now = w.now.Add(25 * time.Hour)
			w.lodged(mette, officer, customs, fmt.Sprintf("16.00123-%05d.001-ID-DK", w.now.Unix()%100_000))
			w.tells(failed(500, flegt.ProblemStatus))
		}
		if lasted := w.now.Sub(began); state(failing) != "disabled failing" || lasted < flegt.WebhookPatience || lasted > 7*24*time.Hour {
			t.Errorf("%s after %s", state(failing), lasted)
		}
		w.now = w.now.Add(time.Hour)
		w.sends("", worked)
		if _, err := w.ResumeWebhook(ctx, officer, failing.ID, 0); err != nil {
			t.Fatal(err)
		}
		if sent := w.tells(worked); len(sent) == 0 {
			t.Error("what waited was not sent")
		}
		if found := verify(t, db); found != "" {
			t.Error(found)
		}
	})
}

// With the role goes the webhook: nothing more is sent, and it is deleted.
func TestWebhookEndsWithTheRole(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := open(t, db)
		mette, officer, customs := people(w)
		support := w.granted(w.citizen("sue", "Sue", "Port"), flegt.RoleSupport, flegt.SupportBody)
		h, idle := w.hook(customs), w.hook(mette)
		w.lodged(mette, officer, customs, "16.00123-00001.001-ID-DK")
		if _, err := w.QueueWebhooks(ctx); err != nil {
			t.Fatal(err)
		}
		for _, a := range []flegt.Actor{customs, mette} {
			if err := w.EndAuthorisation(ctx, support, a.Authorisation, 0, "left"); err != nil {
				t.Fatal(err)
			}
		}
		if sent := w.tells(worked); len(sent) != 0 {
			t.Errorf("sent %v", sent)
		}
		if err := w.SweepWebhooks(ctx); err != nil {
			t.Fatal(err)
		}
		err := db.View(ctx, func(tx *store.Tx) error {
			for _, id := range []string{h.ID, idle.ID} {
				if _, err := tx.Webhook(id); flegt.KindOf(err) != flegt.NotFound {
					t.Errorf("still there: %v", err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if found := verify(t, db); found != "" {
			t.Error(found)
		}
	})
}

// A program that is killed while it sends notes nothing: a minute later another sends the same
// under the same id, and with the same secret.
func TestWebhookSurvivesAKill(t *testing.T) {
	storetest.Twice(t, func(t *testing.T, first, second *store.DB) {
		w := open(t, first)
		mette, officer, customs := people(w)
		w.hook(officer, "licence.accepted")
		w.lodged(mette, officer, customs, "16.00123-00001.001-ID-DK")
		if _, err := w.QueueWebhooks(ctx); err != nil {
			t.Fatal(err)
		}
		lost, err := w.ClaimWebhooks(ctx, 1)
		if err != nil || len(lost) != 1 {
			t.Fatal(lost, err)
		}
		if early, err := still(t, second, w.now.Add(30*time.Second)).ClaimWebhooks(ctx, 1); err != nil || len(early) != 0 {
			t.Errorf("taken from whoever may be sending: %v %v", early, err)
		}
		again, err := still(t, second, w.now.Add(61*time.Second)).ClaimWebhooks(ctx, 1)
		if err != nil || len(again) != 1 || again[0].Delivery.ID != lost[0].Delivery.ID || again[0].Event.Seq != lost[0].Event.Seq {
			t.Errorf("%+v %v", again, err)
		}
	})
}

func TestWebhookTestsAreFew(t *testing.T) {
	w := open(t, storetest.SQLite(t))
	mette, _, _ := people(w)
	h := w.hook(mette)
	for range flegt.MaxTests {
		if _, err := w.TestWebhook(ctx, mette, h.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := w.TestWebhook(ctx, mette, h.ID); flegt.KindOf(err) != flegt.TooMany {
		t.Errorf("one too many: %v", err)
	}
	w.now = w.now.Add(flegt.TestsWithin)
	if _, err := w.TestWebhook(ctx, mette, h.ID); err != nil {
		t.Errorf("a minute later: %v", err)
	}
}

// still is an office whose clock stands.
func still(t *testing.T, db *store.DB, at time.Time) *registry.Office {
	t.Helper()
	ref, err := reference.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	office, err := registry.New(ctx, registry.Options{DB: db, Reference: ref, Clock: func() time.Time { return at }, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	return office
}

// Two nodes queue and send at the same time: every event is sent once, those of a webhook in
// order.
func TestTwoNodesSendEachOnce(t *testing.T) {
	storetest.Twice(t, func(t *testing.T, first, second *store.DB) {
		w := open(t, first)
		mette, officer, customs := people(w)
		for range 3 {
			w.hook(officer, "licence.submitted", "licence.accepted")
		}
		for i := range 10 {
			w.lodged(mette, officer, customs, fmt.Sprintf("16.00123-%05d.001-ID-DK", i))
		}
		var one sync.Mutex
		sent := map[string][]int64{}
		var all sync.WaitGroup
		for _, db := range []*store.DB{first, second} {
			node := still(t, db, w.now)
			for range 2 {
				all.Go(func() {
					for range 60 {
						if _, err := node.QueueWebhooks(ctx); err != nil {
							t.Error(err)
						}
						due, err := node.ClaimWebhooks(ctx, 1)
						if err != nil {
							t.Error(err)
						}
						for _, s := range due {
							one.Lock()
							sent[s.Webhook.ID] = append(sent[s.Webhook.ID], s.Delivery.Seq)
							one.Unlock()
							if _, _, err := node.SettleWebhook(ctx, s, worked, false); err != nil {
								t.Error(err)
							}
						}
					}
				})
			}
		}
		all.Wait()
		if len(sent) != 3 {
			t.Errorf("%d webhooks", len(sent))
		}
		for id, seqs := range sent {
			if len(seqs) != 20 || !slices.IsSorted(seqs) || len(slices.Compact(slices.Clone(seqs))) != 20 {
				t.Errorf("%s was told of %v", id, seqs)
			}
		}
	})
}
