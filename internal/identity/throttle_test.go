package identity

import (
	"fmt"
	"net/url"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

func TestWaitDoubles(t *testing.T) {
	for tries, want := range map[int]time.Duration{
		0: 0, 4: 0, 5: time.Second, 6: 2 * time.Second, 7: 4 * time.Second, 14: 512 * time.Second, 15: longestWait, 16: longestWait, 1000: longestWait,
	} {
		if got := wait(tries, freeTries); got != want {
			t.Errorf("after %d tries %v, want %v", tries, got, want)
		}
	}
}

// answer is all that an outsider learns of a try.
func answer(err error) string {
	if e, ok := err.(*flegt.Error); ok {
		return fmt.Sprint(e.Kind, e.Key, e.Args, e.Boxes)
	}
	return fmt.Sprint(err)
}

func TestSameAnswersWhetherOrNotThereIsAnAccount(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		h.must(h.SignUp(ctx, Person{FirstName: "Un", LastName: "Confirmed", Email: "unconfirmed@x.example"}, "n"))
		closed := h.member(Person{FirstName: "Clo", LastName: "Sed", Email: "closed@x.example"})
		h.must(h.Close(ctx, closed.ID, good, "n"))
		h.must(h.ImportEcas(ctx, []EcasRow{{UserName: "nopass", Person: Person{FirstName: "No", LastName: "Pass", Email: "nopass@x.example"}}}, EcasImport{}))
		h.post = nil
		begin := h.now
		try := func(who, network string) (answers []string) {
			h.now = begin
			for i := range 16 {
				_, err := h.signIn(who, "not the password", network)
				answers = append(answers, answer(err))
				h.now = h.now.Add(time.Duration(i%7*i/4) * time.Second)
			}
			return answers
		}
		want := try(acc.Email, "192.0.2.1")
		if want[0] != answer(wrong()) || !strings.Contains(strings.Join(want, ""), "account.wait") {
			h.t.Errorf("answers: %q", want)
		}
		for i, who := range []string{"nobody@x.example", "nobody", "unconfirmed@x.example", "closed@x.example", "nopass", "nopass2@x.example"} {
			if got := try(who, fmt.Sprintf("198.51.100.%d", i)); !reflect.DeepEqual(got, want) {
				h.t.Errorf("%s:\n%q, want\n%q", who, got, want)
			}
		}
	})
}

func TestTriesAreSlowed(t *testing.T) {
	each(t, func(h *house) {
		h.member(mette)
		for i := range freeTries {
			_, err := h.signIn(mette.Email, "wrong", fmt.Sprint("net", i))
			h.refuses(err, flegt.Invalid, "account.sign_in.wrong")
		}
		blocked := func() {
			h.t.Helper()
			_, err := h.signIn(mette.Email, good, "elsewhere") // even the right one
			h.refuses(err, flegt.TooMany, "account.wait")
		}
		pause := time.Second
		for range 14 {
			blocked()
			h.now = h.now.Add(pause - time.Microsecond)
			blocked()
			h.now = h.now.Add(time.Microsecond)
			_, err := h.signIn(mette.Email, "wrong", "elsewhere")
			h.refuses(err, flegt.Invalid, "account.sign_in.wrong")
			pause = min(2*pause, longestWait)
		}
		h.now = h.now.Add(longestWait)
		_, err := h.signIn(mette.Email, good, "elsewhere")
		h.must(err)
		_, err = h.signIn(mette.Email, "wrong", "elsewhere") // forgotten after the good one
		h.refuses(err, flegt.Invalid, "account.sign_in.wrong")
		_, err = h.signIn(mette.Email, good, "elsewhere")
		h.must(err)
	})
}

func TestNetworkIsSlowed(t *testing.T) {
	each(t, func(h *house) {
		h.member(mette)
		for i := range freeNetworkTries {
			_, err := h.signIn(fmt.Sprintf("guess%d@x.example", i), "wrong", "192.0.2.7")
			h.refuses(err, flegt.Invalid, "account.sign_in.wrong")
		}
		_, err := h.signIn(mette.Email, good, "192.0.2.7")
		h.refuses(err, flegt.TooMany, "account.wait")
		_, err = h.signIn(mette.Email, good, "192.0.2.8")
		h.must(err)
		h.now = h.now.Add(time.Second)
		_, err = h.signIn(mette.Email, good, "192.0.2.7")
		h.must(err)
	})
}

func TestGoodTriesOfAnOfficeAreNotCounted(t *testing.T) {
	each(t, func(h *house) {
		h.member(mette)
		for range freeNetworkTries + 3 {
			_, err := h.signIn(mette.Email, good, "192.0.2.7")
			h.must(err)
		}
	})
}

func TestManyTriesAtOnceAreNotAllLetThrough(t *testing.T) {
	each(t, func(h *house) {
		h.member(mette)
		var wg sync.WaitGroup
		var mu sync.Mutex
		judged := 0
		for i := range 50 {
			wg.Go(func() {
				_, err := h.SignIn(ctx, ByPassword, url.Values{"who": {mette.Email}, "password": {"wrong"}}, fmt.Sprint(i))
				if flegt.KindOf(err) == flegt.Invalid {
					mu.Lock()
					judged++
					mu.Unlock()
				}
			})
		}
		wg.Wait()
		if judged != freeTries {
			h.t.Errorf("%d tries were judged, want %d", judged, freeTries)
		}
	})
}

func TestKnownPasswordIsAskedForUnderTheSameLimit(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		for range freeTries {
			h.refuses(h.Close(ctx, acc.ID, "wrong", "n"), flegt.Invalid, "account.password.not_this")
		}
		h.refuses(h.Close(ctx, acc.ID, good, "n"), flegt.TooMany, "account.wait")
	})
}

func TestResetLiftsTheWait(t *testing.T) {
	each(t, func(h *house) {
		h.member(mette)
		for range freeTries + 1 {
			h.signIn(mette.Email, "wrong", "attacker")
		}
		h.must(h.AskReset(ctx, mette.Email, "n"))
		_, err := h.Reset(ctx, tokenOf(h.t, h.mail(MailReset, mette.Email)), good)
		h.must(err)
		_, err = h.signIn(mette.Email, good, "n")
		h.must(err)
	})
}

func TestMailsAreLimited(t *testing.T) {
	each(t, func(h *house) {
		for range 3 * mailsToOne {
			h.must(h.SignUp(ctx, mette, "192.0.2.1"))
		}
		if len(h.post) != mailsToOne {
			h.t.Errorf("%d mails to one address", len(h.post))
		}
		h.now = h.now.Add(mailsWindow + time.Second)
		h.must(h.SignUp(ctx, mette, "192.0.2.1"))
		if len(h.post) != mailsToOne+1 {
			h.t.Errorf("%d mails after the window", len(h.post))
		}
		for i := range mailsOfNetwork {
			h.must(h.AskReset(ctx, fmt.Sprintf("u%d@x.example", i), "192.0.2.2"))
		}
		h.refuses(h.AskReset(ctx, "u@x.example", "192.0.2.2"), flegt.TooMany, "account.wait")
		h.refuses(h.SignUp(ctx, mette, "192.0.2.2"), flegt.TooMany, "account.wait")
	})
}
