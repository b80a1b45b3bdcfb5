-- Holds: each block, sketch, pair and membership is of a document that is there.
SELECT DISTINCT document AS broken
FROM (
    SELECT document FROM blocks
    UNION ALL
    SELECT document FROM sketched_documents
    UNION ALL
    SELECT unnest([document, other]) FROM duplicate_pairs
    UNION ALL
    SELECT unnest([document, cluster]) FROM memberships
)
ANTI JOIN documents USING (document)
