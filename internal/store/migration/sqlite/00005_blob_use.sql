-- +goose Up
-- Which licence speaks of which attachment, by hash; what stands here is never swept.
CREATE TABLE blob_use (sha256 TEXT NOT NULL, licence TEXT NOT NULL, PRIMARY KEY (sha256, licence)) STRICT, WITHOUT ROWID;
CREATE INDEX blob_use_licence ON blob_use (licence);
INSERT INTO blob_use SELECT DISTINCT t.value, l.id FROM licence l, json_tree(l.body) t WHERE t.key = 'SHA256' AND t.type = 'text';
