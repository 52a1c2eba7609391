// Package identity answers one question: who is it? It keeps accounts, passwords, one-time
// links and sessions. What an account may do is not decided here: that follows from its
// roles, in registry and access.
//
// # An account's life
//
// SignUp makes an account that nobody can sign in to and mails a link. Confirm takes the
// link and the password chosen with it: the account is open. ImportEcas brings earlier ECAS
// accounts, which count as ours (the letter, L1): with a hash that we understand they sign
// in as before, by user name or address, and the hash is made anew at the first time;
// without one they set a password by mail. AskReset and Reset do that. Close ends it.
//
// Each change saves the row, appends an event and, where a mail must go out, hands a
// Mailing to Options.Post, all in one transaction: no mail without the change, no change
// without the mail. This room composes no mail and speaks no language.
//
// # What an outsider learns
//
// Nothing. Signing up with an address that has an account gives the same answer as with a
// new one; the mail tells the difference to whoever reads that mailbox. Signing in fails
// with one sentence whatever was wrong, after the same work: where there is no account, a
// password is compared with a hash of nothing. Tries are counted before they are judged,
// under the account (or the name typed, if there is none) and under the network they come
// from; too many, and the wait doubles.
//
// # What is secret
//
// One-time tokens and session tokens stand in the database as SHA-256 of 256 random bits:
// who reads the database cannot use them. Passwords stand there as argon2id (RFC 9106).
//
// # Other ways to sign in
//
// A Method finds the account from what a visitor brought. Password and the demonstration's
// signed links are the two there are; an outside OpenID provider or a passkey is one more.
package identity
