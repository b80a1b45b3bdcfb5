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
