"""Whose duplicates must be found anew after documents came, went or changed, and which hashes are common now.

A document is *touched* when it is new or no longer what it was, when it takes over as the stand-in of a text,
when a hash of it became template of its site or no longer is, and, for stock phrases, where that can make or
end a candidacy. Nobody else's pairs can have changed.
"""

from __future__ import annotations

import duckdb

from warehouse import sketches

_REMEMBER = """
CREATE OR REPLACE TEMP TABLE remembered AS
SELECT document, text_hash FROM documents SEMI JOIN changing USING (document);
CREATE OR REPLACE TEMP TABLE remembered_hashes AS
SELECT site, unnest(hashes) AS hash FROM sketched_documents SEMI JOIN changing USING (document);
"""
_MAYBE_NOTHING = """
CREATE TEMP TABLE IF NOT EXISTS remembered (document VARCHAR, text_hash UBIGINT);
CREATE TEMP TABLE IF NOT EXISTS remembered_hashes (site VARCHAR, hash UBIGINT);
"""

# All members of a class whose stand-in is another one now: their pairs with other texts are now that one's.
_TOUCH = """
CREATE OR REPLACE TEMP TABLE touched AS
WITH texts AS (
    SELECT text_hash, document AS gone FROM remembered
    UNION ALL
    SELECT text_hash, NULL AS gone FROM documents SEMI JOIN fresh USING (document)
),
members AS (
    SELECT text_hash, document FROM documents WHERE text_hash IN (SELECT text_hash FROM texts)
),
classes AS (
    SELECT text_hash, min(document) AS stand_in FROM members GROUP BY text_hash
),
gone AS (
    SELECT text_hash, min(gone) AS stand_in FROM texts GROUP BY text_hash
)
SELECT document FROM fresh
UNION
SELECT m.document
FROM members AS m
JOIN classes AS c USING (text_hash)
JOIN gone AS g USING (text_hash)
WHERE c.stand_in IN (SELECT document FROM fresh) OR g.stand_in < c.stand_in
"""

# Which hashes have to be looked at: those of touched documents, whatever the site; of stock phrases, which stand
# everywhere, only those of a site whose template they may have become, unless they may be stock phrases no longer.
_ASK = """
CREATE OR REPLACE TEMP TABLE asked_hashes AS
WITH stock AS (
    SELECT hash FROM common_hashes WHERE site IS NULL
),
there AS (
    SELECT site, hash FROM sketches_of
),
everywhere AS (
    SELECT hash FROM there WHERE hash NOT IN (FROM stock)
    UNION
    SELECT hash FROM remembered_hashes SEMI JOIN stock USING (hash)
),
of_a_site AS (
    SELECT site, hash FROM there WHERE site IS NOT NULL AND hash IN (FROM stock)
    EXCEPT
    SELECT site, hash FROM common_hashes
    UNION
    SELECT site, hash FROM remembered_hashes SEMI JOIN common_hashes USING (site, hash)
)
SELECT NULL AS site, hash FROM everywhere
UNION ALL
SELECT site, hash FROM of_a_site ANTI JOIN everywhere USING (hash)
"""
_ASK_MORE = """
CREATE OR REPLACE TEMP TABLE asked_hashes AS
SELECT DISTINCT NULL :: VARCHAR AS site, hash
FROM sketches_of
WHERE hash NOT IN (SELECT hash FROM common_hashes WHERE site IS NULL)
AND hash NOT IN (SELECT hash FROM asked_hashes WHERE site IS NULL);
DELETE FROM hits WHERE hash IN (SELECT hash FROM asked_hashes);
"""
_NO_HITS = """
CREATE OR REPLACE TEMP TABLE hits (number INTEGER, site VARCHAR, hash UBIGINT, text_hash UBIGINT, page UBIGINT)
"""
_HITS = """
INSERT INTO hits
SELECT d.number, d.site, h.hash, d.text_hash, d.page
FROM holders AS h
JOIN sketched_documents AS d ON d.number = h.number
JOIN asked_hashes AS a ON a.hash = h.hash AND (a.site IS NULL OR a.site = d.site);
DROP TABLE holders;
"""

# Counted by texts, because copies of one text are no template, and by pages, because its versions are none.
_COMMON = """
CREATE OR REPLACE TEMP TABLE common_now AS
WITH often AS MATERIALIZED (  -- few hashes stand in so many rows at all: only those are counted in earnest
    SELECT hash, count(*) AS times FROM hits GROUP BY hash HAVING count(*) >= least($template, $stock_phrase)
),
of_a_site AS MATERIALIZED (
    SELECT site, hash
    FROM hits
    WHERE site IS NOT NULL AND hash IN (SELECT hash FROM often)
    GROUP BY site, hash
    HAVING count(*) >= $template
)
SELECT site, hash
FROM hits
SEMI JOIN of_a_site USING (site, hash)
GROUP BY site, hash
HAVING least(count(DISTINCT text_hash), count(DISTINCT page)) >= $template
UNION ALL
SELECT NULL AS site, hash
FROM hits
WHERE hash IN (SELECT hash FROM often WHERE times >= $stock_phrase)
AND hash IN (SELECT hash FROM asked_hashes WHERE site IS NULL)
GROUP BY hash
HAVING least(count(DISTINCT text_hash), count(DISTINCT page)) >= $stock_phrase
"""
_CHANGED = """
CREATE OR REPLACE TEMP TABLE common_before AS
SELECT c.site, c.hash
FROM common_hashes AS c
JOIN asked_hashes AS a ON a.hash = c.hash AND (a.site IS NULL OR a.site = c.site);
CREATE OR REPLACE TEMP TABLE newly_common AS FROM common_now EXCEPT FROM common_before;
CREATE OR REPLACE TEMP TABLE no_longer_common AS FROM common_before EXCEPT FROM common_now;
DELETE FROM common_hashes WHERE EXISTS (
    FROM no_longer_common AS n
    WHERE n.hash = common_hashes.hash AND n.site IS NOT DISTINCT FROM common_hashes.site
);
INSERT INTO common_hashes BY NAME FROM newly_common;
"""

# What is template changes what its pages are compared on. A new stock phrase can only end a candidacy; one that is
# none any longer can only begin some.
_TOUCH_MORE = """
CREATE OR REPLACE TEMP TABLE touched_more AS
WITH parted AS MATERIALIZED (
    SELECT h.number, h.hash FROM hits AS h JOIN newly_common AS c ON c.site IS NULL AND c.hash = h.hash
),
named AS MATERIALIZED (
    SELECT p.hash, d.document FROM parted AS p JOIN sketched_documents AS d ON d.number = p.number
),
paired AS MATERIALIZED (
    SELECT p.document, p.other, n.hash FROM duplicate_pairs AS p JOIN named AS n ON n.document = p.document
)
SELECT d.document
FROM hits AS h
JOIN (FROM newly_common UNION ALL FROM no_longer_common) AS c ON c.site = h.site AND c.hash = h.hash
JOIN sketched_documents AS d ON d.number = h.number
UNION
SELECT d.document
FROM hits AS h
JOIN no_longer_common AS c ON c.site IS NULL AND c.hash = h.hash
JOIN sketched_documents AS d ON d.number = h.number
UNION
SELECT unnest([p.document, p.other])
FROM paired AS p
SEMI JOIN named AS n ON n.document = p.other AND n.hash = p.hash
EXCEPT
SELECT document FROM touched;
INSERT INTO touched FROM touched_more;
"""
_DEPARTED = """
CREATE OR REPLACE TEMP TABLE departed AS SELECT document FROM remembered;
DROP TABLE remembered;
DROP TABLE remembered_hashes;
"""


def remember(con: duckdb.DuckDBPyConnection) -> None:
    """Keeps in mind what the documents named in the temporary table ``changing`` are, and takes away their sketches."""
    con.execute(_REMEMBER)
    sketches.forget(con)


def touch(con: duckdb.DuckDBPyConnection, *, template: int, stock_phrase: int) -> None:
    """Names the documents whose pairs must be found anew, in the temporary table ``touched``.

    Documents of the temporary table ``fresh`` came in; those that ``remember`` saw are gone, or are fresh again.
    The table ``common_hashes`` is brought up to date: a hash is template of a site from ``template`` texts of it,
    and a stock phrase from ``stock_phrase`` texts of the whole warehouse. The temporary table ``hits`` then holds
    what shares a hash with a touched document, by number of the document, stock phrases left out or not.
    """
    con.execute(_MAYBE_NOTHING)
    con.execute(_TOUCH)
    sketches.of(con, "touched")
    con.execute(_ASK)
    con.execute(_NO_HITS)
    sketches.ask(con)
    con.execute(_HITS)
    con.execute(_COMMON, {"template": template, "stock_phrase": stock_phrase})
    con.execute(_CHANGED)
    con.execute(_TOUCH_MORE)
    if con.execute("SELECT 1 FROM touched_more LIMIT 1").fetchall():
        sketches.of(con, "touched_more")
        con.execute(_ASK_MORE)
        sketches.ask(con)
        con.execute(_HITS)
    con.execute(_DEPARTED)
