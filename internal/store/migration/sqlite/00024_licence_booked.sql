-- +goose Up
-- A booking changes nothing of a licence but its version. Where that stands in a row of its own, a
-- commit of many bookings writes a few pages of small rows, not one page of text for each.
CREATE TABLE licence_booked (id TEXT PRIMARY KEY, version INTEGER NOT NULL) STRICT, WITHOUT ROWID;
