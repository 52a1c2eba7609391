package reference

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

//go:embed data/*.csv
var embedded embed.FS

// Data is all reference data, read-only after Load.
type Data struct {
	countries []Country
	byCode    map[string]Country
	members   map[string][]period
	zones     map[string]*time.Location

	authorities []Authority
	customs     []Authority

	licensing map[string]Licensing
	bodies    []LicensingBody

	headings []Heading
	hsByCode map[string]Heading
	scope    []scopeRow

	species     []Species
	folded      []string // scientific names, for comparing
	bySpecies   map[string][]int
	cites       []CITESListing
	units       map[flegt.Unit]Unit
	unitOrder   []flegt.Unit
	sections    []Section
	grounds     []Ground
	taric       []Taric
	taricByCode map[string]Taric
}

// BuiltIn gives the data that the program was built with.
func BuiltIn() (*Data, error) { return Load(nil) }

// Load reads the built-in data, with every file that dir holds taking the place of the
// built-in one of the same name; dir may be nil. The error joins everything found wrong,
// each with file and line. A file in dir that is none of ours is an error too, since a
// misspelt name would otherwise change nothing in silence.
func Load(dir fs.FS) (*Data, error) {
	own, err := fs.Sub(embedded, "data")
	if err != nil {
		return nil, err
	}
	r := &reader{own: own, over: dir}
	d := &Data{}
	for _, t := range tables() {
		r.read(t, d)
	}
	r.strangers()
	if len(r.problems) == 0 {
		r.problems = d.whole()
	}
	if len(r.problems) > 0 {
		return nil, errors.Join(r.problems...)
	}
	return d, nil
}

// table is one file: its name, its columns, and how a row becomes part of Data.
type table struct {
	file    string
	columns []string
	add     func(d *Data, row row)
}

// tables lists the files in the order in which they are read; later ones may refer to
// earlier ones.
func tables() []table {
	return []table{
		{"countries.csv", []string{"code", "english", "danish"}, addCountry},
		{"members.csv", []string{"country", "from", "until", "note", "source"}, addMember},
		{"zones.csv", []string{"country", "zone", "note", "source"}, addZone},
		{"authorities.csv", []string{"country", "name", "note", "status", "source"}, addAuthority},
		{"addresses.csv", []string{"country", "email", "from", "until", "status", "note", "source"}, addAddress},
		{"customs.csv", []string{"country", "name", "note", "status", "source"}, addCustoms},
		{"licensing.csv", []string{"country", "since", "until", "scheme", "validity_months", "extension_months", "measure", "status", "source"}, addLicensing},
		{"licensing_bodies.csv", []string{"country", "name", "aliases", "kind", "from", "until", "detail", "status", "source"}, addLicensingBody},
		{"hs2022.csv", []string{"code", "description"}, addHeading},
		{"scope.csv", []string{"country", "code", "from", "until", "verdict", "qualifier", "rule", "law", "source"}, addScope},
		{"species.csv", []string{"scientific", "common", "en13556", "context", "caution", "source"}, addSpecies},
		{"cites.csv", []string{"name", "annex", "from", "until", "populations", "status", "note", "source"}, addCITES},
		{"units.csv", []string{"code", "group", "millionths_of_base", "source"}, addUnit},
		{"sections.csv", []string{"key", "flegt"}, addSection},
		{"legal_grounds.csv", []string{"from", "until", "regulation", "article", "key", "status", "note", "source"}, addGround},
		{"taric.csv", []string{"code", "kind", "country", "meaning", "note", "source"}, addTaric},
	}
}

// whole checks what no single row can show.
func (d *Data) whole() []error {
	var out []error
	for _, c := range d.Members("") {
		if _, ok := d.AuthorityOf(c.Code); !ok {
			out = append(out, fmt.Errorf("authorities.csv: no row for %s, a member", c.Code))
		}
		if _, ok := d.CustomsOf(c.Code); !ok {
			out = append(out, fmt.Errorf("customs.csv: no row for %s, a member", c.Code))
		}
		if d.Zone(c.Code) == nil {
			out = append(out, fmt.Errorf("zones.csv: no row for %s, a member", c.Code))
		}
	}
	timber := 0
	for _, s := range d.sections {
		if s.FLEGT {
			timber++
		}
	}
	if timber != 1 {
		out = append(out, fmt.Errorf("sections.csv: %d chapters lead to a FLEGT role, want 1", timber))
	}
	for i := 1; i < len(d.grounds); i++ {
		if prev := d.grounds[i-1]; prev.Until == "" || prev.Until >= d.grounds[i].From {
			out = append(out, fmt.Errorf("legal_grounds.csv: %s begins before %s ends", d.grounds[i].Regulation, prev.Regulation))
		}
	}
	return out
}
