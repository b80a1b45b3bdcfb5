-- Promise: one row per document and hash of its sketch (a fixed fraction of its word shingles), with its site.
CREATE OR REPLACE VIEW sketches AS
SELECT document, site, unnest(hashes) AS hash FROM sketched_documents;
COMMENT ON VIEW sketches IS 'One row per document and sketch hash: what candidates for duplicates are found by.';
