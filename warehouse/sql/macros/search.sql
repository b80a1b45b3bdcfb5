-- Promise: search('saisie drogue') lists the articles that have all these words, in any of their forms, the best
-- first: BM25 (Robertson, Zaragoza 2009; k1 1.2, b 0.75), a word in the title counting three times. A word of five
-- letters or more also finds words that begin like it, which count less; port* does so for any word, "crime organisé"
-- is found as it stands, -football leaves articles out. The 20 best have a snippet, or as many as snippets := 200
-- says: the passage that has most of the words, each marked with **.
CREATE OR REPLACE MACRO search(query, snippets := 20) AS TABLE
FROM (
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
said AS MATERIALIZED (
    SELECT s.*, any_value(w.term) AS term, list(w.stem) FILTER (w.stem IS NOT NULL) AS stems
    FROM (
        SELECT
            part, excluded, quoted, open, len(spoken) AS length,
            unnest(spoken) AS word, generate_subscripts(spoken, 1) AS place
        FROM parts
    ) AS s
    LEFT JOIN words AS w ON w.word = s.word
    GROUP BY ALL
),
asked AS MATERIALIZED (
    SELECT row_number() OVER () AS wanted, *
    FROM said
    WHERE (length = 1 OR NOT excluded) AND (quoted OR NOT regexp_full_match(word, '[a-z]'))  -- the l of l'État
),
forms AS MATERIALIZED (
    SELECT wanted, term, any_value(word) AS word, max(weight) AS weight
    FROM (
        SELECT a.wanted, w.term, w.word, 1.0 :: DOUBLE AS weight
        FROM (SELECT *, unnest(stems) AS stem FROM asked) AS a
        JOIN words AS w ON w.stem = a.stem
        WHERE w.word = a.word OR NOT a.quoted
        UNION ALL
        SELECT a.wanted, w.term, w.word, CASE WHEN a.open THEN 1.0 ELSE 0.3 END :: DOUBLE
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
-- Apart from what follows: DuckDB 2.0.0 fails where lists are unnested behind the join that finds them.
listed AS MATERIALIZED (
    SELECT f.wanted, f.weight, p.numbers, p.times
    FROM (
        SELECT term, numbers, times FROM postings
        UNION ALL
        SELECT term, numbers, times FROM recent_postings
    ) AS p
    JOIN forms AS f ON f.term = p.term
),
hits AS MATERIALIZED (
    SELECT h.*, i.length
    FROM (
        SELECT wanted, number, max(weight) AS closeness, sum(weight * times) AS times
        FROM (SELECT wanted, weight, unnest(numbers) AS number, unnest(times) AS times FROM listed)
        GROUP BY wanted, number
    ) AS h
    JOIN indexed_documents AS i ON i.number = h.number
),
scored AS MATERIALIZED (
    SELECT
        h.number,
        round(sum(
            k.gain * h.closeness * h.times / (h.times + 1.2 * (0.25 + 0.75 * h.length / k.mean_length))
        ), 3) AS score
    FROM hits AS h
    JOIN (
        SELECT
            a.wanted, a.counts, c.mean_length,
            2.2 * ln(1 + (c.documents - f.documents + 0.5) / (f.documents + 0.5)) AS gain
        FROM (SELECT wanted, count(*) AS documents FROM hits GROUP BY wanted) AS f
        JOIN (SELECT wanted, CASE WHEN excluded THEN -1 ELSE 1 END AS counts FROM asked) AS a ON a.wanted = f.wanted
        CROSS JOIN (SELECT count(*) AS documents, avg(length) AS mean_length FROM indexed_documents) AS c
    ) AS k ON k.wanted = h.wanted
    GROUP BY h.number
    HAVING sum(k.counts) = (SELECT count_if(NOT excluded) FROM asked)
),
-- Phrases: a document has one where the place of each word, less its place in the phrase, is the same.
placed AS MATERIALIZED (
    SELECT s.part, s.place, s.length, p.numbers, p.places
    FROM (
        SELECT term, numbers, places FROM postings
        UNION ALL
        SELECT term, numbers, places FROM recent_postings
    ) AS p
    JOIN (FROM said WHERE length > 1 AND (quoted OR excluded)) AS s ON s.term = p.term
),
phrased AS MATERIALIZED (
    SELECT DISTINCT part, (start // 4294967296) :: INTEGER AS number
    FROM (
        SELECT part, length, number * 4294967296 + unnest(places) + 1 - place AS start
        FROM (SELECT part, place, length, unnest(numbers) :: BIGINT AS number, unnest(places) AS places FROM placed)
        WHERE number IN (SELECT number FROM scored)
    )
    GROUP BY part, start
    HAVING count(*) = any_value(length)
),
unfit AS MATERIALIZED (
    SELECT number FROM phrased WHERE part IN (SELECT part FROM parts WHERE excluded)
    UNION ALL
    SELECT s.number
    FROM scored AS s
    CROSS JOIN (SELECT part FROM parts WHERE len(spoken) > 1 AND quoted AND NOT excluded) AS p
    ANTI JOIN phrased AS o ON o.part = p.part AND o.number = s.number
),
-- The documents that are no articles, by the rules of the view: to ask the view would make all articles for each query.
off_topic AS MATERIALIZED (
    SELECT document FROM relevance GROUP BY document HAVING NOT bool_or(on_topic)
),
set_aside AS MATERIALIZED (
    FROM off_topic
    UNION
    SELECT document
    FROM (
        SELECT d.document, v.number = max(v.number) OVER (PARTITION BY v.address) AS newest
        FROM page_versions AS v
        JOIN documents AS d ON d.document = left(v.raw_key, 16)
        WHERE d.document NOT IN (FROM off_topic) AND d.document IN (
            SELECT left(raw_key, 16)
            FROM page_versions
            WHERE address IN (SELECT address FROM page_versions WHERE number > 1)
        )
    )
    GROUP BY document
    HAVING NOT bool_or(newest)
),
copies AS MATERIALIZED (
    SELECT document, cluster FROM memberships WHERE document <> cluster
),
standing AS MATERIALIZED (
    SELECT document
    FROM memberships
    WHERE document = cluster AND document IN (SELECT cluster FROM copies) AND document NOT IN (FROM set_aside)
),
no_articles AS MATERIALIZED (
    FROM set_aside
    UNION ALL
    SELECT document
    FROM copies
    WHERE document NOT IN (
        SELECT arg_min(c.document, (coalesce(d.published_on, 'infinity' :: DATE), -d.words, c.document))
        FROM copies AS c
        JOIN documents AS d ON d.document = c.document
        WHERE c.cluster NOT IN (FROM standing) AND c.document NOT IN (FROM set_aside)
        GROUP BY c.cluster
    )
),
found AS MATERIALIZED (
    SELECT i.document, s.score
    FROM scored AS s
    JOIN indexed_documents AS i ON i.number = s.number
    WHERE s.number NOT IN (FROM unfit) AND i.document NOT IN (FROM no_articles)
),
texts AS (
    SELECT d.document, regexp_extract_all(d.text, '[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]+') AS pieces
    FROM (FROM found ORDER BY score DESC, document LIMIT snippets) AS f
    JOIN documents AS d ON d.document = f.document
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
SELECT d.document, f.score, d.title, d.published_on, d.site, d.language, s.snippet, d.url
FROM found AS f
JOIN documents AS d ON d.document = f.document
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
)
ORDER BY score DESC, document;
