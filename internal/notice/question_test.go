package notice

import (
	"errors"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

const questionID = "01a20e28-0169-7193-8718-2cb20d52e11e"

// asks puts a question about the licence there, and appends an event about it.
func (p *post) asks(verb string, to flegt.Addressee, facts map[string]any) {
	p.t.Helper()
	p.update(func(tx *store.Tx) error {
		l, err := tx.Licence("lic")
		if err != nil {
			return err
		}
		before := l
		l.Form.Issued, l.Form.Expires, l.Form.IssuingBody.Name, l.Form.Licensee.Name = "2016-11-18", "2017-03-17", "PT <Mutuagung>", "CV Jepara"
		l.Form.Goods = []flegt.GoodsLine{{Line: 1, Description: "Teak <chair>", HS: "4407.29", Species: []flegt.Species{{Common: "Jati", Scientific: "Tectona grandis"}},
			Harvest: []string{"ID"}, Volume: "8.412", Weight: "5120", Units: "480"}}
		if err := tx.SaveLicence(before, &l); err != nil {
			return err
		}
		_, err = tx.AddAuthority(flegt.Authority{ID: "LA-ID", Role: flegt.RoleLicensing, Country: "ID", Version: 1, Addresses: []flegt.OfficialAddress{{Email: "unit@silk.example"}}})
		d := flegt.Dossier{Licence: "lic", Country: "DK", Standing: flegt.DossierWaiting, Officer: "carl", LodgedAt: p.now, Version: 1}
		q := flegt.Question{ID: questionID, Licence: "lic", Country: "DK", To: to, Export: "ID", Box: "17", Text: "Which <invoice> is it?\nAnd & why?", AskedBy: "carl", AskedAt: p.now,
			Deadline: "2016-12-27", State: flegt.QuestionOpen, Version: 1}
		if to == flegt.ToImporter {
			q.Operator = "op"
		}
		e := flegt.NewEvent(flegt.TheSystem(), p.now, flegt.NounQuestion, q.ID, verb)
		for k, v := range facts {
			e = e.With(k, v)
		}
		_, failed := tx.Append(e, q)
		return errors.Join(err, tx.AddDossier(d), tx.AddQuestion(q), failed)
	})
}

// TestWhoIsToldOfAQuestion is the whole table: the importer hears nothing of what is asked in
// the issuing country, and an answer goes to the officer alone.
func TestWhoIsToldOfAQuestion(t *testing.T) {
	known, doubtful, decided := map[string]any{"known": true}, map[string]any{"known": true, "forged": true}, map[string]any{"decided": true}
	for _, c := range []struct {
		verb           string
		to             flegt.Addressee
		facts          map[string]any
		letters, lines string
	}{
		{"asked", flegt.ToImporter, nil, "jens:en mette:da", "jens:1 mette:1"},
		{"reminded", flegt.ToImporter, nil, "jens:en mette:da", "jens:1 mette:1"},
		{"closed", flegt.ToImporter, nil, "", "jens:1 mette:1"},
		{"closed", flegt.ToImporter, decided, "", ""},
		{"answered", flegt.ToImporter, known, "carl:da", "carl:1"},
		{"answered", flegt.ToImporter, doubtful, "carl:da", "carl:1"},
		{"asked", flegt.ToIssuing, nil, "siti:en unit:en", "siti:1"},
		{"reminded", flegt.ToIssuing, nil, "siti:en unit:en", "siti:1"},
		{"closed", flegt.ToIssuing, nil, "", "siti:1"},
		{"answered", flegt.ToIssuing, known, "carl:da", "carl:1"},
		{"something else", flegt.ToIssuing, nil, "", ""},
	} {
		p := newPost(t)
		p.asks(c.verb, c.to, c.facts)
		if _, err := p.CatchUp(ctx); err != nil {
			t.Fatal(err)
		}
		if letters, lines := p.told(); letters != c.letters || lines != c.lines {
			t.Errorf("%s, to %s: letters to %q, lines for %q", c.verb, c.to, letters, lines)
		}
		for _, l := range p.letters() {
			if asked := c.verb == "asked" || c.verb == "reminded"; (l.Question == questionID) != asked {
				t.Errorf("%s: a reply to the letter answers %q", c.verb, l.Question)
			}
			if c.verb == "answered" && strings.Contains(l.Text, "invoice") {
				t.Errorf("%s tells what was asked or answered: %s", c.verb, l.Text)
			}
		}
	}
}
