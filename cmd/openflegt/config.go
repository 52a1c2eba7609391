package main

// Config is every setting of the running program. The zero value works: defaults are
// filled in. The comments here are the manual that "openflegt help config" prints.
type Config struct {
	// The address to take web requests on, host:port. Keep it on the machine itself and
	// put a web server that speaks TLS in front of it.
	Listen string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" env:"OPENFLEGT_LISTEN"`

	// The address to take e-mail on, host:port; "off" takes none. Only mail to the Support
	// Team's address and to the sender's address of letters is taken, all else is refused.
	SMTP string `name:"smtp" default:"127.0.0.1:2525" placeholder:"HOST:PORT" env:"OPENFLEGT_SMTP"`

	Place

	// Where outgoing e-mail goes: smtp://HOST:PORT, with STARTTLS when the server offers it,
	// or smtps://HOST:PORT; a user and a password may stand before the host. Without a relay
	// letters are kept in the registry and nobody outside is written to.
	Relay string `placeholder:"smtp://HOST:PORT" env:"OPENFLEGT_RELAY"`

	// The sender's address on outgoing e-mail; empty means the Support Team's address.
	From string `placeholder:"ADDRESS" env:"OPENFLEGT_FROM"`

	// The address under which people open the pages, as links in letters name it. With
	// https cookies are only sent over https. Empty means http:// and the listen address.
	BaseURL string `name:"base-url" placeholder:"URL" env:"OPENFLEGT_BASE_URL"`

	// Where the Support Team takes mail: the address that role requests must be sent to.
	SupportAddress string `default:"sante-traces@ec.europa.eu" placeholder:"ADDRESS" env:"OPENFLEGT_SUPPORT_ADDRESS"`

	// The name under which the mail server greets; empty means the host of the base URL.
	Hostname string `placeholder:"NAME" env:"OPENFLEGT_HOSTNAME"`

	// How many e-mails are taken in a day of one sender, an e-mail counting once for each
	// megabyte begun, so that nobody fills the disk; five times as many from one network. Below
	// 0 there is no limit.
	MailsPerDay int `default:"500" placeholder:"NUMBER" env:"OPENFLEGT_MAILS_PER_DAY"`

	// The certificate, in PEM, with which the mail server offers STARTTLS. A renewed one
	// counts at once.
	TLSCert string `name:"tls-cert" placeholder:"FILE" env:"OPENFLEGT_TLS_CERT"`

	// The private key of the certificate, in PEM.
	TLSKey string `name:"tls-key" placeholder:"FILE" env:"OPENFLEGT_TLS_KEY"`

	// Whether SPF, DKIM and DMARC of incoming mail are looked up in the DNS: "on" or "off".
	// With "off", and where no DNS answers, mail counts as not checked.
	DNS string `name:"dns" enum:"on,off" default:"on" placeholder:"on|off" env:"OPENFLEGT_DNS"`

	// The clamd that looks at every scan for viruses: tcp://HOST:3310 or unix:/PATH of its
	// socket. While it does not answer no scan is taken. Empty looks at none.
	Clamd string `placeholder:"tcp://HOST:3310" env:"OPENFLEGT_CLAMD"`

	// How many requests a program may make in a minute with one token or client; below 0
	// there is no limit. Requests without a token are limited by address to 60 a minute,
	// unless there is no limit at all.
	APIRate int `name:"api-rate" default:"1200" placeholder:"NUMBER" env:"OPENFLEGT_API_RATE"`

	// Lets webhooks use plain http and addresses outside the public Internet, for tests and
	// where all receivers are on a network of one's own.
	WebhooksAllowPrivate bool `name:"webhooks-allow-private" default:"false" placeholder:"true" env:"OPENFLEGT_WEBHOOKS_ALLOW_PRIVATE"`

	// The file of the key with which the secrets of webhooks are sealed: 32 bytes in base64.
	// Several nodes on one database need the same. Empty means secret.key in the data folder,
	// which is made when it is missing; keep a copy of it apart from the backups.
	SecretKey string `name:"secret-key" placeholder:"FILE" env:"OPENFLEGT_SECRET_KEY"`

	// What is written to standard error: debug, info, warn or error.
	LogLevel string `enum:"debug,info,warn,error" default:"info" placeholder:"LEVEL" env:"OPENFLEGT_LOG_LEVEL"`

	// How long requests and mails in flight may take to finish when the program is told to
	// stop, such as 20s.
	StopWithin string `default:"20s" placeholder:"TIME" env:"OPENFLEGT_STOP_WITHIN"`
}

// Place is where the registry is kept. Every subcommand that opens it takes these.
type Place struct {
	// The folder of the registry: its database (unless --database names one), the scans of
	// licences and other files. It is made when it is missing.
	Data string `placeholder:"DIR" env:"OPENFLEGT_DATA"`

	// The PostgreSQL database to use, postgres://USER@HOST/NAME. Empty means the embedded
	// SQLite in the data folder.
	Database string `placeholder:"postgres://…" env:"OPENFLEGT_DATABASE"`

	// The bucket that takes the scans, of S3 or what speaks like it:
	// s3://BUCKET?region=REGION, and &endpoint=https://HOST&use_path_style=true for a host of
	// one's own. Keys are taken from AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. Empty means
	// files in the data folder; what lies there is still found, and is moved to the bucket.
	Scans string `placeholder:"s3://BUCKET" env:"OPENFLEGT_SCANS"`
}

// defaultData is the data folder of "serve" when none is named.
const defaultData = "openflegt-data"
