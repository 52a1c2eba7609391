-- +goose Up
-- Programs: tokens and clients, the access tokens of clients, and answers kept so that a
-- request sent twice is carried out once.
CREATE TABLE api_token (
  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id),
  authorisation TEXT NOT NULL REFERENCES authorisation (id), hash TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL, used_at TEXT, body TEXT NOT NULL) STRICT;
CREATE INDEX api_token_account ON api_token (account);
CREATE TABLE api_access (hash TEXT PRIMARY KEY, token TEXT NOT NULL REFERENCES api_token (id),
  scopes TEXT NOT NULL, expires_at TEXT NOT NULL) STRICT;
CREATE INDEX api_access_expires ON api_access (expires_at);
CREATE TABLE idempotency (
  credential TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, answer BLOB,
  expires_at TEXT NOT NULL, PRIMARY KEY (credential, key)) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_expires ON idempotency (expires_at);
-- Whether anybody's right to act has changed is asked often: one look at the end of this.
CREATE INDEX event_access ON event (seq) WHERE noun IN ('account', 'authorisation', 'api_token');
