package e2e

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"
)

// nothingEnv makes this program serve an answer of fixed text and nothing else.
const nothingEnv = "E2E_SERVES_NOTHING"

// serveNothing answers every request with a text about as long as a licence's position, on a
// free address that it tells first: what net/http and the machine take by themselves.
func serveNothing() int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	fmt.Println(l.Addr())
	text := bytes.Repeat([]byte("0123456789"), 90)
	err = http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write(text)
	}))
	fmt.Fprintln(os.Stderr, err)
	return 1
}

// measureNothing measures the same callers against a program that does nothing: no more can
// be reached on this machine.
func measureNothing(b *testing.B) {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), nothingEnv+"=1")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	defer func() { cmd.Process.Kill(); cmd.Wait() }()
	told := make([]byte, 64)
	n, err := out.Read(told)
	if err != nil {
		b.Fatal(err)
	}
	address := strings.TrimSpace(string(told[:n]))
	fire(b, address, cmd.Process.Pid, func(w *wire, _ int) { w.out = fmt.Appendf(w.out[:0], whoamiRequest, "none") })
}

// processorTime is what a process has taken of the processors, in itself and in the kernel.
// proc(5), fields 14 and 15 of stat, in hundredths of a second
func processorTime(b *testing.B, pid int) time.Duration {
	b.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		b.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	var ticks int
	for _, f := range fields[11:13] {
		n, err := strconv.Atoi(f)
		if err != nil {
			b.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
