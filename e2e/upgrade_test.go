package e2e

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/store"
)

// TestAnUpgradeIsToldAndSurvivesThePlug: a program that goes through all licences at its first start
// says at /readyz and to visitors how far it is, and in its log; when the plug is pulled in the
// middle, the next start goes through all of them, and the registry agrees with itself.
func TestAnUpgradeIsToldAndSurvivesThePlug(t *testing.T) {
	p := startProgram(t, "demo")
	p.stop()
	seed(t, store.Options{Dir: p.Dir}, 12_000, 0)
	words := func(change string) (found int, version string) {
		db, err := store.Open(t.Context(), store.Options{Dir: p.Dir, Tell: func(store.Progress) { t.Error("it was not gone through") }})
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		err = db.Update(context.Background(), func(tx *store.Tx) error {
			if change != "" {
				if _, err := tx.SQL().Exec(change); err != nil {
					return err
				}
				return tx.SaveSetting("licence_words", "1")
			}
			if version, err = tx.Setting("licence_words"); err != nil {
				return err
			}
			return tx.SQL().QueryRow(`SELECT count(*) FROM licence_word`).Scan(&found)
		})
		if err != nil {
			t.Fatal(err)
		}
		return found, version
	}
	before, version := words("")
	words(`DELETE FROM licence_word WHERE licence IN (SELECT id FROM licence WHERE length(number) % 2 = 1) OR word LIKE '%a%'`)

	p.args[0] = "serve"
	for i, arg := range p.args {
		if arg == "warn" {
			p.args[i] = "info"
		}
	}
	ask := func(path, accept string) (int, string, http.Header) {
		r, err := http.NewRequestWithContext(t.Context(), "GET", p.Base+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Language", accept)
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			return 0, "", nil
		}
		defer answer.Body.Close()
		body, _ := io.ReadAll(answer.Body)
		return answer.StatusCode, string(body), answer.Header
	}
	far := regexp.MustCompile(`^bringing the registry up to date: search words, (\d+) of (\d+) \(\d+ %\), \S+ left\n$`)
	p.launch()
	middle := p.until(func() bool {
		status, body, head := ask("/readyz", "")
		m := far.FindStringSubmatch(body)
		if status != http.StatusServiceUnavailable || m == nil || head.Get("Retry-After") == "" {
			return false
		}
		done, _ := strconv.Atoi(m[1])
		total, _ := strconv.Atoi(m[2])
		return done > 3000 && done < total
	})
	if !middle {
		t.Fatalf("it is never in the middle:\n%s", p.log)
	}
	if status, body, _ := ask("/healthz", ""); status != 200 || body != "ok\n" {
		t.Errorf("/healthz answers %d, %q", status, body)
	}
	p.pull()
	p.start()
	if log := p.log.String(); !strings.Contains(log, `"bringing the registry up to date" what="search words" done=0 of=12`) || !strings.Contains(log, "percent=100") {
		t.Errorf("the log does not tell: %s", log)
	}
	p.stop()
	if after, now := words(""); after != before || now != version {
		t.Errorf("%d words of version %s, want %d of %s", after, now, before, version)
	}
}
