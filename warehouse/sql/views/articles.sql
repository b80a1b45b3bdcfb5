-- Promise: one row per article: each clean document that is canonical among its duplicates.
CREATE OR REPLACE VIEW articles AS
SELECT
    d.document, d.title, d.published_on, d.published_at, d.authors, d.site, d.language, d.words, d.text, d.url,
    r.source, d.document AS cluster, c.copies,
    d.published_precision, d.published_zone, d.published_source, d.published_confidence,
    r.fetched_at, r.loaded_at, d.raw_key
FROM documents AS d
JOIN (
    SELECT cluster, count(*) - 1 AS copies FROM clusters GROUP BY cluster
) AS c ON c.cluster = d.document
JOIN raw_documents AS r ON r.raw_key = d.raw_key;
COMMENT ON VIEW articles IS 'One row per article: the clean documents, each duplicate counted once.';
COMMENT ON COLUMN articles.document IS 'Short stable name, as why(doc) takes it';
COMMENT ON COLUMN articles.published_on IS 'Day of publication where it was published; NULL where the page does not say';
COMMENT ON COLUMN articles.published_at IS 'UTC where published_zone is known, else the wall clock as printed; midnight where published_precision is day';
COMMENT ON COLUMN articles.text IS 'The clean text, without the title';
COMMENT ON COLUMN articles.source IS 'The file or address it came from';
COMMENT ON COLUMN articles.cluster IS 'Its cluster of duplicates (the same as document); join it to clusters.cluster';
COMMENT ON COLUMN articles.copies IS 'How many other documents are duplicates of it';
