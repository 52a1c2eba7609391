package flegt

import "time"

// LetterState is where an outgoing mail stands.
type LetterState string

// The states of a letter. Kept means that no relay is configured: it lies in the mailbox.
const (
	LetterQueued  LetterState = "queued"
	LetterSent    LetterState = "sent"
	LetterFailed  LetterState = "failed"
	LetterKept    LetterState = "kept"
	LetterBounced LetterState = "bounced"
)

// Letter is an outgoing mail with its delivery state.
type Letter struct {
	ID        string
	Seq       int64  // of the event that it tells of; 0 when it tells of none
	Account   string // whom it is for; empty for an authority's mailbox
	Kind      string
	Lang      string
	To        string
	Subject   string
	Text      string
	HTML      string
	MessageID string
	InReplyTo string
	Question  string `json:",omitempty"` // that a reply to it answers; its id
	Automatic bool   // Auto-Submitted: auto-replied instead of auto-generated (RFC 3834)
	Secret    bool   // holds a one-time link: its text is dropped once it is sent
	Topic     string `json:",omitempty"` // of the choice whether one wants it; empty when there is none
	State     LetterState
	Attempts  int
	LastError string
	CreatedAt time.Time
	NextAt    time.Time // when it is tried next; zero when it is not
	SentAt    time.Time
}

// LetterStates are all states of a letter, in the order in which they are offered.
var LetterStates = []LetterState{LetterQueued, LetterSent, LetterBounced, LetterFailed, LetterKept}

// Bounced notes that the letter came back. It changes nothing for one that is known not to
// have arrived, and says so.
func (l *Letter) Bounced(reason string) bool {
	if l.State == LetterBounced || l.State == LetterFailed {
		return false
	}
	l.State, l.LastError, l.NextAt = LetterBounced, reason, time.Time{}
	return true
}

// Retry puts the letter back into the queue, to be tried now and for days again.
func (l *Letter) Retry(now time.Time) error {
	switch {
	case l.State == LetterSent:
		return Refuse(Conflict, "letter.retry.sent", nil)
	case l.Text == "":
		return Refuse(Conflict, "letter.retry.secret", nil) // the one-time link in it is gone
	}
	l.State, l.Attempts, l.NextAt = LetterQueued, 0, now
	return nil
}

// Notification is what the application shows an account of an event that concerns it.
type Notification struct {
	Account string
	Seq     int64
	At      time.Time
	Topic   string // "licence", "authorisation", "clearance"
	Key     string // of the sentence
	Args    Args
	Path    string // page that shows the thing
	Read    bool
}

// IncomingMail is a mail that came in, as it was stored before it was acknowledged, with
// what was found in it.
type IncomingMail struct {
	ID         string
	ReceivedAt time.Time
	SHA256     string
	MessageID  string
	// Fingerprint is the same for the same mail coming by another way; it stands in for a
	// Message-ID that is missing.
	Fingerprint   string
	RemoteIP      string
	Helo          string
	EnvelopeFrom  string
	From          string
	To            []string
	Cc            []string
	Subject       string
	Text          string
	Auth          map[string]string // results of SPF, DKIM and DMARC
	Automatic     bool
	EnvelopeTo    []string // whom the envelope names; empty for a mail from a pipe that does not know
	Letter        string   // the letter of ours that came back with it
	Outcome       string   // "kept", "broken", "unknown_sender", "nothing_pending", "duplicate", "automatic", "bounce", "delayed", "other_address", "answer", "empty", "unreadable"
	Authorisation string   // the request it was about
	Question      string   `json:",omitempty"` // the question it answers
	Verdicts      []RuleVerdict
	Handled       bool
}
