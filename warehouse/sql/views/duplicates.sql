-- Promise: one row per document and the document it duplicates: each non-canonical member of a cluster with its
-- canonical one, and each text that stands inside (or beside) an article of another cluster.
CREATE OR REPLACE VIEW duplicates AS
WITH related AS (
    SELECT
        c.document, c.cluster AS other, c.relation, p.containment, p.jaccard, p.lead, p.shared, p.sample,
        p.own, p.other_own, p.agency, true AS same_cluster
    FROM memberships AS c
    JOIN duplicate_pairs AS p ON p.document = c.link_document AND p.other = c.link_other
    UNION ALL
    SELECT
        p.document, p.other, p.relation, p.containment, p.jaccard, p.lead, p.shared, p.sample,
        p.own, p.other_own, p.agency, false AS same_cluster
    FROM duplicate_pairs AS p
    JOIN memberships AS a ON a.document = p.document
    JOIN memberships AS b ON b.document = p.other
    WHERE a.cluster <> b.cluster AND p.relation <> 'update'
)
SELECT
    r.document, r.relation, r.other, r.containment, r.jaccard, r.lead, r.shared, r.sample,
    d.title, o.title AS other_title, d.site, o.site AS other_site,
    d.published_on, o.published_on AS other_published_on, r.own, r.other_own, r.agency, r.same_cluster
FROM related AS r
JOIN documents AS d ON d.document = r.document
JOIN documents AS o ON o.document = r.other;
COMMENT ON VIEW duplicates IS 'One row per document and the article it duplicates, with the evidence.';
COMMENT ON COLUMN duplicates.relation IS 'exact (same words), version (same address, changed text), syndicated (a wire service''s text on two sites), near (same text edited or cut), contained (stands inside a longer, other text)';
COMMENT ON COLUMN duplicates.other IS 'The canonical document, or for another cluster the longer text';
COMMENT ON COLUMN duplicates.containment IS 'Share of the shorter text that stands in the longer, 0 to 1';
COMMENT ON COLUMN duplicates.jaccard IS 'Share of both texts together that they have in common, 0 to 1';
COMMENT ON COLUMN duplicates.lead IS 'Share of the opening of the longer text that the shorter has, 0 to 1';
COMMENT ON COLUMN duplicates.sample IS 'Beginning of their longest common passage';
COMMENT ON COLUMN duplicates.own IS 'Words of the longest passage that only the shorter text has';
COMMENT ON COLUMN duplicates.other_own IS 'Words of the longest passage that only the longer text has';
COMMENT ON COLUMN duplicates.agency IS 'Wire service that the text comes from; NULL where none is credited';
COMMENT ON COLUMN duplicates.same_cluster IS 'Whether it is counted as the same article; false for a part of a digest and the like';
