package flegt

import (
	"fmt"
	"strings"
)

// CycleTable writes the table of transitions as Markdown, for docs/licence-cycle.md.
func CycleTable() string {
	var b strings.Builder
	b.WriteString("| from | what | by | to | law |\n|---|---|---|---|---|\n")
	for _, t := range Transitions {
		to := string(t.To)
		if to == "" {
			to = "(gone)"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", t.From, t.Verb, t.Role, to, t.Law)
	}
	return b.String()
}

// CycleDiagram draws the table of transitions as a Mermaid state diagram.
func CycleDiagram() string {
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n    [*] --> draft: create\n")
	for _, t := range Transitions {
		to := string(t.To)
		if to == "" {
			to = "[*]"
		}
		fmt.Fprintf(&b, "    %s --> %s: %s (%s)\n", t.From, to, t.Verb, t.Role)
	}
	return b.String()
}
