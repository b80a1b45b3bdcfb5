-- Grain: one row per document, with the cluster of duplicates it belongs to (itself alone, if it has none).
-- No key constraint: rows are replaced within a transaction, which DuckDB's keys refuse.
CREATE TABLE clusters (
    document VARCHAR NOT NULL,
    cluster VARCHAR NOT NULL,
    relation VARCHAR,
    link_document VARCHAR,
    link_other VARCHAR
);
COMMENT ON TABLE clusters IS 'One row per document with its cluster of duplicates.';
COMMENT ON COLUMN clusters.cluster IS 'The canonical document of the cluster: earliest day, then longest text, then smallest key';
COMMENT ON COLUMN clusters.relation IS 'How it relates to the canonical document; NULL for the canonical itself';
COMMENT ON COLUMN clusters.link_document IS 'With link_other: the row of duplicate_pairs that led it there';
