// Command openflegt is the open FLEGT licence registry: one binary that wires the rooms
// together and decides nothing itself.
package main

func main() {}
