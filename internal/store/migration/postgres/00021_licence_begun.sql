-- +goose Up
-- What is booked under a licence can come when it has expired: those are found without passing
-- over all that expired unused.
CREATE INDEX licence_begun ON licence (country, expires, id) WHERE state = 'accepted' AND used = 'begun';
