-- +goose Up
-- The names in a country's dossiers, each once, so that a part of one is looked for among few.
CREATE TABLE dossier_name (country TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
  PRIMARY KEY (country, kind, name)) STRICT, WITHOUT ROWID;
INSERT INTO dossier_name (country, kind, name) SELECT DISTINCT country, 'importer', importer FROM dossier WHERE importer <> '';
INSERT INTO dossier_name (country, kind, name) SELECT DISTINCT country, 'exporter', exporter FROM dossier WHERE exporter <> '';
INSERT INTO dossier_name (country, kind, name) SELECT DISTINCT country, 'issuing', issuing FROM dossier WHERE issuing <> '';
INSERT INTO dossier_name (country, kind, name) SELECT DISTINCT country, 'headings', headings FROM dossier WHERE headings <> '';
CREATE INDEX dossier_open_exporter ON dossier (country, exporter, lodged_at, licence, importer) WHERE standing <> 'decided';
CREATE INDEX dossier_open_issuing ON dossier (country, issuing, lodged_at, licence) WHERE standing <> 'decided';
CREATE INDEX dossier_open_headings ON dossier (country, headings, lodged_at, licence) WHERE standing <> 'decided';
CREATE INDEX dossier_decided_exporter ON dossier (country, exporter, lodged_at, licence, importer) WHERE standing = 'decided';
CREATE INDEX dossier_decided_issuing ON dossier (country, issuing, lodged_at, licence) WHERE standing = 'decided';
CREATE INDEX dossier_decided_headings ON dossier (country, headings, lodged_at, licence) WHERE standing = 'decided';
