-- +goose Up
-- Requests with and without a mail are counted by index; their texts had been searched.
CREATE INDEX authorisation_mail ON authorisation (status, (least(strpos(body, '"MailKept":true'), 1)), requested_at, id);
