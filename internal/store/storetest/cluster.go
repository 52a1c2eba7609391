package storetest

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// Cluster is a PostgreSQL cluster of a test's own, which may be stopped and started again.
type Cluster struct {
	t   testing.TB
	bin string // folder of PostgreSQL's programs
	dir string
}

// OwnCluster makes a cluster and starts it. The test is passed over where PostgresEnv names none: then
// there may be no PostgreSQL.
func OwnCluster(t testing.TB) *Cluster {
	t.Helper()
	if os.Getenv(PostgresEnv) == "" {
		t.Skipf("%s names no cluster", PostgresEnv)
	}
	all, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(all) == 0 {
		t.Skip("no programs of PostgreSQL are where Debian has them")
	}
	slices.Sort(all)
	dir, err := os.MkdirTemp("/tmp", "openflegt-pg.") // a socket's path must be short
	if err != nil {
		t.Fatal(err)
	}
	c := &Cluster{t, filepath.Dir(all[len(all)-1]), dir}
	t.Cleanup(func() { os.RemoveAll(dir) })
	if os.Getuid() == 0 { // PostgreSQL refuses to run as root
		if out, err := exec.Command("chown", "postgres", dir).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	c.run("initdb", "-D", dir+"/data", "-U", "openflegt", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
	c.Start()
	t.Cleanup(c.Stop)
	return c
}

// Address is the database setting of a program.
func (c *Cluster) Address() string { return "postgres://openflegt@/postgres?host=" + c.dir }

// Start starts the cluster; it is there when Start ends.
func (c *Cluster) Start() {
	c.t.Helper()
	c.run("pg_ctl", "-D", c.dir+"/data", "-w", "-l", c.dir+"/log", "-o", "-k "+c.dir+" -c listen_addresses=", "start")
}

// Stop lets the cluster stop at once, in the middle of whatever it does, as if the machine had failed.
func (c *Cluster) Stop() {
	c.t.Helper()
	c.run("pg_ctl", "-D", c.dir+"/data", "-w", "-m", "immediate", "stop")
}

func (c *Cluster) run(name string, args ...string) {
	c.t.Helper()
	args = append([]string{filepath.Join(c.bin, name)}, args...)
	if os.Getuid() == 0 {
		args = append([]string{"runuser", "-u", "postgres", "--"}, args...)
	}
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir = c.dir
	log, err := os.Create(filepath.Join(c.t.TempDir(), name))
	if err != nil {
		c.t.Fatal(err)
	}
	defer log.Close()
	cmd.Stdout, cmd.Stderr = log, log // a file: what is started holds it open
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(log.Name())
		c.t.Fatalf("%s: %v\n%s", name, err, said)
	}
}
