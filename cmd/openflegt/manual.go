package main

import (
	_ "embed"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"reflect"
	"strings"

	"github.com/BurntSushi/toml"
	"github.com/alecthomas/kong"
)

// configSource is the file with Config: its comments are the manual.
//
//go:embed config.go
var configSource string

// manual gives for each setting what its comment says.
type manual map[string]string

// readManual reads the comments of the fields of Config and Place, by the flag's name.
func readManual() (manual, error) {
	file, err := parser.ParseFile(token.NewFileSet(), "config.go", configSource, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	m := manual{}
	ast.Inspect(file, func(n ast.Node) bool {
		if field, ok := n.(*ast.Field); ok && field.Tag != nil && len(field.Names) == 1 {
			tag := reflect.StructTag(strings.Trim(field.Tag.Value, "`"))
			m[tag.Get("env")] = strings.Join(strings.Fields(field.Doc.Text()), " ")
		}
		return true
	})
	return m, nil
}

// apply puts the manual into the command line's own help.
func (m manual) apply(k *kong.Kong) error {
	return kong.Visit(k.Model, func(n kong.Visitable, next kong.Next) error {
		if flag, ok := n.(*kong.Flag); ok && flag.Help == "" && len(flag.Envs) > 0 {
			flag.Help = m[flag.Envs[0]]
			if flag.HasDefault {
				flag.Help += " Default: " + flag.Default + "."
			}
		}
		return next(nil)
	})
}

// settings gives the flags of "serve", in the order of Config.
func settings(k *kong.Kong) []*kong.Flag {
	for _, node := range k.Model.Children {
		if node.Name == "serve" {
			return node.Flags
		}
	}
	return nil
}

// settingsPath is where the settings file lies; empty means there is none.
type settingsPath string

// BeforeResolve reads the file before flags take their values from it.
func (settingsPath) BeforeResolve(k *kong.Kong, ctx *kong.Context, trace *kong.Path) error {
	path, _ := ctx.FlagValue(trace.Flag).(settingsPath)
	if path == "" {
		return nil
	}
	file, err := k.LoadConfig(string(path))
	if err == nil {
		ctx.AddResolver(file)
	}
	return err
}

// readSettings reads a settings file. A key that is no setting is an error: a misspelt
// one would otherwise change nothing in silence.
func readSettings(r io.Reader) (kong.Resolver, error) {
	values := map[string]any{}
	if _, err := toml.NewDecoder(r).Decode(&values); err != nil {
		return nil, err
	}
	return settingsFile(values), nil
}

// settingsFile answers for flags that neither the command line nor the environment sets.
type settingsFile map[string]any

// Validate refuses keys that are no settings.
func (f settingsFile) Validate(app *kong.Application) error {
	known := map[string]bool{}
	for _, node := range app.Children {
		if node.Name == "serve" {
			for _, flag := range node.Flags {
				known[flag.Name] = true
			}
		}
	}
	for key, value := range f {
		if !known[key] {
			return fmt.Errorf("settings file: there is no setting %q (\"openflegt help config\" prints them all)", key)
		}
		switch value.(type) {
		case string, bool, int64:
		default:
			return fmt.Errorf("settings file: %s wants one value, in quotes", key)
		}
	}
	return nil
}

// Resolve gives the file's value for a flag, or nil. The environment goes before it.
func (f settingsFile) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	value, ok := f[flag.Name]
	if !ok || envSet(flag.Envs) {
		return nil, nil
	}
	return fmt.Sprint(value), nil
}
