-- Promise: one row per article. Of each cluster of duplicates that is one document: the canonical one, or where that
-- one is off topic or an older version of its page, the first of the others that is neither. A document is off topic
-- when it was judged against topics and is on none of them; one that was never judged (ingested from files) stays.
-- Of an address, the newest version that is not off topic counts, and no older one stands beside it.
CREATE OR REPLACE VIEW articles AS
WITH judged AS (
    SELECT document, bool_or(on_topic) AS on_topic, max(score) AS score,
        list(topic ORDER BY topic) FILTER (on_topic) AS topics
    FROM relevance
    GROUP BY document
),
numbered AS (
    SELECT left(v.raw_key, 16) AS document, v.number = max(v.number) OVER (PARTITION BY v.address) AS newest
    FROM page_versions AS v
    JOIN documents AS d ON d.document = left(v.raw_key, 16)
    LEFT JOIN judged AS j ON j.document = d.document
    WHERE coalesce(j.on_topic, true)
),
outdated AS (
    SELECT document FROM numbered GROUP BY document HAVING NOT bool_or(newest)
),
members AS (
    SELECT c.document, c.cluster, d.published_on, d.words, j.topics, j.score,
        coalesce(j.on_topic, true) AS wanted
    FROM clusters AS c
    JOIN documents AS d ON d.document = c.document
    LEFT JOIN judged AS j ON j.document = c.document
    WHERE c.document NOT IN (SELECT document FROM outdated)
),
gathered AS (
    SELECT cluster, count(*) - 1 AS copies, max(score) AS relevance,
        list_sort(list_distinct(flatten(list(topics) FILTER (topics IS NOT NULL)))) AS topics
    FROM members
    GROUP BY cluster
),
chosen AS (
    SELECT document, cluster
    FROM members
    WHERE wanted
    QUALIFY row_number() OVER (
        PARTITION BY cluster ORDER BY document <> cluster, published_on NULLS LAST, words DESC, document
    ) = 1
)
SELECT
    d.document, d.title, d.published_on, d.published_at, d.authors, d.site, d.language, d.words, d.text, d.url,
    r.source, c.cluster, g.copies, coalesce(g.topics, []) AS topics, g.relevance,
    d.published_precision, d.published_zone, d.published_source, d.published_confidence,
    r.fetched_at, r.loaded_at, d.raw_key
FROM chosen AS c
JOIN gathered AS g ON g.cluster = c.cluster
JOIN documents AS d ON d.document = c.document
JOIN raw_documents AS r ON r.raw_key = d.raw_key;
COMMENT ON VIEW articles IS 'One row per article: the clean documents, each duplicate counted once, nothing off topic, no older version.';
COMMENT ON COLUMN articles.document IS 'Short stable name, as why(doc) takes it';
COMMENT ON COLUMN articles.published_on IS 'Day of publication where it was published; NULL where the page does not say';
COMMENT ON COLUMN articles.published_at IS 'UTC where published_zone is known, else the wall clock as printed; midnight where published_precision is day';
COMMENT ON COLUMN articles.text IS 'The clean text, without the title';
COMMENT ON COLUMN articles.source IS 'The file or address it came from';
COMMENT ON COLUMN articles.cluster IS 'Its cluster of duplicates; join it to clusters.cluster';
COMMENT ON COLUMN articles.copies IS 'How many other documents are duplicates of it, older versions of a page not counted';
COMMENT ON COLUMN articles.topics IS 'Topics that it, or a duplicate of it, was found to be on; empty where it was not judged';
COMMENT ON COLUMN articles.relevance IS 'How much it is on the topic that it is most on, 0 to 1; NULL where it was not judged';
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
-- Promise: one row per topic and source: how it does, what came of its pages, when it is asked next.
CREATE OR REPLACE VIEW sources_health AS
WITH pages AS (
    SELECT
        a.topic, a.source, count(*) AS pages,
        count(*) FILTER (a.status = 'waiting') AS waiting,
        count(a.raw_key) AS fetched,
        count(*) FILTER (a.raw_key IS NULL AND a.status <> 'waiting') AS refused,
        count(x.raw_key) AS rejected,
        count(*) FILTER (v.on_topic) AS on_topic
    FROM addresses AS a
    LEFT JOIN rejections AS x ON x.raw_key = a.raw_key
    LEFT JOIN relevance AS v ON v.topic = a.topic AND v.document = left(a.raw_key, 16)
    WHERE a.role = 'page' AND a.status <> 'passed'
    GROUP BY a.topic, a.source
)
SELECT
    s.topic, s.source, s.name, s.kind, s.url,
    CASE
        WHEN s.error_streak >= 3 THEN 'failing'
        WHEN s.error_streak > 0 THEN 'stumbling'
        WHEN date_diff('hour', coalesce(s.news_at, s.first_seen), s.visited_at) >= 7 * 24 THEN 'silent'
        ELSE 'well'
    END AS state,
    s.visited_at, s.succeeded_at, s.news_at, s.due_at,
    round(s.poll_seconds / 60, 1) AS poll_minutes,
    round(date_diff('second', coalesce(s.news_at, s.first_seen), s.visited_at) / 3600, 1) AS silent_hours,
    s.visits, s.error_streak, s.problem, s.listed, s.chosen,
    coalesce(p.pages, 0) AS pages, coalesce(p.waiting, 0) AS waiting, coalesce(p.fetched, 0) AS fetched,
    coalesce(p.refused, 0) AS refused, coalesce(p.rejected, 0) AS rejected, coalesce(p.on_topic, 0) AS on_topic,
    round(p.rejected / nullif(p.fetched, 0), 3) AS rejected_share
FROM sources AS s
LEFT JOIN pages AS p ON p.topic = s.topic AND p.source = s.source;
COMMENT ON VIEW sources_health IS 'One row per topic and source: how it does, what came of its pages, when it is asked next.';
COMMENT ON COLUMN sources_health.state IS 'well, silent (nothing new for a week), stumbling (the last visit failed), failing (three or more did)';
COMMENT ON COLUMN sources_health.visited_at IS 'Last visit, UTC';
COMMENT ON COLUMN sources_health.succeeded_at IS 'Last visit that it answered, UTC';
COMMENT ON COLUMN sources_health.news_at IS 'Last visit that brought a new address worth fetching, UTC';
COMMENT ON COLUMN sources_health.due_at IS 'Next visit, UTC';
COMMENT ON COLUMN sources_health.poll_minutes IS 'Pause between two visits';
COMMENT ON COLUMN sources_health.silent_hours IS 'Time from its last news to its last visit';
COMMENT ON COLUMN sources_health.error_streak IS 'Visits in a row that failed';
COMMENT ON COLUMN sources_health.listed IS 'Addresses it has named, each visit counted anew';
COMMENT ON COLUMN sources_health.chosen IS 'New addresses of it that were worth fetching';
COMMENT ON COLUMN sources_health.pages IS 'Its addresses that are followed';
COMMENT ON COLUMN sources_health.refused IS 'Addresses that never gave a page: not found, robots.txt, rights reserved...';
COMMENT ON COLUMN sources_health.rejected IS 'Pages that came and could not be cleaned';
COMMENT ON COLUMN sources_health.on_topic IS 'Pages whose text is on topic';
COMMENT ON COLUMN sources_health.rejected_share IS 'Share of the fetched pages that could not be cleaned, 0 to 1';
-- Promise: one row per address and version of its page, older ones kept; the newest of each is the last number.
CREATE OR REPLACE VIEW versions AS
SELECT
    v.address, v.number, v.number = max(v.number) OVER (PARTITION BY v.address) AS newest,
    v.seen_at, d.document, d.title, d.published_on, d.words, d.text,
    d.text_hash IS DISTINCT FROM lag(d.text_hash) OVER (PARTITION BY v.address ORDER BY v.number) AS text_changed,
    x.reason AS rejected, v.reserved, v.rights, r.http, v.raw_key
FROM page_versions AS v
JOIN raw_documents AS r ON r.raw_key = v.raw_key
LEFT JOIN documents AS d ON d.raw_key = v.raw_key
LEFT JOIN rejections AS x ON x.raw_key = v.raw_key;
COMMENT ON VIEW versions IS 'One row per address and version of its page, in the order they were seen.';
COMMENT ON COLUMN versions.number IS 'From 1';
COMMENT ON COLUMN versions.newest IS 'Whether it is the last that was seen';
COMMENT ON COLUMN versions.seen_at IS 'When it was first fetched, UTC';
COMMENT ON COLUMN versions.document IS 'Its clean document; NULL where it was rejected';
COMMENT ON COLUMN versions.text_changed IS 'Whether its clean text is another than that of the version before';
COMMENT ON COLUMN versions.rejected IS 'Why it could not be cleaned; NULL where it could';
COMMENT ON COLUMN versions.reserved IS 'Whether the site reserves text and data mining of it';
COMMENT ON COLUMN versions.rights IS 'What the site says of text and data mining, with the place';
COMMENT ON COLUMN versions.http IS 'Response headers it came with';
-- Promise: on_topic('security') lists the articles on that topic, the most relevant first, with the terms that tell.
CREATE OR REPLACE MACRO on_topic(topic_name) AS TABLE
WITH judged AS (
    SELECT c.cluster, max(v.score) AS score, arg_max(v.terms, v.score) AS terms
    FROM relevance AS v
    JOIN clusters AS c ON c.document = v.document
    WHERE v.topic = topic_name AND v.on_topic
    GROUP BY c.cluster
)
SELECT a.document, j.score, j.terms, a.title, a.published_on, a.site, a.words, a.text, a.url
FROM articles AS a
JOIN judged AS j ON j.cluster = a.cluster
ORDER BY j.score DESC, a.document;
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
