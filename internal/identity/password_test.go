package identity

import (
	"strings"
	"testing"

	"github.com/alexedwards/argon2id"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

func TestPasswords(t *testing.T) {
	h := open(t, storetest.SQLite(t), nil)
	acc := flegt.Account{FirstName: "Mette", LastName: "Sørensen", Email: "mette.soerensen@nordisktrae.example", EcasName: "metso16"}
	for password, key := range map[string]string{
		"":                                "error.required",
		"elleve tegn":                     "account.password.short",
		"øøøøøæææææå":                     "account.password.short", // eleven, whatever the bytes
		strings.Repeat("a1b2 ", 52):       "error.too_long",
		"ab\xff\xfe cd ef gh ij kl":       "error.unreadable",
		"password1234":                    "account.password.common",
		"Password2026!":                   "account.password.common",
		"P@ssw0rd12345":                   "account.password.common",
		"123456789012":                    "account.password.common",
		"qwertyuiop12":                    "account.password.common",
		"1q2w3e4r5t6y":                    "account.password.common",
		"aaaaaaaaaaaa":                    "account.password.common",
		"abcabcabcabcabc":                 "account.password.common",
		"passwordpassword":                "account.password.common",
		"Velkommen2016":                   "account.password.common",
		"fodbold-danmark":                 "account.password.common",
		"iloveyouforever":                 "account.password.common",
		"sommer2016!!!":                   "account.password.common",
		"MetteSørensen1":                  "account.password.personal",
		"soerensen2016":                   "account.password.personal",
		"openflegt2016":                   "account.password.personal",
		"nordisktrae!1":                   "account.password.personal",
		"metso16metso16":                  "account.password.personal",
		"tolv grønne brædder":             "",
		"correct horse at the staple":     "",
		"v9#Lk2!pQz7w":                    "",
		"Mette har en rød cykel derude":   "",
		strings.Repeat("a1b2 ", 51) + "c": "",
	} {
		err := h.checkPassword(password, acc)
		if key == "" {
			h.must(err)
			continue
		}
		t.Run(password, func(t *testing.T) { h.refuses(err, flegt.Invalid, key) })
	}
}

func TestNobodysHashCostsAsMuchAsOurs(t *testing.T) {
	p, salt, key, err := argon2id.DecodeHash(nobodysHash)
	if err != nil {
		t.Fatal(err)
	}
	p.SaltLength, p.KeyLength = uint32(len(salt)), uint32(len(key))
	if *p != *params() {
		t.Errorf("%+v, want %+v", *p, *params())
	}
	if outdated(nobodysHash) {
		t.Error("our own parameters are outdated")
	}
}

// Hashes made by other programs (htpasswd, slapd's {SSHA}, argon2's reference tool).
func TestEarlierHashes(t *testing.T) {
	h := open(t, storetest.SQLite(t), nil)
	for _, x := range []struct {
		hash     string
		readable bool
	}{
		{sshaOf("tolv grønne brædder", "salt1234"), true},
		{bcryptOf(t, "tolv grønne brædder", 4), true},
		{"{SSHA}xx", false}, {"{SHA}" + "W6ph5Mm5Pz8GgiULbPgzG37mj9g=", false}, {"", false}, {"plain text", false},
		{"$2a$31$" + strings.Repeat("a", 53), false},
		{"$argon2id$v=19$m=4194304,t=2,p=1$b3BlbmZsZWd0LW5vYm9keQ$Y2Fubm90IGJlIG1ldCBieSBhbnkgcGFzc3dvcmQhISE", false},
		{"$argon2id$v=19$m=1024,t=0,p=1$b3BlbmZsZWd0LW5vYm9keQ$Y2Fubm90IGJlIG1ldCBieSBhbnkgcGFzc3dvcmQhISE", false},
		{"$argon2id$v=19$m=1024,t=1,p=0$b3BlbmZsZWd0LW5vYm9keQ$Y2Fubm90IGJlIG1ldCBieSBhbnkgcGFzc3dvcmQhISE", false},
	} {
		if got := Readable(x.hash); got != x.readable {
			t.Errorf("%s: readable %v", x.hash, got)
		}
		for password, want := range map[string]bool{"tolv grønne brædder": x.readable, "something else": false} {
			if ok, err := h.matches(ctx, password, x.hash); err != nil || ok != want {
				t.Errorf("%s with %s: %v, %v", x.hash, password, ok, err)
			}
		}
	}
	own, err := h.hash(ctx, "sæt")
	h.must(err)
	if ok, err := h.matches(ctx, "sæt", own); err != nil || !ok { // composed and decomposed are one
		t.Errorf("%v, %v", ok, err)
	}
	if ok, _ := h.matches(ctx, "så\u030at", own); ok {
		t.Error("another word matches")
	}
}
