-- Holds: each raw document is in documents or in rejections, and never in both.
SELECT r.raw_key AS broken
FROM raw_documents AS r
WHERE (SELECT count(*) FROM documents AS d WHERE d.raw_key = r.raw_key)
    + (SELECT count(*) FROM rejections AS x WHERE x.raw_key = r.raw_key) <> 1
