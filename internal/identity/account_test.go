package identity

import (
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

func TestFromSignUpToSignIn(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.SignUp(ctx, mette, "192.0.2.1"))
		m := h.mail(MailConfirm, mette.Email)
		if !m.Secret || m.Hours != 7*24 || !strings.HasPrefix(m.Link, "http://flegt.test/confirm?token=") || m.Account.Lang != "da" {
			h.t.Errorf("mail %+v", m)
		}
		token := tokenOf(h.t, m)
		_, err := h.signIn(mette.Email, good, "192.0.2.1")
		h.refuses(err, flegt.Invalid, "account.sign_in.wrong")
		for range 3 { // looking does not use it up
			acc, err := h.Confirming(ctx, token)
			h.must(err)
			if acc.FirstName != "Mette" {
				h.t.Errorf("account %+v", acc)
			}
		}
		_, err = h.Confirm(ctx, token, "short")
		h.refuses(err, flegt.Invalid, "account.password.short")
		acc, err := h.Confirm(ctx, token, good)
		h.must(err)
		_, err = h.Confirm(ctx, token, good)
		h.refuses(err, flegt.NotFound, "account.link_over")
		got, err := h.signIn("METTE@nordisktrae.EXAMPLE", good, "192.0.2.1")
		h.must(err)
		if got.ID != acc.ID || !got.Confirmed {
			h.t.Errorf("signed in as %+v", got)
		}
		if v := h.verbs(acc.ID); v != "signed_up confirmed" {
			h.t.Errorf("events: %s", v)
		}
		h.noMail()
	})
}

func TestSignUpTellsNobodyWhoHasAnAccount(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		h.must(h.SignUp(ctx, Person{FirstName: "Any", LastName: "Body", Email: strings.ToUpper(mette.Email)}, "192.0.2.1"))
		m := h.mail(MailExists, acc.Email)
		if m.Secret || m.Account.FirstName != "Mette" || m.Link != "http://flegt.test/sign-in" {
			h.t.Errorf("mail %+v", m)
		}
		if v := h.verbs(acc.ID); v != "signed_up confirmed" {
			h.t.Errorf("events: %s", v)
		}
	})
}

func TestSecondSignUpBeforeConfirmingReplacesTheFirst(t *testing.T) {
	each(t, func(h *house) {
		stranger := mette
		stranger.FirstName = "Stranger"
		h.must(h.SignUp(ctx, stranger, "192.0.2.9"))
		first := tokenOf(h.t, h.mail(MailConfirm, mette.Email))
		h.must(h.SignUp(ctx, mette, "192.0.2.1"))
		second := tokenOf(h.t, h.mail(MailConfirm, mette.Email))
		_, err := h.Confirm(ctx, first, good)
		h.refuses(err, flegt.NotFound, "account.link_over")
		acc, err := h.Confirm(ctx, second, good)
		h.must(err)
		if acc.FirstName != "Mette" {
			h.t.Errorf("account %+v", acc)
		}
	})
}

func TestLinksRunOut(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.SignUp(ctx, mette, "192.0.2.1"))
		token := tokenOf(h.t, h.mail(MailConfirm, mette.Email))
		h.now = h.now.Add(7*24*time.Hour + time.Second)
		_, err := h.Confirming(ctx, token)
		h.refuses(err, flegt.NotFound, "account.link_over")
		_, err = h.Confirm(ctx, token, good)
		h.refuses(err, flegt.NotFound, "account.link_over")
		h.must(h.SignUp(ctx, mette, "192.0.2.1"))
		token = tokenOf(h.t, h.mail(MailConfirm, mette.Email))
		for _, other := range []string{"", token + "x", token + ".YWJj", "nothing"} {
			_, err = h.Confirming(ctx, other)
			h.refuses(err, flegt.NotFound, "account.link_over")
		}
		_, err = h.Reset(ctx, token, good) // for another purpose
		h.refuses(err, flegt.NotFound, "account.link_over")
	})
}

func TestWhatIsNoPerson(t *testing.T) {
	each(t, func(h *house) {
		for _, x := range []struct {
			p   Person
			key string
		}{
			{Person{}, "error.required"},
			{Person{FirstName: "Win http://bad.example", LastName: "x", Email: "a@b.example"}, "account.not_a_name"},
			{Person{FirstName: "see www.bad.example", LastName: "x", Email: "a@b.example"}, "account.not_a_name"},
			{Person{FirstName: "a\u202eb", LastName: "x", Email: "a@b.example"}, "account.not_a_name"},
			{Person{FirstName: "...", LastName: "x", Email: "a@b.example"}, "account.not_a_name"},
			{Person{FirstName: strings.Repeat("a", 81), LastName: "x", Email: "a@b.example"}, "error.too_long"},
			{Person{FirstName: "a", LastName: "x"}, "error.required"},
			{Person{FirstName: "a", LastName: "x", Email: "a"}, "error.email"},
			{Person{FirstName: "a", LastName: "x", Email: "a@b"}, "error.email"},
			{Person{FirstName: "a", LastName: "x", Email: "a@b..c"}, "error.email"},
			{Person{FirstName: "a", LastName: "x", Email: "a b@c.example"}, "error.email"},
			{Person{FirstName: "a", LastName: "x", Email: "A <a@c.example>"}, "error.email"},
			{Person{FirstName: "a", LastName: "x", Email: "a@c.example,b@c.example"}, "error.email"},
			{Person{FirstName: "a", LastName: "x", Email: "a@c.example\r\nBcc: b@c.example"}, "error.email"},
		} {
			h.refuses(h.SignUp(ctx, x.p, "192.0.2.1"), flegt.Invalid, x.key)
		}
		h.noMail()
		for _, name := range []string{"Mette", "Anne-Marie", "O'Neill", "José María", "Đặng", "Jr. (x)", "李", "Ægir 2"} {
			p := Person{FirstName: name, LastName: "x", Email: "a@b.example"}
			h.must(p.check())
		}
	})
}

func TestPasswordReset(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		b := &browser{h: h}
		b.begin(acc)
		h.must(h.AskReset(ctx, "nobody@nowhere.example", "192.0.2.1"))
		h.must(h.AskReset(ctx, "nobody", "192.0.2.1"))
		h.noMail()
		h.must(h.AskReset(ctx, " "+mette.Email, "192.0.2.1"))
		m := h.mail(MailReset, mette.Email)
		if !strings.HasPrefix(m.Link, "http://flegt.test/password/reset?token=") || !m.Secret || m.Hours != 2 {
			h.t.Errorf("mail %+v", m)
		}
		who, err := h.Resetting(ctx, tokenOf(h.t, m))
		h.must(err)
		if who.ID != acc.ID {
			h.t.Errorf("resetting %+v", who)
		}
		_, err = h.Reset(ctx, tokenOf(h.t, m), "en helt ny sætning")
		h.must(err)
		h.mail(MailPassword, mette.Email)
		_, err = h.signIn(mette.Email, good, "192.0.2.1")
		h.refuses(err, flegt.Invalid, "account.sign_in.wrong")
		_, err = h.signIn(mette.Email, "en helt ny sætning", "192.0.2.1")
		h.must(err)
		if b.who() != "" {
			h.t.Error("a session outlived the new password")
		}
		if v := h.verbs(acc.ID); v != "signed_up confirmed password_reset" {
			h.t.Errorf("events: %s", v)
		}
	})
}

func TestResetOfAnUnconfirmedAccountConfirmsIt(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.SignUp(ctx, mette, "192.0.2.1"))
		h.mail(MailConfirm, mette.Email)
		h.must(h.AskReset(ctx, mette.Email, "192.0.2.1"))
		_, err := h.Confirm(ctx, tokenOf(h.t, h.mail(MailConfirm, mette.Email)), good)
		h.must(err)
	})
}

func TestChangePassword(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		here, there := &browser{h: h}, &browser{h: h}
		here.begin(acc)
		there.begin(acc)
		_, err := h.ChangePassword(ctx, acc.ID, "not it at all", "en helt ny sætning", "192.0.2.1")
		h.refuses(err, flegt.Invalid, "account.password.not_this")
		_, err = h.ChangePassword(ctx, acc.ID, good, "mette sørensen", "192.0.2.1")
		h.refuses(err, flegt.Invalid, "account.password.personal")
		acc, err = h.ChangePassword(ctx, acc.ID, good, "en helt ny sætning", "192.0.2.1")
		h.must(err)
		h.mail(MailPassword, mette.Email)
		here.begin(acc)
		if here.who() != acc.ID || there.who() != "" {
			h.t.Errorf("here %q, there %q", here.who(), there.who())
		}
		if _, err := h.signIn(mette.Email, "en helt ny sætning", "192.0.2.1"); err != nil {
			h.t.Error(err)
		}
	})
}

func TestRename(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		acc, err := h.Rename(ctx, acc.ID, Person{FirstName: " Mette  Marie ", LastName: "Holm", Lang: "en", Email: "ignored@else.example"})
		h.must(err)
		if acc.FirstName != "Mette Marie" || acc.LastName != "Holm" || acc.Lang != "en" || acc.Email != mette.Email {
			h.t.Errorf("account %+v", acc)
		}
		_, err = h.Rename(ctx, acc.ID, Person{FirstName: "", LastName: "Holm"})
		h.refuses(err, flegt.Invalid, "error.required")
	})
}

func TestMoveToAnotherAddress(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		other := h.member(Person{FirstName: "Jens", LastName: "Holm", Email: "jens@nordisktrae.example"})
		h.refuses(h.AskMove(ctx, acc.ID, "new@nordisktrae.example", "wrong password", "n"), flegt.Invalid, "account.password.not_this")
		h.must(h.AskMove(ctx, acc.ID, "new@nordisktrae.example", good, "n"))
		m := h.mail(MailNewAddress, "new@nordisktrae.example")
		token := tokenOf(h.t, m)
		_, to, err := h.Moving(ctx, token)
		h.must(err)
		if to != "new@nordisktrae.example" {
			h.t.Errorf("moving to %q", to)
		}
		bits, _, _ := strings.Cut(token, ".")
		_, err = h.Move(ctx, bits+".b3RoZXJAZWxzZS5leGFtcGxl") // another address in the same link
		h.refuses(err, flegt.NotFound, "account.link_over")
		_, err = h.Move(ctx, token)
		h.must(err)
		h.mail(MailOldAddress, mette.Email)
		if _, err := h.signIn("new@nordisktrae.example", good, "n"); err != nil {
			h.t.Error(err)
		}
		_, err = h.Move(ctx, token)
		h.refuses(err, flegt.NotFound, "account.link_over")

		h.must(h.AskMove(ctx, acc.ID, other.Email, good, "n")) // the same answer
		h.mail(MailAddressTaken, other.Email)
	})
}

func TestMoveTakesAnAddressThatNobodyConfirmed(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		wanted := Person{FirstName: "Squat", LastName: "Ter", Email: "wanted@nordisktrae.example"}
		h.must(h.SignUp(ctx, wanted, "n"))
		squatter := h.mail(MailConfirm, wanted.Email)
		h.must(h.AskMove(ctx, acc.ID, wanted.Email, good, "n"))
		_, err := h.Move(ctx, tokenOf(h.t, h.mail(MailNewAddress, wanted.Email)))
		h.must(err)
		if v := h.verbs(squatter.Account.ID); v != "signed_up address_released" {
			h.t.Errorf("events: %s", v)
		}
	})
}

func TestAddressTakenMeanwhile(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		h.must(h.AskMove(ctx, acc.ID, "late@nordisktrae.example", good, "n"))
		token := tokenOf(h.t, h.mail(MailNewAddress, "late@nordisktrae.example"))
		h.member(Person{FirstName: "Jens", LastName: "Holm", Email: "late@nordisktrae.example"})
		_, err := h.Move(ctx, token)
		h.refuses(err, flegt.Conflict, "account.taken")
	})
}

func TestCloseAndOpenAgain(t *testing.T) {
	each(t, func(h *house) {
		acc := h.member(mette)
		b := &browser{h: h}
		b.begin(acc)
		h.must(h.db.Update(ctx, func(tx *store.Tx) error {
			for id, status := range map[string]flegt.AuthorisationStatus{"z1": flegt.Approved, "z2": flegt.Requested, "z3": flegt.Denied} {
				z := flegt.Authorisation{ID: id, Account: acc.ID, Role: flegt.RoleOperator, Body: "op-" + id, Country: "DK", Status: status, RequestedAt: h.now, Version: 1}
				if err := tx.AddAuthorisation(z); err != nil {
					return err
				}
			}
			return nil
		}))
		h.refuses(h.Close(ctx, acc.ID, "wrong password", "n"), flegt.Invalid, "account.password.not_this")
		h.must(h.Close(ctx, acc.ID, good, "n"))
		h.mail(MailClosed, mette.Email)
		h.must(h.db.View(ctx, func(tx *store.Tx) error {
			for id, want := range map[string]flegt.AuthorisationStatus{"z1": flegt.Ended, "z2": flegt.Recalled, "z3": flegt.Denied} {
				if z, err := tx.Authorisation(id); err != nil || z.Status != want {
					h.t.Errorf("%s: %s, %v", id, z.Status, err)
				}
			}
			return nil
		}))
		if b.who() != "" {
			h.t.Error("a session outlived the account")
		}
		_, err := h.signIn(mette.Email, good, "n")
		h.refuses(err, flegt.Invalid, "account.sign_in.wrong")
		h.must(h.AskReset(ctx, mette.Email, "n"))
		h.noMail()

		again := mette
		again.FirstName = "Stranger"
		h.must(h.SignUp(ctx, again, "n"))
		acc, err = h.Confirm(ctx, tokenOf(h.t, h.mail(MailConfirm, mette.Email)), good)
		h.must(err)
		if acc.FirstName != "Mette" || acc.Closed {
			h.t.Errorf("account %+v", acc)
		}
		if v := h.verbs(acc.ID); v != "signed_up confirmed closed confirmed" {
			h.t.Errorf("events: %s", v)
		}
	})
}

func TestEnrol(t *testing.T) {
	each(t, func(h *house) {
		acc, err := h.Enrol(ctx, flegt.TheSystem(), mette, "")
		h.must(err)
		_, err = h.Enrol(ctx, flegt.TheSystem(), mette, "")
		h.refuses(err, flegt.Conflict, "account.taken")
		_, err = h.signIn(mette.Email, "", "n")
		h.refuses(err, flegt.Invalid, "error.required")
		_, err = h.signIn(mette.Email, "any password at all", "n")
		h.refuses(err, flegt.Invalid, "account.sign_in.wrong")
		h.must(h.AskReset(ctx, mette.Email, "n"))
		_, err = h.Reset(ctx, tokenOf(h.t, h.mail(MailReset, mette.Email)), good)
		h.must(err)
		_, err = h.signIn(mette.Email, good, "n")
		h.must(err)
		if v := h.verbs(acc.ID); v != "enrolled password_reset" {
			h.t.Errorf("events: %s", v)
		}
	})
}

func TestFailedMailUndoesTheChange(t *testing.T) {
	each(t, func(h *house) {
		h.post = nil
		h.Identity.post = func(*store.Tx, Mailing) error { return flegt.Missing() }
		if h.SignUp(ctx, mette, "n") == nil {
			h.t.Fatal("no error")
		}
		if _, err := h.find(ctx, mette.Email); flegt.KindOf(err) != flegt.NotFound {
			h.t.Errorf("the account is there: %v", err)
		}
	})
}
