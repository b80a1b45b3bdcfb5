-- Promise: alike('19017c67') or alike('page.html') lists the articles whose text has most in common with that
-- document, the most alike first, itself and its duplicates left out. shared counts the sketch hashes that both texts
-- have (each stands for about eight runs of five words) and that neither site prints everywhere; containment estimates
-- the share of the shorter text that stands in the other, 0 to 1.
CREATE OR REPLACE MACRO alike(doc) AS TABLE
WITH own AS (
    SELECT d.document, m.cluster, s.hash
    FROM raw_documents AS r
    JOIN documents AS d ON d.raw_key = r.raw_key
    JOIN memberships AS m ON m.document = d.document
    JOIN sketches AS s ON s.document = d.document
    WHERE (starts_with(r.raw_key, lower(doc)) OR r.source = doc OR ends_with(r.source, '/' || doc))
    AND NOT EXISTS (FROM common_hashes AS c WHERE c.hash = s.hash AND (c.site IS NULL OR c.site = s.site))
),
sizes AS (
    SELECT document, count(*) AS hashes FROM own GROUP BY document
),
sharing AS (
    SELECT o.document AS asked, s.document, count(*) AS shared
    FROM own AS o
    JOIN sketches AS s ON s.hash = o.hash
    JOIN memberships AS m ON m.document = s.document
    WHERE m.cluster <> o.cluster
    AND NOT EXISTS (FROM common_hashes AS c WHERE c.hash = s.hash AND c.site = s.site)
    GROUP BY ALL
)
SELECT
    a.document, l.shared, round(least(1, l.shared / least(z.hashes, d.sketch_size)), 3) AS containment,
    a.title, a.published_on, a.site, a.language, a.url, l.asked AS alike_to
FROM sharing AS l
JOIN sizes AS z ON z.document = l.asked
JOIN articles AS a ON a.document = l.document
JOIN documents AS d ON d.document = l.document
ORDER BY containment DESC, l.shared DESC, a.document;
