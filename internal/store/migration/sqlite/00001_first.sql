-- +goose Up
-- A noun's row: its JSON body, and the columns it is searched and sorted by.
CREATE TABLE head (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL) STRICT;
INSERT INTO head VALUES (1, 0);

CREATE TABLE account (
  id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, ecas TEXT NOT NULL DEFAULT '',
  version INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE UNIQUE INDEX account_ecas ON account (ecas) WHERE ecas <> '';

CREATE TABLE token (
  hash TEXT PRIMARY KEY, purpose TEXT NOT NULL, account TEXT NOT NULL REFERENCES account (id),
  expires_at TEXT NOT NULL) STRICT;
CREATE TABLE session (token TEXT PRIMARY KEY, data BLOB NOT NULL, expires_at TEXT NOT NULL) STRICT;
CREATE INDEX session_expires ON session (expires_at);
CREATE TABLE throttle (key TEXT PRIMARY KEY, count INTEGER NOT NULL, until TEXT NOT NULL) STRICT;
CREATE TABLE setting (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE operator (
  id TEXT PRIMARY KEY, country TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
  town TEXT NOT NULL, postcode TEXT NOT NULL, section TEXT NOT NULL,
  version INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX operator_country ON operator (country, folded);
CREATE TABLE operator_identifier (
  operator TEXT NOT NULL REFERENCES operator (id), kind TEXT NOT NULL, value TEXT NOT NULL,
  PRIMARY KEY (operator, kind, value)) STRICT;
CREATE INDEX operator_identifier_value ON operator_identifier (value);
CREATE TABLE operator_gram (gram TEXT NOT NULL, operator TEXT NOT NULL REFERENCES operator (id),
  PRIMARY KEY (gram, operator)) STRICT, WITHOUT ROWID;

CREATE TABLE authority (
  id TEXT PRIMARY KEY, role TEXT NOT NULL, country TEXT NOT NULL,
  version INTEGER NOT NULL, body TEXT NOT NULL) STRICT;

CREATE TABLE authorisation (
  id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES account (id), role TEXT NOT NULL,
  body_id TEXT NOT NULL, country TEXT NOT NULL, status TEXT NOT NULL, requested_at TEXT NOT NULL,
  version INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX authorisation_account ON authorisation (account);
CREATE INDEX authorisation_body ON authorisation (body_id, status);
CREATE INDEX authorisation_queue ON authorisation (status, requested_at);
CREATE UNIQUE INDEX authorisation_once ON authorisation (account, role, body_id)
  WHERE status IN ('requested', 'approved');

CREATE TABLE incoming_mail (
  id TEXT PRIMARY KEY, received_at TEXT NOT NULL, sha256 TEXT NOT NULL,
  message_id TEXT NOT NULL, handled INTEGER NOT NULL, authorisation TEXT NOT NULL,
  raw BLOB NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX incoming_mail_sha ON incoming_mail (sha256);
CREATE INDEX incoming_mail_message_id ON incoming_mail (message_id);
CREATE INDEX incoming_mail_open ON incoming_mail (received_at) WHERE handled = 0;
CREATE INDEX incoming_mail_authorisation ON incoming_mail (authorisation);

CREATE TABLE letter (
  id TEXT PRIMARY KEY, seq INTEGER NOT NULL, account TEXT NOT NULL, recipient TEXT NOT NULL,
  state TEXT NOT NULL, created_at TEXT NOT NULL, next_at TEXT, body TEXT NOT NULL) STRICT;
CREATE INDEX letter_due ON letter (next_at) WHERE state = 'queued';
CREATE INDEX letter_created ON letter (created_at);
CREATE UNIQUE INDEX letter_once ON letter (seq, recipient) WHERE seq > 0;

CREATE TABLE notification (
  account TEXT NOT NULL, seq INTEGER NOT NULL, at TEXT NOT NULL, read INTEGER NOT NULL,
  body TEXT NOT NULL, PRIMARY KEY (account, seq)) STRICT, WITHOUT ROWID;
CREATE INDEX notification_unread ON notification (account) WHERE read = 0;
CREATE TABLE preference (account TEXT NOT NULL, topic TEXT NOT NULL, mail INTEGER NOT NULL,
  PRIMARY KEY (account, topic)) STRICT, WITHOUT ROWID;
CREATE TABLE follower (name TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT;

CREATE TABLE licence (
  id TEXT PRIMARY KEY, operator TEXT NOT NULL, country TEXT NOT NULL, state TEXT NOT NULL,
  number TEXT NOT NULL, number_key TEXT NOT NULL, export TEXT NOT NULL, expires TEXT NOT NULL,
  exporter TEXT NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL, submitted_at TEXT,
  version INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX licence_operator ON licence (operator, updated_at DESC);
CREATE INDEX licence_operator_state ON licence (operator, state, updated_at DESC);
CREATE INDEX licence_queue ON licence (country, state, submitted_at);
CREATE INDEX licence_number ON licence (number_key);
CREATE UNIQUE INDEX licence_lodged_once ON licence (number_key) WHERE state IN ('submitted', 'accepted');
CREATE TABLE licence_word (word TEXT NOT NULL, licence TEXT NOT NULL, PRIMARY KEY (word, licence)) STRICT, WITHOUT ROWID;
CREATE INDEX licence_word_licence ON licence_word (licence);

CREATE TABLE movement (
  id TEXT PRIMARY KEY, licence TEXT NOT NULL REFERENCES licence (id), mrn TEXT NOT NULL,
  at TEXT NOT NULL, seq INTEGER NOT NULL, ordinal INTEGER NOT NULL, body TEXT NOT NULL) STRICT;
CREATE INDEX movement_licence ON movement (licence, seq, ordinal);
CREATE INDEX movement_mrn ON movement (mrn);

CREATE TABLE event (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, account TEXT NOT NULL, noun TEXT NOT NULL,
  noun_id TEXT NOT NULL, verb TEXT NOT NULL, country TEXT NOT NULL, operator TEXT NOT NULL,
  body TEXT NOT NULL) STRICT;
CREATE INDEX event_noun ON event (noun_id, seq);

-- +goose StatementBegin
CREATE TRIGGER event_kept BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER event_stays BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER movement_kept BEFORE UPDATE ON movement BEGIN SELECT RAISE(ABORT, 'movements are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER movement_stays BEFORE DELETE ON movement BEGIN SELECT RAISE(ABORT, 'movements are never changed'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER mail_kept BEFORE DELETE ON incoming_mail BEGIN SELECT RAISE(ABORT, 'mail that came in is kept'); END;
-- +goose StatementEnd
