-- Grain: one row per document and hash of its sketch (a fixed fraction of its word shingles).
CREATE TABLE sketches (
    document VARCHAR NOT NULL,
    site VARCHAR,
    hash UBIGINT NOT NULL
);
COMMENT ON TABLE sketches IS 'One row per document and sketch hash: what candidates for duplicates are found by.';
COMMENT ON COLUMN sketches.site IS 'Site of the document: hashes that a site repeats are its template';
