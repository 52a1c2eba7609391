package main

import (
	"fmt"
	"runtime"
	"runtime/debug"
)

// versionCommand prints which program this is.
type versionCommand struct{}

// Run prints.
func (versionCommand) Run(s streams) error {
	_, err := fmt.Fprintf(s.Out, "openflegt %s %s %s/%s\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
	return err
}

// version is what the Go toolchain wrote into the binary: a tag, or the commit it was
// built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "0.0.0-" + s.Value[:12]
		}
	}
	return "devel"
}

// sourceURL is where the program's source is to be had (EUPL-1.2 art. 3).
const sourceURL = "https://github.com/openflegt/openflegt"
