package main

import (
	"fmt"
	"os"
	"strings"

	"github.com/alecthomas/kong"
)

// helpCommand prints help, or with the topic "config" a settings file with everything in it.
type helpCommand struct {
	Topic string `arg:"" optional:"" help:"A command, or \"config\"."`
}

// Run prints.
func (c *helpCommand) Run(s streams, k *kong.Kong) error {
	if c.Topic == "config" {
		printSettings(s, k)
		return nil
	}
	args := []string{"--help"}
	if c.Topic != "" {
		args = []string{c.Topic, "--help"}
	}
	if _, err := k.Parse(args); err != nil {
		return failed{exitUsage, err}
	}
	return nil
}

// printSettings prints every setting as a settings file: what it is, its default, and the
// flag and the environment variable that set it too.
func printSettings(s streams, k *kong.Kong) {
	fmt.Fprint(s.Out, `# Settings of OpenFLEGT. Every one may stand in this file (--config FILE or
# OPENFLEGT_CONFIG), in the environment, or be given as a flag; a flag goes before
# the environment, the environment before the file. A key that is not one of these
# is an error.
`)
	for _, flag := range settings(k) {
		if flag.Name == "help" {
			continue
		}
		fmt.Fprintln(s.Out)
		for _, line := range wrap(strings.TrimSuffix(flag.Help, " Default: "+flag.Default+"."), 76) {
			fmt.Fprintln(s.Out, "#", line)
		}
		fmt.Fprintf(s.Out, "# --%s=%s, %s\n", flag.Name, flag.PlaceHolder, strings.Join(flag.Envs, ", "))
		value := flag.Default
		if flag.Name == "data" {
			value = defaultData
		}
		fmt.Fprintf(s.Out, "#%s = %q\n", flag.Name, value)
	}
}

// wrap breaks a text into lines of at most width letters.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && len([]rune(line))+1+len([]rune(word)) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}

func envSet(names []string) bool {
	for _, name := range names {
		if _, ok := os.LookupEnv(name); ok {
			return true
		}
	}
	return false
}
