package web_test

import (
	"fmt"
	"html"
	"strings"
	"testing"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/registry"
)

// TestPagesOfTheMostAsked: as many questions as there may be, the longest of them with as many answers
// as there may be, leave the pages of the licence, the case and the question below 100 kB; each question and
// each answer stands on one of them, in order, and whoever is led to a question finds it.
func TestPagesOfTheMostAsked(t *testing.T) {
	w, x := weighing(t)
	mette, officer := w.Importer("mette"), w.Holder("officer", flegt.RoleAuthority, "CA-DK", "DK")
	l, err := w.Office.SubmitLicence(t.Context(), mette, longest(w, mette).ID, 0)
	if err != nil {
		t.Fatal(err)
	}
	const answers = flegt.MaxReplies
	long := func(beginning string, n int) string {
		return strings.TrimSpace((fmt.Sprintf("%s %d & more", beginning, n) + strings.Repeat(" of the usual <length>", 190))[:3990])
	}
	var asked []flegt.Question
	for n := range flegt.MaxQuestions {
		text := fmt.Sprintf("Question %d.", n+1)
		if n%9 == 0 {
			text = long("Question", n+1)
		}
		q, err := w.Office.AskQuestion(t.Context(), officer, l.ID, registry.Asking{To: flegt.ToImporter, Text: text, Deadline: w.Office.Today()})
		if err != nil {
			t.Fatal(n, err)
		}
		asked = append(asked, q)
	}
	of := asked[40]
	for n := range answers {
		if _, err := w.Office.AnswerQuestion(t.Context(), mette, of.ID, long("Answer", n+1), nil); err != nil {
			t.Fatal(n, err)
		}
	}
	once := func(where, text, wanted string, after int) int {
		wanted = html.EscapeString(wanted)
		if n := strings.Count(text, wanted); n != 1 {
			t.Errorf("%s: %.20q stands %d times", where, wanted, n)
		}
		at := strings.Index(text, wanted)
		if at < after {
			t.Errorf("%s: %.20q stands before the one before it", where, wanted)
		}
		return at
	}
	for path, a := range map[string]flegt.Actor{"/desk/" + l.ID: officer, "/licences/" + l.ID: mette} {
		x.get(a, path, html.EscapeString(asked[len(asked)-1].Text)) // the newest is there without asking
		text, at := x.inPages(a, path, "questions", "</article>"), 0
		for _, q := range asked {
			at = once(path, text, q.Text, at)
			if q.ID == of.ID {
				for n := range answers {
					at = once(path, text, long("Answer", n+1), at)
				}
			}
		}
	}
	text, at := x.inPages(mette, "/questions/"+of.ID, "answers", "</article>"), 0
	for n := range answers {
		at = once("the question", text, long("Answer", n+1), at)
	}
	for _, q := range []flegt.Question{asked[0], of, asked[50], asked[99]} {
		answer, _ := w.Get(officer, "/questions/"+q.ID)
		to := answer.Header.Get("Location")
		path, fragment, _ := strings.Cut(to, "#")
		if answer.StatusCode != 303 || fragment != "question-"+q.ID {
			t.Fatal(answer.StatusCode, to)
		}
		x.get(officer, path, `id="question-`+q.ID+`"`, html.EscapeString(q.Text))
	}
}
