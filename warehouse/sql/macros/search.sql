-- Promise: search('saisie drogue') lists the articles that have all these words, in any of their forms, the best
-- first: BM25 (Robertson, Zaragoza 2009; k1 1.2, b 0.75), a word in the title counting three times. A word of five
-- letters or more also finds longer ones that begin with it, which count less; port* does so for any word, "crime
-- organisé" is found as it stands, -football leaves articles out. The snippet is the passage that has most of the
-- words, each marked with **.
CREATE OR REPLACE MACRO search(query) AS TABLE
WITH cut AS (
    SELECT regexp_extract_all(translate(query, '«»“”„', '"""""'), '-?"[^"]*(?:"|$)|[^\s"]+') AS pieces
),
pieces AS (
    SELECT unnest(pieces) AS piece, generate_subscripts(pieces, 1) AS part FROM cut
),
parts AS (
    SELECT
        part, starts_with(piece, '-') AS excluded, contains(piece, '"') AS quoted, ends_with(piece, '*') AS open,
        regexp_extract_all(folded(piece), '[\p{L}\p{N}]+') AS spoken
    FROM pieces
),
phrases AS (
    SELECT excluded, ' ' || array_to_string(spoken, ' ') || ' ' AS phrase
    FROM parts
    WHERE len(spoken) > 1 AND (quoted OR excluded)
),
asked AS (
    SELECT
        row_number() OVER (ORDER BY part, place) AS wanted, word, quoted, open, excluded,
        regexp_replace(word, '^[وف]?(?:[بك]?ال|لل)(\w{3}|[ء-ي]{3})', '\1') AS bare  -- without the Arabic article
    FROM (
        SELECT part, unnest(spoken) AS word, generate_subscripts(spoken, 1) AS place, quoted, open, excluded
        FROM parts
        WHERE NOT excluded OR len(spoken) = 1
    )
    WHERE quoted OR NOT regexp_full_match(word, '[a-z]')  -- the l of l'État
),
known AS (
    SELECT a.wanted, a.quoted, w.term, w.language, w.stem
    FROM asked AS a
    JOIN words AS w ON w.word = a.word OR w.word = a.bare
),
guessed AS (  -- a form that no text has: the longest stem that it begins with
    SELECT a.wanted, w.language, w.stem
    FROM asked AS a
    JOIN words AS w ON starts_with(a.word, w.stem) OR starts_with(a.bare, w.stem)
    WHERE NOT a.quoted AND a.wanted NOT IN (SELECT wanted FROM known)
    AND length(w.stem) >= greatest(3, 0.6 * length(a.bare))
    QUALIFY length(w.stem) = max(length(w.stem)) OVER (PARTITION BY a.wanted)
),
family AS (
    SELECT wanted, term, 1.0 AS weight FROM known
    UNION ALL
    SELECT k.wanted, w.term, 1.0
    FROM (
        SELECT wanted, language, stem FROM known WHERE NOT quoted UNION FROM guessed
    ) AS k
    JOIN words AS w ON w.stem = k.stem AND w.language = k.language
    UNION ALL
    SELECT a.wanted, w.term, if(a.open, 1.0, 0.3)
    FROM asked AS a
    JOIN words AS w ON starts_with(w.word, if(a.open, a.word, left(a.word, greatest(5, length(a.word) - 1))))
    WHERE NOT a.quoted AND (a.open OR (length(a.word) >= 5 AND NOT a.excluded))
),
forms AS (
    SELECT wanted, term, max(weight) AS weight FROM family GROUP BY wanted, term
),
hits AS (
    SELECT wanted, number, max(weight) AS closeness, sum(weight * (in_text + 3 * in_title)) AS times
    FROM (
        SELECT f.wanted, f.weight, p.number, p.in_text, p.in_title
        FROM postings AS p
        JOIN forms AS f ON f.term = p.term
        UNION ALL
        SELECT f.wanted, f.weight, p.number, p.in_text, p.in_title
        FROM recent_postings AS p
        JOIN forms AS f ON f.term = p.term
    )
    GROUP BY wanted, number
),
corpus AS (
    SELECT count(*) AS documents, avg(length) AS mean_length FROM indexed_documents
),
telling AS (
    SELECT a.wanted, a.excluded, ln(1 + (c.documents - h.documents + 0.5) / (h.documents + 0.5)) AS weight
    FROM asked AS a
    JOIN (SELECT wanted, count(*) AS documents FROM hits GROUP BY wanted) AS h ON h.wanted = a.wanted
    CROSS JOIN corpus AS c
),
candidates AS (
    SELECT
        i.document,
        sum(
            t.weight * h.closeness * 2.2 * h.times / (h.times + 1.2 * (0.25 + 0.75 * i.length / c.mean_length))
        ) AS score
    FROM hits AS h
    JOIN telling AS t ON t.wanted = h.wanted
    JOIN indexed_documents AS i ON i.number = h.number
    CROSS JOIN corpus AS c
    GROUP BY i.document
    HAVING NOT bool_or(t.excluded) AND count(*) = (SELECT count(*) FROM asked WHERE NOT excluded)
),
unfit AS (
    SELECT d.document
    FROM candidates AS c
    JOIN documents AS d ON d.document = c.document
    CROSS JOIN phrases AS p
    WHERE p.excluded = (
        contains(' ' || regexp_replace(folded(d.text), '[^\p{L}\p{N}]+', ' ', 'g') || ' ', p.phrase)
        OR contains(' ' || regexp_replace(folded(coalesce(d.title, '')), '[^\p{L}\p{N}]+', ' ', 'g') || ' ', p.phrase)
    )
),
found AS (
    SELECT
        a.document, round(c.score, 3) AS score, a.title, a.published_on, a.site, a.language, a.url,
        row_number() OVER (ORDER BY c.score DESC, a.document) AS place
    FROM candidates AS c
    JOIN articles AS a ON a.document = c.document
    WHERE c.document NOT IN (SELECT document FROM unfit)
),
texts AS (
    SELECT d.document, regexp_extract_all(d.text, '[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]+') AS pieces
    FROM found AS f
    JOIN documents AS d ON d.document = f.document
    WHERE f.place <= 1000
),
spelt AS (
    SELECT
        document, unnest(pieces) AS piece, generate_subscripts(pieces, 1) AS spot,
        unnest(string_split(folded(array_to_string(pieces, chr(31))), chr(31))) AS word
    FROM texts
),
marks AS (
    SELECT s.document, s.spot, m.wanted
    FROM spelt AS s
    JOIN (
        SELECT w.word, min(f.wanted) AS wanted
        FROM forms AS f
        JOIN words AS w ON w.term = f.term
        GROUP BY w.word
    ) AS m ON m.word = s.word
),
passages AS (
    SELECT document, spot
    FROM (
        SELECT
            document, spot, count(DISTINCT wanted) OVER near AS words, count(*) OVER near AS marks
        FROM marks
        WINDOW near AS (PARTITION BY document ORDER BY spot RANGE BETWEEN CURRENT ROW AND 40 FOLLOWING)
    )
    QUALIFY row_number() OVER (PARTITION BY document ORDER BY words DESC, marks DESC, spot) = 1
),
snippets AS (
    SELECT
        s.document,
        if(min(s.spot) > 1, '… ', '')
            || regexp_replace(
                string_agg(if(m.spot IS NULL, s.piece, '**' || s.piece || '**'), '' ORDER BY s.spot), '\s+', ' ', 'g'
            )
            || if(max(s.spot) < any_value(s.pieces), ' …', '') AS snippet
    FROM (
        SELECT s.*, max(s.spot) OVER (PARTITION BY s.document) AS pieces, coalesce(p.spot, 1) AS centre
        FROM spelt AS s
        LEFT JOIN passages AS p ON p.document = s.document
    ) AS s
    LEFT JOIN marks AS m ON m.document = s.document AND m.spot = s.spot
    WHERE s.spot BETWEEN s.centre - 14 AND s.centre + 50
    GROUP BY s.document
)
SELECT f.document, f.score, f.title, f.published_on, f.site, f.language, s.snippet, f.url
FROM found AS f
LEFT JOIN snippets AS s ON s.document = f.document
ORDER BY f.place;
