-- Holds: each document has all of its blocks, numbered from 0 without a gap.
SELECT d.document AS broken
FROM documents AS d
LEFT JOIN (SELECT document, count(*) AS blocks, max(block) AS last FROM blocks GROUP BY document) AS b USING (document)
WHERE coalesce(b.blocks, 0) = 0 OR b.blocks <> b.last + 1
