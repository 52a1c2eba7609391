-- +goose Up
-- Letters are found by the mail that went out and by whom it went to.
ALTER TABLE letter ADD COLUMN message_id text NOT NULL DEFAULT '';
UPDATE letter SET message_id = COALESCE(body::json->>'MessageID', ''), recipient = lower(recipient);
CREATE INDEX letter_message_id ON letter (message_id);
CREATE INDEX letter_recipient ON letter (recipient, created_at);
CREATE INDEX letter_state ON letter (state, created_at);
