-- +goose Up
-- The competent authority's own work on a lodged licence, and officers' saved views of it.
CREATE TABLE dossier (
  id TEXT PRIMARY KEY, licence TEXT NOT NULL UNIQUE REFERENCES licence (id), country TEXT NOT NULL,
  standing TEXT NOT NULL, officer TEXT NOT NULL, lodged_at TEXT NOT NULL, arrival TEXT NOT NULL,
  importer TEXT NOT NULL, exporter TEXT NOT NULL, issuing TEXT NOT NULL, headings TEXT NOT NULL,
  warnings INTEGER NOT NULL, closed_at TEXT, version INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX dossier_queue ON dossier (country, standing, lodged_at);
CREATE INDEX dossier_officer ON dossier (officer, standing, lodged_at);
CREATE INDEX dossier_arrival ON dossier (country, standing, arrival);
CREATE TABLE saved_view (account TEXT NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL,
  PRIMARY KEY (account, name)) STRICT, WITHOUT ROWID;
