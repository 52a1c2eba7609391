-- +goose Up
-- Which licence speaks of which attachment, by hash; what stands here is never swept.
CREATE TABLE blob_use (sha256 text NOT NULL, licence text NOT NULL, PRIMARY KEY (sha256, licence));
CREATE INDEX blob_use_licence ON blob_use (licence);
INSERT INTO blob_use SELECT DISTINCT m[1], l.id FROM licence l, regexp_matches(l.body, '"SHA256":"([0-9a-f]{64})"', 'g') m;
