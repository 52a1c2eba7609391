-- +goose Up
-- A licence is found by its customs office of clearance.
INSERT INTO licence_word (word, licence)
SELECT 'office:' || o.office, o.id FROM
  (SELECT id, upper(regexp_replace(body::json -> 'Form' ->> 'office', '[ .-]', '', 'g')) AS office FROM licence) o
WHERE o.office ~ '^[A-Z]{2}[A-Z0-9]{6}$' ON CONFLICT DO NOTHING;
