-- Holds: each version of a page, and what an address gave last, is a raw document that is there.
SELECT DISTINCT raw_key AS broken
FROM (SELECT raw_key FROM page_versions UNION ALL SELECT raw_key FROM addresses WHERE raw_key IS NOT NULL)
ANTI JOIN raw_documents USING (raw_key)
