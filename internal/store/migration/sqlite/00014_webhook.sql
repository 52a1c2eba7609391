-- +goose Up
-- Webhooks, their secrets (sealed), and the queue and log of what each is told.
CREATE TABLE webhook (
  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id),
  authorisation TEXT NOT NULL REFERENCES authorisation (id), state TEXT NOT NULL, version INTEGER NOT NULL,
  since INTEGER NOT NULL DEFAULT 0, failing_since TEXT, claimed_until TEXT, next_at TEXT, body TEXT NOT NULL) STRICT;
CREATE INDEX webhook_authorisation ON webhook (authorisation, id);
CREATE INDEX webhook_active ON webhook (id) WHERE state = 'active';
CREATE INDEX webhook_due ON webhook (next_at) WHERE state = 'active' AND next_at IS NOT NULL;
CREATE TABLE webhook_secret (
  webhook TEXT NOT NULL REFERENCES webhook (id), version INTEGER NOT NULL, sealed TEXT NOT NULL, until TEXT,
  PRIMARY KEY (webhook, version)) STRICT, WITHOUT ROWID;
CREATE TABLE webhook_delivery (
  id TEXT PRIMARY KEY, webhook TEXT NOT NULL REFERENCES webhook (id), seq INTEGER NOT NULL, state TEXT NOT NULL,
  apart INTEGER NOT NULL, next_at TEXT, created_at TEXT NOT NULL, body TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (webhook, seq) WHERE seq > 0;
CREATE INDEX webhook_delivery_log ON webhook_delivery (webhook, id);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook, apart, seq) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_age ON webhook_delivery (created_at);
