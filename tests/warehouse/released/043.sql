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
    FROM memberships AS c
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
COMMENT ON COLUMN articles.cluster IS 'Its cluster of duplicates; join it to memberships.cluster';
COMMENT ON COLUMN articles.copies IS 'How many other documents are duplicates of it, older versions of a page not counted';
COMMENT ON COLUMN articles.topics IS 'Topics that it, or a duplicate of it, was found to be on; empty where it was not judged';
COMMENT ON COLUMN articles.relevance IS 'How much it is on the topic that it is most on, 0 to 1; NULL where it was not judged';
-- Promise: one row per cluster of duplicates that has more than one document: which one stands for it, who the others are.
CREATE OR REPLACE VIEW clusters AS
SELECT
    m.cluster, any_value(c.title) AS title, count(*) AS documents,
    list(m.document ORDER BY m.document) AS members,
    list_sort(list_distinct(list(m.relation) FILTER (m.relation IS NOT NULL))) AS relations,
    list_sort(list_distinct(list(d.site) FILTER (d.site IS NOT NULL))) AS sites,
    min(d.published_on) AS first_published_on, max(d.published_on) AS last_published_on
FROM memberships AS m
JOIN documents AS d ON d.document = m.document
JOIN documents AS c ON c.document = m.cluster
GROUP BY m.cluster
HAVING count(*) > 1;
COMMENT ON VIEW clusters IS 'One row per cluster of two or more duplicates; memberships has one row a document.';
COMMENT ON COLUMN clusters.cluster IS 'The canonical document: the one that stands for the others in articles';
COMMENT ON COLUMN clusters.documents IS 'How many documents it has, the canonical one too';
COMMENT ON COLUMN clusters.members IS 'All of its documents';
COMMENT ON COLUMN clusters.relations IS 'How its members relate to the canonical document';
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
-- Promise: one row per site with a cleaned document: how much of its pages was removed, and by which rules most.
CREATE OR REPLACE VIEW noise_by_site AS
WITH counted AS (
    SELECT
        d.site, b.rule, b.label NOT IN ('content', 'title') AS removed, count(*) AS blocks,
        sum(len(string_split_regex(trim(b.text), '\s+'))) AS words
    FROM blocks AS b
    JOIN documents AS d ON d.document = b.document
    GROUP BY ALL
),
totals AS (
    SELECT
        site, sum(blocks) AS blocks, sum(words) AS words,
        coalesce(sum(blocks) FILTER (removed), 0) AS removed_blocks,
        coalesce(sum(words) FILTER (removed), 0) AS removed_words,
        coalesce((list(rule ORDER BY blocks DESC, rule) FILTER (removed))[:5], []) AS top_rules
    FROM counted
    GROUP BY site
),
pages AS (
    SELECT site, count(*) AS documents FROM documents GROUP BY site
)
SELECT
    p.site, p.documents, t.blocks :: BIGINT AS blocks, t.removed_blocks :: BIGINT AS removed_blocks,
    round(t.removed_blocks / t.blocks, 3) AS removed_blocks_share,
    t.words :: BIGINT AS words, t.removed_words :: BIGINT AS removed_words,
    round(t.removed_words / nullif(t.words, 0), 3) AS removed_words_share,
    round(t.removed_words / p.documents, 1) AS removed_words_a_document, t.top_rules
FROM pages AS p
JOIN totals AS t ON t.site IS NOT DISTINCT FROM p.site;
COMMENT ON VIEW noise_by_site IS 'One row per site: how much of its pages was removed, and by which rules.';
COMMENT ON COLUMN noise_by_site.site IS 'NULL for the documents whose site is not known';
COMMENT ON COLUMN noise_by_site.documents IS 'Its cleaned documents, duplicates included';
COMMENT ON COLUMN noise_by_site.blocks IS 'Blocks of their pages, kept and removed';
COMMENT ON COLUMN noise_by_site.removed_blocks IS 'Blocks that were removed as boilerplate';
COMMENT ON COLUMN noise_by_site.removed_blocks_share IS 'Their share of all blocks, 0 to 1';
COMMENT ON COLUMN noise_by_site.words IS 'Words of all blocks, parted by spaces';
COMMENT ON COLUMN noise_by_site.removed_words IS 'Words of the removed blocks';
COMMENT ON COLUMN noise_by_site.removed_words_share IS 'Their share of all words, 0 to 1';
COMMENT ON COLUMN noise_by_site.removed_words_a_document IS 'Removed words of a document, on average';
COMMENT ON COLUMN noise_by_site.top_rules IS 'The rules that removed most blocks, at most five, the busiest first';
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
-- Promise: one row per distinct load of documents, and per run that judged stored ones again and changed something; a
-- load that was repeated is counted, not added.
CREATE OR REPLACE VIEW runs AS
SELECT
    run, loaded_at, read, new, unchanged,
    coalesce(list_sum(map_values(rejected)), 0) :: BIGINT AS rejected,
    coalesce(list_sum(map_values(duplicates)), 0) :: BIGINT AS duplicates,
    coalesce(list_sum(map_values(removed)), 0) :: BIGINT AS blocks_removed,
    rejected AS rejected_by_reason,
    duplicates AS duplicates_by_relation,
    removed AS blocks_removed_by_label,
    versions, repeated, last_repeated_at, 'load' AS kind, 0 :: BIGINT AS changed, '' AS asked
FROM load_runs
UNION ALL
SELECT
    run, judged_at, judged, accepted,
    judged - changed - accepted - coalesce(list_sum(map_values(rejected)), 0) :: BIGINT,
    coalesce(list_sum(map_values(rejected)), 0) :: BIGINT, 0, 0, rejected, MAP {}, MAP {},
    versions, 0, NULL, kind, changed, asked
FROM reclean_runs;
COMMENT ON VIEW runs IS 'One row per distinct load or judging again: what was read, what came of it, by which versions.';
COMMENT ON COLUMN runs.run IS 'Hash of what was asked: the raw documents and the versions, and for judging again the time';
COMMENT ON COLUMN runs.loaded_at IS 'When it was loaded first, UTC';
COMMENT ON COLUMN runs.read IS 'Documents read: new, unchanged, changed and rejected ones together';
COMMENT ON COLUMN runs.new IS 'Documents that were not there, or stood rejected';
COMMENT ON COLUMN runs.unchanged IS 'Documents that were already there as they are';
COMMENT ON COLUMN runs.rejected IS 'Documents read that stand in rejections, whether since this run or before; of a judging again, those newly rejected';
COMMENT ON COLUMN runs.duplicates IS 'New documents that duplicate another one';
COMMENT ON COLUMN runs.blocks_removed IS 'Blocks removed from the new documents';
COMMENT ON COLUMN runs.repeated IS 'How often the same load was asked again';
COMMENT ON COLUMN runs.kind IS 'load, reclean (judged again by the rules of the day) or decision (of a person)';
COMMENT ON COLUMN runs.changed IS 'Documents whose text, metadata or verdicts changed';
COMMENT ON COLUMN runs.asked IS 'Which documents were to be judged again';
-- Promise: one row per site and block that it prints on its pages, learnt or decided by a person; tamis removes those
-- that are not vetoed from new documents of the site.
CREATE OR REPLACE VIEW site_templates AS
SELECT
    coalesce(b.site, d.site) AS site,
    printf('%016x', coalesce(b.hash, d.hash)) AS id,
    coalesce(d.decision, 'learnt') AS state,
    coalesce(b.pages, 0) AS pages,
    coalesce(b.articles, 0) AS articles,
    coalesce(d.decided_at, b.learnt_at) AS since,
    b.last_seen, b.words, b.content,
    coalesce(b.sample, d.sample) AS sample,
    coalesce(b.hash, d.hash) AS hash
FROM site_blocks AS b
FULL JOIN site_decisions AS d ON d.site = b.site AND d.hash = b.hash
WHERE b.learnt_at IS NOT NULL OR d.decision IS NOT NULL;
COMMENT ON VIEW site_templates IS 'One row per site and block that is its template, or that a person has decided on.';
COMMENT ON COLUMN site_templates.id IS 'What tamis site --veto, --pin and --forget take';
COMMENT ON COLUMN site_templates.state IS 'learnt, pinned (a person says it is template) or vetoed (a person says it is not)';
COMMENT ON COLUMN site_templates.pages IS 'Addresses of the site that carry it';
COMMENT ON COLUMN site_templates.articles IS 'The same, with copies and versions of one article counted once';
COMMENT ON COLUMN site_templates.since IS 'Since when it is learnt or decided, UTC';
COMMENT ON COLUMN site_templates.last_seen IS 'When the last page with it was loaded, UTC';
COMMENT ON COLUMN site_templates.content IS 'Share of the pages on which it was surely judged content';
COMMENT ON COLUMN site_templates.sample IS 'Its text, or the beginning of it';
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
-- Promise: one row per day and site that published at least one article; articles without a date are not in it. The
-- macro below counts the articles on one topic.
CREATE OR REPLACE VIEW timeline AS
SELECT
    published_on AS day, site, count(*) AS articles, sum(words) :: BIGINT AS words, sum(copies) :: BIGINT AS copies,
    list_sort(list_distinct(list(language) FILTER (language IS NOT NULL))) AS languages
FROM articles
WHERE published_on IS NOT NULL
GROUP BY published_on, site;
COMMENT ON VIEW timeline IS 'One row per day and site that published an article. Also a macro: FROM timeline(''topic'', ''month'').';
COMMENT ON COLUMN timeline.day IS 'Day of publication where it was published';
COMMENT ON COLUMN timeline.site IS 'Site of the articles; NULL where it is not known';
COMMENT ON COLUMN timeline.articles IS 'Articles of that day, each duplicate counted once';
COMMENT ON COLUMN timeline.words IS 'Words of their texts';
COMMENT ON COLUMN timeline.copies IS 'Other documents that are duplicates of these articles, whatever their day';
COMMENT ON COLUMN timeline.languages IS 'Languages they are written in';

-- Promise: timeline('security', 'month') counts the articles on that topic by day, week, month, quarter or year (month,
-- unless said), in order of time, with the title of the most relevant one. timeline(NULL, 'year') counts all articles.
-- Periods without an article are left out, as are articles without a date.
CREATE OR REPLACE MACRO timeline(topic_name, grain := 'month') AS TABLE
SELECT
    date_trunc(grain, a.published_on) :: DATE AS period, count(*) AS articles,
    count(DISTINCT a.site) AS sites, sum(a.words) :: BIGINT AS words, sum(a.copies) :: BIGINT AS copies,
    arg_max(a.title, (coalesce(a.relevance, 0), a.copies, a.document)) AS most_relevant
FROM articles AS a
WHERE a.published_on IS NOT NULL AND (topic_name IS NULL OR list_contains(a.topics, topic_name))
GROUP BY period
ORDER BY period;
-- Promise: one row per address and version of its page, older ones kept; the newest of each is the last number. Of a
-- fetched page as it was seen; of an address that only files name, its documents with different texts, by date.
CREATE OR REPLACE VIEW versions AS
WITH seen AS (
    SELECT v.address, v.number, v.seen_at, v.raw_key, v.reserved, v.rights
    FROM page_versions AS v
),
told AS (
    SELECT d.url AS address, d.raw_key, coalesce(r.fetched_at, d.published_at) AS seen_at, r.loaded_at,
        d.published_at, d.text_hash
    FROM documents AS d
    JOIN raw_documents AS r ON r.raw_key = d.raw_key
    WHERE d.url IS NOT NULL AND d.raw_key NOT IN (SELECT raw_key FROM page_versions)
    QUALIFY row_number() OVER (PARTITION BY d.url, d.text_hash ORDER BY seen_at, d.raw_key) = 1
),
numbered AS (
    SELECT address, seen_at, raw_key,
        row_number() OVER (PARTITION BY address ORDER BY seen_at NULLS FIRST, published_at, raw_key) AS number
    FROM told
    QUALIFY count(*) OVER (PARTITION BY address) > 1
),
chain AS (
    SELECT * FROM seen
    UNION ALL BY NAME
    SELECT address, number, seen_at, raw_key, NULL AS reserved, [] AS rights FROM numbered
)
SELECT
    v.address, v.number, v.number = max(v.number) OVER (PARTITION BY v.address) AS newest,
    v.seen_at, d.document, d.title, d.published_on, d.words, d.text,
    d.text_hash IS DISTINCT FROM lag(d.text_hash) OVER (PARTITION BY v.address ORDER BY v.number) AS text_changed,
    x.reason AS rejected, v.reserved, v.rights, r.http, v.raw_key
FROM chain AS v
JOIN raw_documents AS r ON r.raw_key = v.raw_key
LEFT JOIN documents AS d ON d.raw_key = v.raw_key
LEFT JOIN rejections AS x ON x.raw_key = v.raw_key;
COMMENT ON VIEW versions IS 'One row per address and version of its page, in the order they were seen.';
COMMENT ON COLUMN versions.number IS 'From 1';
COMMENT ON COLUMN versions.newest IS 'Whether it is the last that was seen';
COMMENT ON COLUMN versions.seen_at IS 'When it was first fetched, UTC; of a file without that, when it was published';
COMMENT ON COLUMN versions.document IS 'Its clean document; NULL where it was rejected';
COMMENT ON COLUMN versions.text_changed IS 'Whether its clean text is another than that of the version before';
COMMENT ON COLUMN versions.rejected IS 'Why it could not be cleaned; NULL where it could';
COMMENT ON COLUMN versions.reserved IS 'Whether the site reserves text and data mining of it; NULL where it came from a file';
COMMENT ON COLUMN versions.rights IS 'What the site says of text and data mining, with the place';
COMMENT ON COLUMN versions.http IS 'Response headers it came with';
-- Promise: diff('19017c67') or diff('page.html') lists the blocks that were added, removed or judged otherwise from one
-- state of that document to the next: between the versions of its page (compared = page: each as it is judged today) and
-- between the editions of its verdicts (compared = verdict). A state that was rejected has one row with the label
-- rejected, its reason as rule and no text. The n-th block of a text is compared with the n-th of the same text.
CREATE OR REPLACE MACRO diff(doc) AS TABLE
WITH meant AS (
    SELECT raw_key, left(raw_key, 16) AS document
    FROM raw_documents
    WHERE starts_with(raw_key, lower(doc)) OR source = doc OR ends_with(source, '/' || doc)
),
pages AS (
    SELECT address, number, raw_key, seen_at
    FROM page_versions
    WHERE address IN (SELECT address FROM page_versions SEMI JOIN meant USING (raw_key))
),
concerned AS (
    SELECT raw_key FROM meant UNION SELECT raw_key FROM pages
),
editions AS (
    SELECT raw_key, judged_at, NULL :: TIMESTAMP AS until, NULL :: VARCHAR AS reason FROM documents
    UNION ALL
    SELECT raw_key, judged_at, until, NULL FROM former_documents
    UNION ALL
    SELECT raw_key, judged_at, NULL, reason FROM rejections
    UNION ALL
    SELECT raw_key, judged_at, until, reason FROM former_rejections
),
states AS (
    SELECT
        'verdict' AS compared, e.raw_key AS chain, e.raw_key, e.judged_at AS since, e.until, e.reason,
        row_number() OVER (PARTITION BY e.raw_key ORDER BY e.judged_at) AS place
    FROM editions AS e
    SEMI JOIN meant USING (raw_key)
    UNION ALL
    SELECT 'page', p.address, p.raw_key, p.seen_at, NULL, e.reason, p.number
    FROM pages AS p
    JOIN editions AS e ON e.raw_key = p.raw_key AND e.until IS NULL
),
judged AS (
    SELECT document, NULL :: TIMESTAMP AS until, block, text, label, rule
    FROM blocks
    WHERE document IN (SELECT left(raw_key, 16) FROM concerned)
    UNION ALL
    SELECT document, until, block, text, label, rule
    FROM former_blocks
    WHERE document IN (SELECT left(raw_key, 16) FROM concerned)
),
pieces AS (
    SELECT
        s.compared, s.chain, s.place, s.raw_key, s.since, j.block, j.text, j.label, j.rule,
        row_number() OVER (PARTITION BY s.compared, s.chain, s.place, j.text ORDER BY j.block) AS nth
    FROM states AS s
    JOIN judged AS j ON j.document = left(s.raw_key, 16) AND j.until IS NOT DISTINCT FROM s.until
    WHERE s.reason IS NULL
    UNION ALL
    SELECT compared, chain, place, raw_key, since, NULL, NULL, 'rejected', reason, 1
    FROM states
    WHERE reason IS NOT NULL
),
steps AS (
    SELECT
        b.compared, b.chain, b.place, left(a.raw_key, 16) AS old_document, left(b.raw_key, 16) AS document, b.since
    FROM states AS a
    JOIN states AS b ON b.compared = a.compared AND b.chain = a.chain AND b.place = a.place + 1
),
old_pieces AS (
    SELECT compared, chain, place + 1 AS place, text, nth, block, label, rule FROM pieces
),
changes AS (
    SELECT
        coalesce(n.compared, o.compared) AS compared, coalesce(n.chain, o.chain) AS chain,
        coalesce(n.place, o.place) AS place, o.block AS old_block, n.block, coalesce(n.text, o.text) AS text,
        o.label AS old_label, n.label AS new_label, o.rule AS old_rule, n.rule AS new_rule
    FROM pieces AS n
    FULL JOIN old_pieces AS o
        ON o.compared = n.compared AND o.chain = n.chain AND o.place = n.place AND o.nth = n.nth
        AND coalesce(o.text, '') = coalesce(n.text, '')
    WHERE o.label IS DISTINCT FROM n.label OR o.rule IS DISTINCT FROM n.rule
)
SELECT
    s.compared, s.since, s.old_document, s.document, c.old_block, c.block,
    CASE WHEN c.old_label IS NULL THEN 'added' WHEN c.new_label IS NULL THEN 'removed' ELSE 'relabelled' END AS change,
    c.old_label, c.new_label, c.old_rule, c.new_rule, c.text
FROM changes AS c
JOIN steps AS s ON s.compared = c.compared AND s.chain = c.chain AND s.place = c.place
ORDER BY s.compared, s.since, s.document, coalesce(c.block, c.old_block), c.text;
-- Promise: folded('Où est l''État ?') is the text as search compares it: lower case, no accents or vowel signs,
-- ligatures and variants of Arabic letters written one way. Does in SQL what cleaners.dedup.normalise does.
CREATE OR REPLACE MACRO folded(written) AS translate(
    replace(replace(replace(strip_accents(lower(written)), 'ß', 'ss'), 'œ', 'oe'), 'æ', 'ae'),
    'øłđıςىیېکةہھٱ٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹ـ' || chr(173) || chr(8203) || chr(8204) || chr(8205) || chr(8206) || chr(8207),
    'oldiσيييكههها01234567890123456789'
);
-- Promise: on_topic('security') lists the articles on that topic, the most relevant first, with the terms that tell.
CREATE OR REPLACE MACRO on_topic(topic_name) AS TABLE
WITH judged AS (
    SELECT c.cluster, max(v.score) AS score, arg_max(v.terms, v.score) AS terms
    FROM relevance AS v
    JOIN memberships AS c ON c.document = v.document
    WHERE v.topic = topic_name AND v.on_topic
    GROUP BY c.cluster
)
SELECT a.document, j.score, j.terms, a.title, a.published_on, a.site, a.words, a.text, a.url
FROM articles AS a
JOIN judged AS j ON j.cluster = a.cluster
ORDER BY j.score DESC, a.document;
-- Promise: search('saisie drogue') lists the articles that have all these words, in any of their forms, the best
-- first: BM25 (Robertson, Zaragoza 2009; k1 1.2, b 0.75), a word in the title counting three times. A word of five
-- letters or more also finds words that begin like it, which count less; port* does so for any word, "crime organisé"
-- is found as it stands, -football leaves articles out. The 20 best have a snippet, or as many as snippets := 200
-- says: the passage that has most of the words, each marked with **.
CREATE OR REPLACE MACRO search(query, snippets := 20) AS TABLE
WITH parts AS MATERIALIZED (
    SELECT
        part, starts_with(piece, '-') AS excluded, contains(piece, '"') AS quoted, ends_with(piece, '*') AS open,
        regexp_extract_all(folded(piece), '[\p{L}\p{N}]+') AS spoken
    FROM (
        SELECT unnest(pieces) AS piece, generate_subscripts(pieces, 1) AS part
        FROM (
            SELECT regexp_extract_all(translate(query, '«»“”„', '"""""'), '-?"[^"]*(?:"|$)|[^\s"]+') AS pieces
        )
    )
),
asked AS MATERIALIZED (
    SELECT a.wanted, a.excluded, a.quoted, a.open, a.word, a.needed, list(w.stem) FILTER (w.stem IS NOT NULL) AS stems
    FROM (
        SELECT *, row_number() OVER () AS wanted, count_if(NOT excluded) OVER () AS needed
        FROM (SELECT unnest(spoken) AS word, * FROM parts WHERE NOT excluded OR len(spoken) = 1)
        WHERE quoted OR NOT regexp_full_match(word, '[a-z]')  -- the l of l'État
    ) AS a
    LEFT JOIN words AS w ON w.word = a.word
    GROUP BY ALL
),
forms AS MATERIALIZED (
    SELECT
        wanted, term, any_value(word) AS word, max(weight) AS weight, any_value(excluded) AS excluded,
        any_value(needed) AS needed
    FROM (
        SELECT a.wanted, a.excluded, a.needed, w.term, w.word, 1.0 AS weight
        FROM (SELECT *, unnest(stems) AS stem FROM asked) AS a
        JOIN words AS w ON w.stem = a.stem
        WHERE w.word = a.word OR NOT a.quoted
        UNION ALL
        SELECT a.wanted, a.excluded, a.needed, w.term, w.word, CASE WHEN a.open THEN 1.0 ELSE 0.3 END
        FROM (
            SELECT
                *,
                CASE
                    WHEN open THEN word
                    WHEN stems IS NULL THEN left(word, greatest(4, length(word) - 3))  -- a form that no text has
                    ELSE left(word, greatest(5, length(word) - 1))
                END AS beginning
            FROM asked
            WHERE open OR NOT (quoted OR excluded)
        ) AS a
        JOIN words AS w ON starts_with(w.word, a.beginning)
        WHERE a.open OR length(a.word) >= 4 + (a.stems IS NOT NULL) :: INTEGER
    )
    GROUP BY wanted, term
),
candidates AS MATERIALIZED (
    SELECT
        i.document,
        sum(
            h.closeness * ln(1 + (a.documents - h.documents + 0.5) / (h.documents + 0.5))
            * 2.2 * h.times / (h.times + 1.2 * (0.25 + 0.75 * i.length / a.mean_length))
        ) AS score
    FROM (
        SELECT
            number, any_value(excluded) AS excluded, any_value(needed) AS needed, max(weight) AS closeness,
            sum(weight * (in_text + 3 * in_title)) AS times, count(*) OVER (PARTITION BY wanted) AS documents
        FROM (
            SELECT f.*, p.number, p.in_text, p.in_title
            FROM (FROM postings UNION ALL FROM recent_postings) AS p
            JOIN forms AS f ON f.term = p.term
        )
        GROUP BY wanted, number
    ) AS h
    JOIN indexed_documents AS i ON i.number = h.number
    CROSS JOIN (SELECT count(*) AS documents, avg(length) AS mean_length FROM indexed_documents) AS a
    GROUP BY i.document
    HAVING NOT bool_or(h.excluded) AND count(*) = any_value(h.needed)
),
-- The articles among the candidates, by the rules of the view: to ask the view would make all articles for each query.
kin AS MATERIALIZED (
    SELECT document, cluster
    FROM memberships
    WHERE cluster IN (SELECT cluster FROM memberships WHERE document IN (SELECT document FROM candidates))
),
off_topic AS MATERIALIZED (
    SELECT document FROM relevance GROUP BY document HAVING NOT bool_or(on_topic)
),
superseded AS MATERIALIZED (
    SELECT left(raw_key, 16) AS document
    FROM page_versions
    WHERE address IN (SELECT address FROM page_versions WHERE number > 1)
),
members AS MATERIALIZED (
    SELECT k.document, k.cluster
    FROM kin AS k
    WHERE k.document NOT IN (FROM off_topic) AND k.document NOT IN (
        SELECT document
        FROM (
            SELECT d.document, v.number = max(v.number) OVER (PARTITION BY v.address) AS newest
            FROM page_versions AS v
            JOIN documents AS d ON d.document = left(v.raw_key, 16)
            WHERE d.document IN (FROM superseded) AND d.document NOT IN (FROM off_topic)
        )
        GROUP BY document
        HAVING NOT bool_or(newest)
    )
),
standing AS (
    SELECT document FROM members WHERE document = cluster
    UNION ALL
    SELECT arg_min(m.document, (coalesce(d.published_on, 'infinity' :: DATE), -d.words, m.document))
    FROM members AS m
    JOIN documents AS d ON d.document = m.document
    WHERE m.cluster NOT IN (SELECT document FROM members WHERE document = cluster)
    GROUP BY m.cluster
),
phrased AS MATERIALIZED (
    SELECT c.document, p.excluded, ' ' || array_to_string(p.spoken, ' ') || ' ' AS phrase
    FROM candidates AS c
    JOIN parts AS p ON len(p.spoken) > 1 AND (p.quoted OR p.excluded)
),
found AS MATERIALIZED (
    SELECT
        d.document, round(c.score, 3) AS score, d.title, d.published_on, d.site, d.language, d.url,
        row_number() OVER (ORDER BY round(c.score, 3) DESC, d.document) AS place
    FROM candidates AS c
    SEMI JOIN standing AS s ON s.document = c.document
    JOIN documents AS d ON d.document = c.document
    WHERE c.document NOT IN (
        SELECT d.document
        FROM documents AS d
        JOIN phrased AS p ON p.document = d.document
        WHERE p.excluded = contains(
            ' ' || regexp_replace(folded(coalesce(d.title, '') || ' ¶ ' || d.text), '[^\p{L}\p{N}¶]+', ' ', 'g') || ' ',
            p.phrase
        )
    )
),
texts AS (
    SELECT d.document, regexp_extract_all(d.text, '[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]+') AS pieces
    FROM found AS f
    JOIN documents AS d ON d.document = f.document
    WHERE f.place <= snippets
),
spelt AS (
    SELECT *, string_split(folded(array_to_string(pieces, chr(31))), chr(31)) AS words FROM texts
),
marked AS (
    SELECT s.*, list_filter(range(1, len(s.words) + 1), lambda i: list_contains(m.words, s.words[i])) AS spots
    FROM spelt AS s
    CROSS JOIN (SELECT list(DISTINCT word) AS words FROM forms) AS m
),
rated AS (
    SELECT *, list_transform(
        spots, lambda s: len(list_distinct(list_transform(
            list_filter(spots, lambda o: o BETWEEN s AND s + 40), lambda o: words[o]
        )))
    ) AS ratings
    FROM marked
),
centred AS (
    SELECT *, coalesce(spots[list_position(ratings, list_max(ratings))], 1) AS centre FROM rated
)
SELECT f.document, f.score, f.title, f.published_on, f.site, f.language, s.snippet, f.url
FROM found AS f
LEFT JOIN (
    SELECT
        document,
        CASE WHEN centre > 15 THEN '… ' ELSE '' END
        || regexp_replace(array_to_string(list_transform(
            range(greatest(1, centre - 14), least(len(pieces), centre + 50) + 1),
            lambda i: CASE WHEN list_contains(spots, i) THEN '**' || pieces[i] || '**' ELSE pieces[i] END
        ), ''), '\s+', ' ', 'g')
        || CASE WHEN centre + 50 < len(pieces) THEN ' …' ELSE '' END AS snippet
    FROM centred
) AS s ON s.document = f.document
ORDER BY f.place;
-- Promise: similar('19017c67') or similar('page.html') lists the articles whose text has most in common with that document,
-- the most alike first, itself and its duplicates left out. shared counts the sketch hashes that both have and that
-- neither site prints everywhere; containment estimates the share of the shorter text that stands in the other, 0 to 1.
-- A sketch keeps the hashes below 2^61, an eighth of them, but all of a text that has no more than 16: of two texts
-- those count that both would keep.
CREATE OR REPLACE MACRO "similar"(doc) AS TABLE
WITH own AS (
    SELECT d.document, m.cluster, s.hash
    FROM raw_documents AS r
    JOIN documents AS d ON d.raw_key = r.raw_key
    JOIN memberships AS m ON m.document = d.document
    JOIN sketches AS s ON s.document = d.document
    WHERE (starts_with(r.raw_key, lower(doc)) OR r.source = doc OR ends_with(r.source, '/' || doc))
    AND NOT EXISTS (FROM common_hashes AS c WHERE c.hash = s.hash AND (c.site IS NULL OR c.site = s.site))
),
sharing AS (
    SELECT o.document AS asked, s.document, count(*) AS shared
    FROM own AS o
    JOIN sketches AS s ON s.hash = o.hash
    JOIN memberships AS m ON m.document = s.document
    WHERE m.cluster <> o.cluster
    AND NOT EXISTS (FROM common_hashes AS c WHERE c.hash = s.hash AND c.site = s.site)
    GROUP BY ALL
),
sizes AS (
    SELECT document, count(*) AS hashes, count_if(hash < 1 :: UBIGINT << 61) AS sampled
    FROM sketches
    WHERE document IN (SELECT asked FROM sharing UNION SELECT document FROM sharing)
    GROUP BY document
)
SELECT
    a.document, l.shared,
    round(least(1, l.shared / greatest(1, least(
        CASE WHEN y.hashes > 16 THEN x.sampled ELSE x.hashes END,
        CASE WHEN x.hashes > 16 THEN y.sampled ELSE y.hashes END
    ))), 3) AS containment,
    a.title, a.published_on, a.site, a.language, a.url, l.asked AS alike_to
FROM sharing AS l
JOIN sizes AS x ON x.document = l.asked
JOIN sizes AS y ON y.document = l.document
JOIN articles AS a ON a.document = l.document
ORDER BY containment DESC, l.shared DESC, a.document;
-- Promise: why('19017c67') or why('page.html') lists what was removed from that document, in page order, with
-- rule, label and confidence, and what a person kept (rule person.keep, label content); for a document that was
-- rejected, its reason. Takes the beginning of a key, or the name of the source file.
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
WHERE b.label NOT IN ('content', 'title') OR b.rule = 'person.keep'
UNION ALL
SELECT
    left(x.raw_key, 16), NULL, 'rejected', x.reason, 1.0, NULL, x.detail, m.source
FROM meant AS m
JOIN rejections AS x ON x.raw_key = m.raw_key
ORDER BY 1, 2;
