-- Promise: one row per article: each clean document that is canonical among its duplicates.
CREATE OR REPLACE VIEW articles AS
SELECT
    d.document, d.title, d.published_on, d.published_at, d.authors, d.site, d.language, d.words, d.text, d.url,
    r.source, d.document AS cluster, c.copies,
    d.published_precision, d.published_zone, d.published_source, d.published_confidence,
    r.fetched_at, r.loaded_at, d.raw_key
FROM documents AS d
JOIN (
    SELECT cluster, count(*) - 1 AS copies FROM clusters GROUP BY cluster
) AS c ON c.cluster = d.document
JOIN raw_documents AS r ON r.raw_key = d.raw_key;
COMMENT ON VIEW articles IS 'One row per article: the clean documents, each duplicate counted once.';
COMMENT ON COLUMN articles.document IS 'Short stable name, as why(doc) takes it';
COMMENT ON COLUMN articles.published_on IS 'Day of publication where it was published; NULL where the page does not say';
COMMENT ON COLUMN articles.published_at IS 'UTC where published_zone is known, else the wall clock as printed; midnight where published_precision is day';
COMMENT ON COLUMN articles.text IS 'The clean text, without the title';
COMMENT ON COLUMN articles.source IS 'The file or address it came from';
COMMENT ON COLUMN articles.cluster IS 'Its cluster of duplicates (the same as document); join it to clusters.cluster';
COMMENT ON COLUMN articles.copies IS 'How many other documents are duplicates of it';
-- Promise: one row per document and the document it duplicates: each non-canonical member of a cluster with its
-- canonical one, and each text that stands inside (or beside) an article of another cluster.
CREATE OR REPLACE VIEW duplicates AS
WITH related AS (
    SELECT
        c.document, c.cluster AS other, c.relation, p.containment, p.jaccard, p.lead, p.shared, p.sample,
        true AS same_cluster
    FROM clusters AS c
    JOIN duplicate_pairs AS p ON p.document = c.link_document AND p.other = c.link_other
    UNION ALL
    SELECT
        p.document, p.other, p.relation, p.containment, p.jaccard, p.lead, p.shared, p.sample,
        false AS same_cluster
    FROM duplicate_pairs AS p
    JOIN clusters AS a ON a.document = p.document
    JOIN clusters AS b ON b.document = p.other
    WHERE a.cluster <> b.cluster
)
SELECT
    r.document, r.relation, r.other, r.containment, r.jaccard, r.lead, r.shared, r.sample,
    d.title, o.title AS other_title, d.site, o.site AS other_site,
    d.published_on, o.published_on AS other_published_on, r.same_cluster
FROM related AS r
JOIN documents AS d ON d.document = r.document
JOIN documents AS o ON o.document = r.other;
COMMENT ON VIEW duplicates IS 'One row per document and the article it duplicates, with the evidence.';
COMMENT ON COLUMN duplicates.relation IS 'exact (same words), near (same text edited or cut), contained (stands inside a longer, other text)';
COMMENT ON COLUMN duplicates.other IS 'The canonical document, or for another cluster the longer text';
COMMENT ON COLUMN duplicates.containment IS 'Share of the shorter text that stands in the longer, 0 to 1';
COMMENT ON COLUMN duplicates.jaccard IS 'Share of both texts together that they have in common, 0 to 1';
COMMENT ON COLUMN duplicates.lead IS 'Share of the opening of the longer text that the shorter has, 0 to 1';
COMMENT ON COLUMN duplicates.sample IS 'Beginning of their longest common passage';
COMMENT ON COLUMN duplicates.same_cluster IS 'Whether it is counted as the same article; false for a part of a digest and the like';
-- Promise: one row per block that was removed from a clean document, with the rule that removed it.
CREATE OR REPLACE VIEW removals AS
SELECT b.document, d.title, d.site, b.block, b.label, b.rule, b.confidence, b.text, b.detail, b.kind, b.line
FROM blocks AS b
JOIN documents AS d ON d.document = b.document
WHERE b.label NOT IN ('content', 'title');
COMMENT ON VIEW removals IS 'One row per removed block: what was taken out of which document, by which rule.';
COMMENT ON COLUMN removals.label IS 'The kind of boilerplate it is';
COMMENT ON COLUMN removals.rule IS 'Stable dotted name of the rule that removed it';
COMMENT ON COLUMN removals.confidence IS 'How sure the verdict is, 0 to 1';
-- Promise: one row per distinct load of documents; a load that was repeated is counted, not added.
CREATE OR REPLACE VIEW runs AS
SELECT
    run, loaded_at, read, new, unchanged,
    coalesce(list_sum(map_values(rejected)), 0) :: BIGINT AS rejected,
    coalesce(list_sum(map_values(duplicates)), 0) :: BIGINT AS duplicates,
    coalesce(list_sum(map_values(removed)), 0) :: BIGINT AS blocks_removed,
    rejected AS rejected_by_reason,
    duplicates AS duplicates_by_relation,
    removed AS blocks_removed_by_label,
    versions, repeated, last_repeated_at
FROM load_runs;
COMMENT ON VIEW runs IS 'One row per distinct load: what was read, what came of it, by which versions.';
COMMENT ON COLUMN runs.run IS 'Hash of what was asked: the raw documents and the versions, no clock in it';
COMMENT ON COLUMN runs.loaded_at IS 'When it was loaded first, UTC';
COMMENT ON COLUMN runs.read IS 'Documents read: new, unchanged and rejected ones together';
COMMENT ON COLUMN runs.unchanged IS 'Clean documents that were already there';
COMMENT ON COLUMN runs.rejected IS 'Documents read that stand in rejections, whether since this run or before';
COMMENT ON COLUMN runs.duplicates IS 'New documents that duplicate another one';
COMMENT ON COLUMN runs.blocks_removed IS 'Blocks removed from the new documents';
COMMENT ON COLUMN runs.repeated IS 'How often the same load was asked again';
-- Promise: why('19017c67') or why('page.html') lists what was removed from that document, in page order, with
-- rule, label and confidence; for a document that was rejected, its reason. Takes the beginning of a key, or the
-- name of the source file.
CREATE OR REPLACE MACRO why(doc) AS TABLE
WITH meant AS (
    SELECT raw_key, source
    FROM raw_documents
    WHERE starts_with(raw_key, lower(doc)) OR source = doc OR ends_with(source, '/' || doc)
)
SELECT
    b.document, b.block, b.label, b.rule, b.confidence, b.text, b.detail, m.source
FROM meant AS m
JOIN blocks AS b ON b.document = left(m.raw_key, 16)
WHERE b.label NOT IN ('content', 'title')
UNION ALL
SELECT
    left(x.raw_key, 16), NULL, 'rejected', x.reason, 1.0, NULL, x.detail, m.source
FROM meant AS m
JOIN rejections AS x ON x.raw_key = m.raw_key
ORDER BY 1, 2;
