package e2e

import (
	"os"
	"strconv"
	"syscall"
	"testing"
	"unsafe"
)

// batch is the scheduler's class of work that takes as much of a processor as others, but does
// not break in on them when it wakes; programs that are started are scheduled as usual.
// sched(7), SCHED_BATCH, SCHED_RESET_ON_FORK
const (
	batch       = 3
	resetOnFork = 0x40000000
)

// calm lets this process break in on nobody. Those who ask stand for programs on other
// machines: an answer that reaches them must not take the processor from the program that
// has just given it.
func calm(b *testing.B) {
	b.Helper()
	tasks, err := os.ReadDir("/proc/self/task")
	if err != nil {
		b.Fatal(err)
	}
	priority := int32(0)
	for _, task := range tasks {
		id, err := strconv.Atoi(task.Name())
		if err != nil {
			b.Fatal(err)
		}
		_, _, e := syscall.Syscall(syscall.SYS_SCHED_SETSCHEDULER, uintptr(id), batch|resetOnFork, uintptr(unsafe.Pointer(&priority)))
		if e != 0 && e != syscall.ESRCH {
			b.Logf("the callers break in on the program: %v", e)
			return
		}
	}
}
