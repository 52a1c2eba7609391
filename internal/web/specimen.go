package web

import (
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
)

// specimenView is a specimen as pages show it.
type specimenView struct {
	Name, Image, Address, Days, Country string
	Terms                               []Term
}

// specimensPage lists the specimens, of one country or all.
type specimensPage struct {
	Page
	Country   string
	Countries []Option
	List      []specimenView
	MayEnter  bool
	Empty     *Empty
}

// specimenPage is one specimen, or the form of a new one.
type specimenPage struct {
	Page
	specimenView
	Version             int
	MayEnd              bool
	Country, Body, Kind string
	// Known are the bodies of our list, Unknown says that this one is not among them.
	Known            []knownBodies
	Unknown          bool
	From, Until      string
	Source, Note     string
	Countries, Kinds []Option
	specimen         flegt.Specimen
}

func (p *Page) specimenView(s flegt.Specimen) specimenView {
	kind := p.T("specimen.kind." + string(s.Kind))
	v := specimenView{Name: p.T("specimen.title", "Kind", kind, "Body", s.Body), Image: p.URL("/specimens/%s/image", s.ID), Address: p.URL("/specimens/%s", s.ID), Country: p.CountryName(s.Country)}
	v.Days = p.T("specimen.days.open", "From", p.day(s.From))
	if s.Until != "" {
		v.Days = p.T("specimen.days", "From", p.day(s.From), "Until", p.day(s.Until))
	}
	v.Terms = []Term{TermOf(p.T("specimen.country"), p.countryCode(s.Country)), TermOf(p.T("licence.issuing_body"), s.Body), TermOf(p.T("specimen.kind"), kind),
		TermOf(p.T("specimen.in_use"), v.Days), TermOf(p.T("authority.source"), s.Source)}
	if s.Note != "" {
		v.Terms = append(v.Terms, TermOf(p.T("specimen.note"), s.Note))
	}
	v.Terms = append(v.Terms, TermOf(p.T("specimen.entered"), p.DateTime(s.EnteredAt)))
	return v
}

// knownBodies are the issuing bodies of a country that our list has.
type knownBodies struct {
	Country string
	Bodies  []string
}

// known lists the bodies of every country that issues licences or once did.
func (p *Page) known(countries []Option) []knownBodies {
	var out []knownBodies
	for _, c := range countries {
		k := knownBodies{Country: c.Label}
		for _, b := range p.server.Office.Reference().LicensingBodies(c.Value) {
			if b.Kind == "licensing" {
				k.Bodies = append(k.Bodies, b.Name)
			}
		}
		if len(k.Bodies) > 0 {
			out = append(out, k)
		}
	}
	return out
}

// issuers offers the countries that issue licences or once did.
func (p *Page) issuers() []Option {
	var codes []string
	for _, c := range p.server.Office.Reference().Countries(string(p.Lang)) {
		if _, ok := p.server.Office.Reference().LicensingOf(c.Code); ok {
			codes = append(codes, c.Code)
		}
	}
	return p.countryOptions(codes)
}

func (s *Server) listSpecimens(w http.ResponseWriter, r *Request) error {
	list, err := s.Office.Specimens(r.Context(), r.Viewer.Actor, r.Query("country"))
	if err != nil {
		return err
	}
	p := &specimensPage{Page: s.page(r, "specimen.list.title"), Country: r.Query("country"), MayEnter: r.Viewer.Has(flegt.RoleAuthority, flegt.RoleSupport)}
	p.Wide = true
	p.Countries = p.issuers()
	for _, x := range list {
		p.List = append(p.List, p.specimenView(x))
	}
	if len(list) == 0 {
		p.Empty = &Empty{Title: p.T("specimen.none"), Text: p.T("specimen.none.text")}
	}
	return s.show(w, p, "specimen_list")
}

func (s *Server) specimenForm(r *Request) (*specimenPage, error) {
	if !r.Viewer.Has(flegt.RoleAuthority, flegt.RoleSupport) {
		return nil, flegt.Missing()
	}
	p := &specimenPage{Page: s.page(r, "specimen.new.title")}
	p.Crumbs = []Link{{"/specimens", p.T("specimen.list.title")}}
	p.Countries = p.issuers()
	p.Known = p.known(p.Countries)
	for _, k := range flegt.SpecimenKinds {
		p.Kinds = append(p.Kinds, Option{Value: string(k), Label: p.T("specimen.kind." + string(k))})
	}
	return p, nil
}

func (s *Server) newSpecimen(w http.ResponseWriter, r *Request) error {
	p, err := s.specimenForm(r)
	if err != nil {
		return err
	}
	return s.show(w, p, "specimen_new")
}

func (s *Server) addSpecimen(w http.ResponseWriter, r *Request) error {
	p, err := s.specimenForm(r)
	if err != nil {
		return err
	}
	allowTime(w)
	if err := r.ParseMultipartForm(formLimit); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return badBody(err)
	}
	if r.MultipartForm != nil {
		defer r.MultipartForm.RemoveAll()
	}
	p.Country, p.Body, p.Kind = r.FormValue("country"), clean(r.FormValue("body")), r.FormValue("kind")
	p.From, p.Until, p.Source, p.Note = r.FormValue("from"), r.FormValue("until"), clean(r.FormValue("source")), clean(r.FormValue("note"))
	var image io.Reader
	name := ""
	if file, header, err := r.FormFile("image"); err == nil {
		defer file.Close()
		image, name = file, header.Filename
	}
	x, err := s.Office.AddSpecimen(r.Context(), r.Viewer.Actor, flegt.Specimen{Country: p.Country, Body: p.Body, Kind: flegt.SpecimenKind(p.Kind),
		From: flegt.ParseDate(p.From), Until: flegt.ParseDate(p.Until), Source: p.Source, Note: p.Note}, name, image)
	if err != nil {
		return s.again(w, p, "specimen_new", err)
	}
	return s.done(w, r, p.URL("/specimens/%s", x.ID), "specimen.added")
}

func (s *Server) specimen(r *Request) (*specimenPage, error) {
	x, f, err := s.Office.SpecimenImage(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p := &specimenPage{Page: s.page(r, "specimen.list.title"), Version: x.Version, specimen: x}
	p.specimenView = p.Page.specimenView(x)
	p.Title = p.Name
	p.Unknown = !s.Office.Reference().IssuingKnown(x.Country, x.Body, x.From)
	p.Crumbs = []Link{{"/specimens", p.T("specimen.list.title")}}
	p.MayEnd = x.Until == "" && (r.Viewer.Has(flegt.RoleSupport) || r.Viewer.Has(flegt.RoleAuthority) && r.Viewer.Actor.Body == x.ForBody)
	return p, nil
}

func (s *Server) showSpecimen(w http.ResponseWriter, r *Request) error {
	p, err := s.specimen(r)
	if err != nil {
		return err
	}
	return s.show(w, p, "specimen_show")
}

func (s *Server) endSpecimen(w http.ResponseWriter, r *Request) error {
	p, err := s.specimen(r)
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(r.Posted("version"))
	p.Until = r.Posted("until")
	if err := s.Office.EndSpecimen(r.Context(), r.Viewer.Actor, p.specimen.ID, version, flegt.ParseDate(p.Until)); err != nil {
		return s.again(w, p, "specimen_show", err)
	}
	return s.done(w, r, p.Address, "specimen.ended")
}

// showSpecimenImage sends the picture.
func (s *Server) showSpecimenImage(w http.ResponseWriter, r *Request) error {
	x, f, err := s.Office.SpecimenImage(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("Content-Type", x.Image.Type)
	w.Header().Set("ETag", `"`+x.Image.SHA256+`"`)
	sendScan(w, r, f, "inline", x.Image.Name, false)
	return nil
}

// specimensBeside are the specimens to hold against the scan of a licence, stamps first.
func (s *Server) specimensBeside(r *Request, p *Page, l flegt.Licence) ([]specimenView, error) {
	list, err := s.Office.SpecimensFor(r.Context(), r.Viewer.Actor, l)
	slices.SortStableFunc(list, func(a, b flegt.Specimen) int {
		return slices.Index(flegt.SpecimenKinds, a.Kind) - slices.Index(flegt.SpecimenKinds, b.Kind)
	})
	var out []specimenView
	for _, x := range list {
		out = append(out, p.specimenView(x))
	}
	return out, err
}
