// Command openflegt is the open FLEGT licence registry: one binary that wires the rooms
// together and decides nothing itself.
//
// Each subcommand is a struct with a Run method, in the file of its name. The settings of
// the running program are one struct, Config, whose comments are the manual; Main is the
// running program, which a test can start.
package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/alecthomas/kong"
)

// The exit statuses of every subcommand; docs/running.md lists them for scripts.
const (
	exitOK       = 0  // done
	exitFailed   = 1  // not done, or "verify" found something that does not agree
	exitUsage    = 2  // the command line, the environment or the settings file is wrong
	exitTempFail = 75 // try again later: EX_TEMPFAIL of sysexits.h, which mail servers know
)

// commands is the whole command line.
type commands struct {
	Serve      serveCommand      `cmd:"" help:"Run the registry."`
	Demo       demoCommand       `cmd:"" help:"Run the registry with made-up people, companies and licences."`
	Admin      adminCommand      `cmd:"" help:"Give and end roles at the machine itself; the first Support account."`
	Import     importCommand     `cmd:"" help:"Bring over earlier accounts or newer reference data."`
	Mail       mailCommand       `cmd:"" help:"Take mail from a mail server's pipe."`
	Verify     verifyCommand     `cmd:"" help:"Check the whole registry against its event log."`
	Backup     backupCommand     `cmd:"" help:"Copy the registry while it is in use."`
	Version    versionCommand    `cmd:"" help:"Print the version."`
	Completion completionCommand `cmd:"" help:"Print a completion script for a shell."`
	Help       helpCommand       `cmd:"" help:"Print help; \"help config\" prints every setting with its default."`

	Config settingsPath `help:"Settings file (TOML). A flag goes before the environment, the environment before the file." env:"OPENFLEGT_CONFIG" placeholder:"FILE"`
}

// streams are what a command reads from and writes to.
type streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// failed is an error with the exit status it leads to.
type failed struct {
	status int
	error
}

// Unwrap gives the cause.
func (f failed) Unwrap() error { return f.error }

// exited is thrown by the parser's own "--help" to stop.
type exited int

func main() {
	os.Exit(run(os.Args[1:], streams{os.Stdin, os.Stdout, os.Stderr}))
}

// run does what a command line says and gives the exit status.
func run(args []string, s streams) (status int) {
	defer func() {
		if p := recover(); p != nil {
			code, ok := p.(exited)
			if !ok {
				panic(p)
			}
			status = int(code)
		}
	}()
	var c commands
	parser, err := newParser(&c, s)
	if err != nil {
		fmt.Fprintln(s.Err, "openflegt:", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	ctx, err := parser.Parse(args)
	if err == nil {
		ctx.Bind(s)
		err = ctx.Run(s, parser)
	} else {
		err = failed{usageStatus(args), err}
	}
	return s.report(err)
}

// usageStatus is the status of a command line that is wrong. A mail server whose pipe was
// mistyped must keep the mail, not send it back.
func usageStatus(args []string) int {
	if args[0] == "mail" {
		return exitTempFail
	}
	return exitUsage
}

// report prints an error and gives its exit status.
func (s streams) report(err error) int {
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(s.Err, "openflegt:", err)
	var f failed
	if errors.As(err, &f) {
		return f.status
	}
	return exitFailed
}

func newParser(c *commands, s streams) (*kong.Kong, error) {
	manual, err := readManual()
	if err != nil {
		return nil, err
	}
	return kong.New(c,
		kong.Name("openflegt"),
		kong.Description("The open FLEGT licence registry: accounts, roles, licences, acceptance and release of timber."),
		kong.Writers(s.Out, s.Err),
		kong.Exit(func(code int) { panic(exited(code)) }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.PostBuild(manual.apply),
		kong.Configuration(readSettings),
	)
}
