package notice

import (
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/wording"
)

// TestEveryoneToldHasASentence: for each step of a licence that is told, each reader has a
// subject and a text in every language.
func TestEveryoneToldHasASentence(t *testing.T) {
	catalog, err := wording.New(wording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for verb, who := range told {
		for reader, toldTo := range map[string]bool{"": true, ".text": who.operator, ".authority": who.authority, ".customs": who.customs, ".licensing": who.licensing} {
			key := "notice.licence." + verb + reader
			for _, lang := range []wording.Lang{"en", "da"} {
				if toldTo && catalog.Say(lang, key, flegt.Args{"Number": "n", "Country": "c", "Export": "e", "MRN": "m", "Until": flegt.Date("2017-01-01")}) == key {
					t.Errorf("%s: nothing says %s", lang, key)
				}
			}
		}
	}
	for _, b := range (flegt.Licence{Form: flegt.Form{Goods: []flegt.GoodsLine{{Line: 1}}}}).Boxes() {
		if key := remarkKey(b); catalog.Say("en", key, flegt.Args{"Line": 1, "Box": "1", "Words": "w"}) == key {
			t.Errorf("nothing says %s", key)
		}
	}
}
