-- +goose Up
-- Fees as columns, to list and add them up; whose licence a dossier is about, to find earlier ones.
ALTER TABLE dossier ADD COLUMN operator text NOT NULL DEFAULT '';
ALTER TABLE dossier ADD COLUMN fee_cents bigint;
ALTER TABLE dossier ADD COLUMN fee_currency text;
UPDATE dossier SET operator = (SELECT l.operator FROM licence l WHERE l.id = dossier.licence),
  fee_cents = (body::jsonb #>> '{Fee,Cents}')::bigint, fee_currency = body::jsonb #>> '{Fee,Currency}';
CREATE INDEX dossier_fee ON dossier (country, lodged_at, fee_currency, fee_cents) WHERE fee_cents IS NOT NULL;
CREATE INDEX dossier_operator ON dossier (operator, country, lodged_at);
CREATE INDEX dossier_exporter ON dossier (exporter, country, lodged_at);
