-- Promise: similar('19017c67') or similar('page.html') lists the articles whose text has most in common with that document,
-- the most alike first, itself and its duplicates left out. shared counts the sketch hashes that both have and that
-- neither site prints everywhere; containment estimates the share of the shorter text that stands in the other, 0 to 1.
-- A sketch keeps the hashes below 2^61, an eighth of them, but all of a text that has no more than 16: of two texts
-- those count that both would keep.
CREATE OR REPLACE MACRO "similar"(doc) AS TABLE
WITH asked AS (
    SELECT d.document, m.cluster, s.site, unnest(s.hashes) AS hash
    FROM raw_documents AS r
    JOIN documents AS d ON d.raw_key = r.raw_key
    JOIN memberships AS m ON m.document = d.document
    JOIN sketched_documents AS s ON s.document = d.document
    WHERE starts_with(r.raw_key, lower(doc)) OR r.source = doc OR ends_with(r.source, '/' || doc)
),
own AS (
    SELECT document, cluster, hash
    FROM asked AS s
    WHERE NOT EXISTS (FROM common_hashes AS c WHERE c.hash = s.hash AND (c.site IS NULL OR c.site = s.site))
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
    SELECT document, size AS hashes, len(list_filter(hashes, lambda h: h < 1 :: UBIGINT << 61)) AS sampled
    FROM sketched_documents
    WHERE document IN (SELECT asked FROM sharing UNION SELECT document FROM sharing)
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
