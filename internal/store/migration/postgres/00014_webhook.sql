-- +goose Up
-- Webhooks, their secrets (sealed), and the queue and log of what each is told.
CREATE TABLE webhook (
  id text PRIMARY KEY, account text NOT NULL REFERENCES account (id),
  authorisation text NOT NULL REFERENCES authorisation (id), state text NOT NULL, version integer NOT NULL,
  since bigint NOT NULL DEFAULT 0, failing_since timestamptz, claimed_until timestamptz, next_at timestamptz, body text NOT NULL);
CREATE INDEX webhook_authorisation ON webhook (authorisation, id);
CREATE INDEX webhook_active ON webhook (id) WHERE state = 'active';
CREATE INDEX webhook_due ON webhook (next_at) WHERE state = 'active' AND next_at IS NOT NULL;
CREATE TABLE webhook_secret (
  webhook text NOT NULL REFERENCES webhook (id), version integer NOT NULL, sealed text NOT NULL, until timestamptz,
  PRIMARY KEY (webhook, version));
CREATE TABLE webhook_delivery (
  id text PRIMARY KEY, webhook text NOT NULL REFERENCES webhook (id), seq bigint NOT NULL, state text NOT NULL,
  apart integer NOT NULL, next_at timestamptz, created_at timestamptz NOT NULL, body text NOT NULL);
CREATE UNIQUE INDEX webhook_delivery_once ON webhook_delivery (webhook, seq) WHERE seq > 0;
CREATE INDEX webhook_delivery_log ON webhook_delivery (webhook, id);
CREATE INDEX webhook_delivery_waiting ON webhook_delivery (webhook, apart, seq) WHERE state = 'waiting';
CREATE INDEX webhook_delivery_age ON webhook_delivery (created_at);
