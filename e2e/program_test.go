package e2e

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// patience is how long anything may take on a slow machine before a test gives up.
const patience = 60 * time.Second

// program is one running openflegt.
type program struct {
	t testing.TB
	// Base is the address of its pages, SMTP that of its mail server, Dir its folder.
	Base, SMTP, Dir string

	args   []string
	place  []string // where the registry is, for other subcommands
	cmd    *exec.Cmd
	exited chan error
	log    *lockedBuffer
	// logFile takes what the program writes, instead of log, when it is not empty.
	logFile string
}

// demoFile is DIR/demo.json as issue 2 lays it down.
type demoFile struct {
	BaseURL        string        `json:"base_url"`
	SMTP           string        `json:"smtp"`
	SupportAddress string        `json:"support_address"`
	People         []demoPerson  `json:"people"`
	RoleRequests   []demoRequest `json:"role_requests"`
	Licences       []demoLicence `json:"licences"`
}

type demoPerson struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Email     string `json:"email"`
	Role      string `json:"role"`
	Body      string `json:"body"`
	Country   string `json:"country"`
	SignInURL string `json:"sign_in_url"`
}

type demoRequest struct {
	FirstName        string `json:"first_name"`
	LastName         string `json:"last_name"`
	Email            string `json:"email"`
	Operator         string `json:"operator"`
	Country          string `json:"country"`
	AuthorityAddress string `json:"authority_address"`
	Status           string `json:"status"`
}

type demoLicence struct {
	Number   string `json:"number"`
	State    string `json:"state"`
	Operator string `json:"operator"`
	Country  string `json:"country"`
	// Verification is there for licences that wait to be claimed.
	Verification string `json:"verification"`
}

// startProgram runs "openflegt COMMAND ARGS" on free ports and an empty folder and waits
// until it is ready. It is stopped, and its registry verified, when the test ends.
func startProgram(t testing.TB, command string, args ...string) *program {
	t.Helper()
	p := startProgramIn(t, t.TempDir(), command, args...)
	t.Cleanup(func() {
		if p.cmd != nil {
			p.stop()
		}
		p.verify()
	})
	return p
}

// startProgramIn is startProgram in a folder that may hold a registry; it is not verified.
func startProgramIn(t testing.TB, dir, command string, args ...string) *program {
	t.Helper()
	p := &program{t: t, Dir: dir}
	web, smtp := freeAddress(t), freeAddress(t)
	p.Base, p.SMTP = "http://"+web, smtp
	p.args = append([]string{command, "--listen", web, "--smtp", smtp, "--data", p.Dir, "--dns", "off", "--log-level", "warn"}, args...)
	p.place = []string{"--data", p.Dir}
	if i := slices.Index(args, "--database"); i >= 0 {
		p.place = append(p.place, args[i:i+2]...)
	}
	t.Cleanup(func() {
		if t.Failed() && p.log != nil {
			t.Logf("the program's log:\n%s", p.log)
		}
	})
	p.start()
	t.Cleanup(func() {
		if p.cmd != nil {
			p.stop()
		}
	})
	return p
}

// start runs the program, the first time or again on the same folder and ports, until it is ready.
func (p *program) start() {
	p.t.Helper()
	p.launch()
	p.waitReady()
}

// launch runs the program.
func (p *program) launch() {
	p.t.Helper()
	p.cmd = exec.Command(binary, p.args...)
	p.cmd.Env = plainEnvironment()
	p.log = &lockedBuffer{}
	p.cmd.Stdout, p.cmd.Stderr = p.log, p.log
	if p.logFile != "" {
		file, err := os.Create(p.logFile)
		if err != nil {
			p.t.Fatal(err)
		}
		defer file.Close()
		p.cmd.Stdout, p.cmd.Stderr = file, file
	}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.exited = make(chan error, 1)
	go func(cmd *exec.Cmd, exited chan error) { exited <- cmd.Wait() }(p.cmd, p.exited)
}

// waitReady asks /readyz until it answers ok.
func (p *program) waitReady() {
	p.t.Helper()
	ready := p.until(func() bool {
		answer, err := http.Get(p.Base + "/readyz")
		if err != nil {
			return false
		}
		io.Copy(io.Discard, answer.Body)
		answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
	if !ready {
		p.t.Fatalf("the program is not ready:\n%s", p.log)
	}
}

// until asks again and again whether something holds, and gives up when the program
// ends or patience does.
func (p *program) until(holds func() bool) bool {
	deadline := time.After(patience)
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		if holds() {
			return true
		}
		select {
		case err := <-p.exited:
			p.exited <- err
			p.t.Errorf("the program ended: %v", err)
			return false
		case <-deadline:
			return false
		case <-again.C:
		}
	}
}

// stop asks the program to stop (SIGTERM) and checks that it ends well.
func (p *program) stop() {
	p.t.Helper()
	p.cmd.Process.Signal(syscall.SIGTERM)
	if err := p.wait(); err != nil {
		p.t.Errorf("stopping: %v\n%s", err, p.log)
	}
}

// pull pulls the plug: the program is ended at once (SIGKILL).
func (p *program) pull() {
	p.t.Helper()
	p.cmd.Process.Kill()
	p.wait()
}

func (p *program) wait() error {
	p.t.Helper()
	defer func() { p.cmd = nil }()
	select {
	case err := <-p.exited:
		return err
	case <-time.After(patience):
		p.cmd.Process.Kill()
		return errors.New("it does not stop")
	}
}

// verify reads the whole registry of a stopped program over, as "openflegt verify" does.
func (p *program) verify() {
	p.t.Helper()
	out, err := p.command(nil, append([]string{"verify"}, p.place...)...)
	if err != nil {
		p.t.Errorf("verify: %v\n%s", err, out)
	}
}

// command runs another subcommand and gives what it printed.
func (p *program) command(in io.Reader, args ...string) (string, error) {
	cmd := exec.Command(binary, args...)
	cmd.Env = plainEnvironment()
	cmd.Stdin = in
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// demo reads DIR/demo.json.
func (p *program) demo() demoFile {
	p.t.Helper()
	raw, err := os.ReadFile(filepath.Join(p.Dir, "demo.json"))
	if err != nil {
		p.t.Fatal(err)
	}
	var d demoFile
	strict := json.NewDecoder(bytes.NewReader(raw))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&d); err != nil {
		p.t.Fatalf("demo.json: %v", err)
	}
	return d
}

// person finds somebody of the demo by role and country.
func (d demoFile) person(t testing.TB, role, country string) demoPerson {
	t.Helper()
	for _, p := range d.People {
		if p.Role == role && p.Country == country {
			return p
		}
	}
	t.Fatalf("demo.json has no %s of %s", role, country)
	return demoPerson{}
}

// residentMemory is the memory the program holds now (VmRSS), in bytes.
func (p *program) residentMemory() int64 {
	p.t.Helper()
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		p.t.Fatal(err)
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if rest, ok := strings.CutPrefix(lines.Text(), "VmRSS:"); ok {
			kilobytes, err := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			if err != nil {
				p.t.Fatal(err)
			}
			return kilobytes << 10
		}
	}
	p.t.Fatal("no VmRSS")
	return 0
}

// plainEnvironment is ours without settings of the program's own.
func plainEnvironment() []string {
	var env []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "OPENFLEGT_") {
			env = append(env, e)
		}
	}
	return env
}

// given are the ports already given away, so that no two tests get the same.
var given sync.Map

// freeAddress finds a port on which nobody listens. The system does not give a port
// twice in a row, so what is closed here is free when the program opens it.
func freeAddress(t testing.TB) string {
	t.Helper()
	for {
		l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		address := l.Addr().String()
		l.Close()
		if _, taken := given.LoadOrStore(address, true); !taken {
			return address
		}
	}
}

// lockedBuffer keeps what a program writes while it runs.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
