package api

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestEachWayToBreakAProgram takes something else away from the description each time, or asks for
// something more, and wants it found; what no program need change for is let through.
func TestEachWayToBreakAProgram(t *testing.T) {
	now := newTown(t).Description()
	type object = map[string]any
	at := func(root any, path ...string) object {
		for _, name := range path {
			root = root.(object)[name]
		}
		return root.(object)
	}
	parameter := func(d object, path, method, name string) object {
		for _, p := range at(d, "paths", path, method)["parameters"].([]any) {
			if p.(object)["name"] == name {
				return p.(object)
			}
		}
		t.Fatalf("%s %s has no %s", method, path, name)
		return nil
	}
	without := func(list any, gone string) (out []any) {
		for _, one := range list.([]any) {
			if one != gone {
				out = append(out, one)
			}
		}
		if len(out) == len(list.([]any)) {
			t.Fatalf("%s is not in %v", gone, list)
		}
		return out
	}
	const reservation = "/licences/{number}/declarations/{mrn}/reservation"
	for name, c := range map[string]struct {
		breaks bool
		change func(d object)
	}{
		"an operation gone": {true, func(d object) {
			delete(at(d, "paths", reservation), "delete")
		}},
		"an address gone": {true, func(d object) {
			delete(at(d, "paths"), "/whoami")
		}},
		"an answer's field gone": {true, func(d object) {
			delete(at(d, "components", "schemas", "Position", "properties"), "elsewhere")
		}},
		"another type of answer": {true, func(d object) {
			at(d, "components", "schemas", "Position", "properties", "line")["type"] = "string"
		}},
		"a field that is now needed": {true, func(d object) {
			s := at(d, "components", "schemas", "ReserveInputBody")
			s["required"] = append(s["required"].([]any), "importer")
		}},
		"a field taken no more": {true, func(d object) {
			delete(at(d, "components", "schemas", "ReserveInputBody", "properties"), "everything")
		}},
		"a word taken no more": {true, func(d object) {
			s := at(parameter(d, "/dossiers", "get", "part"), "schema")
			s["enum"] = without(s["enum"], "mine")
		}},
		"a parameter now needed": {true, func(d object) {
			parameter(d, "/dossiers", "get", "importer")["required"] = true
		}},
		"a new parameter that is needed": {true, func(d object) {
			o := at(d, "paths", "/dossiers", "get")
			o["parameters"] = append(o["parameters"].([]any), object{"in": "query", "name": "colour", "required": true, "schema": object{"type": "string"}})
		}},
		"a parameter gone": {true, func(d object) {
			parameter(d, "/dossiers", "get", "importer")["name"] = "buyer"
		}},
		"fewer rows at once": {true, func(d object) {
			at(parameter(d, "/dossiers", "get", "limit"), "schema")["maximum"] = 50
		}},
		"a kind of problem gone": {true, func(d object) {
			s := at(d, "components", "schemas", "Problem", "properties", "type")
			s["enum"] = without(s["enum"], "/api/problems/stale")
		}},
		"a body of another kind": {true, func(d object) {
			c := at(d, "paths", reservation, "put", "requestBody", "content")
			c["application/xml"] = c["application/json"]
			delete(c, "application/json")
		}},
		"an answer of another kind": {true, func(d object) {
			c := at(d, "paths", reservation, "put", "responses", "200", "content")
			c["application/xml"] = c["application/json"]
			delete(c, "application/json")
		}},
		"no ETag any more": {true, func(d object) {
			delete(at(d, "paths", reservation, "put", "responses", "200", "headers"), "ETag")
		}},
		"another status": {true, func(d object) {
			r := at(d, "paths", reservation, "put", "responses")
			r["201"] = r["200"]
			delete(r, "200")
		}},
		"another scope": {true, func(d object) {
			d2 := at(d, "paths", reservation, "put")
			text, _ := json.Marshal(d2["security"])
			d2["security"] = decoded(t, strings.ReplaceAll(string(text), "customs:write", "customs:read"))
		}},
		"a new operation": {false, func(d object) {
			at(d, "paths")["/whoareyou"] = at(d, "paths")["/whoami"]
		}},
		"a field that may be sent": {false, func(d object) {
			at(d, "components", "schemas", "ReserveInputBody", "properties")["remark"] = object{"type": "string"}
		}},
		"a field more in the answer": {false, func(d object) {
			at(d, "components", "schemas", "Position", "properties")["held"] = object{"type": "string"}
		}},
		"a parameter that may be sent": {false, func(d object) {
			o := at(d, "paths", "/dossiers", "get")
			o["parameters"] = append(o["parameters"].([]any), object{"in": "query", "name": "colour", "schema": object{"type": "string"}})
		}},
		"a kind of problem more": {false, func(d object) {
			s := at(d, "components", "schemas", "Problem", "properties", "type")
			s["enum"] = append(s["enum"].([]any), "/api/problems/teapot")
		}},
		"other words": {false, func(d object) {
			at(d, "paths", reservation, "put")["summary"] = "Book"
		}},
	} {
		var d object
		if err := json.Unmarshal(now, &d); err != nil {
			t.Fatal(err)
		}
		c.change(d)
		after, err := json.MarshalIndent(d, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if found := breaking(t, now, after); (len(found) > 0) != c.breaks {
			t.Errorf("%s: found %v", name, found)
		}
	}
}

func decoded(t *testing.T, text string) (v any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatal(err)
	}
	return v
}
