package flegt

import "time"

// Noun names what an event is about.
type Noun string

// The nouns of the event log.
const (
	NounAccount       Noun = "account"
	NounOperator      Noun = "operator"
	NounAuthority     Noun = "authority"
	NounAuthorisation Noun = "authorisation"
	NounMail          Noun = "mail"
	NounLicence       Noun = "licence"
	NounDossier       Noun = "dossier" // the authority's own; never shown to operators and customs
	NounQuestion      Noun = "question"
	NounLetter        Noun = "letter"
	NounReference     Noun = "reference"
	NounAPIToken      Noun = "api_token"
)

// Nouns lists every noun of the event log.
var Nouns = []Noun{NounAccount, NounOperator, NounAuthority, NounAuthorisation, NounMail, NounLicence, NounDossier, NounQuestion,
	NounLetter, NounReference, NounAPIToken, NounSpecimen, NounWebhook}

// Event is one line of the log that is audit trail, outbox and source of the proofs at
// once. It names people and bodies by id and holds no contact data (GDPR art. 5(1)(c)).
type Event struct {
	Seq      int64 // without gaps, from 1; given by the store
	At       time.Time
	Account  string // who; empty for the system
	Role     Role   // in which role
	Body     string // for which body
	Noun     Noun
	NounID   string
	Verb     string // "submitted", "accepted" …
	Country  string // of the authority concerned, for scoping
	Operator string // the operator concerned, for scoping
	Version  int    // the noun's version after the event
	State    string // the noun's state after the event
	RowHash  string // SHA-256 of the noun's row after the event, hex; verify compares it
	Data     map[string]any
}

// NewEvent starts an event of an actor about a noun. The store adds Seq and RowHash.
func NewEvent(by Actor, at time.Time, noun Noun, id, verb string) Event {
	return Event{At: at.UTC(), Account: by.Account, Role: by.Role, Body: by.Body, Noun: noun, NounID: id, Verb: verb, Data: map[string]any{}}
}

// With adds a fact to the event.
func (e Event) With(name string, value any) Event {
	e.Data[name] = value
	return e
}
