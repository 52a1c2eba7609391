-- +goose Up
-- How far a licence is used, for the lists of customs: '', 'begun' or 'used_up'. It follows
-- from the ledger; what is not used up of the accepted ones is soon a small part of all.
ALTER TABLE licence ADD COLUMN used TEXT NOT NULL DEFAULT '';
CREATE INDEX licence_open ON licence (country, expires, id) WHERE state = 'accepted' AND used <> 'used_up';
CREATE INDEX licence_used_up ON licence (country, expires, id) WHERE used = 'used_up';
