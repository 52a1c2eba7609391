-- +goose Up
-- Looks are found by thousands of events: an index by licence made each look write a page of
-- its own somewhere in it.
DROP INDEX event_noun;
CREATE INDEX event_noun ON event (noun_id, seq) WHERE verb <> 'looked_up';
CREATE INDEX event_look ON event ((seq >> 10), noun_id) WHERE verb = 'looked_up';
