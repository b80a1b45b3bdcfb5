-- Holds: each document has as many sketch hashes as it says.
SELECT d.document AS broken
FROM documents AS d
LEFT JOIN (SELECT document, count(*) AS hashes FROM sketches GROUP BY document) AS s USING (document)
WHERE d.sketch_size <> coalesce(s.hashes, 0)
