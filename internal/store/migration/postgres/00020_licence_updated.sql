-- +goose Up
-- The state is in the indexes of lists in the order of what changed last, so that licences are
-- passed over without reading their rows. Whatever changes a state changes that order too.
DROP INDEX licence_operator_updated;
DROP INDEX licence_country_updated;
DROP INDEX licence_export_updated;
DROP INDEX licence_all_updated;
CREATE INDEX licence_operator_updated ON licence (operator, updated_at DESC NULLS LAST, id DESC, state);
CREATE INDEX licence_country_updated ON licence (country, updated_at DESC NULLS LAST, id DESC, state);
CREATE INDEX licence_export_updated ON licence (export, updated_at DESC NULLS LAST, id DESC, state, origin);
CREATE INDEX licence_all_updated ON licence (updated_at DESC NULLS LAST, id DESC, state);
-- Customs' lists are sorted by expiry, licences without one first: as the other indexes have it.
DROP INDEX licence_open;
CREATE INDEX licence_open ON licence (country, expires DESC NULLS LAST, id DESC, used) WHERE state = 'accepted' AND used <> 'used_up';
