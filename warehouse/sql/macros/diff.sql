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
