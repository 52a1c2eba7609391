-- +goose Up
-- Specimens of the issuing bodies' stamps, signatures and forms.
CREATE TABLE specimen (
  id text PRIMARY KEY, country text NOT NULL, issuer text NOT NULL, valid_from text NOT NULL,
  version bigint NOT NULL, body text NOT NULL);
CREATE INDEX specimen_issuer ON specimen (country, issuer, valid_from);
