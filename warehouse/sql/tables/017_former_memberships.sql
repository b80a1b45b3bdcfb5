-- Grain: one row per document, cluster that it left, and moment when it did. Where it belongs now is in memberships.
CREATE TABLE former_memberships (
    document VARCHAR NOT NULL,
    cluster VARCHAR NOT NULL,
    relation VARCHAR,
    run VARCHAR,
    until TIMESTAMP NOT NULL
);
COMMENT ON TABLE former_memberships IS 'One row per document and cluster of duplicates that it used to belong to.';
COMMENT ON COLUMN former_memberships.cluster IS 'The document that was canonical for it';
COMMENT ON COLUMN former_memberships.relation IS 'How it related to that one; NULL where it was canonical itself';
COMMENT ON COLUMN former_memberships.run IS 'The run that changed it; NULL where none was named';
COMMENT ON COLUMN former_memberships.until IS 'When it changed, UTC';
