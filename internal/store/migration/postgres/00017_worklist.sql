-- +goose Up
-- Every order of a work list has an index, for what is not decided and for what is.
CREATE INDEX dossier_open_arrival ON dossier (country, (CASE WHEN arrival = '' THEN '9' ELSE arrival END), licence) WHERE standing <> 'decided';
CREATE INDEX dossier_open_importer ON dossier (country, importer, licence) WHERE standing <> 'decided';
CREATE INDEX dossier_open_warnings ON dossier (country, warnings, licence) WHERE standing <> 'decided';
CREATE INDEX dossier_decided ON dossier (country, lodged_at, licence) WHERE standing = 'decided';
CREATE INDEX dossier_decided_arrival ON dossier (country, (CASE WHEN arrival = '' THEN '9' ELSE arrival END), licence) WHERE standing = 'decided';
CREATE INDEX dossier_decided_importer ON dossier (country, importer, licence) WHERE standing = 'decided';
CREATE INDEX dossier_decided_warnings ON dossier (country, warnings, licence) WHERE standing = 'decided';
