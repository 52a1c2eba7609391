package wording_test

import (
	"testing"

	"github.com/openflegt/openflegt/internal/wording"
)

// TestLaw: a citation of the code in the words of each language.
func TestLaw(t *testing.T) {
	c, err := wording.New(wording.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for citation, danish := range map[string]string{
		"Reg. (EC) 2173/2005 art. 4(1), Annexes II and III": "Forordning (EF) nr. 2173/2005 artikel 4, stk. 1, bilag II og III",
		"Reg. (EC) 1024/2008 Annex, box 9 (to be verified)": "Forordning (EF) nr. 1024/2008 bilag, felt 9 (endnu ikke efterprøvet)",
		"Reg. (EC) 1024/2008 art. 10(2)":                    "Forordning (EF) nr. 1024/2008 artikel 10, stk. 2",
		"VPA, Annex on licences (to be verified)":           "Partnerskabsaftalen, bilag om licenser (endnu ikke efterprøvet)",
		"": "",
	} {
		if got := c.Law("da", citation); got != danish {
			t.Errorf("%q: %q, want %q", citation, got, danish)
		}
		if got := c.Law("en", citation); got != citation {
			t.Errorf("%q: %q", citation, got)
		}
	}
}
