package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Envelope is a message together with what the SMTP dialogue said about it (RFC 5321).
// None of it is proven but RemoteIP.
type Envelope struct {
	RemoteIP   net.IP // of the client; nil when the mail came through a pipe
	Helo       string // the name the client gave itself
	From       string // MAIL FROM; empty for bounces
	To         []string
	TLS        bool
	ReceivedAt time.Time
	Raw        []byte // header and body, lines end in CRLF
}

// NullReturnPath tells that the mail is a bounce or another answer by a program, which
// must never be answered (RFC 5321 section 4.5.5). A mail from a pipe may not know.
func (e Envelope) NullReturnPath() bool { return e.RemoteIP != nil && e.From == "" }

// ServerConfig sets up a Server. Accept and Deliver are needed, all else has defaults.
type ServerConfig struct {
	Addr     string // host:port to listen on
	Hostname string // in the greeting; default "localhost"
	// Accept tells whether mail for an address is taken. All other addresses are
	// refused with 550: the server relays nothing.
	Accept func(address string) bool
	// Deliver stores a message. The client is told 250 only after it returned nil, so it
	// must return nil only when the message is safe on disk. ErrTooLarge becomes 552,
	// ErrTooMuch 450, any other error 451: the client keeps the message and tries again.
	Deliver func(ctx context.Context, e Envelope) error
	// Admit looks at who wants to send, before the message is transferred; ErrTooMuch sends
	// him away with 450. Nil admits everybody.
	Admit func(ctx context.Context, ip net.IP, from string) error
	// MaxBytes is the size from which a message is refused; default MaxMessageBytes.
	MaxBytes int64
	// MaxConnections at one time; default 200. MaxPerIP of them from one address;
	// default 20, not counted for the own machine.
	MaxConnections, MaxPerIP int
	// MaxRecipients of one message; default 100, which RFC 5321 section 4.5.3.1.8 asks for.
	MaxRecipients int
	// Timeout for a command, and for a whole message; default 5 minutes (RFC 5321
	// section 4.5.3.2.7).
	Timeout time.Duration
	// MaxSession is how long one connection may last, whatever it does; default 30 minutes.
	// Without it a client that says a word now and then would keep its place for ever.
	MaxSession time.Duration
	TLS        *tls.Config      // offers STARTTLS when set
	Logger     *slog.Logger     // default slog.Default()
	Now        func() time.Time // default time.Now
}

// Server takes mail over SMTP for some addresses and nothing else.
type Server struct {
	config  ServerConfig
	smtp    *smtp.Server
	ctx     context.Context // of deliveries; ends when the server is cut off
	cancel  context.CancelFunc
	tracker *connTracker
}

// NewServer makes a server; Serve or ListenAndServe starts it.
func NewServer(config ServerConfig) *Server {
	config.setDefaults()
	s := &Server{config: config, tracker: newConnTracker(config.MaxConnections, config.MaxPerIP, config.MaxSession)}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.smtp = smtp.NewServer(smtp.BackendFunc(s.newSession))
	s.smtp.Domain = config.Hostname
	s.smtp.MaxRecipients = config.MaxRecipients
	s.smtp.MaxMessageBytes = config.MaxBytes
	s.smtp.MaxLineLength = 256 << 10 // mail programs do write longer lines than RFC 5322 allows
	s.smtp.ReadTimeout, s.smtp.WriteTimeout = config.Timeout, config.Timeout
	s.smtp.TLSConfig = config.TLS
	s.smtp.EnableSMTPUTF8 = true
	s.smtp.ErrorLog = smtpLog{config.Logger}
	return s
}

func (c *ServerConfig) setDefaults() {
	if c.Hostname == "" {
		c.Hostname = "localhost"
	}
	if c.MaxBytes == 0 {
		c.MaxBytes = MaxMessageBytes
	}
	if c.MaxConnections == 0 {
		c.MaxConnections = 200
	}
	if c.MaxPerIP == 0 {
		c.MaxPerIP = 20
	}
	if c.MaxRecipients == 0 {
		c.MaxRecipients = 100
	}
	if c.Timeout == 0 {
		c.Timeout = 5 * time.Minute
	}
	if c.MaxSession == 0 {
		c.MaxSession = 30 * time.Minute
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Now == nil {
		c.Now = time.Now
	}
}

// ListenAndServe listens on Addr and serves until Shutdown.
func (s *Server) ListenAndServe() error {
	l, err := net.Listen("tcp", s.config.Addr)
	if err != nil {
		return err
	}
	return s.Serve(l)
}

// Serve takes connections from l until Shutdown, then returns nil.
func (s *Server) Serve(l net.Listener) error {
	return s.smtp.Serve(&limitedListener{Listener: l, tracker: s.tracker})
}

// Shutdown stops taking connections, tells idle clients goodbye, lets messages that are
// being taken be finished, and returns when all is quiet. When ctx ends first, the rest
// is cut off; what was not acknowledged the clients will send again.
func (s *Server) Shutdown(ctx context.Context) error {
	defer s.cancel()
	s.tracker.drain()
	err := s.smtp.Shutdown(ctx)
	if errors.Is(err, smtp.ErrServerClosed) {
		return nil
	}
	if ctx.Err() != nil {
		s.tracker.closeAll()
	}
	return err
}

func (s *Server) newSession(c *smtp.Conn) (smtp.Session, error) {
	conn := c.Conn()
	_, overTLS := c.TLSConnectionState()
	if t, ok := conn.(*tls.Conn); ok {
		conn = t.NetConn()
	}
	tracked, _ := conn.(*trackedConn)
	return &session{server: s, conn: tracked, helo: c.Hostname(), ip: remoteIP(conn.RemoteAddr()), tls: overTLS}, nil
}

// session is one client's dialogue. Its lock is needed because a message sent in chunks
// (BDAT) is read on another goroutine than commands.
type session struct {
	server *Server
	conn   *trackedConn
	helo   string
	ip     net.IP
	tls    bool

	mu      sync.Mutex
	from    string
	to      []string
	refused int
}

// mostRefused bounds how many addresses one client may try out.
const mostRefused = 20

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.from, s.to = from, nil
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.server.config.Accept(normalAddress(to)) {
		if err := s.admit(); err != nil {
			return err
		}
		s.to = append(s.to, to)
		return nil
	}
	if s.refused++; s.refused >= mostRefused && s.conn != nil {
		s.conn.expire()
	}
	return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "This server takes no mail for that address and relays none"}
}

// admit asks once a message whether its sender may send.
func (s *session) admit() error {
	if s.server.config.Admit == nil || len(s.to) > 0 {
		return nil
	}
	err := s.server.config.Admit(s.server.ctx, s.ip, s.from)
	if err == nil {
		return nil
	}
	return s.server.refuse(err, Envelope{RemoteIP: s.ip, From: s.from})
}

func (s *session) Data(r io.Reader) error {
	s.mu.Lock()
	e := Envelope{RemoteIP: s.ip, Helo: s.helo, From: s.from, To: append([]string(nil), s.to...), TLS: s.tls, ReceivedAt: s.server.config.Now()}
	s.mu.Unlock()
	if s.conn != nil {
		defer s.conn.working()()
	}
	var err error
	if e.Raw, err = io.ReadAll(r); err != nil {
		if errors.Is(err, smtp.ErrDataTooLarge) {
			return smtp.ErrDataTooLarge
		}
		return temporary("The message did not arrive whole")
	}
	return s.server.deliver(e)
}

func (s *Server) deliver(e Envelope) error {
	err := s.config.Deliver(s.ctx, e)
	if err == nil {
		return nil
	}
	return s.refuse(err, e)
}

// refuse puts into the words of SMTP why a message is not taken.
func (s *Server) refuse(err error, e Envelope) error {
	switch {
	case errors.Is(err, ErrTooLarge):
		return smtp.ErrDataTooLarge
	case errors.Is(err, ErrTooMuch):
		s.config.Logger.Info("too much mail of one sender", "from", e.From, "ip", e.RemoteIP.String())
		return &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 7, 1}, Message: "Too much mail from this sender today; more is taken tomorrow"}
	}
	s.config.Logger.Error("mail was not stored", "from", e.From, "ip", e.RemoteIP.String(), "bytes", len(e.Raw), "error", err)
	return temporary("The message could not be stored, please try again later")
}

func temporary(message string) error {
	return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: message}
}

func (s *session) Reset() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.from, s.to = "", nil
}

func (s *session) Logout() error { return nil }

func remoteIP(addr net.Addr) net.IP {
	host, _, err := net.SplitHostPort(addr.String())
	if err != nil {
		return nil
	}
	host, _, _ = strings.Cut(host, "%") // the zone of a link-local address
	return net.ParseIP(host)
}

// smtpLog hands the library's log lines on.
type smtpLog struct{ log *slog.Logger }

func (l smtpLog) Printf(format string, v ...any) {
	l.log.Info("smtp: " + strings.TrimSpace(fmt.Sprintf(format, v...)))
}

func (l smtpLog) Println(v ...any) { l.log.Info("smtp: " + strings.TrimSpace(fmt.Sprintln(v...))) }
