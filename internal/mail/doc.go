// Package mail reads and sends e-mail. It knows nothing of licences or roles: what a mail
// asks for is decided elsewhere.
//
// A mail is text that anybody can write, and most of what it says about itself is
// unproven. Three things help to read this package:
//
//   - The envelope (RFC 5321: MAIL FROM, RCPT TO, who connected) and the header (RFC 5322:
//     From, To, Cc) are two papers. Nothing makes them agree; Authenticate says how far
//     they do (SPF, DKIM, DMARC).
//   - What arrives is kept raw before it is read. Read never fails on a mail that a
//     mail program would still show; what it could not make out stands in Problems.
//   - A program that answers mail can be made to answer itself. Message.Automatic and
//     AuthResults.MayAnswer say when to keep silent (RFC 3834).
package mail
