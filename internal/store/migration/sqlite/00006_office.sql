-- +goose Up
-- A licence is found by its customs office of clearance.
INSERT INTO licence_word (word, licence)
SELECT 'office:' || o.office, o.id FROM
  (SELECT id, upper(replace(replace(replace(json_extract(body, '$.Form.office'), ' ', ''), '-', ''), '.', '')) AS office FROM licence) o
WHERE o.office GLOB '[A-Z][A-Z][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9][A-Z0-9]' ON CONFLICT DO NOTHING;
