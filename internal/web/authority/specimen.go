package authority

import (
	"cmp"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// specimenView is a specimen as pages show it.
type specimenView struct {
	Name, Image, Address, Days, Country string
	Terms                               []counter.Term
}

// specimensPage lists the specimens, of one country or all.
type specimensPage struct {
	counter.Page
	Country   string
	Countries []counter.Option
	List      []specimenView
	MayEnter  bool
	Empty     *counter.Empty
	Pages     counter.Pages
}

// specimensPerPage is how many pictures the list shows at a time.
const specimensPerPage = 60

// specimenPage is one specimen, or the form of a new one.
type specimenPage struct {
	counter.Page
	specimenView
	Version             int
	MayEnd              bool
	Country, Body, Kind string
	// Known is the body chosen from our list, of the bodies there are; Unknown says that the
	// specimen's is not among them.
	Known            string
	Bodies           []counter.Option
	Unknown          bool
	From, Until      string
	Source, Note     string
	Countries, Kinds []counter.Option
	specimen         flegt.Specimen
}

func specimenOf(p *counter.Page, s flegt.Specimen) specimenView {
	kind := p.T("specimen.kind." + string(s.Kind))
	v := specimenView{Name: p.T("specimen.title", "Kind", kind, "Body", s.Body), Image: p.URL("/specimens/%s/image", s.ID), Address: p.URL("/specimens/%s", s.ID), Country: p.CountryName(s.Country)}
	v.Days = p.T("specimen.days.open", "From", p.Day(s.From))
	if s.Until != "" {
		v.Days = p.T("specimen.days", "From", p.Day(s.From), "Until", p.Day(s.Until))
	}
	v.Terms = []counter.Term{counter.TermOf(p.T("specimen.country"), p.CountryCode(s.Country)), counter.TermOf(p.T("licence.issuing_body"), s.Body)}
	if s.Known != "" && s.Known != s.Body {
		v.Terms = append(v.Terms, counter.TermOf(p.T("specimen.known"), s.Known))
	}
	v.Terms = append(v.Terms, counter.TermOf(p.T("specimen.kind"), kind), counter.TermOf(p.T("specimen.in_use"), v.Days), counter.TermOf(p.T("authority.source"), s.Source))
	if s.Note != "" {
		v.Terms = append(v.Terms, counter.TermOf(p.T("specimen.note"), s.Note))
	}
	v.Terms = append(v.Terms, counter.TermOf(p.T("specimen.entered"), p.DateTime(s.EnteredAt)))
	return v
}

// bodies offers the issuing bodies that our list has, under their countries; a body goes by the
// code of its country and its name.
func (p *specimenPage) bodies(countries []counter.Option) []counter.Option {
	var out []counter.Option
	for _, c := range countries {
		for _, b := range p.Server().Office.Reference().IssuingBodies(c.Value) {
			out = append(out, counter.Option{Value: c.Value + " " + b.Name, Label: b.Name, Group: c.Label})
		}
	}
	return out
}

// issuers offers the countries that issue licences or once did.
func issuers(p *counter.Page) []counter.Option {
	var codes []string
	for _, c := range p.Server().Office.Reference().Countries(string(p.Lang)) {
		if _, ok := p.Server().Office.Reference().LicensingOf(c.Code); ok {
			codes = append(codes, c.Code)
		}
	}
	return p.CountryOptions(codes)
}

func (s pages) listSpecimens(w http.ResponseWriter, r *counter.Request) error {
	now := counter.PageAsked(r)
	list, count, err := s.Office.Specimens(r.Context(), r.Viewer.Actor, registry.SpecimenQuery{Country: r.Query("country"), Limit: specimensPerPage, Offset: (now - 1) * specimensPerPage})
	if err != nil {
		return err
	}
	p := &specimensPage{Page: s.Page(r, "specimen.list.title"), Country: r.Query("country"), MayEnter: r.Viewer.Has(flegt.RoleAuthority, flegt.RoleSupport)}
	p.Wide = true
	p.Countries = issuers(&p.Page)
	for _, x := range list {
		p.List = append(p.List, specimenOf(&p.Page, x))
	}
	p.Pages = s.PagesOf(r, &p.Page, now, specimensPerPage, count)
	if count == 0 {
		p.Empty = &counter.Empty{Title: p.T("specimen.none"), Text: p.T("specimen.none.text")}
	}
	return s.Show(w, p, "specimen_list")
}

func (s pages) specimenForm(r *counter.Request) (*specimenPage, error) {
	if !r.Viewer.Has(flegt.RoleAuthority, flegt.RoleSupport) {
		return nil, flegt.Missing()
	}
	p := &specimenPage{Page: s.Page(r, "specimen.new.title")}
	p.Crumbs = []counter.Link{{URL: "/specimens", Text: p.T("specimen.list.title")}}
	p.Countries = issuers(&p.Page)
	p.Bodies = p.bodies(p.Countries)
	for _, k := range flegt.SpecimenKinds {
		p.Kinds = append(p.Kinds, counter.Option{Value: string(k), Label: p.T("specimen.kind." + string(k))})
	}
	return p, nil
}

func (s pages) newSpecimen(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.specimenForm(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "specimen_new")
}

func (s pages) addSpecimen(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.specimenForm(r)
	if err != nil {
		return err
	}
	counter.AllowTime(w)
	if err := r.ParseMultipartForm(counter.FormLimit); err != nil && !errors.Is(err, http.ErrNotMultipart) {
		return counter.BadBody(err)
	}
	if r.MultipartForm != nil {
		defer r.MultipartForm.RemoveAll()
	}
	p.Country, p.Body, p.Kind = r.FormValue("country"), counter.Clean(r.FormValue("body")), r.FormValue("kind")
	p.Known = r.FormValue("known_body")
	at, known, _ := strings.Cut(p.Known, " ")
	p.Country = cmp.Or(p.Country, at)
	if at != p.Country {
		known = p.Known // of another country than the one chosen
	}
	p.From, p.Until, p.Source, p.Note = r.FormValue("from"), r.FormValue("until"), counter.Clean(r.FormValue("source")), counter.Clean(r.FormValue("note"))
	var image io.Reader
	name := ""
	if file, header, err := r.FormFile("image"); err == nil {
		defer file.Close()
		image, name = file, header.Filename
	}
	x, err := s.Office.AddSpecimen(r.Context(), r.Viewer.Actor, flegt.Specimen{Country: p.Country, Body: p.Body, Known: known, Kind: flegt.SpecimenKind(p.Kind),
		From: flegt.ParseDate(p.From), Until: flegt.ParseDate(p.Until), Source: p.Source, Note: p.Note}, name, image)
	if err != nil {
		return s.Again(w, p, "specimen_new", err)
	}
	return s.Done(w, r, p.URL("/specimens/%s", x.ID), "specimen.added")
}

func (s pages) specimen(r *counter.Request) (*specimenPage, error) {
	x, f, err := s.Office.SpecimenImage(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	p := &specimenPage{Page: s.Page(r, "specimen.list.title"), Version: x.Version, specimen: x}
	p.specimenView = specimenOf(&p.Page, x)
	p.Title = p.Name
	p.Unknown = x.Known == "" && !s.Office.Reference().IssuingKnown(x.Country, x.Body, x.From)
	p.Crumbs = []counter.Link{{URL: "/specimens", Text: p.T("specimen.list.title")}}
	p.MayEnd = x.Until == "" && (r.Viewer.Has(flegt.RoleSupport) || r.Viewer.Has(flegt.RoleAuthority) && r.Viewer.Actor.Body == x.ForBody)
	return p, nil
}

func (s pages) showSpecimen(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.specimen(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "specimen_show")
}

func (s pages) endSpecimen(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.specimen(r)
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(r.Posted("version"))
	p.Until = r.Posted("until")
	if err := s.Office.EndSpecimen(r.Context(), r.Viewer.Actor, p.specimen.ID, version, flegt.ParseDate(p.Until)); err != nil {
		return s.Again(w, p, "specimen_show", err)
	}
	return s.Done(w, r, p.Address, "specimen.ended")
}

// showSpecimenImage sends the picture.
func (s pages) showSpecimenImage(w http.ResponseWriter, r *counter.Request) error {
	x, f, err := s.Office.SpecimenImage(r.Context(), r.Viewer.Actor, r.PathValue("id"))
	if err != nil {
		return err
	}
	defer f.Close()
	w.Header().Set("Content-Type", x.Image.Type)
	w.Header().Set("ETag", `"`+x.Image.SHA256+`"`)
	counter.SendScan(w, r, f, "inline", x.Image.Name, false)
	return nil
}

// specimensBesideAtMost is how many specimens are shown beside a licence.
const specimensBesideAtMost = 500

// specimensBeside are the specimens to hold against the scan of a licence, stamps first.
func (s pages) specimensBeside(r *counter.Request, p *counter.Page, l flegt.Licence) ([]specimenView, error) {
	list, err := s.Office.SpecimensFor(r.Context(), r.Viewer.Actor, l, "", specimensBesideAtMost)
	slices.SortStableFunc(list, func(a, b flegt.Specimen) int {
		return slices.Index(flegt.SpecimenKinds, a.Kind) - slices.Index(flegt.SpecimenKinds, b.Kind)
	})
	var out []specimenView
	for _, x := range list {
		out = append(out, specimenOf(p, x))
	}
	return out, err
}
