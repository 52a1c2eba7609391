-- +goose Up
-- Imports of tables of licences, in parts that are written one after the other.
CREATE TABLE bulk_import (
  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id), stage TEXT NOT NULL,
  moved_at TEXT NOT NULL, kept_until TEXT, body TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX bulk_import_once ON bulk_import (account) WHERE stage = 'importing';
CREATE INDEX bulk_import_account ON bulk_import (account, moved_at);
CREATE INDEX bulk_import_going ON bulk_import (moved_at) WHERE stage = 'importing';
CREATE INDEX bulk_import_kept ON bulk_import (kept_until) WHERE kept_until IS NOT NULL;
CREATE TABLE bulk_part (
  import TEXT NOT NULL REFERENCES bulk_import (id) ON DELETE CASCADE, number INTEGER NOT NULL, done INTEGER NOT NULL,
  body BLOB NOT NULL, PRIMARY KEY (import, number)) STRICT;
