package counter

import (
	"os"
	"testing"
)

func TestTemplatesParse(t *testing.T) {
	pages, err := loadTemplates(os.DirFS(".."))
	if err != nil {
		t.Fatal(err)
	}
	for name, get := range pages.pages {
		page, err := get()
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if page.Lookup("content") == nil {
			t.Errorf("%s: defines no content", name)
		}
	}
}
