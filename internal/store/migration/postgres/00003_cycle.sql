-- +goose Up
-- Licences that the issuing country puts in; a number stands here once, claimed or not.
ALTER TABLE licence ADD COLUMN origin TEXT NOT NULL DEFAULT 'paper';
DROP INDEX licence_lodged_once;
CREATE UNIQUE INDEX licence_lodged_once ON licence (number_key)
  WHERE state IN ('issued', 'submitted', 'returned', 'accepted', 'acceptance_withdrawn') OR origin = 'electronic' AND state = 'draft';
CREATE INDEX licence_export ON licence (export, updated_at DESC);
