-- Promise: one row per address and version of its page, older ones kept; the newest of each is the last number. Of a
-- fetched page as it was seen; of an address that only files name, its documents with different texts, by date.
CREATE OR REPLACE VIEW versions AS
WITH seen AS (
    SELECT v.address, v.number, v.seen_at, v.raw_key, v.reserved, v.rights
    FROM page_versions AS v
),
told AS (
    SELECT d.url AS address, d.raw_key, coalesce(r.fetched_at, d.published_at) AS seen_at, r.loaded_at,
        d.published_at, d.text_hash
    FROM documents AS d
    JOIN raw_documents AS r ON r.raw_key = d.raw_key
    WHERE d.url IS NOT NULL AND d.raw_key NOT IN (SELECT raw_key FROM page_versions)
    QUALIFY row_number() OVER (PARTITION BY d.url, d.text_hash ORDER BY seen_at, d.raw_key) = 1
),
numbered AS (
    SELECT address, seen_at, raw_key,
        row_number() OVER (PARTITION BY address ORDER BY seen_at NULLS FIRST, published_at, raw_key) AS number
    FROM told
    QUALIFY count(*) OVER (PARTITION BY address) > 1
),
chain AS (
    SELECT * FROM seen
    UNION ALL BY NAME
    SELECT address, number, seen_at, raw_key, NULL AS reserved, [] AS rights FROM numbered
)
SELECT
    v.address, v.number, v.number = max(v.number) OVER (PARTITION BY v.address) AS newest,
    v.seen_at, d.document, d.title, d.published_on, d.words, d.text,
    d.text_hash IS DISTINCT FROM lag(d.text_hash) OVER (PARTITION BY v.address ORDER BY v.number) AS text_changed,
    x.reason AS rejected, v.reserved, v.rights, r.http, v.raw_key
FROM chain AS v
JOIN raw_documents AS r ON r.raw_key = v.raw_key
LEFT JOIN documents AS d ON d.raw_key = v.raw_key
LEFT JOIN rejections AS x ON x.raw_key = v.raw_key;
COMMENT ON VIEW versions IS 'One row per address and version of its page, in the order they were seen.';
COMMENT ON COLUMN versions.number IS 'From 1';
COMMENT ON COLUMN versions.newest IS 'Whether it is the last that was seen';
COMMENT ON COLUMN versions.seen_at IS 'When it was first fetched, UTC; of a file without that, when it was published';
COMMENT ON COLUMN versions.document IS 'Its clean document; NULL where it was rejected';
COMMENT ON COLUMN versions.text_changed IS 'Whether its clean text is another than that of the version before';
COMMENT ON COLUMN versions.rejected IS 'Why it could not be cleaned; NULL where it could';
COMMENT ON COLUMN versions.reserved IS 'Whether the site reserves text and data mining of it; NULL where it came from a file';
COMMENT ON COLUMN versions.rights IS 'What the site says of text and data mining, with the place';
COMMENT ON COLUMN versions.http IS 'Response headers it came with';
