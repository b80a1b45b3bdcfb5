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
