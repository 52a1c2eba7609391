package store

import (
	"fmt"
	"sync"
	"testing"
)

// TestStatementsAreAskedForAtOnce: many connections ask for queries that are not prepared yet
// while others prepare what was asked for. Run under the race detector it finds a map that two
// of them touch; without it Go ends a program that does so, sooner or later.
func TestStatementsAreAskedForAtOnce(t *testing.T) {
	db, err := Open(t.Context(), Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for round := range 40 {
		s := newStatements(db.reader)
		var many sync.WaitGroup
		for i := range 16 {
			many.Go(func() {
				for n := range 20 {
					query := fmt.Sprintf("SELECT %d, %d", n, i%4)
					s.prepare(t.Context())
					s.find(query)
				}
			})
		}
		many.Wait()
		s.prepare(t.Context())
		if len(s.known) != 80 || len(s.asked) != 0 {
			t.Fatalf("round %d: %d prepared, %d asked for", round, len(s.known), len(s.asked))
		}
		for _, known := range s.known {
			_ = known.Close()
		}
	}
}
