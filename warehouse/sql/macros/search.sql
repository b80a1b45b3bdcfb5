-- Promise: search('saisie drogue') lists the articles that have all these words, in any of their forms, the best
-- first: BM25 (Robertson, Zaragoza 2009; k1 1.2, b 0.75), a word in the title counting three times. A word of five
-- letters or more also finds words that begin like it, which count less; port* does so for any word, "crime organisé"
-- is found as it stands, -football leaves articles out. The 20 best have a snippet, or as many as snippets := 200
-- says: the passage that has most of the words, each marked with **.
CREATE OR REPLACE MACRO search(query, snippets := 20) AS TABLE
WITH parts AS MATERIALIZED (
    SELECT
        part, starts_with(piece, '-') AS excluded, contains(piece, '"') AS quoted, ends_with(piece, '*') AS open,
        regexp_extract_all(folded(piece), '[\p{L}\p{N}]+') AS spoken
    FROM (
        SELECT unnest(pieces) AS piece, generate_subscripts(pieces, 1) AS part
        FROM (
            SELECT regexp_extract_all(translate(query, '«»“”„', '"""""'), '-?"[^"]*(?:"|$)|[^\s"]+') AS pieces
        )
    )
),
asked AS MATERIALIZED (
    SELECT a.wanted, a.excluded, a.quoted, a.open, a.word, a.needed, list(w.stem) FILTER (w.stem IS NOT NULL) AS stems
    FROM (
        SELECT *, row_number() OVER () AS wanted, count_if(NOT excluded) OVER () AS needed
        FROM (SELECT unnest(spoken) AS word, * FROM parts WHERE NOT excluded OR len(spoken) = 1)
        WHERE quoted OR NOT regexp_full_match(word, '[a-z]')  -- the l of l'État
    ) AS a
    LEFT JOIN words AS w ON w.word = a.word
    GROUP BY ALL
),
forms AS MATERIALIZED (
    SELECT
        wanted, term, any_value(word) AS word, max(weight) AS weight, any_value(excluded) AS excluded,
        any_value(needed) AS needed
    FROM (
        SELECT a.wanted, a.excluded, a.needed, w.term, w.word, 1.0 AS weight
        FROM (SELECT *, unnest(stems) AS stem FROM asked) AS a
        JOIN words AS w ON w.stem = a.stem
        WHERE w.word = a.word OR NOT a.quoted
        UNION ALL
        SELECT a.wanted, a.excluded, a.needed, w.term, w.word, CASE WHEN a.open THEN 1.0 ELSE 0.3 END
        FROM (
            SELECT
                *,
                CASE
                    WHEN open THEN word
                    WHEN stems IS NULL THEN left(word, greatest(4, length(word) - 3))  -- a form that no text has
                    ELSE left(word, greatest(5, length(word) - 1))
                END AS beginning
            FROM asked
            WHERE open OR NOT (quoted OR excluded)
        ) AS a
        JOIN words AS w ON starts_with(w.word, a.beginning)
        WHERE a.open OR length(a.word) >= 4 + (a.stems IS NOT NULL) :: INTEGER
    )
    GROUP BY wanted, term
),
candidates AS MATERIALIZED (
    SELECT
        i.document,
        sum(
            h.closeness * ln(1 + (a.documents - h.documents + 0.5) / (h.documents + 0.5))
            * 2.2 * h.times / (h.times + 1.2 * (0.25 + 0.75 * i.length / a.mean_length))
        ) AS score
    FROM (
        SELECT
            number, any_value(excluded) AS excluded, any_value(needed) AS needed, max(weight) AS closeness,
            sum(weight * (in_text + 3 * in_title)) AS times, count(*) OVER (PARTITION BY wanted) AS documents
        FROM (
            SELECT f.*, p.number, p.in_text, p.in_title
            FROM (FROM postings UNION ALL FROM recent_postings) AS p
            JOIN forms AS f ON f.term = p.term
        )
        GROUP BY wanted, number
    ) AS h
    JOIN indexed_documents AS i ON i.number = h.number
    CROSS JOIN (SELECT count(*) AS documents, avg(length) AS mean_length FROM indexed_documents) AS a
    GROUP BY i.document
    HAVING NOT bool_or(h.excluded) AND count(*) = any_value(h.needed)
),
-- The articles among the candidates, by the rules of the view: to ask the view would make all articles for each query.
kin AS MATERIALIZED (
    SELECT document, cluster
    FROM memberships
    WHERE cluster IN (SELECT cluster FROM memberships WHERE document IN (SELECT document FROM candidates))
),
off_topic AS MATERIALIZED (
    SELECT document FROM relevance GROUP BY document HAVING NOT bool_or(on_topic)
),
superseded AS MATERIALIZED (
    SELECT left(raw_key, 16) AS document
    FROM page_versions
    WHERE address IN (SELECT address FROM page_versions WHERE number > 1)
),
members AS MATERIALIZED (
    SELECT k.document, k.cluster
    FROM kin AS k
    WHERE k.document NOT IN (FROM off_topic) AND k.document NOT IN (
        SELECT document
        FROM (
            SELECT d.document, v.number = max(v.number) OVER (PARTITION BY v.address) AS newest
            FROM page_versions AS v
            JOIN documents AS d ON d.document = left(v.raw_key, 16)
            WHERE d.document IN (FROM superseded) AND d.document NOT IN (FROM off_topic)
        )
        GROUP BY document
        HAVING NOT bool_or(newest)
    )
),
standing AS (
    SELECT document FROM members WHERE document = cluster
    UNION ALL
    SELECT arg_min(m.document, (coalesce(d.published_on, 'infinity' :: DATE), -d.words, m.document))
    FROM members AS m
    JOIN documents AS d ON d.document = m.document
    WHERE m.cluster NOT IN (SELECT document FROM members WHERE document = cluster)
    GROUP BY m.cluster
),
phrased AS MATERIALIZED (
    SELECT c.document, p.excluded, ' ' || array_to_string(p.spoken, ' ') || ' ' AS phrase
    FROM candidates AS c
    JOIN parts AS p ON len(p.spoken) > 1 AND (p.quoted OR p.excluded)
),
found AS MATERIALIZED (
    SELECT
        d.document, round(c.score, 3) AS score, d.title, d.published_on, d.site, d.language, d.url,
        row_number() OVER (ORDER BY round(c.score, 3) DESC, d.document) AS place
    FROM candidates AS c
    SEMI JOIN standing AS s ON s.document = c.document
    JOIN documents AS d ON d.document = c.document
    WHERE c.document NOT IN (
        SELECT d.document
        FROM documents AS d
        JOIN phrased AS p ON p.document = d.document
        WHERE p.excluded = contains(
            ' ' || regexp_replace(folded(coalesce(d.title, '') || ' ¶ ' || d.text), '[^\p{L}\p{N}¶]+', ' ', 'g') || ' ',
            p.phrase
        )
    )
),
texts AS (
    SELECT d.document, regexp_extract_all(d.text, '[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]+') AS pieces
    FROM found AS f
    JOIN documents AS d ON d.document = f.document
    WHERE f.place <= snippets
),
spelt AS (
    SELECT *, string_split(folded(array_to_string(pieces, chr(31))), chr(31)) AS words FROM texts
),
marked AS (
    SELECT s.*, list_filter(range(1, len(s.words) + 1), lambda i: list_contains(m.words, s.words[i])) AS spots
    FROM spelt AS s
    CROSS JOIN (SELECT list(DISTINCT word) AS words FROM forms) AS m
),
rated AS (
    SELECT *, list_transform(
        spots, lambda s: len(list_distinct(list_transform(
            list_filter(spots, lambda o: o BETWEEN s AND s + 40), lambda o: words[o]
        )))
    ) AS ratings
    FROM marked
),
centred AS (
    SELECT *, coalesce(spots[list_position(ratings, list_max(ratings))], 1) AS centre FROM rated
)
SELECT f.document, f.score, f.title, f.published_on, f.site, f.language, s.snippet, f.url
FROM found AS f
LEFT JOIN (
    SELECT
        document,
        CASE WHEN centre > 15 THEN '… ' ELSE '' END
        || regexp_replace(array_to_string(list_transform(
            range(greatest(1, centre - 14), least(len(pieces), centre + 50) + 1),
            lambda i: CASE WHEN list_contains(spots, i) THEN '**' || pieces[i] || '**' ELSE pieces[i] END
        ), ''), '\s+', ' ', 'g')
        || CASE WHEN centre + 50 < len(pieces) THEN ' …' ELSE '' END AS snippet
    FROM centred
) AS s ON s.document = f.document
ORDER BY f.place;
