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
{article columns}
FROM chosen AS c
JOIN gathered AS g ON g.cluster = c.cluster
JOIN documents AS d ON d.document = c.document
JOIN raw_documents AS r ON r.raw_key = d.raw_key;
COMMENT ON VIEW articles IS 'One row per article: the clean documents, each duplicate counted once, nothing off topic, no older version.';
-- The comments of articles and documents: columns.py has them.
{comments}
