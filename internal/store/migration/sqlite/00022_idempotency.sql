-- +goose Up
-- An answer of two kilobytes in a table without row numbers lies on an overflow page of its own;
-- in one with them, rows follow each other. https://www.sqlite.org/withoutrowid.html section 4
CREATE TABLE kept_answer (
  credential TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, answer BLOB,
  expires_at TEXT NOT NULL, PRIMARY KEY (credential, key)) STRICT;
INSERT INTO kept_answer SELECT credential, key, request, answer, expires_at FROM idempotency;
DROP TABLE idempotency;
ALTER TABLE kept_answer RENAME TO idempotency;
CREATE INDEX idempotency_expires ON idempotency (expires_at);
