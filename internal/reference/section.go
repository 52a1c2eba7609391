package reference

// Section is a section chapter under which an operator can be created. Only one leads to
// a FLEGT role; the others belong to other systems and are offered with an explanation,
// because people look for them here (the letter, L4).
type Section struct {
	Key   string
	FLEGT bool
}

// Name gives the key of the section's name.
func (s Section) Name() string { return "section." + s.Key }

// Where gives the key of the sentence that says what comes of choosing it.
func (s Section) Where() string { return "section." + s.Key + ".where" }

func addSection(d *Data, w row) {
	s := Section{Key: w.need("key"), FLEGT: w.oneOf("flegt", "yes", "no") == "yes"}
	if _, twice := d.Section(s.Key); twice {
		w.wrong("%s stands here twice", s.Key)
	}
	d.sections = append(d.sections, s)
}

// Sections lists the section chapters in the order in which they are offered.
func (d *Data) Sections() []Section { return append([]Section(nil), d.sections...) }

// Section gives a section chapter by its key.
func (d *Data) Section(key string) (Section, bool) {
	for _, s := range d.sections {
		if s.Key == key {
			return s, true
		}
	}
	return Section{}, false
}
