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
