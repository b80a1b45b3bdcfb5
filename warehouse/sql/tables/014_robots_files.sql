-- Grain: one row per origin (scheme, host, port) with its robots.txt as it was last read.
CREATE TABLE robots_files (
    origin VARCHAR NOT NULL,
    expires_at DOUBLE NOT NULL,
    body BLOB NOT NULL,
    unreachable VARCHAR,
    detail VARCHAR NOT NULL
);
COMMENT ON TABLE robots_files IS 'One row per origin: its robots.txt, kept for as long as RFC 9309 allows.';
COMMENT ON COLUMN robots_files.expires_at IS 'Until when it holds, in seconds since 1970';
COMMENT ON COLUMN robots_files.body IS 'The file; empty where there is none, which allows everything';
COMMENT ON COLUMN robots_files.unreachable IS 'Why it could not be read, which disallows everything; NULL where it was read';
