-- Grain: one row per unordered pair of related documents; document is the shorter of the two. Of several
-- documents with the very same text, the one with the smallest key stands for all in pairs with other texts.
CREATE TABLE duplicate_pairs (
    document VARCHAR NOT NULL,
    other VARCHAR NOT NULL,
    relation VARCHAR NOT NULL,
    shared BIGINT NOT NULL,
    containment DOUBLE NOT NULL,
    jaccard DOUBLE NOT NULL,
    lead DOUBLE NOT NULL,
    sample VARCHAR NOT NULL
);
COMMENT ON TABLE duplicate_pairs IS 'One row per pair of related documents, with the evidence.';
COMMENT ON COLUMN duplicate_pairs.document IS 'The shorter of the two documents';
COMMENT ON COLUMN duplicate_pairs.other IS 'The longer of the two documents';
COMMENT ON COLUMN duplicate_pairs.relation IS 'exact (same words), near (same text edited or cut) or contained (stands inside a longer, other text)';
COMMENT ON COLUMN duplicate_pairs.shared IS 'Word shingles they share';
COMMENT ON COLUMN duplicate_pairs.containment IS 'Share of the shorter text that stands in the longer, 0 to 1';
COMMENT ON COLUMN duplicate_pairs.jaccard IS 'Share of both texts together that they have in common, 0 to 1';
COMMENT ON COLUMN duplicate_pairs.lead IS 'Share of the opening of the longer text that the shorter has, 0 to 1';
COMMENT ON COLUMN duplicate_pairs.sample IS 'Beginning of their longest common passage';
