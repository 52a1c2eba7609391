package main

import (
	"fmt"
	"sort"
	"strings"

	"github.com/alecthomas/kong"
)

// completionCommand prints a script that lets a shell complete subcommands and flags.
type completionCommand struct {
	Shell string `arg:"" enum:"bash,zsh,fish" help:"bash, zsh or fish."`
}

// Run prints.
func (c *completionCommand) Run(s streams, k *kong.Kong) error {
	words := completions(k.Model.Node, nil)
	switch c.Shell {
	case "fish":
		printFish(s, words)
	case "zsh":
		fmt.Fprintln(s.Out, "#compdef openflegt\nautoload -U +X bashcompinit && bashcompinit")
		printBash(s, words)
	default:
		printBash(s, words)
	}
	return nil
}

// completion is what may follow after some words.
type completion struct {
	after []string // subcommands typed so far
	words []string // subcommands and flags
}

func completions(n *kong.Node, after []string) []completion {
	here := completion{after: after}
	for _, flags := range n.AllFlags(true) {
		for _, flag := range flags {
			here.words = append(here.words, "--"+flag.Name)
		}
	}
	list := []completion{}
	for _, child := range n.Children {
		if child.Type != kong.CommandNode {
			continue
		}
		here.words = append(here.words, child.Name)
		list = append(list, completions(child, append(append([]string{}, after...), child.Name))...)
	}
	sort.Strings(here.words)
	return append([]completion{here}, list...)
}

// printBash prints a function that finds the subcommands already typed and offers what may
// follow. It uses no library of bash, so it works on a bare machine and in zsh.
func printBash(s streams, list []completion) {
	fmt.Fprint(s.Out, `_openflegt() {
  local word before="" i
  for ((i = 1; i < COMP_CWORD; i++)); do
    word="${COMP_WORDS[i]}"
    case "$word" in -*) ;; *) before="$before $word" ;; esac
  done
  local words=""
  case "$before" in
`)
	for i := len(list) - 1; i >= 0; i-- { // the longest first
		pattern := `""`
		if len(list[i].after) > 0 {
			pattern = `" ` + strings.Join(list[i].after, " ") + `"*`
		}
		fmt.Fprintf(s.Out, "    %s) words=%q ;;\n", pattern, strings.Join(list[i].words, " "))
	}
	fmt.Fprint(s.Out, `  esac
  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _openflegt openflegt
`)
}

func printFish(s streams, list []completion) {
	fmt.Fprintln(s.Out, "complete -c openflegt -f")
	for _, c := range list {
		condition := "__fish_use_subcommand"
		if len(c.after) > 0 {
			condition = "__fish_seen_subcommand_from " + strings.Join(c.after, "; and __fish_seen_subcommand_from ")
		}
		for _, word := range c.words {
			what := "-a " + word
			if flag, ok := strings.CutPrefix(word, "--"); ok {
				what = "-l " + flag
			}
			fmt.Fprintf(s.Out, "complete -c openflegt -n %q %s\n", condition, what)
		}
	}
}
