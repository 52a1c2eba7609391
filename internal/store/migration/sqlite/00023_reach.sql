-- +goose Up
-- How many licences are expected in a country on a day, decided and not, is kept as a sum: the
-- calendar of arrivals had counted tens of thousands of entries of an index for six weeks.
CREATE TABLE dossier_day (country TEXT NOT NULL, arrival TEXT NOT NULL, decided INTEGER NOT NULL, dossiers INTEGER NOT NULL,
  PRIMARY KEY (country, arrival, decided)) STRICT, WITHOUT ROWID;
INSERT INTO dossier_day SELECT country, arrival, standing = 'decided', count(*) FROM dossier WHERE arrival <> '' GROUP BY 1, 2, 3;
-- +goose StatementBegin
CREATE TRIGGER dossier_day_new AFTER INSERT ON dossier WHEN NEW.arrival <> '' BEGIN
  INSERT INTO dossier_day VALUES (NEW.country, NEW.arrival, NEW.standing = 'decided', 1)
    ON CONFLICT (country, arrival, decided) DO UPDATE SET dossiers = dossiers + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dossier_day_changed AFTER UPDATE OF country, standing, arrival ON dossier
WHEN (OLD.country, OLD.arrival, OLD.standing = 'decided') IS NOT (NEW.country, NEW.arrival, NEW.standing = 'decided') BEGIN
  UPDATE dossier_day SET dossiers = dossiers - 1 WHERE country = OLD.country AND arrival = OLD.arrival AND decided = (OLD.standing = 'decided');
  INSERT INTO dossier_day SELECT NEW.country, NEW.arrival, NEW.standing = 'decided', 1 WHERE NEW.arrival <> ''
    ON CONFLICT (country, arrival, decided) DO UPDATE SET dossiers = dossiers + 1;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER dossier_day_gone AFTER DELETE ON dossier BEGIN
  UPDATE dossier_day SET dossiers = dossiers - 1 WHERE country = OLD.country AND arrival = OLD.arrival AND decided = (OLD.standing = 'decided');
END;
-- +goose StatementEnd
-- Requests with and without a mail are counted by index; their texts had been searched.
CREATE INDEX authorisation_mail ON authorisation (status, (min(instr(body, '"MailKept":true'), 1)), requested_at, id);
