-- Grain: one row per address and version of its page, in the order they were seen. Append-only.
CREATE TABLE page_versions (
    address VARCHAR NOT NULL,
    number BIGINT NOT NULL,
    raw_key VARCHAR NOT NULL,
    seen_at TIMESTAMP NOT NULL,
    reserved BOOLEAN NOT NULL,
    rights VARCHAR[] NOT NULL
);
COMMENT ON TABLE page_versions IS 'One row per address and version of its page; see the view versions.';
COMMENT ON COLUMN page_versions.number IS 'From 1; a page that goes back to what it was has one more version';
COMMENT ON COLUMN page_versions.seen_at IS 'When that version was first fetched, UTC';
COMMENT ON COLUMN page_versions.reserved IS 'Whether the site reserves text and data mining of it';
COMMENT ON COLUMN page_versions.rights IS 'What the site says of text and data mining, with the place';
