package web_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/web/webtest"
)

// TestPagesOfTheMostMailed: a request about which very many and long mails came has pages below 100 kB;
// the last mails stand on the first, each is on one of them, and of a very long one the beginning is shown.
func TestPagesOfTheMostMailed(t *testing.T) {
	w, x := weighing(t)
	mette, lars := w.Importer("mette"), w.Holder("lars", flegt.RoleSupport, flegt.SupportBody, "")
	const mails = 40
	for n := range mails {
		m := flegt.IncomingMail{ID: fmt.Sprint("mail-", n+10), ReceivedAt: webtest.Noon.Add(time.Duration(n) * time.Second), From: "mette@nordisktrae.example", To: []string{"svana@svana.dk"}, Subject: fmt.Sprintf("Mail %d.", n),
			Text: "Hello", Handled: true, Outcome: "broken", SHA256: fmt.Sprint(n), Authorisation: mette.Authorisation}
		if n%4 == 0 {
			m.Text = strings.Repeat("> quoted & long\n", 4000)
		}
		if err := w.DB.Update(t.Context(), func(tx *store.Tx) error { return tx.AddMail(m, []byte("x")) }); err != nil {
			t.Fatal(err)
		}
	}
	x.get(lars, "/support/mails/mail-10", "this is its beginning")
	for path, a := range map[string]flegt.Actor{"/support/requests/" + mette.Authorisation: lars, "/roles/" + mette.Authorisation: mette} {
		x.get(a, path, fmt.Sprintf("Mail %d.", mails-1))
		all := x.inPages(a, path, "mails", "</article>")
		for n := range mails {
			if got := strings.Count(all, fmt.Sprintf("Mail %d.", n)); got != 1 {
				t.Errorf("%s: mail %d stands %d times on the pages", path, n, got)
			}
		}
	}
}
