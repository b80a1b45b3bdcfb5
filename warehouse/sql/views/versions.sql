-- Promise: one row per address and version of its page, older ones kept; the newest of each is the last number.
CREATE OR REPLACE VIEW versions AS
SELECT
    v.address, v.number, v.number = max(v.number) OVER (PARTITION BY v.address) AS newest,
    v.seen_at, d.document, d.title, d.published_on, d.words, d.text,
    d.text_hash IS DISTINCT FROM lag(d.text_hash) OVER (PARTITION BY v.address ORDER BY v.number) AS text_changed,
    x.reason AS rejected, v.reserved, v.rights, r.http, v.raw_key
FROM page_versions AS v
JOIN raw_documents AS r ON r.raw_key = v.raw_key
LEFT JOIN documents AS d ON d.raw_key = v.raw_key
LEFT JOIN rejections AS x ON x.raw_key = v.raw_key;
COMMENT ON VIEW versions IS 'One row per address and version of its page, in the order they were seen.';
COMMENT ON COLUMN versions.number IS 'From 1';
COMMENT ON COLUMN versions.newest IS 'Whether it is the last that was seen';
COMMENT ON COLUMN versions.seen_at IS 'When it was first fetched, UTC';
COMMENT ON COLUMN versions.document IS 'Its clean document; NULL where it was rejected';
COMMENT ON COLUMN versions.text_changed IS 'Whether its clean text is another than that of the version before';
COMMENT ON COLUMN versions.rejected IS 'Why it could not be cleaned; NULL where it could';
COMMENT ON COLUMN versions.reserved IS 'Whether the site reserves text and data mining of it';
COMMENT ON COLUMN versions.rights IS 'What the site says of text and data mining, with the place';
COMMENT ON COLUMN versions.http IS 'Response headers it came with';
