package e2e

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"
)

// A second program works on the same registry while people do: mails come in through a
// pipe and a backup is made. Nobody is turned away, and the log and the rows agree afterwards,
// in the copy too.
func TestASecondProgramWorksOnTheSameRegistry(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	importer := sign(t, p.Base, d.person(t, "operator", "DK"))
	var all sync.WaitGroup
	for k := range 4 {
		n := 0
		submit := importer.submits(func() string {
			n++
			return fmt.Sprintf("%s.%05d-%05d.001-ID-DK", time.Now().Format("06"), 70000+k, n)
		})
		all.Go(func() {
			for range 5 {
				if err := submit(); err != nil {
					t.Error(err)
				}
			}
		})
	}
	second := func(in string, args ...string) {
		all.Go(func() {
			if out, err := p.command(strings.NewReader(in), append(args, "--data", p.Dir)...); err != nil {
				t.Errorf("%s: %v\n%s", args[0], err, out)
			}
		})
	}
	for i := range 4 {
		second(fmt.Sprintf("From: somebody%d@nobody.example\r\nTo: %s\r\nMessage-ID: <second-%d@nobody.example>\r\nSubject: hello\r\n\r\nHello\r\n", i, d.SupportAddress, i),
			"mail", "receive")
	}
	copied := t.TempDir()
	second("", "backup", copied)
	all.Wait()
	if out, err := p.command(nil, "verify", "--data", copied); err != nil {
		t.Errorf("the copy: %v\n%s", err, out)
	}
	support := sign(t, p.Base, d.person(t, "support", ""))
	seen := p.until(func() bool { // the running program reads within seconds what the pipe brought
		page, _, err := support.get("/support/mails")
		return err == nil && strings.Contains(string(page), "somebody0@nobody.example") && strings.Contains(string(page), "somebody3@nobody.example")
	})
	if !seen {
		t.Error("Support does not see the mails that came through the pipe")
	}
}
