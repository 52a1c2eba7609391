package flegt

import (
	"errors"
	"fmt"
)

// Kind says what sort of refusal an Error is. Doors turn it into a status: a page, a
// problem document (RFC 9457), an exit code or a reply to a mail.
type Kind int

const (
	// Internal is everything without a kind: its text is logged, never shown.
	Internal Kind = iota
	// Invalid: what was entered breaks a rule; Boxes says which box.
	Invalid
	// NotFound: it does not exist, or the actor may not know that it does.
	NotFound
	// Forbidden: the actor sees the thing but may not do this to it.
	Forbidden
	// Conflict: somebody else changed it meanwhile, or it already exists.
	Conflict
	// Refused: the rules of the scheme say no (not accepted, expired, not enough left).
	Refused
	// TooMany: slowed down; try again later.
	TooMany
	// TooLarge: more bytes than the limit.
	TooLarge
)

// Args are the values that stand in a sentence, by name. A Date, Quantity, Country or
// other word of this package is written in the reader's language by wording.
type Args map[string]any

// Error is a refusal that a person will read. Key names the sentence in the locale
// files; Cause is for the log alone. It is made where the rule is known.
type Error struct {
	Kind  Kind
	Key   string
	Args  Args
	Boxes []BoxError
	Cause error
}

// BoxError is one sentence about one box of a form or one field of a body. Box is the
// field's name as the form posts it ("number", "goods.2.hs").
type BoxError struct {
	Box  string
	Key  string
	Args Args
}

// Error gives the text for logs: the key, the arguments and the cause.
func (e *Error) Error() string {
	s := e.Key
	if len(e.Args) > 0 {
		s += fmt.Sprintf(" %v", map[string]any(e.Args))
	}
	for _, b := range e.Boxes {
		s += fmt.Sprintf("; %s: %s", b.Box, b.Key)
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap gives the cause.
func (e *Error) Unwrap() error { return e.Cause }

// Refuse makes an Error of a kind with a sentence.
func Refuse(kind Kind, key string, args Args) *Error {
	return &Error{Kind: kind, Key: key, Args: args}
}

// Missing is the answer to whoever asks for what is not there, or not for him.
func Missing() *Error { return &Error{Kind: NotFound, Key: "error.not_found"} }

// InvalidBoxes makes one Error of what is wrong in each box; nil when nothing is.
func InvalidBoxes(boxes []BoxError) error {
	if len(boxes) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "error.boxes", Args: Args{"Count": len(boxes)}, Boxes: boxes}
}

// KindOf gives an error's kind; Internal when it has none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
