package registry

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
)

// VirusCheck reads bytes and gives the name of the virus found in them, "" when none was.
// An error means that it could not be told.
type VirusCheck func(ctx context.Context, r io.Reader) (virus string, err error)

// checkViruses refuses a scan with a virus, and one that could not be checked: nothing is
// let through unlooked at. Neither bytes nor the file's name reach the log.
func (o *Office) checkViruses(ctx context.Context, a flegt.Actor, s *ReceivedScan) error {
	if o.viruses == nil {
		return nil
	}
	virus, err := o.viruses(ctx, s.bytes.Bytes())
	if err != nil {
		o.log.Error("a scan could not be checked for viruses", "account", a.Account, "error", err)
		return scanError(flegt.TooMany, "scan.unchecked", nil)
	}
	if virus != "" {
		o.log.Warn("a scan with a virus was refused", "account", a.Account, "virus", virus, "sha256", s.scan.SHA256, "bytes", s.scan.Size)
		return scanError(flegt.Invalid, "scan.infected", flegt.Args{"Virus": virus})
	}
	return nil
}

// Times for clamd: to be reached, and to take and look at one scan.
const (
	clamdDial = 5 * time.Second
	clamdLook = 2 * time.Minute
)

// Clamd asks a clamd by its INSTREAM command (clamd(8)), at tcp://host:3310 or
// unix:/path/of/socket.
func Clamd(address string) (VirusCheck, error) {
	network, at, err := clamdAddress(address)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, r io.Reader) (string, error) {
		dial := net.Dialer{Timeout: clamdDial}
		conn, err := dial.DialContext(ctx, network, at)
		if err != nil {
			return "", fmt.Errorf("clamd: %w", err)
		}
		defer conn.Close()
		defer context.AfterFunc(ctx, func() { conn.Close() })()
		if err := conn.SetDeadline(time.Now().Add(clamdLook)); err != nil {
			return "", err
		}
		sending := sendStream(conn, r)
		reply, err := bufio.NewReader(io.LimitReader(conn, 4096)).ReadString(0)
		if reply == "" {
			return "", fmt.Errorf("clamd: %w", errors.Join(sending, err))
		}
		return clamdSays(strings.TrimRight(reply, "\x00\n"), sending)
	}, nil
}

func clamdAddress(address string) (network, at string, err error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", "", fmt.Errorf("clamd: %w", err)
	}
	switch {
	case u.Scheme == "tcp" && u.Port() != "":
		return "tcp", u.Host, nil
	case u.Scheme == "unix" && u.Opaque == "" && u.Path != "":
		return "unix", u.Path, nil
	}
	return "", "", fmt.Errorf("clamd: %q is neither tcp://HOST:PORT nor unix:/PATH", address)
}

// sendStream sends the bytes in chunks, each after its length, and a zero at the end.
func sendStream(w io.Writer, r io.Reader) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	chunk := make([]byte, 4+32<<10)
	for {
		n, err := io.ReadFull(r, chunk[4:])
		binary.BigEndian.PutUint32(chunk, uint32(n))
		if n > 0 {
			if _, err := w.Write(chunk[:4+n]); err != nil {
				return err
			}
		}
		switch {
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			_, err := w.Write([]byte{0, 0, 0, 0})
			return err
		case err != nil:
			return err
		}
	}
}

// clamdSays reads the answer: "stream: OK", "stream: NAME FOUND" or "… ERROR". OK counts
// only when everything was sent.
func clamdSays(reply string, sending error) (string, error) {
	said := strings.TrimPrefix(reply, "stream: ")
	if virus, found := strings.CutSuffix(said, " FOUND"); found {
		return virus, nil
	}
	if said != "OK" || sending != nil {
		return "", fmt.Errorf("clamd: %w", errors.Join(fmt.Errorf("%q", reply), sending))
	}
	return "", nil
}
