package notice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/mail"
	"github.com/openflegt/openflegt/internal/reference"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
	"github.com/openflegt/openflegt/internal/wording"
)

var ctx = context.Background()

// post is the room with people of every role, before anything has happened.
type post struct {
	*Notice
	t       testing.TB
	now     time.Time
	licence flegt.Licence
}

const hostile = `Nordisk <b>Træ</b> & "Co"`

func newPost(t testing.TB) *post {
	t.Helper()
	catalog, err := wording.New(wording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ref, err := reference.BuiltIn()
	if err != nil {
		t.Fatal(err)
	}
	p := &post{t: t, now: time.Date(2016, 12, 6, 9, 0, 0, 0, time.UTC)}
	count := 0
	p.Notice = New(Options{DB: storetest.SQLite(t), Catalog: catalog, Reference: ref, Clock: func() time.Time { return p.now }, BaseURL: "https://flegt.example/",
		SupportAddress: "support@flegt.example", From: "flegt@flegt.example", Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
		NewID: func() string { count++; return fmt.Sprintf("00000000-0000-7000-8000-%012d", count) }})
	p.update(func(tx *store.Tx) error {
		for _, a := range []struct {
			id, first, lang string
			closed          bool
			role            flegt.Role
			body            string
		}{
			{"mette", "Mette", "da", false, flegt.RoleOperator, "op"}, {"jens", "Jens", "en", false, flegt.RoleOperator, "op"}, {"gone", "Gone", "en", true, flegt.RoleOperator, "op"},
			{"other", "Other", "en", false, flegt.RoleOperator, "op2"}, {"carl", "Carl", "da", false, flegt.RoleAuthority, "CA-DK"}, {"tove", "Tove", "da", false, flegt.RoleCustoms, "CUSTOMS-DK"},
			{"siti", "Siti", "fr", false, flegt.RoleLicensing, "LA-ID"}, {"lars", "Lars", "en", false, flegt.RoleSupport, flegt.SupportBody},
		} {
			acc := flegt.Account{ID: a.id, Email: a.id + "@x.example", FirstName: a.first, LastName: "<Sørensen>", Lang: a.lang, Confirmed: true, Closed: a.closed, Version: 1}
			z := flegt.Authorisation{ID: "z-" + a.id, Account: a.id, Role: a.role, Body: a.body, Country: "DK", Status: flegt.Approved, RequestedAt: p.now, Version: 1}
			if err := errors.Join(tx.AddAccount(acc), tx.AddAuthorisation(z)); err != nil {
				return err
			}
		}
		_, err := tx.AddAuthority(flegt.Authority{ID: "CA-DK", Role: flegt.RoleAuthority, Country: "DK", Name: "Miljøstyrelsen", Version: 1,
			Addresses: []flegt.OfficialAddress{{Email: "svana@svana.example", Until: "2017-01-31"}, {Email: "new@mst.example", From: "2017-02-01"}}})
		op := flegt.Operator{ID: "op", Name: hostile, LegalForm: "A/S", Country: "DK", Version: 1}
		p.licence = flegt.Licence{ID: "lic", Operator: "op", ImportCountry: "DK", State: flegt.Accepted, Version: 1, Electronic: true, CreatedAt: p.now, UpdatedAt: p.now, SubmittedAt: p.now,
			DecidedAt: p.now, ReasonCode: "data_differ", Reason: "Box 17 <differs> & more", Form: flegt.Form{Number: "ID<1>&2", Export: "ID"}}
		return errors.Join(err, tx.AddOperator(op), tx.AddLicence(p.licence))
	})
	return p
}

func (p *post) update(fn func(tx *store.Tx) error) {
	p.t.Helper()
	if err := p.DB.Update(ctx, fn); err != nil {
		p.t.Fatal(err)
	}
}

// happens appends an event about the licence and has it told.
func (p *post) happens(verb string, facts map[string]any) {
	p.t.Helper()
	p.append(verb, facts)
	if _, err := p.CatchUp(ctx); err != nil {
		p.t.Fatal(err)
	}
}

func (p *post) append(verb string, facts map[string]any) {
	p.t.Helper()
	p.update(func(tx *store.Tx) error {
		e := flegt.NewEvent(flegt.TheSystem(), p.now, flegt.NounLicence, "lic", verb)
		e.Operator, e.Country = "op", "DK"
		for k, v := range facts {
			e = e.With(k, v)
		}
		_, err := tx.Append(e, nil)
		return err
	})
}

func (p *post) letters() (out []flegt.Letter) {
	p.t.Helper()
	if err := p.DB.View(ctx, func(tx *store.Tx) (err error) {
		out, err = tx.Letters(store.LetterQuery{Limit: 1000})
		return err
	}); err != nil {
		p.t.Fatal(err)
	}
	return out
}

// told lists who got a letter, with its language, and who got a line in the application.
func (p *post) told() (letters, lines string) {
	p.t.Helper()
	var to []string
	for _, l := range p.letters() {
		name, _, _ := strings.Cut(l.To, "@")
		to = append(to, name+":"+l.Lang)
	}
	slices.Sort(to)
	var noted []string
	if err := p.DB.View(ctx, func(tx *store.Tx) error {
		for _, id := range []string{"carl", "gone", "jens", "lars", "mette", "other", "siti", "tove"} {
			all, err := tx.Notifications(id, 100, 0)
			if err != nil {
				return err
			}
			if len(all) > 0 {
				noted = append(noted, fmt.Sprintf("%s:%d", id, len(all)))
			}
		}
		return nil
	}); err != nil {
		p.t.Fatal(err)
	}
	return strings.Join(to, " "), strings.Join(noted, " ")
}

// TestWhoIsToldOfALicence is the whole table: nobody else is told, each in his language
// (French is none of ours and becomes English), the authority at the address of that day.
func TestWhoIsToldOfALicence(t *testing.T) {
	const (
		operator  = "jens:en mette:da"
		issuer    = "siti:en"
		authority = "svana:da"
		customs   = "tove:da"
	)
	table := map[string]struct{ letters, lines []string }{
		"submitted":            {[]string{operator, issuer, authority}, []string{"carl:1", "jens:1", "mette:1", "siti:1"}},
		"resubmitted":          {[]string{operator, authority}, []string{"carl:1", "jens:1", "mette:1"}},
		"withdrawn":            {[]string{operator, issuer, authority}, []string{"carl:1", "jens:1", "mette:1", "siti:1"}},
		"returned":             {[]string{operator}, []string{"jens:1", "mette:1"}},
		"accepted":             {[]string{operator, issuer, customs}, []string{"jens:1", "mette:1", "siti:1", "tove:1"}},
		"rejected":             {[]string{operator, issuer}, []string{"jens:1", "mette:1", "siti:1"}},
		"acceptance_withdrawn": {[]string{operator, issuer, customs}, []string{"jens:1", "mette:1", "siti:1", "tove:1"}},
		"booked":               {[]string{operator}, []string{"jens:1", "mette:1"}},
		"released":             {[]string{operator, issuer, authority}, []string{"carl:1", "jens:1", "mette:1", "siti:1"}},
		"freed":                {[]string{operator}, []string{"jens:1", "mette:1"}},
		"claimed":              {[]string{operator, issuer}, []string{"jens:1", "mette:1", "siti:1"}},
		"unclaimed":            {[]string{issuer}, []string{"siti:1"}},
		"replaced":             {[]string{operator, issuer, authority, customs}, []string{"carl:1", "jens:1", "mette:1", "siti:1", "tove:1"}},
		"cancelled":            {[]string{operator, issuer, authority, customs}, []string{"carl:1", "jens:1", "mette:1", "siti:1", "tove:1"}},
		"lost":                 {[]string{operator, issuer, authority, customs}, []string{"carl:1", "jens:1", "mette:1", "siti:1", "tove:1"}},
		"extended":             {[]string{operator, issuer, authority}, []string{"carl:1", "jens:1", "mette:1", "siti:1"}},
		"corrected_on_paper":   {[]string{operator, issuer, authority}, []string{"carl:1", "jens:1", "mette:1", "siti:1"}},
		"booking_dropped":      {[]string{operator}, []string{"jens:1", "mette:1"}},
		"release_corrected":    {[]string{operator, authority}, []string{"carl:1", "jens:1", "mette:1"}},
		"held":                 {[]string{operator, authority}, []string{"carl:1", "jens:1", "mette:1"}},
		"hold_answered":        {[]string{customs}, []string{"tove:1"}},
		"hold_lifted":          {[]string{operator, authority, customs}, []string{"carl:1", "jens:1", "mette:1", "tove:1"}},
		"booked_elsewhere":     {[]string{authority}, []string{"carl:1"}},
		"lodged_elsewhere":     {[]string{authority}, []string{"carl:1"}},
		"looked_up":            {}, "checked": {},
		"edited": {}, "created": {}, "scan_added": {},
	}
	for verb := range told {
		if _, in := table[verb]; !in {
			t.Errorf("the table does not say who is told of %q", verb)
		}
	}
	for verb, c := range table {
		t.Run(verb, func(t *testing.T) {
			p := newPost(t)
			p.happens(verb, nil)
			want := strings.Fields(strings.Join(c.letters, " "))
			slices.Sort(want)
			letters, lines := p.told()
			if letters != strings.Join(want, " ") {
				t.Errorf("letters: %s, want %s", letters, strings.Join(want, " "))
			}
			if lines != strings.Join(c.lines, " ") {
				t.Errorf("lines: %s, want %s", lines, strings.Join(c.lines, " "))
			}
		})
	}
}

// TestBothAuthoritiesHearOfASecondCountry: the one where the licence is lodged, and the one
// where it was tried again.
func TestBothAuthoritiesHearOfASecondCountry(t *testing.T) {
	p := newPost(t)
	p.update(func(tx *store.Tx) error {
		_, err := tx.AddAuthority(flegt.Authority{ID: flegt.AuthorityID("DE"), Role: flegt.RoleAuthority, Country: "DE", Version: 1,
			Addresses: []flegt.OfficialAddress{{Email: "holz@ble.example", From: "2013-03-03"}}})
		return err
	})
	p.happens("lodged_elsewhere", map[string]any{"elsewhere": "DE"})
	if letters, _ := p.told(); letters != "holz:en svana:da" {
		t.Errorf("letters: %s", letters)
	}
}

func TestChoicesAreRespected(t *testing.T) {
	p := newPost(t)
	p.update(func(tx *store.Tx) error { return tx.WantMail("jens", "licence", false) })
	p.happens("rejected", nil)
	p.happens("booked", map[string]any{"mrn": "16DK00310112345678"})
	letters, lines := p.told()
	if letters != "jens:en mette:da mette:da siti:en" { // a booking is another topic than a licence
		t.Errorf("letters: %s", letters)
	}
	if lines != "jens:2 mette:2 siti:1" {
		t.Errorf("lines: %s", lines)
	}
	for _, l := range p.letters() {
		if l.Topic == "" || !strings.Contains(l.Text, "https://flegt.example/notices") || !strings.Contains(l.HTML, `href="https://flegt.example/notices"`) {
			t.Errorf("the letter to %s does not say where to choose: %s", l.To, l.Text)
		}
	}
}

// TestToldOnceAlthoughStopped: a stop in the middle of telling leaves nothing half told, and
// what was told is not told again, not even when the mark is lost.
func TestToldOnceAlthoughStopped(t *testing.T) {
	p := newPost(t)
	for range 3 {
		p.append("accepted", nil)
	}
	whole, calls := p.NewID, 0
	p.NewID = func() string {
		if calls++; calls == 6 {
			panic("stopped in the middle")
		}
		return whole()
	}
	func() {
		defer func() { _ = recover() }()
		if _, err := p.CatchUp(ctx); err == nil {
			t.Error("nothing was stopped")
		}
	}()
	if letters, lines := p.told(); letters != "" || lines != "" {
		t.Errorf("half told: %s, %s", letters, lines)
	}
	p.NewID = whole
	if n, err := p.CatchUp(ctx); n != 3 || err != nil {
		t.Fatalf("told %d, %v", n, err)
	}
	once := len(p.letters())
	if once != 3*4 {
		t.Errorf("%d letters", once)
	}
	if n, err := p.CatchUp(ctx); n != 0 || err != nil {
		t.Errorf("told %d again, %v", n, err)
	}
	p.update(func(tx *store.Tx) error { return tx.Follow(follower, 0) })
	if _, err := p.CatchUp(ctx); err != nil || len(p.letters()) != once {
		t.Errorf("%d letters after the mark was lost, %v", len(p.letters()), err)
	}
}

// TestFollowerResumes: another start goes on where the last one stopped; Skip tells nobody.
func TestFollowerResumes(t *testing.T) {
	p := newPost(t)
	p.happens("booked", nil)
	next := New(p.Options)
	p.append("freed", nil)
	if n, err := next.CatchUp(ctx); n != 1 || err != nil {
		t.Errorf("told %d, %v", n, err)
	}
	for range batch + 5 {
		p.append("freed", nil)
	}
	if err := next.Skip(ctx); err != nil {
		t.Fatal(err)
	}
	if n, err := p.CatchUp(ctx); n != 0 || err != nil || len(p.letters()) != 4 {
		t.Errorf("told %d, %d letters, %v", n, len(p.letters()), err)
	}
}

// TestWhatIsGoneIsToldToNobody: an event about a noun that is not there does not hold up the
// ones after it.
func TestWhatIsGoneIsToldToNobody(t *testing.T) {
	p := newPost(t)
	p.update(func(tx *store.Tx) error {
		_, err := tx.Append(flegt.NewEvent(flegt.TheSystem(), p.now, flegt.NounLicence, "gone", "accepted"), nil)
		return err
	})
	p.happens("freed", nil)
	if letters, _ := p.told(); letters != "jens:en mette:da" {
		t.Error(letters)
	}
}

func TestClosedApplicantIsNotTold(t *testing.T) {
	p := newPost(t)
	for _, id := range []string{"z-gone", "z-jens"} {
		p.update(func(tx *store.Tx) error {
			_, err := tx.Append(flegt.NewEvent(flegt.TheSystem(), p.now, flegt.NounAuthorisation, id, "approved"), nil)
			return err
		})
	}
	if _, err := p.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	if letters, lines := p.told(); letters != "jens:en" || lines != "jens:1" {
		t.Errorf("%s, %s", letters, lines)
	}
}

// TestAnswersToOneAddressAreBounded: two programs that answer each other soon stop.
func TestAnswersToOneAddressAreBounded(t *testing.T) {
	p := newPost(t)
	for i := range maxAnswers + 5 {
		p.update(func(tx *store.Tx) error {
			m := flegt.IncomingMail{ID: fmt.Sprint("m", i), ReceivedAt: p.now, From: "robot@x.example", Subject: "hello", Outcome: "unknown_sender", Handled: true, MessageID: fmt.Sprint(i, "@x.example")}
			_, err := tx.Append(flegt.NewEvent(flegt.TheSystem(), p.now, flegt.NounMail, m.ID, "handled").With("answer", true), nil)
			return errors.Join(tx.AddMail(m, []byte("raw")), err)
		})
	}
	if _, err := p.CatchUp(ctx); err != nil {
		t.Fatal(err)
	}
	all := p.letters()
	if len(all) != maxAnswers {
		t.Errorf("%d answers", len(all))
	}
	if l := all[0]; !l.Automatic || l.InReplyTo == "" || l.Topic != "" {
		t.Errorf("answer: %+v", l)
	}
}

// sender keeps what it is given and answers as it is told.
type sender struct {
	err  error
	sent []mail.Outgoing
}

func (s *sender) Send(_ context.Context, o mail.Outgoing) error {
	s.sent = append(s.sent, o)
	return s.err
}

func TestDeliveryOverDays(t *testing.T) {
	p := newPost(t)
	s := &sender{err: &mail.SendError{Code: 451, Err: errors.New("451 later")}}
	p.Relay = s
	p.happens("unclaimed", nil)
	start := p.now
	for tries := 1; ; tries++ {
		if n, err := p.Deliver(ctx); n != 1 || err != nil {
			t.Fatalf("try %d: %d letters, %v", tries, n, err)
		}
		l := p.letters()[0]
		if l.Attempts != tries || l.LastError != "mail: 451 later" {
			t.Fatalf("try %d: %+v", tries, l)
		}
		if l.State == flegt.LetterFailed {
			if days := p.now.Sub(start).Hours() / 24; tries != len(waits)+1 || days < 4 || days > 7 {
				t.Errorf("given up after %d tries and %.1f days", tries, days)
			}
			break
		}
		if n, err := p.Deliver(ctx); n != 0 || err != nil {
			t.Errorf("tried before its time: %d, %v", n, err)
		}
		if wait := l.NextAt.Sub(p.now); wait != waits[tries-1] {
			t.Errorf("try %d: %v", tries, wait)
		}
		p.now = l.NextAt
	}
}

func TestDeliveryOutcomes(t *testing.T) {
	for name, c := range map[string]struct {
		err   error
		state flegt.LetterState
	}{
		"taken":            {nil, flegt.LetterSent},
		"refused for good": {&mail.SendError{Permanent: true, Code: 550, Err: errors.New("550 unknown")}, flegt.LetterFailed},
		"refused for now":  {&mail.SendError{Code: 421, Err: errors.New("421 busy")}, flegt.LetterQueued},
		"not reached":      {errors.New("connection refused"), flegt.LetterQueued},
	} {
		t.Run(name, func(t *testing.T) {
			p := newPost(t)
			s := &sender{err: c.err}
			p.Relay = s
			p.happens("freed", nil)
			if n, err := p.Deliver(ctx); n != 2 || err != nil {
				t.Fatal(n, err)
			}
			for _, l := range p.letters() {
				if l.State != c.state || (l.LastError == "") != (c.err == nil) || l.SentAt.IsZero() != (c.err != nil) {
					t.Errorf("%+v", l)
				}
			}
			for _, o := range s.sent { // nobody sees who else was written to
				if len(o.To) != 1 || len(o.Cc) != 0 || o.AutoSubmitted != mail.AutoGenerated || o.Unsubscribe == "" || !strings.HasPrefix(o.ReturnPath, "flegt+b-0") {
					t.Errorf("%+v", o)
				}
			}
		})
	}
}

// TestBounceBeforeSentIsNoted: a mail server may send the letter back before this program
// has written down that it went out.
func TestBounceBeforeSentIsNoted(t *testing.T) {
	p := newPost(t)
	p.Relay = senderFunc(func() error {
		p.update(func(tx *store.Tx) error {
			l, err := tx.Letter(p.letters()[0].ID)
			if err != nil {
				return err
			}
			l.Bounced("550 unknown")
			return tx.SaveLetter(l)
		})
		return nil
	})
	p.happens("unclaimed", nil)
	if _, err := p.Deliver(ctx); err != nil {
		t.Fatal(err)
	}
	if l := p.letters()[0]; l.State != flegt.LetterBounced || l.LastError != "550 unknown" {
		t.Errorf("%+v", l)
	}
}

type senderFunc func() error

func (f senderFunc) Send(context.Context, mail.Outgoing) error { return f() }
