-- +goose Up
-- What a competent authority asks the importer or the issuing country about a licence.
CREATE TABLE question (
  id text PRIMARY KEY, licence text NOT NULL REFERENCES licence (id), country text NOT NULL, state text NOT NULL,
  deadline text NOT NULL, asked_at timestamptz NOT NULL, reminded_at timestamptz, version bigint NOT NULL, body text NOT NULL);
CREATE INDEX question_licence ON question (licence, asked_at, id);
CREATE INDEX question_open ON question (deadline) WHERE state = 'open' AND reminded_at IS NULL;
