package identity

import (
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"

	"github.com/openflegt/openflegt/internal/flegt"
)

func sshaOf(password, salt string) string {
	sum := sha1.Sum([]byte(password + salt))
	return "{SSHA}" + base64.StdEncoding.EncodeToString(append(sum[:], salt...))
}

func bcryptOf(t *testing.T, password string, cost int) string {
	t.Helper()
	b, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func hashOfSession(b *browser) string {
	sum := sha256.Sum256([]byte(b.cookie.Value))
	for _, s := range []string{hex.EncodeToString(sum[:]), base64.RawURLEncoding.EncodeToString(sum[:])} {
		var n int
		if b.h.db.Writer().QueryRow(`SELECT count(*) FROM session WHERE token = $1`, s).Scan(&n) == nil && n == 1 {
			return s
		}
	}
	b.h.t.Fatal("the session is not in the database")
	return ""
}

const ecasFile = "\ufeffuser_name,email,first_name,last_name,hash,lang\n" +
	"metso16,mette@nordisktrae.example,Mette,Sørensen,SSHA,da\n" +
	"jensh,jens@nordisktrae.example,Jens,Holm,,da\n" +
	"odd,odd@nordisktrae.example,Odd,Hash,{CRYPT}abc,en\n" +
	"bad,no-address,Bad,Row,,en\n" +
	"anna1,anna@havnetra.example,Anna,Lund,,da\n"

func (h *house) imports(how EcasImport) (fates string) {
	h.t.Helper()
	rows, err := ReadEcas(strings.NewReader(strings.Replace(ecasFile, "SSHA", sshaOf("gammelt ord", "xyz"), 1)))
	h.must(err)
	how.Each = func(r EcasResult) {
		fates += string(r.Fate)
		if r.NeedsPassword {
			fates += "*"
		}
		fates += " "
	}
	h.must(h.ImportEcas(ctx, rows, how))
	return strings.TrimSpace(fates)
}

func TestEarlierAccountsCount(t *testing.T) {
	each(t, func(h *house) {
		anna := h.member(Person{FirstName: "Anna", LastName: "Lund", Email: "Anna@havnetra.example", Lang: "da"})
		const first = "created created* created* refused linked"
		if got := h.imports(EcasImport{DryRun: true, Tell: true}); got != first {
			h.t.Errorf("dry run: %s", got)
		}
		if _, err := h.find(ctx, "metso16"); flegt.KindOf(err) != flegt.NotFound {
			h.t.Errorf("a dry run wrote: %v", err)
		}
		h.noMail()
		if got := h.imports(EcasImport{By: flegt.TheSystem(), Tell: true}); got != first {
			h.t.Errorf("import: %s", got)
		}
		if len(h.post) != 2 {
			h.t.Errorf("%d mails", len(h.post))
		}
		if m := h.mail(MailEcas, "odd@nordisktrae.example"); m.Link != "http://flegt.test/password/forgot" {
			h.t.Errorf("mail %+v", m)
		}
		if got := h.imports(EcasImport{}); got != "unchanged unchanged* unchanged* refused unchanged" {
			h.t.Errorf("again: %s", got)
		}
		h.post = nil

		// By user name or address, with the old password; the hash is renewed.
		acc, err := h.signIn("METSO16", "gammelt ord", "n")
		h.must(err)
		if v := h.verbs(acc.ID); v != "imported password_renewed" {
			h.t.Errorf("events: %s", v)
		}
		if !strings.HasPrefix(acc.PasswordHash, "$argon2id$") {
			h.t.Errorf("hash %s", acc.PasswordHash)
		}
		again, err := h.signIn("mette@nordisktrae.example", "gammelt ord", "n")
		h.must(err)
		if again.ID != acc.ID {
			h.t.Error("two accounts")
		}

		// The same login as before, with both names.
		got, err := h.signIn("anna1", good, "n")
		h.must(err)
		if got.ID != anna.ID {
			h.t.Error("ECAS account and EU Login are two")
		}

		// Without a hash a password is set by mail, under the user name too.
		h.must(h.AskReset(ctx, "jensh", "n"))
		_, err = h.Reset(ctx, tokenOf(h.t, h.mail(MailReset, "jens@nordisktrae.example")), good)
		h.must(err)
		h.post = nil
		_, err = h.signIn("jensh", good, "n")
		h.must(err)
	})
}

func TestImportOverAnUnconfirmedAccount(t *testing.T) {
	each(t, func(h *house) {
		h.must(h.SignUp(ctx, Person{FirstName: "Any", LastName: "Body", Email: "jens@nordisktrae.example"}, "n"))
		token := tokenOf(h.t, h.mail(MailConfirm, "jens@nordisktrae.example"))
		h.imports(EcasImport{})
		acc, err := h.find(ctx, "jensh")
		h.must(err)
		if acc.FirstName != "Jens" || !acc.Confirmed {
			h.t.Errorf("account %+v", acc)
		}
		_, err = h.Confirm(ctx, token, good) // the link went to the same mailbox
		h.must(err)
	})
}

func TestSecondUserNameOfOnePersonIsRefused(t *testing.T) {
	each(t, func(h *house) {
		h.imports(EcasImport{})
		err := h.ImportEcas(ctx, []EcasRow{
			{UserName: "other", Person: Person{FirstName: "Jens", LastName: "Holm", Email: "jens@nordisktrae.example"}},
			{UserName: "with space", Person: Person{FirstName: "Jens", LastName: "Holm", Email: "j@nordisktrae.example"}},
		}, EcasImport{Each: func(r EcasResult) {
			if r.Fate != EcasRefused || r.Why == nil {
				h.t.Errorf("%s: %s", r.Row.UserName, r.Fate)
			}
		}})
		h.must(err)
	})
}

func TestEcasFilesThatCannotBeRead(t *testing.T) {
	for _, file := range []string{"", "user_name,email,first_name\n", "user_name,email,first_name,last_name\na,b\n"} {
		if _, err := ReadEcas(strings.NewReader(file)); err == nil {
			t.Errorf("%q was read", file)
		}
	}
}
