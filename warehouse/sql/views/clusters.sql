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
