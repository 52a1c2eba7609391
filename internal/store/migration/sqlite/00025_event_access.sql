-- +goose Up
-- SQLite keeps a list of three or more values in a table of its own, which it made anew for each event
-- that was written, to see whether it belongs into this index. Comparisons cost nothing.
DROP INDEX event_access;
CREATE INDEX event_access ON event (seq) WHERE noun = 'account' OR noun = 'authorisation' OR noun = 'api_token';
