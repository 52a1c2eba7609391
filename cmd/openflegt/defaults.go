package main

import (
	"path/filepath"
	"reflect"

	"github.com/alecthomas/kong"
)

// fillIn gives every setting that is empty its default.
func fillIn(c *Config) error {
	var full Config
	if err := kong.ApplyDefaults(&full); err != nil {
		return err
	}
	own, defaults := reflect.ValueOf(c).Elem(), reflect.ValueOf(full)
	for i := range own.NumField() {
		if own.Field(i).IsZero() {
			own.Field(i).Set(defaults.Field(i))
		}
	}
	if c.Data == "" {
		c.Data = defaultData
	}
	return nil
}

// referenceDir is where newer reference data lies.
func referenceDir(data string) string { return filepath.Join(data, "reference") }
