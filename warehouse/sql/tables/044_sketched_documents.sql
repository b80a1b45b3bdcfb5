-- Grain: one row per document with a sketch, which is a list now: no key of the document beside each of its hashes, so
-- that looking for hashes reads little. The name sketches is now the view's, with one row per document and hash.
CREATE TABLE sketched_documents (
    number INTEGER NOT NULL,
    document VARCHAR NOT NULL,
    site VARCHAR,
    text_hash UBIGINT NOT NULL,
    page UBIGINT NOT NULL,
    size INTEGER NOT NULL,
    hashes UBIGINT[] NOT NULL
);
COMMENT ON TABLE sketched_documents IS 'One row per document with its sketch: what candidates for duplicates are found by.';
COMMENT ON COLUMN sketched_documents.number IS 'What the document is called where many are named; the greater, the later it came';
COMMENT ON COLUMN sketched_documents.site IS 'Site of the document: hashes that a site repeats are its template';
COMMENT ON COLUMN sketched_documents.text_hash IS 'As in documents';
COMMENT ON COLUMN sketched_documents.page IS 'Hash of its address, or of its key where it has none: versions of one page have the same';
COMMENT ON COLUMN sketched_documents.size IS 'How many hashes it has; few for a short text';
COMMENT ON COLUMN sketched_documents.hashes IS 'A fixed fraction of the hashes of its word shingles, ascending';
-- Grain: one row per lot of documents whose hashes are in a file beside this one, sorted; the rest is looked through.
CREATE TABLE sketch_lots (
    file VARCHAR NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    entries BIGINT NOT NULL
);
COMMENT ON TABLE sketch_lots IS 'One row per file of sorted hashes beside the working file, which only saves time.';
COMMENT ON COLUMN sketch_lots.first IS 'The smallest number of sketched_documents in it; last is the greatest';
COMMENT ON COLUMN sketch_lots.entries IS 'Hashes in it';
-- In portions, because lists that are being gathered have to be in memory.
CREATE TEMP MACRO portion(part) AS TABLE
SELECT
    (SELECT coalesce(max(number), 0) FROM sketched_documents) + row_number() OVER (ORDER BY document) AS number,
    document, d.site, d.text_hash, md5_number_lower(coalesce(d.url, document)) AS page, len(s.hashes) AS size, s.hashes
FROM (
    SELECT document, list(hash ORDER BY hash) AS hashes FROM sketches WHERE hash(document) % 8 = part GROUP BY document
) AS s
JOIN documents AS d USING (document);
INSERT INTO sketched_documents FROM portion(0);
INSERT INTO sketched_documents FROM portion(1);
INSERT INTO sketched_documents FROM portion(2);
INSERT INTO sketched_documents FROM portion(3);
INSERT INTO sketched_documents FROM portion(4);
INSERT INTO sketched_documents FROM portion(5);
INSERT INTO sketched_documents FROM portion(6);
INSERT INTO sketched_documents FROM portion(7);
DROP MACRO TABLE portion;
DROP TABLE sketches;
