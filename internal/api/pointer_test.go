package api

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
)

// bodyOf makes a body for a schema in which every text is the same; of words of a list the first.
func bodyOf(d described, s schema, text string) any {
	if s.Ref != "" {
		return bodyOf(d, d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")], text)
	}
	kind := fmt.Sprint(s.Type)
	switch {
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.Properties) > 0:
		out := map[string]any{}
		for name, p := range s.Properties {
			if name == "everything" { // stands instead of items
				continue
			}
			out[name] = bodyOf(d, p, text)
		}
		return out
	case s.Items != nil:
		return []any{bodyOf(d, *s.Items, text)}
	case strings.Contains(kind, "integer"):
		return 1
	case strings.Contains(kind, "boolean"):
		return false
	case strings.Contains(kind, "object"):
		return map[string]any{}
	}
	return text
}

// TestWhatIsWrongIsAFieldOfTheRequest sends every write nothing, spaces, words and overlong words
// in each field, about nouns in the states in which it can be made: whatever is said to be wrong is a
// field that the request has, which every answer of the kit is held against.
func TestWhatIsWrongIsAFieldOfTheRequest(t *testing.T) {
	w := newTown(t)
	w.officialAddress()
	var d described
	if err := json.Unmarshal(w.Description(), &d); err != nil {
		t.Fatal(err)
	}
	number := func(n int) string { return fmt.Sprintf("16.00123-0050%d.001-ID-DK", n) }
	draft := into[Licence](w.ask(mette, "POST", "/api/v1/licences", `{"form":{"number":"`+number(1)+`","goods":[{"line":1}]}}`).is(201))
	lodged, decided := w.submitted(mette, number(2)), w.accepted(mette, number(3))
	for i, l := range []Licence{lodged, decided} {
		w.ask(customs, "POST", "/api/v1/licences/"+l.ID+"/hold", `{"office":"DK003103","reason":"odd"}`, "Idempotency-Key", fmt.Sprint("hold", i)).is(200)
	}
	free, asked := w.accepted(mette, number(4)), w.submitted(mette, number(5))
	booked := "/api/v1/licences/" + free.ID + "/declarations/" + mrn + "/reservation"
	w.ask(customs, "PUT", booked, reserveTen, "Idempotency-Key", "book").is(200)
	w.ask(customs, "POST", booked+"/release", "", "Idempotency-Key", "release").is(200)
	question := into[Question](w.ask(officer, "POST", "/api/v1/licences/"+asked.ID+"/questions", askInvoice, "If-Match", "*").is(201))
	hook := w.hook(mette)
	wish := into[Authorisation](w.ask(rival, "POST", "/api/v1/authorisations", `{"role":"customs","body":"CUSTOMS-DK","phone":"+45 11111111"}`).is(201))
	nouns := map[string][]string{"licences": {draft.ID, lodged.ID, decided.ID, free.ID}, "dossiers": {lodged.ID}, "questions": {question.ID}, "webhooks": {hook.ID},
		"authorisations": {wish.ID, "z-rival"}, "operators": {w.actors[mette].Body}, "authorities": {"CA-DK"}}
	// What has no field that can be wrong with these bodies, or is refused for its state here.
	elsewhere := []string{"start-import", "edit-desk", "mark-notifications-read", "choose-mail", "answer-question", "note-dossier"}
	refused := map[string]bool{}
	for path, methods := range d.Paths {
		for method, op := range methods {
			content, takes := op.RequestBody.Content["application/json"]
			if !writes(strings.ToUpper(method)) || !takes || strings.HasPrefix(path, "/oauth") {
				continue
			}
			noun := strings.Split(strings.TrimPrefix(path, "/support"), "/")[1]
			for _, text := range []string{"", "  ", "x", strings.Repeat("long ", 7), strings.Repeat("ø", 3000)} {
				body, err := json.Marshal(bodyOf(d, content.Schema, text))
				if err != nil {
					t.Fatal(err)
				}
				ids := nouns[noun]
				if len(ids) == 0 {
					ids = []string{"x"}
				}
				for i, id := range ids {
					to := Prefix + strings.NewReplacer("{id}", id, "{number}", id, "{mrn}", mrn, "{group}", "9-16").Replace(path)
					for _, who := range people {
						if op := w.operations[strings.ToUpper(method)+" "+Prefix+path]; op.scope != "" && !slices.Contains(flegt.ScopesOf(w.actors[who].Role), op.scope) {
							continue
						}
						answer := w.ask(who, strings.ToUpper(method), to, string(body), "If-Match", "*", "Idempotency-Key", fmt.Sprint(op.OperationID, len(text), who, i))
						if answer.StatusCode == 422 && strings.Contains(answer.text, `"pointer":`) {
							refused[op.OperationID] = true
						}
					}
				}
			}
		}
	}
	checked := 0
	for _, methods := range d.Paths {
		for method, op := range methods {
			if _, takes := op.RequestBody.Content["application/json"]; !takes || !writes(strings.ToUpper(method)) || op.OperationID == "" {
				continue
			}
			if checked++; !refused[op.OperationID] && !slices.Contains(elsewhere, op.OperationID) {
				t.Errorf("%s was never refused for what one of its fields says", op.OperationID)
			}
		}
	}
	if checked < 40 {
		t.Errorf("only %d operations have a body", checked)
	}
}
