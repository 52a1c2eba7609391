package reference

import "github.com/openflegt/openflegt/internal/flegt"

// Ground is the law by which timber under a valid licence meets the timber regulation of
// its time (L13).
type Ground struct {
	From, Until flegt.Date
	Regulation  string // "Regulation (EU) No 995/2010"
	Article     string // "3"
	// Key is the sentence for the importer, which names the regulation; its argument is Article.
	Key    string
	Status string
	Note   string
	Source string
}

func addGround(d *Data, w row) {
	p := w.days("from", "until")
	d.grounds = append(d.grounds, Ground{
		From: p.from, Until: p.until, Regulation: w.need("regulation"), Article: w.need("article"),
		Key:    w.oneOf("key", "legal_ground.eutr", "legal_ground.eudr"),
		Status: w.need("status"), Note: w.text("note"), Source: w.need("source"),
	})
}

// LegalGround gives the ground that holds on a day: Reg. (EU) 995/2010 art. 3, later
// Reg. (EU) 2023/1115 art. 10(3), whose first day is dated data (to be verified). False
// before 3 March 2013, when no timber regulation applied.
func (d *Data) LegalGround(on flegt.Date) (Ground, bool) {
	for _, g := range d.grounds {
		if (period{g.From, g.Until}).has(on) {
			return g, true
		}
	}
	return Ground{}, false
}

// LegalGrounds lists all grounds in order of their days.
func (d *Data) LegalGrounds() []Ground { return append([]Ground(nil), d.grounds...) }

// Taric is a code of the EU's tariff that concerns the scheme: a document code that a
// declaration names (C690, Y057, Y070) or a measure type by which a country's goods are
// held up without one (747, 770).
type Taric struct {
	Code    string
	Kind    string // measure or document
	Country string // whose goods a measure concerns; empty for documents
	Meaning string // in English, as the tariff words it
	Note    string
	Source  string
}

// The document codes of a customs declaration, data element 12 03 002 000.
const (
	DocumentLicence   = "C690" // the FLEGT licence
	DocumentNotFLEGT  = "Y057" // goods that are not subject to FLEGT
	DocumentCITES     = "Y070" // exempt by Reg. (EC) 2173/2005 art. 4(3)
	kindOfMeasure     = "measure"
	kindOfDeclaration = "document"
)

func addTaric(d *Data, w row) {
	t := Taric{
		Code: w.need("code"), Kind: w.oneOf("kind", kindOfMeasure, kindOfDeclaration), Country: w.text("country"),
		Meaning: w.need("meaning"), Note: w.text("note"), Source: w.need("source"),
	}
	if t.Kind == kindOfMeasure {
		w.country(d, "country")
	}
	if d.taricByCode == nil {
		d.taricByCode = map[string]Taric{}
	}
	if _, twice := d.taricByCode[t.Code]; twice {
		w.wrong("%s stands here twice", t.Code)
	}
	d.taricByCode[t.Code] = t
	d.taric = append(d.taric, t)
}

// TaricCode gives a code's meaning.
func (d *Data) TaricCode(code string) (Taric, bool) {
	t, ok := d.taricByCode[code]
	return t, ok
}

// TaricCodes lists all codes.
func (d *Data) TaricCodes() []Taric { return append([]Taric(nil), d.taric...) }
