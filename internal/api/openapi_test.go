package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	v3 "github.com/pb33f/libopenapi/datamodel/low/v3"
	changes "github.com/pb33f/libopenapi/what-changed"
	"github.com/pb33f/libopenapi/what-changed/model"
)

// published is the description as it stands in the repository.
const published = "../../docs/openapi.json"

// writeEnv makes TestDescription write the description: see "make openapi".
const writeEnv = "OPENFLEGT_WRITE_OPENAPI"

// TestDescription compares the description with the one in the repository. A change that
// breaks a program written for the old one is refused, also when it shall be written.
func TestDescription(t *testing.T) {
	now := newTown(t).Description()
	before, err := os.ReadFile(published)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if len(before) > 0 {
		for _, b := range breaking(t, before, now) {
			t.Errorf("this breaks programs: %s; give it a new version (or remove docs/openapi.json while nothing was published)", b)
		}
	}
	if bytes.Equal(before, now) {
		return
	}
	if os.Getenv(writeEnv) == "" || t.Failed() {
		t.Fatal("docs/openapi.json is not what the code says: make openapi")
	}
	if err := os.WriteFile(published, now, 0o644); err != nil {
		t.Fatal(err)
	}
}

// breaking lists the changes from one description to another that break a program.
func breaking(t *testing.T, before, after []byte) []string {
	t.Helper()
	var models [2]*v3.Document
	for i, text := range [][]byte{before, after} {
		doc, err := libopenapi.NewDocument(text)
		if err != nil {
			t.Fatal(err)
		}
		built, err := doc.BuildV3Model()
		if err != nil {
			t.Fatal(err)
		}
		models[i] = built.Model.GoLow()
	}
	found := changes.CompareOpenAPIDocuments(models[0], models[1])
	if found == nil {
		return nil
	}
	var out []string
	onlySent := bodies(t, before)
	for _, c := range found.GetAllChanges() {
		if asksMore(c) || c.Breaking && !grows(c) && !(eases(c) && onlySent[schemaAt(before, c.Context.OriginalLine)]) {
			out = append(out, c.Property+" "+c.Original+" → "+c.New)
		}
	}
	return out
}

// grows says that a change only adds a word to a list of words that we answer with, or lets a
// text or a list be longer than before.
func grows(c *model.Change) bool {
	before, err := strconv.Atoi(c.Original)
	after, err2 := strconv.Atoi(c.New)
	return c.Property == "enum" && c.Original == "" || (c.Property == "maxLength" || c.Property == "maxItems") && err == nil && err2 == nil && after > before
}

// asksMore says that a parameter or a body must now be sent, which the library lets through.
func asksMore(c *model.Change) bool {
	return c.Property == "required" && c.New == "true" && c.Original != "true"
}

// eases says that a field need not be there any more: of what programs send us, that breaks none.
func eases(c *model.Change) bool {
	return c.Property == "required" && c.Original != "" && c.New == "" && c.Context != nil && c.Context.OriginalLine != nil
}

// bodies are the schemas that the body of a request is described by and nothing else refers to.
func bodies(t *testing.T, description []byte) map[string]bool {
	t.Helper()
	var all any
	if err := json.Unmarshal(description, &all); err != nil {
		t.Fatal(err)
	}
	sent, other := map[string]bool{}, map[string]bool{}
	var walk func(node any, inBody bool)
	walk = func(node any, inBody bool) {
		switch n := node.(type) {
		case map[string]any:
			for key, value := range n {
				if name, ok := value.(string); ok && key == "$ref" {
					map[bool]map[string]bool{true: sent, false: other}[inBody][strings.TrimPrefix(name, "#/components/schemas/")] = true
				}
				walk(value, inBody || key == "requestBody")
			}
		case []any:
			for _, value := range n {
				walk(value, inBody)
			}
		}
	}
	walk(all, false)
	maps.DeleteFunc(sent, func(name string, _ bool) bool { return other[name] })
	return sent
}

// schemaAt is the name of the schema around a line of a description, counted from 1.
func schemaAt(description []byte, line *int) string {
	lines := strings.Split(string(description), "\n")
	for i := min(*line, len(lines)) - 1; i >= 0; i-- {
		if name, begins := strings.CutPrefix(lines[i], `      "`); begins && strings.HasSuffix(name, `": {`) {
			return strings.TrimSuffix(name, `": {`)
		}
	}
	return ""
}

// TestBreakingChangesAreFound takes things away from the description.
func TestBreakingChangesAreFound(t *testing.T) {
	now := newTown(t).Description()
	if found := breaking(t, now, now); len(found) != 0 {
		t.Errorf("the same is not the same: %v", found)
	}
	for name, change := range map[string][2]string{
		"an operation gone": {`"/whoami": {`, `"/whoareyou": {`},
		"a field renamed":   {`"body_name": {`, `"bodyname": {`},
		"a scope renamed":   {`"customs:read"`, `"customs:look"`},
		"a text shortened":  {`"maxLength": 3000`, `"maxLength": 300`},
		"an answer's field that may be missing": {`"required": [
          "code",`, `"required": [`},
	} {
		if !strings.Contains(string(now), change[0]) {
			t.Fatalf("%s: there is no %s", name, change[0])
		}
		if found := breaking(t, now, []byte(strings.ReplaceAll(string(now), change[0], change[1]))); len(found) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
}

// TestDescriptionIsValid holds the description against the schema of OpenAPI 3.1.
func TestDescriptionIsValid(t *testing.T) {
	w := newTown(t)
	doc, err := libopenapi.NewDocument(w.Description())
	if err != nil {
		t.Fatal(err)
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		t.Fatal(errs)
	}
	if ok, problems := v.ValidateDocument(); !ok {
		for _, p := range problems {
			t.Errorf("%s: %s", p.Message, p.Reason)
		}
	}
	w.ask("", "GET", "/api/v1/openapi.json", "").is(200).says(`"openapi": "3.1.0"`)
	w.ask("", "GET", "/api/v1/openapi.yaml", "").is(200).says("openapi: ")
}
