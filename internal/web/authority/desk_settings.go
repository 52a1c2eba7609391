package authority

import (
	"net/http"
	"strconv"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// deskSettingsPage is what an authority sets for its own desk.
type deskSettingsPage struct {
	counter.Page
	Version    int
	TargetDays string
	SecondEyes bool
	Fees       counter.Table
	// Appeal is what letters say of appeal, a box for each language.
	Appeal []appealBox
	// A new fee, as it was typed.
	Fee, Currency, FeeFrom, FeeSource string
}

// appealBox is what letters in one language say of appeal.
type appealBox struct{ Lang, Name, Label, Value string }

func (s pages) deskSettings(r *counter.Request) (*deskSettingsPage, error) {
	if !r.Viewer.Has(flegt.RoleAuthority) {
		return nil, flegt.Missing()
	}
	auth, err := s.Office.Authority(r.Context(), r.Viewer.Actor.Body)
	if err != nil {
		return nil, err
	}
	p := &deskSettingsPage{Page: s.Page(r, "desk.settings.title"), Version: auth.Version, SecondEyes: auth.Desk.SecondEyes}
	p.Crumbs = []counter.Link{{URL: "/desk", Text: p.T("desk.title")}}
	if auth.Desk.TargetDays > 0 {
		p.TargetDays = strconv.Itoa(auth.Desk.TargetDays)
	}
	words := auth.Desk.AppealWords(s.Clock())
	for _, l := range s.Catalog.Langs() {
		b := appealBox{Lang: string(l), Name: "appeal." + string(l), Value: words[string(l)]}
		b.Label = p.T("desk.settings.appeal_in", "Language", s.Catalog.Say(l, "lang.name", nil))
		p.Appeal = append(p.Appeal, b)
	}
	p.Fees = counter.Table{Caption: p.T("desk.settings.fees"), Columns: []string{p.T("desk.settings.fee_from"), p.T("desk.settings.fee"), p.T("authority.source")}}
	for _, f := range auth.Desk.Fees {
		p.Fees.Rows = append(p.Fees.Rows, []counter.Cell{p.DayCell(f.From), {Text: money(&p.Page, f.Cents, f.Currency), Number: true}, {Text: f.Source}})
	}
	return p, nil
}

// money writes an amount of hundredths with its currency: "31.00 DKK".
func money(p *counter.Page, cents int64, currency string) string {
	return p.Server().Catalog.Money(p.Lang, cents, currency)
}

func (s pages) showDeskSettings(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.deskSettings(r)
	if err != nil {
		return err
	}
	return s.Show(w, p, "desk_settings")
}

func (s pages) saveDeskSettings(w http.ResponseWriter, r *counter.Request) error {
	p, err := s.deskSettings(r)
	if err != nil {
		return err
	}
	version, _ := strconv.Atoi(r.Posted("version"))
	p.TargetDays, p.SecondEyes = r.Posted("target_days"), r.Posted("second_eyes") != ""
	p.Fee, p.Currency, p.FeeFrom, p.FeeSource = r.Posted("fee"), r.Posted("currency"), r.Posted("fee_from"), counter.Clean(r.Posted("fee_source"))
	for i, b := range p.Appeal {
		if r.PostForm.Has(b.Name) {
			p.Appeal[i].Value = counter.Clean(r.Posted(b.Name))
		}
	}
	edit, err := p.edit()
	if err == nil {
		err = s.Office.EditDesk(r.Context(), r.Viewer.Actor, version, edit)
	}
	if err != nil {
		return s.Again(w, p, "desk_settings", err)
	}
	return s.Done(w, r, "/desk/settings", "desk.settings.saved")
}

// edit reads what was typed.
func (p *deskSettingsPage) edit() (e registry.DeskEdit, err error) {
	e.SecondEyes, e.Appeal = p.SecondEyes, map[string]string{}
	for _, b := range p.Appeal {
		e.Appeal[b.Lang] = b.Value
	}
	if p.TargetDays != "" {
		if e.TargetDays, err = strconv.Atoi(p.TargetDays); err != nil {
			return e, flegt.InvalidBoxes([]flegt.BoxError{{Box: "target_days", Key: "desk.settings.target_range", Args: flegt.Args{"Max": flegt.MaxTargetDays}}})
		}
	}
	if p.Fee == "" && p.FeeFrom == "" && p.FeeSource == "" {
		return e, nil
	}
	cents, ok := flegt.ParseCents(p.Fee)
	if !ok {
		return e, flegt.InvalidBoxes([]flegt.BoxError{{Box: "fee", Key: "desk.settings.fee_range"}})
	}
	e.Fee = &flegt.Fee{From: flegt.ParseDate(p.FeeFrom), Cents: cents, Currency: p.Currency, Source: p.FeeSource}
	return e, nil
}
