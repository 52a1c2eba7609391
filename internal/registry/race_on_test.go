//go:build race

package registry_test

// raceOn says that the tests run under the race detector, where SQLite takes ten times as long:
// an import of fewer licences finds the same races.
const raceOn = true
