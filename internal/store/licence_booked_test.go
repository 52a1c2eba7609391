package store

import (
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"github.com/openflegt/openflegt/internal/flegt"
)

// A row whose version is raised is the row written anew, whatever somebody wrote into the
// licence.
func TestRaised(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{`,"Version":7,`, `","Version":7,"`, `\",\"Version\":7`, "\u2028<&>"}))
		l := flegt.Licence{ID: text.Draw(t, "id"), Operator: text.Draw(t, "operator"), State: flegt.Accepted, Version: rapid.IntRange(0, 1200).Draw(t, "version")}
		l.Form.Number, l.Form.Importer.Name = text.Draw(t, "number"), text.Draw(t, "importer")
		row := jsonOf(l)
		got, quick := raised(row, l.Version, l.Version+1)
		if !quick {
			t.Fatalf("no version was found in %s", row)
		}
		if _, found := raised(row, l.Version+1, l.Version+2); found && l.Version > 0 {
			t.Fatalf("another version was found in %s", row)
		}
		l.Version++
		if got != jsonOf(l) {
			t.Fatalf("%s\nis not\n%s", got, jsonOf(l))
		}
		if read, err := parse[flegt.Licence](got); err != nil || read.Version != l.Version {
			t.Fatal(read, err)
		}
	})
	for _, row := range []string{"", "{}", `{"Version":7,"Form":{}}`, `{"ID":"a", "Version": 7}`, `{"ID":"a","Version":7}`, `{"ID":"a","Version":71,"Form":{}}`} {
		if got, ok := raised(row, 7, 8); ok {
			t.Errorf("%s became %s", row, got)
		}
	}
	l := flegt.Licence{ID: "a", Version: 7}
	if quick, anew := touch(l, jsonOf(l), false), touch(l, `{"Version": 7}`, false); !quick.beside || anew.beside || quick.text != anew.text || quick.hash != anew.hash ||
		!reflect.DeepEqual(quick.licence, anew.licence) || quick.licence.Version != 8 {
		t.Errorf("%+v and %+v", quick, anew)
	}
}
