package store

import (
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// What was read before another process wrote, and comes to be remembered after that was noticed, is not.
func TestALateLookIsNotRemembered(t *testing.T) {
	read := []*WithLedger{{Licence: flegt.Licence{ID: "a"}}}
	for _, name := range []string{"n:N1", "i:a", "n:BEFORE"} {
		k := &known{}
		late := k.begin()
		k.follow(5, []befell{{"a", "N1"}}, false)
		k.remember(name, late, read, 1)
		if k.entries[name] != nil {
			t.Errorf("%s: what was read before is remembered", name)
		}
		k.remember(name, k.begin(), read, 1)
		if k.entries[name] == nil {
			t.Errorf("%s: what was read afterwards is not remembered", name)
		}
	}
	k := &known{}
	early := k.begin()
	k.follow(5, []befell{{"b", "N2"}}, false)
	if k.remember("n:N1", early, read, 1); k.entries["n:N1"] == nil {
		t.Error("what was not changed is not remembered")
	}
	k.forget(6)
	if k.remember("n:N1", early, read, 1); k.entries["n:N1"] != nil {
		t.Error("it is remembered though everything was to be forgotten")
	}
}
