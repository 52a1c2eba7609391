package reference

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
)

// reader reads tables and gathers what is wrong with them.
type reader struct {
	own, over fs.FS
	problems  []error
}

// row is one line of a table, its cells by column, trimmed. Its methods note problems.
type row struct {
	file  string
	line  int
	cells map[string]string
	r     *reader
}

func (w row) wrong(format string, args ...any) {
	w.r.problems = append(w.r.problems, fmt.Errorf("%s:%d: %s", w.file, w.line, fmt.Sprintf(format, args...)))
}

func (w row) text(column string) string { return w.cells[column] }

// need gives a cell that must not be empty.
func (w row) need(column string) string {
	s := w.cells[column]
	if s == "" {
		w.wrong("%s is empty", column)
	}
	return s
}

// day gives a cell that is empty or a day.
func (w row) day(column string) flegt.Date {
	d := flegt.Date(w.cells[column])
	if d != "" && !d.Valid() {
		w.wrong("%s: %q is not a day like 2016-11-15", column, d)
	}
	return d
}

// days gives from and until, in order.
func (w row) days(from, until string) period {
	p := period{from: w.day(from), until: w.day(until)}
	if p.from != "" && p.until != "" && p.until < p.from {
		w.wrong("%s lies before %s", until, from)
	}
	return p
}

// count gives a cell that is empty (0) or a whole number.
func (w row) count(column string) int64 {
	s := w.cells[column]
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 {
		w.wrong("%s: %q is not a whole number", column, s)
	}
	return n
}

// oneOf gives a cell that must be one of the words.
func (w row) oneOf(column string, words ...string) string {
	s := w.cells[column]
	if !slices.Contains(words, s) {
		w.wrong("%s: %q is none of %s", column, s, strings.Join(words, ", "))
	}
	return s
}

// country gives a cell that must be a country of countries.csv.
func (w row) country(d *Data, column string) string {
	s := w.cells[column]
	if _, ok := d.byCode[s]; !ok {
		w.wrong("%s: %q is not in countries.csv", column, s)
	}
	return s
}

// list gives the parts of a cell between semicolons.
func (w row) list(column string) []string {
	var out []string
	for _, s := range strings.Split(w.cells[column], ";") {
		if s = strings.TrimSpace(s); s != "" {
			out = append(out, s)
		}
	}
	return out
}

// period is a stretch of days, both ends counting; an empty end is open.
type period struct{ from, until flegt.Date }

func (p period) has(day flegt.Date) bool {
	return (p.from == "" || p.from <= day) && (p.until == "" || day <= p.until)
}

// read adds every row of a table to the data.
func (r *reader) read(t table, d *Data) {
	f, err := r.open(t.file)
	if err != nil {
		r.problems = append(r.problems, err)
		return
	}
	defer f.Close()
	in := csv.NewReader(f)
	in.FieldsPerRecord = len(t.columns)
	head, err := in.Read()
	if err != nil || !slices.Equal(head, t.columns) {
		r.problems = append(r.problems, fmt.Errorf("%s:1: the columns must be %s", t.file, strings.Join(t.columns, ",")))
		return
	}
	for {
		record, err := in.Read()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			r.problems = append(r.problems, fmt.Errorf("%s: %w", t.file, err))
			return
		}
		line, _ := in.FieldPos(0)
		w := row{file: t.file, line: line, cells: map[string]string{}, r: r}
		for i, c := range t.columns {
			w.cells[c] = strings.TrimSpace(record[i])
		}
		t.add(d, w)
	}
}

// open prefers the file that was laid over ours.
func (r *reader) open(file string) (fs.File, error) {
	if r.over != nil {
		f, err := r.over.Open(file)
		if err == nil || !errors.Is(err, fs.ErrNotExist) {
			return f, err
		}
	}
	return r.own.Open(file)
}

// strangers names the CSV files in the directory that no table reads.
func (r *reader) strangers() {
	if r.over == nil {
		return
	}
	entries, err := fs.ReadDir(r.over, ".")
	if err != nil {
		r.problems = append(r.problems, err)
		return
	}
	known := map[string]bool{}
	for _, t := range tables() {
		known[t.file] = true
	}
	for _, e := range entries {
		if path.Ext(e.Name()) == ".csv" && !known[e.Name()] {
			r.problems = append(r.problems, fmt.Errorf("%s: no table of this name is read", e.Name()))
		}
	}
}
