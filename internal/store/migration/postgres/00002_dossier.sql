-- +goose Up
-- The competent authority's own work on a lodged licence, and officers' saved views of it.
CREATE TABLE dossier (
  id text PRIMARY KEY, licence text NOT NULL UNIQUE REFERENCES licence (id), country text NOT NULL,
  standing text NOT NULL, officer text NOT NULL, lodged_at timestamptz NOT NULL, arrival text NOT NULL,
  importer text NOT NULL, exporter text NOT NULL, issuing text NOT NULL, headings text NOT NULL,
  warnings bigint NOT NULL, closed_at timestamptz, version bigint NOT NULL, body text NOT NULL);
CREATE INDEX dossier_queue ON dossier (country, standing, lodged_at);
CREATE INDEX dossier_officer ON dossier (officer, standing, lodged_at);
CREATE INDEX dossier_arrival ON dossier (country, standing, arrival);
CREATE TABLE saved_view (account text NOT NULL, name text NOT NULL, query text NOT NULL,
  PRIMARY KEY (account, name));
