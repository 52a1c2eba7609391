-- +goose Up
-- A noun's row: its JSON body, and the columns it is searched and sorted by.
CREATE TABLE head (id bigint PRIMARY KEY CHECK (id = 1), seq bigint NOT NULL);
INSERT INTO head VALUES (1, 0);

CREATE TABLE account (
  id text PRIMARY KEY, email text NOT NULL UNIQUE, ecas text NOT NULL DEFAULT '',
  version bigint NOT NULL, body text NOT NULL);
CREATE UNIQUE INDEX account_ecas ON account (ecas) WHERE ecas <> '';

CREATE TABLE token (
  hash text PRIMARY KEY, purpose text NOT NULL, account text NOT NULL REFERENCES account (id),
  expires_at timestamptz NOT NULL);
CREATE TABLE session (token text PRIMARY KEY, data bytea NOT NULL, expires_at timestamptz NOT NULL);
CREATE INDEX session_expires ON session (expires_at);
CREATE TABLE throttle (key text PRIMARY KEY, count bigint NOT NULL, until timestamptz NOT NULL);
CREATE TABLE setting (key text PRIMARY KEY, value text NOT NULL);

CREATE TABLE operator (
  id text PRIMARY KEY, country text NOT NULL, name text NOT NULL, folded text NOT NULL,
  town text NOT NULL, postcode text NOT NULL, section text NOT NULL,
  version bigint NOT NULL, body text NOT NULL);
CREATE INDEX operator_country ON operator (country, folded);
CREATE TABLE operator_identifier (
  operator text NOT NULL REFERENCES operator (id), kind text NOT NULL, value text NOT NULL,
  PRIMARY KEY (operator, kind, value));
CREATE INDEX operator_identifier_value ON operator_identifier (value);
CREATE TABLE operator_gram (gram text NOT NULL, operator text NOT NULL REFERENCES operator (id),
  PRIMARY KEY (gram, operator));

CREATE TABLE authority (
  id text PRIMARY KEY, role text NOT NULL, country text NOT NULL,
  version bigint NOT NULL, body text NOT NULL);

CREATE TABLE authorisation (
  id text PRIMARY KEY, account text NOT NULL REFERENCES account (id), role text NOT NULL,
  body_id text NOT NULL, country text NOT NULL, status text NOT NULL, requested_at timestamptz NOT NULL,
  version bigint NOT NULL, body text NOT NULL);
CREATE INDEX authorisation_account ON authorisation (account);
CREATE INDEX authorisation_body ON authorisation (body_id, status);
CREATE INDEX authorisation_queue ON authorisation (status, requested_at);
CREATE UNIQUE INDEX authorisation_once ON authorisation (account, role, body_id)
  WHERE status IN ('requested', 'approved');

CREATE TABLE incoming_mail (
  id text PRIMARY KEY, received_at timestamptz NOT NULL, sha256 text NOT NULL,
  message_id text NOT NULL, handled boolean NOT NULL, authorisation text NOT NULL,
  raw bytea NOT NULL, body text NOT NULL);
CREATE INDEX incoming_mail_sha ON incoming_mail (sha256);
CREATE INDEX incoming_mail_message_id ON incoming_mail (message_id);
CREATE INDEX incoming_mail_open ON incoming_mail (received_at) WHERE NOT handled;
CREATE INDEX incoming_mail_authorisation ON incoming_mail (authorisation);

CREATE TABLE letter (
  id text PRIMARY KEY, seq bigint NOT NULL, account text NOT NULL, recipient text NOT NULL,
  state text NOT NULL, created_at timestamptz NOT NULL, next_at timestamptz, body text NOT NULL);
CREATE INDEX letter_due ON letter (next_at) WHERE state = 'queued';
CREATE INDEX letter_created ON letter (created_at);
CREATE UNIQUE INDEX letter_once ON letter (seq, recipient) WHERE seq > 0;

CREATE TABLE notification (
  account text NOT NULL, seq bigint NOT NULL, at timestamptz NOT NULL, read boolean NOT NULL,
  body text NOT NULL, PRIMARY KEY (account, seq));
CREATE INDEX notification_unread ON notification (account) WHERE NOT read;
CREATE TABLE preference (account text NOT NULL, topic text NOT NULL, mail boolean NOT NULL,
  PRIMARY KEY (account, topic));
CREATE TABLE follower (name text PRIMARY KEY, seq bigint NOT NULL);

CREATE TABLE licence (
  id text PRIMARY KEY, operator text NOT NULL, country text NOT NULL, state text NOT NULL,
  number text NOT NULL, number_key text NOT NULL, export text NOT NULL, expires text NOT NULL,
  exporter text NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL, submitted_at timestamptz,
  version bigint NOT NULL, body text NOT NULL);
CREATE INDEX licence_operator ON licence (operator, updated_at DESC);
CREATE INDEX licence_operator_state ON licence (operator, state, updated_at DESC);
CREATE INDEX licence_queue ON licence (country, state, submitted_at);
CREATE INDEX licence_number ON licence (number_key);
CREATE UNIQUE INDEX licence_lodged_once ON licence (number_key) WHERE state IN ('submitted', 'accepted');
CREATE TABLE licence_word (word text COLLATE "C" NOT NULL, licence text NOT NULL, PRIMARY KEY (word, licence));
CREATE INDEX licence_word_licence ON licence_word (licence);

CREATE TABLE movement (
  id text PRIMARY KEY, licence text NOT NULL REFERENCES licence (id), mrn text NOT NULL,
  at timestamptz NOT NULL, seq bigint NOT NULL, ordinal bigint NOT NULL, body text NOT NULL);
CREATE INDEX movement_licence ON movement (licence, seq, ordinal);
CREATE INDEX movement_mrn ON movement (mrn);

CREATE TABLE event (
  seq bigint PRIMARY KEY, at timestamptz NOT NULL, account text NOT NULL, noun text NOT NULL,
  noun_id text NOT NULL, verb text NOT NULL, country text NOT NULL, operator text NOT NULL,
  body text NOT NULL);
CREATE INDEX event_noun ON event (noun_id, seq);


-- +goose StatementBegin
CREATE FUNCTION append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$;
-- +goose StatementEnd
CREATE TRIGGER event_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON event EXECUTE FUNCTION append_only();
CREATE TRIGGER movement_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON movement EXECUTE FUNCTION append_only();
CREATE TRIGGER mail_kept BEFORE DELETE OR TRUNCATE ON incoming_mail EXECUTE FUNCTION append_only();
