package e2e

import (
	"net"
)

// wire is one connection of a program that asks again and again: HTTP/1.1 written and read
// by hand, so that the asking takes as little of the machine as it can. What it asks is
// ordinary; what it is answered is read to the end.
type wire struct {
	conn net.Conn
	out  []byte
}

func dial(address string) (*wire, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &wire{conn: conn}, nil
}
