// Package flegt holds the words of the FLEGT licensing scheme: licence, goods line,
// operator, authority, authorisation, declaration, movement, actor, event, quantity. It
// holds their rules too: which state follows which, what a box of the form must contain,
// who has used how much. It reads no file, asks no clock and opens no connection; whoever
// calls it brings the day and the facts. Every other room speaks in these words.
//
// The law is cited where it is obeyed; docs/law.md lists the citations.
package flegt
