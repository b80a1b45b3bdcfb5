-- Grain: one row per document and cluster that it belonged to until some moment and belongs to no longer.
CREATE TABLE IF NOT EXISTS former_memberships (
    document VARCHAR NOT NULL,
    cluster VARCHAR NOT NULL,
    relation VARCHAR,
    run VARCHAR,
    until TIMESTAMP NOT NULL
);
COMMENT ON TABLE former_memberships IS 'One row per document and cluster of duplicates that it belonged to and has left.';
COMMENT ON COLUMN former_memberships.until IS 'Until when it belonged there, UTC';
