-- +goose Up
-- Every order in which licences are listed has an index, within an operator, a country, an
-- issuing country, and over all.
DROP INDEX licence_operator;
DROP INDEX licence_operator_state;
DROP INDEX licence_export;
DROP INDEX licence_number;
DROP INDEX licence_queue;
CREATE INDEX licence_operator_updated ON licence (operator, updated_at DESC NULLS LAST, id DESC);
CREATE INDEX licence_operator_submitted ON licence (operator, submitted_at DESC NULLS LAST, id DESC);
CREATE INDEX licence_operator_number ON licence (operator, number_key DESC NULLS LAST, id DESC);
CREATE INDEX licence_operator_expires ON licence (operator, expires DESC NULLS LAST, id DESC);
CREATE INDEX licence_operator_id ON licence (operator, id);
CREATE INDEX licence_country_updated ON licence (country, updated_at DESC NULLS LAST, id DESC);
CREATE INDEX licence_country_submitted ON licence (country, submitted_at DESC NULLS LAST, id DESC);
CREATE INDEX licence_country_number ON licence (country, number_key DESC NULLS LAST, id DESC);
CREATE INDEX licence_country_expires ON licence (country, expires DESC NULLS LAST, id DESC);
CREATE INDEX licence_country_id ON licence (country, id);
CREATE INDEX licence_export_updated ON licence (export, updated_at DESC NULLS LAST, id DESC);
CREATE INDEX licence_export_submitted ON licence (export, submitted_at DESC NULLS LAST, id DESC);
CREATE INDEX licence_export_number ON licence (export, number_key DESC NULLS LAST, id DESC);
CREATE INDEX licence_export_expires ON licence (export, expires DESC NULLS LAST, id DESC);
CREATE INDEX licence_export_id ON licence (export, id);
CREATE INDEX licence_all_updated ON licence (updated_at DESC NULLS LAST, id DESC);
CREATE INDEX licence_all_submitted ON licence (submitted_at DESC NULLS LAST, id DESC);
CREATE INDEX licence_all_number ON licence (number_key DESC NULLS LAST, id DESC);
CREATE INDEX licence_all_expires ON licence (expires DESC NULLS LAST, id DESC);
CREATE INDEX licence_operator_state ON licence (operator, state, id);
CREATE INDEX licence_country_state ON licence (country, state, id);
CREATE INDEX licence_export_state ON licence (export, state, origin, id);
CREATE INDEX licence_state ON licence (state, id);
-- A word of a licence found by its order is looked up under the licence.
DROP INDEX licence_word_licence;
CREATE INDEX licence_word_licence ON licence_word (licence, word);
CREATE INDEX authorisation_requested ON authorisation (requested_at DESC, id DESC);
CREATE INDEX incoming_mail_received ON incoming_mail (received_at DESC, id DESC);
CREATE INDEX dossier_open ON dossier (country, lodged_at, licence) WHERE standing <> 'decided';
CREATE INDEX dossier_tally ON dossier (country, standing, officer);
