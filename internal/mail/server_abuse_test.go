package mail

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"
)

// TestServerWaitsForNobodyForEver: a client that dribbles a command or a message, or only
// keeps its place, is sent away, and nothing half sent is delivered.
func TestServerWaitsForNobodyForEver(t *testing.T) {
	envelope := "EHLO me\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<" + supportAddress + ">\r\nDATA\r\n"
	for name, c := range map[string]struct {
		config ServerConfig
		sends  string
	}{
		"a word":           {ServerConfig{Timeout: 100 * time.Millisecond}, "EH"},
		"nothing":          {ServerConfig{Timeout: 100 * time.Millisecond}, ""},
		"half a message":   {ServerConfig{Timeout: 100 * time.Millisecond}, envelope + "From: a\r\n\r\nhalf"},
		"its place":        {ServerConfig{MaxSession: 100 * time.Millisecond}, "EHLO me\r\nNOOP\r\n"},
		"half a BDAT":      {ServerConfig{Timeout: 100 * time.Millisecond}, strings.Replace(envelope, "DATA", "BDAT 1000 LAST", 1) + "half"},
		"its place in all": {ServerConfig{MaxSession: 100 * time.Millisecond, Timeout: time.Hour}, envelope + "half"},
	} {
		t.Run(name, func(t *testing.T) {
			var b inbox
			c.config.Deliver = b.deliver
			_, addr := startServer(t, c.config)
			conn, err := net.Dial("tcp", addr)
			if err != nil {
				t.Fatal(err)
			}
			defer conn.Close()
			fmt.Fprint(conn, c.sends)
			_, _ = io.Copy(io.Discard, conn) // ends when the server hangs up
			if len(b.all()) != 0 {
				t.Error("half a message was delivered")
			}
		})
	}
}

// TestServerTakesPipelinedCommands: RFC 2920; what it offers and takes is said in EHLO.
func TestServerTakesPipelinedCommands(t *testing.T) {
	var b inbox
	_, addr := startServer(t, ServerConfig{Deliver: b.deliver})
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	one := "MAIL FROM:<a@x.example> BODY=8BITMIME\r\nRCPT TO:<nobody@else.example>\r\nRCPT TO:<" + supportAddress + ">\r\nDATA\r\nSubject: \xc3\xb8\r\n\r\n..x \xf8\r\n.\r\n"
	fmt.Fprint(conn, "EHLO me\r\n"+one+one+"QUIT\r\n")
	all, _ := io.ReadAll(conn)
	answers := string(all)
	for _, offer := range []string{"PIPELINING", "8BITMIME", "SMTPUTF8", "SIZE 26214400", "ENHANCEDSTATUSCODES"} {
		if !strings.Contains(answers, offer) {
			t.Errorf("%s is not offered: %s", offer, answers)
		}
	}
	if n := strings.Count(answers, "\r\n550 "); n != 2 {
		t.Errorf("%d refusals", n)
	}
	got := b.all()
	if len(got) != 2 || string(got[1].Raw) != "Subject: \xc3\xb8\r\n\r\n.x \xf8\r\n" || len(got[0].To) != 1 {
		t.Errorf("%d mails: %+v", len(got), got)
	}
}

// TestServerIsNotSmuggledInto: only CRLF.CRLF ends a message; anything like it, which other
// servers pass on as text, must not let a second message in behind a first one.
func TestServerIsNotSmuggledInto(t *testing.T) {
	for _, end := range []string{"\n.\n", "\r.\r", "\n.\r\n", "\r\n.\n", "\r\n.\r", "\r\n\x00.\r\n"} {
		var b inbox
		_, addr := startServer(t, ServerConfig{Deliver: b.deliver})
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		inner := "MAIL FROM:<evil@x.example>\r\nRCPT TO:<" + supportAddress + ">\r\nDATA\r\nFrom: mette@nordisktrae.example\r\n\r\nsmuggled\r\n.\r\n"
		fmt.Fprint(conn, "EHLO me\r\nMAIL FROM:<a@x.example>\r\nRCPT TO:<"+supportAddress+">\r\nDATA\r\nSubject: x\r\n\r\ntext"+end+inner+"QUIT\r\n")
		_, _ = io.ReadAll(bufio.NewReader(conn))
		conn.Close()
		for _, e := range b.all() {
			if e.From == "evil@x.example" {
				t.Errorf("%q let a second message in", end)
			}
		}
	}
}
