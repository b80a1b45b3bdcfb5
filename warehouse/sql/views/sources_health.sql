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
