-- +goose Up
-- Who is asked, as columns, so that everybody finds the questions that wait for him.
ALTER TABLE question ADD COLUMN addressee text NOT NULL DEFAULT '';
ALTER TABLE question ADD COLUMN operator text NOT NULL DEFAULT '';
ALTER TABLE question ADD COLUMN export text NOT NULL DEFAULT '';
UPDATE question SET addressee = coalesce(body::jsonb ->> 'To', ''), operator = coalesce(body::jsonb ->> 'Operator', ''),
  export = coalesce(body::jsonb ->> 'Export', '');
CREATE INDEX question_asking ON question (country, state, deadline, id);
CREATE INDEX question_importer ON question (operator, state, deadline, id) WHERE addressee = 'importer';
CREATE INDEX question_issuing ON question (export, state, deadline, id) WHERE addressee = 'issuing';
