-- Holds: each document and each rejection has its raw document, and a document is named by its key.
SELECT document AS broken FROM documents ANTI JOIN raw_documents USING (raw_key)
UNION ALL
SELECT raw_key FROM rejections ANTI JOIN raw_documents USING (raw_key)
UNION ALL
SELECT document FROM documents WHERE document <> left(raw_key, 16)
