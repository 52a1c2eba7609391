package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/openflegt/openflegt/internal/mail"
)

// mailCommand has to do with e-mail.
type mailCommand struct {
	Receive mailReceiveCommand `cmd:"" help:"Take one mail from standard input, for a mail server's pipe."`
}

// mailReceiveCommand keeps a mail from a mail server's pipe. The running program reads what
// it asks for within seconds.
type mailReceiveCommand struct {
	Place
	Sender string `help:"Envelope sender, as the mail server knows it."`
	Client string `help:"Address of the client that brought the mail to the mail server, for SPF."`
	Helo   string `help:"Name that the client gave itself."`
	// The receivers of the envelope tell bounces from other mail.
	Recipient []string `help:"Receiver of the envelope, as the mail server knows it; may be given several times." sep:"none"`
}

// Help says what a mail server needs to know.
func (mailReceiveCommand) Help() string {
	return `The mail is kept, byte for byte, before the command ends with status 0. Status 75 means
that it was not kept and should be brought again later; 65 that it is too large.`
}

// exitDataErr is EX_DATAERR of sysexits.h: mail servers send the mail back.
const exitDataErr = 65

// Run keeps the mail.
func (c *mailReceiveCommand) Run(s streams) error {
	raw, err := io.ReadAll(io.LimitReader(s.In, mail.MaxMessageBytes+1))
	if err != nil {
		return failed{exitTempFail, err}
	}
	if len(raw) > mail.MaxMessageBytes {
		return failed{exitDataErr, fmt.Errorf("the mail is larger than %d MB", mail.MaxMessageBytes>>20)}
	}
	if len(strings.TrimSpace(string(raw[:min(len(raw), 4096)]))) == 0 {
		return failed{exitDataErr, fmt.Errorf("there is no mail on standard input")}
	}
	ctx := context.Background()
	db, office, err := c.office(ctx, s)
	if err != nil {
		return failed{exitTempFail, err}
	}
	_, err = office.KeepMail(ctx, fromPipe(raw), c.Client, c.Helo, c.Sender, c.Recipient...)
	if closing := db.Close(); err == nil {
		err = closing
	}
	if err != nil {
		return failed{exitTempFail, err}
	}
	return nil
}

// fromPipe drops the line that old mail servers put before the header ("From x@y Mon Jan
// 2 …"), which is no part of the mail.
func fromPipe(raw []byte) []byte {
	if line, rest, found := strings.Cut(string(raw), "\n"); found && strings.HasPrefix(line, "From ") {
		return []byte(rest)
	}
	return raw
}
