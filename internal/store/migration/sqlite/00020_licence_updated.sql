-- +goose Up
-- The state is in the indexes of lists in the order of what changed last, so that licences are
-- passed over without reading their rows. Whatever changes a state changes that order too.
DROP INDEX licence_operator_updated;
DROP INDEX licence_country_updated;
DROP INDEX licence_export_updated;
DROP INDEX licence_all_updated;
CREATE INDEX licence_operator_updated ON licence (operator, updated_at, id, state);
CREATE INDEX licence_country_updated ON licence (country, updated_at, id, state);
CREATE INDEX licence_export_updated ON licence (export, updated_at, id, state, origin);
CREATE INDEX licence_all_updated ON licence (updated_at, id, state);
