-- +goose Up
-- Imports of tables of licences, in parts that are written one after the other.
CREATE TABLE bulk_import (
  id text PRIMARY KEY, account text NOT NULL REFERENCES account (id), stage text NOT NULL,
  moved_at timestamptz NOT NULL, kept_until timestamptz, body text NOT NULL);
CREATE UNIQUE INDEX bulk_import_once ON bulk_import (account) WHERE stage = 'importing';
CREATE INDEX bulk_import_account ON bulk_import (account, moved_at);
CREATE INDEX bulk_import_going ON bulk_import (moved_at) WHERE stage = 'importing';
CREATE INDEX bulk_import_kept ON bulk_import (kept_until) WHERE kept_until IS NOT NULL;
CREATE TABLE bulk_part (
  import text NOT NULL REFERENCES bulk_import (id) ON DELETE CASCADE, number integer NOT NULL, done integer NOT NULL,
  body bytea NOT NULL, PRIMARY KEY (import, number));
