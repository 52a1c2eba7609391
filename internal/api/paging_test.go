package api

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// pagedList is a list that is read page by page: who reads it, by which address, how a row comes
// into it, and what names a row in the answer. begin makes what the list hangs on.
type pagedList struct {
	who, query, named string
	begin             func(w *town) (id string)
	add               func(w *town, id string, n int)
	fixed             bool // nothing comes into it later
}

func numbered(n int) string { return fmt.Sprintf("16.%05d-00456.001-ID-DK", n) }

// pagedLists has every list of the description that takes a cursor, by the operation's id.
func pagedLists() map[string]pagedList {
	lodge := func(w *town, _ string, n int) { w.submitted(mette, numbered(n)) }
	arriving := func(w *town, _ string, n int) {
		w.lodgedWith(numbered(n), `"arrival":"2016-12-`+fmt.Sprintf("%02d", 28-n)+`","importer":{"name":"Importer `+string(rune('z'-n))+`"}`)
	}
	table := func(w *town) string {
		rows := "number\n"
		for n := range 6 {
			rows += numbered(n) + "\n"
		}
		one := into[Import](w.ask(mette, "POST", "/api/v1/imports?name=a.csv", rows, "Content-Type", "text/csv").is(201))
		w.soon(func() bool {
			return into[Import](w.ask(mette, "GET", "/api/v1/imports/"+one.ID, "").is(200)).Stage == flegt.BulkChecked
		})
		return one.ID
	}
	return map[string]pagedList{
		"list-licences":            {who: mette, named: "id", add: func(w *town, _ string, n int) { w.draft(mette, numbered(n)) }},
		"list-licences oldest":     {who: mette, query: "oldest=true", named: "id", add: func(w *town, _ string, n int) { w.draft(mette, numbered(n)) }},
		"list-dossiers":            {who: officer, named: "licence", add: lodge},
		"list-dossiers arrival":    {who: officer, query: "sort=arrival", named: "licence", add: arriving},
		"list-dossiers importer":   {who: officer, query: "sort=importer", named: "licence", add: arriving},
		"list-dossiers warnings":   {who: officer, query: "sort=warnings", named: "licence", add: arriving},
		"list-arrivals":            {who: officer, named: "licence", add: arriving},
		"list-expected-licences":   {who: customs, named: "licence", add: func(w *town, _ string, n int) { w.accepted(mette, numbered(n)) }},
		"list-notifications":       {who: mette, named: "seq", add: func(w *town, _ string, n int) { w.told(mette, n) }},
		"list-mails":               {who: support, named: "id", add: func(w *town, _ string, n int) { w.mailed(n) }},
		"list-letters":             {who: support, named: "id", add: func(w *town, _ string, n int) { w.wrote(n) }},
		"list-authorisation-queue": {who: support, named: "id", add: func(w *town, _ string, n int) { w.applied(n) }},
		"list-questions":           {who: officer, named: "id", begin: func(w *town) string { return w.submitted(mette, numberOne).ID }, add: func(w *town, id string, n int) { w.asked(Licence{ID: id}, asking(n)) }},
		"list-deliveries":          {who: mette, named: "id", begin: func(w *town) string { return w.hook(mette).ID }, add: func(w *town, id string, _ int) { w.ask(mette, "POST", "/api/v1/webhooks/"+id+"/test", "").is(202) }},
		"list-fees":                {who: officer, named: "licence", begin: charges, add: lodge},
		"list-import-findings":     {who: mette, named: "row column key", begin: table, fixed: true},
		"list-import-results": {who: mette, named: "row", fixed: true, begin: func(w *town) string {
			id := table(w)
			w.ask(mette, "POST", "/api/v1/imports/"+id+"/start", "{}").is(200)
			w.soon(func() bool {
				return into[Import](w.ask(mette, "GET", "/api/v1/imports/"+id, "").is(200)).Stage == flegt.BulkDone
			})
			return id
		}},
		"search-operators": {who: mette, query: "q=Sammenligning", named: "id", add: func(w *town, _ string, n int) {
			w.company(n, "Sammenligning "+[]string{"A", "Samling", "A", "Trae"}[n%4], "")
		}},
		"search-operators by number":    {who: mette, query: "q=4711", named: "id", add: func(w *town, _ string, n int) { w.company(n, "Firma", fmt.Sprintf("4711%04d", n)) }},
		"search-operators of a country": {who: mette, query: "country=SE", named: "id", add: func(w *town, _ string, n int) { w.company(n, "Firma "+string(rune('z'-n/2)), "") }},
		"list-specimens": {who: officer, named: "id", add: func(w *town, _ string, n int) {
			w.specimen(n, []string{"ID", "GH"}[n%2], []string{"Sucofindo", "Mutu"}[n/2%2], fmt.Sprintf("2016-0%d-01", 1+n/4))
		}},
		"list-specimens of a country": {who: officer, query: "country=ID", named: "id", add: func(w *town, _ string, n int) { w.specimen(n, "ID", "Mutu", fmt.Sprintf("2016-0%d-01", 9-n/2)) }},
		"list-licence-specimens": {who: officer, named: "id", begin: func(w *town) string { return w.submitted(mette, numberOne).ID }, add: func(w *town, _ string, n int) {
			w.specimen(n, "ID", []string{"PT Mutuagung Lestari", "PT. MUTUAGUNG LESTARI"}[n%2], fmt.Sprintf("2016-0%d-01", 9-n/2))
		}},
		"list-dossiers of one's own": {who: officer, query: "part=mine", named: "licence", add: func(w *town, _ string, n int) { w.taken(numbered(n)) }},
		"list-questions that are shut": {who: officer, query: "state=closed", named: "id", begin: func(w *town) string { return w.submitted(mette, numberOne).ID }, add: func(w *town, id string, n int) {
			q := w.asked(Licence{ID: id}, asking(n))
			w.ask(officer, "POST", "/api/v1/questions/"+q.ID+"/close", "", "If-Match", "*").is(200)
		}},
	}
}

// asking has a deadline that comes before those of the questions asked earlier.
func asking(n int) string {
	return strings.Replace(askInvoice, "2016-12-13", fmt.Sprintf("2016-12-%02d", 28-n), 1)
}

func charges(w *town) string {
	w.ask(officer, "POST", "/api/v1/desk/fees", `{"fee":"31.00","currency":"DKK","fee_from":"2016-01-01","fee_source":"order"}`, "If-Match", "*").is(201)
	return ""
}

// lodgedWith submits a licence with further boxes.
func (w *town) lodgedWith(number, boxes string) Licence {
	w.t.Helper()
	form := strings.Replace(formJSON(number), `"importer":{"name":"Nordisk Træ A/S"}`, boxes, 1)
	l := into[Licence](w.ask(mette, "POST", "/api/v1/licences", form).is(201))
	l = into[Licence](w.ask(mette, "POST", "/api/v1/licences/"+l.ID+"/attachments?name=a.pdf", "%PDF-1.4 "+number, "Content-Type", "application/pdf", "If-Match", "*").is(201))
	return into[Licence](w.ask(mette, "POST", "/api/v1/licences/"+l.ID+"/submit", "", "If-Match", "*").is(200))
}

func (w *town) taken(number string) {
	w.t.Helper()
	l := w.submitted(mette, number)
	w.ask(officer, "POST", "/api/v1/dossiers/"+l.ID+"/take", "", "If-Match", "*").is(200)
}

// write puts rows into the database itself.
func (w *town) write(do func(*store.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), do); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) told(who string, n int) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		return tx.AddNotifications(flegt.Notification{Account: who, Seq: int64(1000 + n), At: w.now, Topic: "licence", Key: "notice.licence.accepted", Args: flegt.Args{"Number": "x"}, Path: "/"})
	})
}

// mailed, wrote and applied add rows of the same moment two by two, so that their ids decide.
func (w *town) mailed(n int) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		m := flegt.IncomingMail{ID: "m" + strconv.Itoa(n*7%10), ReceivedAt: w.now.Add(time.Duration(n/2) * time.Minute), From: "a@b.example", Handled: true, Outcome: "other", SHA256: strconv.Itoa(n)}
		return tx.AddMail(m, []byte("x"))
	})
}

func (w *town) wrote(n int) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		return tx.AddLetters(flegt.Letter{ID: "l" + strconv.Itoa(n*7%10), Seq: int64(n), Kind: strconv.Itoa(n), To: "a@b.example", State: flegt.LetterSent, CreatedAt: w.now.Add(time.Duration(n/2) * time.Minute)})
	})
}

func (w *town) applied(n int) {
	w.t.Helper()
	id := "new" + strconv.Itoa(n*7%10)
	w.account(id)
	w.write(func(tx *store.Tx) error {
		return tx.AddAuthorisation(flegt.Authorisation{ID: "z-" + id, Account: id, Role: flegt.RoleCustoms, Body: "CUSTOMS-DK", Country: "DK", Status: flegt.Requested,
			RequestedAt: w.now.Add(time.Duration(n/2) * time.Minute), Version: 1})
	})
}

// company and specimen add rows whose ids stand in another order than they came in.
func (w *town) company(n int, name, number string) {
	w.t.Helper()
	op := flegt.Operator{ID: "o" + strconv.Itoa(n*7%10), Name: name, Country: "SE", Section: flegt.SectionTimber, Version: 1}
	if number != "" {
		op.Identifiers = []flegt.Identifier{{Kind: "NATIONAL", Country: "SE", Value: number}}
	}
	w.write(func(tx *store.Tx) error { return tx.AddOperator(op) })
}

func (w *town) specimen(n int, country, body, from string) {
	w.t.Helper()
	w.write(func(tx *store.Tx) error {
		return tx.AddSpecimen(flegt.Specimen{ID: "s" + strconv.Itoa(n*7%10), Country: country, Body: body, Kind: flegt.SpecimenStamp, From: flegt.Date(from), Version: 1})
	})
}

// soon waits for something that is done beside.
func (w *town) soon(done func() bool) {
	w.t.Helper()
	for end := time.Now().Add(30 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatal("it is not done")
		}
	}
}

// TestPagesLoseAndDoubleNothing reads every list that the description gives a cursor, two rows at
// a time, and lets a row come in between: each that was there at first is given once.
func TestPagesLoseAndDoubleNothing(t *testing.T) {
	var d described
	if err := json.Unmarshal(newTown(t).Description(), &d); err != nil {
		t.Fatal(err)
	}
	lists, tested := pagedLists(), map[string]bool{}
	for path, methods := range d.Paths {
		op, reads := methods["get"]
		if !reads || !slices.ContainsFunc(op.Parameters, func(p parameter) bool { return p.Name == "cursor" }) {
			continue
		}
		for name, list := range lists {
			if id, _, _ := strings.Cut(name, " "); id == op.OperationID {
				tested[op.OperationID] = true
				t.Run(name, func(t *testing.T) {
					storetest.Each(t, func(t *testing.T, db *store.DB) { list.read(townOn(t, db), path) })
				})
			}
		}
		if !tested[op.OperationID] {
			t.Errorf("%s is read page by page and is not tested", op.OperationID)
		}
	}
	for name := range lists {
		if id, _, _ := strings.Cut(name, " "); !tested[id] {
			t.Errorf("%s is no list with a cursor", name)
		}
	}
}

// read reads the whole list at once, and then page by page.
func (l pagedList) read(w *town, path string) {
	w.t.Helper()
	id := ""
	if l.begin != nil {
		id = l.begin(w)
	}
	n := 0
	more := func() {
		if !l.fixed {
			w.now = w.now.Add(time.Minute)
			l.add(w, id, n)
		}
		n++
	}
	for range 6 {
		more()
	}
	address := Prefix + strings.ReplaceAll(path, "{id}", id)
	first := l.rows(into[listed](w.ask(l.who, "GET", address+"?limit=100&"+l.query, "").is(200)).Items)
	if len(first) < 5 {
		w.t.Fatalf("only %d rows: %v", len(first), first)
	}
	seen := map[string]int{}
	next := address + "?limit=2&" + l.query
	for pages := 0; next != ""; pages++ {
		answer := w.ask(l.who, "GET", next, "").is(200)
		page := into[listed](answer)
		if len(page.Items) > 2 || pages > 200 {
			w.t.Fatalf("%d rows on page %d", len(page.Items), pages)
		}
		for _, row := range l.rows(page.Items) {
			seen[row]++
		}
		next = ""
		if page.Next != "" {
			next = address + "?limit=2&" + l.query + "&cursor=" + url.QueryEscape(page.Next)
			if link := answer.Header.Get("Link"); !strings.HasSuffix(link, `>; rel="next"`) || !strings.Contains(link, url.QueryEscape(page.Next)) {
				w.t.Errorf("Link: %s", link)
			}
			if pages < 3 {
				more()
			}
		}
	}
	for _, row := range first {
		if seen[row] != 1 {
			w.t.Errorf("%s is given %d times: %v", row, seen[row], seen)
		}
	}
	for row, times := range seen {
		if times != 1 {
			w.t.Errorf("%s, which came later, is given %d times", row, times)
		}
	}
	for _, wrong := range []string{"x", cursorTo("another question", "x"), strings.Repeat("A", 2900)} {
		if p := w.ask(l.who, "GET", address+"?"+l.query+"&cursor="+wrong, "").problem(422, "invalid"); p.Errors[0].Parameter != "cursor" {
			w.t.Errorf("%+v", p.Errors)
		}
	}
}

type listed struct {
	Items []map[string]any
	Next  string
}

// rows gives what names each row.
func (l pagedList) rows(items []map[string]any) (out []string) {
	for _, item := range items {
		var name []string
		for _, field := range strings.Fields(l.named) {
			name = append(name, fmt.Sprint(item[field]))
		}
		out = append(out, strings.Join(name, " "))
	}
	return out
}

// TestARowThatMoves: what the last row of a page is sorted by changes before the next page is
// read; the list goes on where it was.
func TestARowThatMoves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := townOn(t, db)
		var all []Licence
		for n := range 4 {
			all = append(all, w.lodgedWith(numbered(n), fmt.Sprintf(`"arrival":"2016-12-%02d","importer":{"name":"Importer"}`, 10+n)))
		}
		const path = "/api/v1/dossiers?sort=arrival&limit=2"
		page := into[listed](w.ask(officer, "GET", path, "").is(200))
		moved := all[1]
		w.ask(officer, "POST", "/api/v1/licences/"+moved.ID+"/return", `{"words":"When do they come?"}`, "If-Match", "*").is(200)
		edit := strings.Replace(formJSON(moved.Form.Number), `"export":"ID"`, `"export":"ID","arrival":"2016-12-30"`, 1)
		w.ask(mette, "PUT", "/api/v1/licences/"+moved.ID, edit, "If-Match", "*").is(200)
		w.ask(mette, "POST", "/api/v1/licences/"+moved.ID+"/submit", "", "If-Match", "*").is(200)
		rest := pagedList{named: "licence"}.rows(into[listed](w.ask(officer, "GET", path+"&cursor="+page.Next, "").is(200)).Items)
		if len(rest) < 2 || rest[0] != all[2].ID || rest[1] != all[3].ID {
			t.Errorf("%v, want %s and %s", rest, all[2].ID, all[3].ID)
		}
	})
}

// TestACompanyThatMoves: the last company of a page is renamed before the next page is read.
func TestACompanyThatMoves(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		w := townOn(t, db)
		for n, name := range []string{"Hansa Holz A", "Hansa Holz B", "Hansa Holz C", "Hansa Holz D"} {
			w.company(n, name, "")
		}
		const path = "/api/v1/operators?q=hansa+holz&limit=2"
		page := into[listed](w.ask(mette, "GET", path, "").is(200))
		w.write(func(tx *store.Tx) error {
			op, err := tx.Operator("o7")
			if err != nil {
				return err
			}
			op.Name = "Something else"
			return tx.SaveOperator(&op)
		})
		rest := pagedList{named: "name"}.rows(into[listed](w.ask(mette, "GET", path+"&cursor="+page.Next, "").is(200)).Items)
		if !slices.Equal(rest, []string{"Hansa Holz C", "Hansa Holz D"}) {
			t.Errorf("%v", rest)
		}
	})
}
