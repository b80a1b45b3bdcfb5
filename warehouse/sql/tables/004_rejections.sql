-- Grain: one row per raw document that could not be cleaned. A raw document is in documents or here, never both.
CREATE TABLE rejections (
    raw_key VARCHAR PRIMARY KEY,
    reason VARCHAR NOT NULL,
    detail VARCHAR NOT NULL,
    run VARCHAR NOT NULL
);
COMMENT ON TABLE rejections IS 'One row per raw document that could not be cleaned, with the reason.';
COMMENT ON COLUMN rejections.reason IS 'Short stable name of the reason';
COMMENT ON COLUMN rejections.detail IS 'What was found, and what to do about it';
