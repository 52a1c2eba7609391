-- +goose Up
CREATE TABLE api_token (
  id text PRIMARY KEY, account text NOT NULL REFERENCES account (id),
  authorisation text NOT NULL REFERENCES authorisation (id), hash text NOT NULL UNIQUE,
  version integer NOT NULL, used_at timestamptz, body text NOT NULL);
CREATE INDEX api_token_account ON api_token (account);
CREATE TABLE api_access (hash text PRIMARY KEY, token text NOT NULL REFERENCES api_token (id),
  scopes text NOT NULL, expires_at timestamptz NOT NULL);
CREATE INDEX api_access_expires ON api_access (expires_at);
CREATE TABLE idempotency (
  credential text NOT NULL, key text NOT NULL, request text NOT NULL, answer bytea,
  expires_at timestamptz NOT NULL, PRIMARY KEY (credential, key));
CREATE INDEX idempotency_expires ON idempotency (expires_at);
CREATE INDEX event_access ON event (seq) WHERE noun IN ('account', 'authorisation', 'api_token');
