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
