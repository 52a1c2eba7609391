-- +goose Up
-- How far a licence is used is in the index that customs' lists are read by, so that licences
-- are passed over without reading their rows.
DROP INDEX licence_open;
CREATE INDEX licence_open ON licence (country, expires, id, used) WHERE state = 'accepted' AND used <> 'used_up';
