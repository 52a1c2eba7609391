-- +goose Up
-- What a competent authority asks the importer or the issuing country about a licence.
CREATE TABLE question (
  id TEXT PRIMARY KEY, licence TEXT NOT NULL REFERENCES licence (id), country TEXT NOT NULL, state TEXT NOT NULL,
  deadline TEXT NOT NULL, asked_at TEXT NOT NULL, reminded_at TEXT, version INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX question_licence ON question (licence, asked_at, id);
CREATE INDEX question_open ON question (deadline) WHERE state = 'open' AND reminded_at IS NULL;
