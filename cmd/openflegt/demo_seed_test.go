package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// TestTheDemonstrationsScansShowWhatWasFound: where the made-up authority says that the paper has
// something else than what was typed, the scan shows it, and what was typed is something else.
func TestTheDemonstrationsScansShowWhatWasFound(t *testing.T) {
	raw, err := demoFiles.ReadFile("demodata/licences.json")
	if err != nil {
		t.Fatal(err)
	}
	known := json.NewDecoder(bytes.NewReader(raw))
	known.DisallowUnknownFields()
	var all []demoLicence
	if err := known.Decode(&all); err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, d := range all {
		typed := flegt.Form{Invoice: d.Invoice, Goods: d.Goods}
		scan := string(demoScan(d.Paper.on(typed)))
		if d.Paper == (demoPaper{}) {
			continue
		}
		said := d.Words
		for _, r := range d.Remarks {
			said += "\n" + r.Words
		}
		for _, x := range []struct{ label, paper, typed string }{
			{"17 Distinguishing marks: %s,", d.Paper.Invoice, d.Invoice},
			{"14 Volume \\(m3\\): %s ", string(d.Paper.Volume), string(d.Goods[0].Volume)},
			{"16 Number of units: %s)", string(d.Paper.Units), string(d.Goods[0].Units)},
		} {
			if x.paper == "" {
				continue
			}
			found++
			if x.paper == x.typed || !strings.Contains(said, x.paper) || !strings.Contains(scan, fmt.Sprintf(x.label, x.paper)) || strings.Contains(scan, fmt.Sprintf(x.label, x.typed)) {
				t.Errorf("%s: typed %q, on the paper %q, and the authority says %q of this scan:\n%s", d.Number, x.typed, x.paper, said, scan)
			}
		}
	}
	if found != 3 {
		t.Errorf("%d boxes differ from the paper", found)
	}
}
