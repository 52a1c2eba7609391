-- +goose Up
-- Who is asked, as columns, so that everybody finds the questions that wait for him.
ALTER TABLE question ADD COLUMN addressee TEXT NOT NULL DEFAULT '';
ALTER TABLE question ADD COLUMN operator TEXT NOT NULL DEFAULT '';
ALTER TABLE question ADD COLUMN export TEXT NOT NULL DEFAULT '';
UPDATE question SET addressee = coalesce(json_extract(body, '$.To'), ''), operator = coalesce(json_extract(body, '$.Operator'), ''),
  export = coalesce(json_extract(body, '$.Export'), '');
CREATE INDEX question_asking ON question (country, state, deadline, id);
CREATE INDEX question_importer ON question (operator, state, deadline, id) WHERE addressee = 'importer';
CREATE INDEX question_issuing ON question (export, state, deadline, id) WHERE addressee = 'issuing';
