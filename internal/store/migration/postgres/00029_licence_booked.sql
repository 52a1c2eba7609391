-- +goose Up
-- A booking changes nothing of a licence but its version. Where that stands in a row of its own, a
-- booking writes neither the licence's text anew nor its indexes. Rows stay where they are when there
-- is room beside them.
CREATE TABLE licence_booked (id text PRIMARY KEY, version bigint NOT NULL) WITH (fillfactor = 50);

-- A program of before that still runs beside this one reads the licence's row alone: it must not write
-- a version that bookings have gone beyond. No row is written then, which it takes for a rival's change.
-- +goose StatementBegin
CREATE FUNCTION licence_not_booked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM licence_booked b WHERE b.id = NEW.id AND b.version >= NEW.version) THEN RETURN NULL; END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER licence_booked_beside BEFORE UPDATE OF version ON licence FOR EACH ROW EXECUTE FUNCTION licence_not_booked();
