-- +goose Up
-- A decided dossier tells whether its licence is accepted: rejected ones stood among the decided of
-- the calendar of arrivals as if their goods might come in. The kind of a day's sum is 0 for what
-- is not decided, 1 for what is decided and accepted, 2 for what is decided otherwise.
ALTER TABLE dossier ADD COLUMN unaccepted INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER dossier_day_changed;
DROP TRIGGER dossier_day_gone;
DROP TRIGGER dossier_day_new;
DROP TABLE dossier_day;
UPDATE dossier SET unaccepted = 1 WHERE standing = 'decided' AND licence IN (SELECT id FROM licence WHERE state IN ('rejected', 'withdrawn', 'acceptance_withdrawn'));
CREATE INDEX dossier_unaccepted ON dossier (country, lodged_at, licence) WHERE unaccepted = 1;
CREATE TABLE dossier_day (country TEXT NOT NULL, arrival TEXT NOT NULL, kind INTEGER NOT NULL, dossiers INTEGER NOT NULL,
  PRIMARY KEY (country, arrival, kind)) STRICT, WITHOUT ROWID;
INSERT INTO dossier_day SELECT country, arrival, (standing = 'decided') + unaccepted, count(*) FROM dossier WHERE arrival <> '' GROUP BY 1, 2, 3;
-- +goose StatementBegin
CREATE TRIGGER dossier_day_new AFTER INSERT ON dossier WHEN NEW.arrival <> '' BEGIN
  INSERT INTO dossier_day VALUES (NEW.country, NEW.arrival, (NEW.standing = 'decided') + NEW.unaccepted, 1)
    ON CONFLICT (country, arrival, kind) DO UPDATE SET dossiers = dossiers + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dossier_day_changed AFTER UPDATE OF country, standing, arrival, unaccepted ON dossier
WHEN (OLD.country, OLD.arrival, (OLD.standing = 'decided') + OLD.unaccepted) IS NOT (NEW.country, NEW.arrival, (NEW.standing = 'decided') + NEW.unaccepted) BEGIN
  UPDATE dossier_day SET dossiers = dossiers - 1 WHERE country = OLD.country AND arrival = OLD.arrival AND kind = (OLD.standing = 'decided') + OLD.unaccepted;
  INSERT INTO dossier_day SELECT NEW.country, NEW.arrival, (NEW.standing = 'decided') + NEW.unaccepted, 1 WHERE NEW.arrival <> ''
    ON CONFLICT (country, arrival, kind) DO UPDATE SET dossiers = dossiers + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dossier_day_gone AFTER DELETE ON dossier BEGIN
  UPDATE dossier_day SET dossiers = dossiers - 1 WHERE country = OLD.country AND arrival = OLD.arrival AND kind = (OLD.standing = 'decided') + OLD.unaccepted;
END;
-- +goose StatementEnd
