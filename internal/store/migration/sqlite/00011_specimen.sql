-- +goose Up
-- Specimens of the issuing bodies' stamps, signatures and forms.
CREATE TABLE specimen (
  id TEXT PRIMARY KEY, country TEXT NOT NULL, issuer TEXT NOT NULL, valid_from TEXT NOT NULL,
  version INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX specimen_issuer ON specimen (country, issuer, valid_from);
