-- +goose Up
-- A decided dossier tells whether its licence is accepted: rejected ones stood among the decided of
-- the calendar of arrivals as if their goods might come in. They are few, and counted by themselves.
ALTER TABLE dossier ADD COLUMN unaccepted integer NOT NULL DEFAULT 0;
UPDATE dossier SET unaccepted = 1 FROM licence l WHERE l.id = dossier.licence AND dossier.standing = 'decided' AND l.state IN ('rejected', 'withdrawn', 'acceptance_withdrawn');
CREATE INDEX dossier_unaccepted ON dossier (country, lodged_at, licence) WHERE unaccepted = 1;
CREATE INDEX dossier_unaccepted_arrival ON dossier (country, arrival) WHERE unaccepted = 1;
