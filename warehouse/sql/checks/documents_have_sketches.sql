-- Holds: each document has as many sketch hashes as it says.
SELECT d.document AS broken
FROM documents AS d
LEFT JOIN sketched_documents AS s USING (document)
WHERE d.sketch_size <> coalesce(len(s.hashes), 0)
