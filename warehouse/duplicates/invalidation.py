"""Whose duplicates must be found anew after documents came, went or changed, and which hashes are common now.

A document is *touched* when it is new or no longer what it was, when it takes over as the stand-in of a text,
when a hash of it became template of its site or no longer is, and, for stock phrases, where that can make or
end a candidacy. Nobody else's pairs can have changed.
"""

from __future__ import annotations

import duckdb

from tamis.warehouse.duplicates import sketches
from tamis.warehouse.loading import rows

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
_ARRIVED = "document, site, url, text_hash"
_NUMBERED = "document, number, site, rowid AS row"

# All members of a class whose stand-in is another one now: their pairs with other texts are now that one's.
_TOUCH = """
CREATE OR REPLACE TEMP TABLE members AS
SELECT text_hash, document FROM documents
WHERE text_hash IN (SELECT text_hash FROM remembered UNION SELECT text_hash FROM arrived);
CREATE OR REPLACE TEMP TABLE touched AS
WITH classes AS (
    SELECT text_hash, min(document) AS stand_in FROM members GROUP BY text_hash
),
gone AS (
    SELECT text_hash, min(document) AS stand_in FROM remembered GROUP BY text_hash
)
SELECT document, text_hash FROM arrived
UNION
SELECT m.document, text_hash
FROM members AS m
JOIN classes AS c USING (text_hash)
LEFT JOIN gone AS g USING (text_hash)
WHERE c.stand_in IN (SELECT document FROM fresh) OR g.stand_in < c.stand_in
"""

# Which hashes have to be looked at: those of touched documents, whatever the site; of stock phrases, which stand
# everywhere, only those of a site whose template they may have become, unless they may be stock phrases no longer.
_ASK = """
CREATE OR REPLACE TEMP TABLE changed_sites AS
SELECT site, md5_number_lower(site) AS site_hash
FROM (SELECT site FROM numbered UNION SELECT site FROM remembered_hashes)
WHERE site IS NOT NULL;
CREATE OR REPLACE TEMP TABLE asked_hashes AS
WITH stock AS (
    SELECT hash FROM common_hashes WHERE site IS NULL
),
everywhere AS (
    SELECT hash FROM sketches_of WHERE hash NOT IN (FROM stock)
    UNION
    SELECT hash FROM remembered_hashes SEMI JOIN stock USING (hash)
),
of_a_site AS (
    SELECT site, hash FROM sketches_of WHERE site IS NOT NULL AND hash IN (FROM stock)
    EXCEPT
    SELECT site, hash FROM common_hashes
    UNION
    SELECT site, hash FROM remembered_hashes SEMI JOIN common_hashes USING (site, hash)
)
SELECT 0 :: UBIGINT AS site, hash FROM everywhere
UNION ALL
SELECT s.site_hash, o.hash
FROM of_a_site AS o
JOIN changed_sites AS s ON s.site = o.site
WHERE o.hash NOT IN (FROM everywhere)
"""
_ASK_MORE = """
CREATE OR REPLACE TEMP TABLE asked_hashes AS
SELECT DISTINCT 0 :: UBIGINT AS site, hash
FROM sketches_of
WHERE hash NOT IN (SELECT hash FROM common_hashes WHERE site IS NULL)
AND hash NOT IN (SELECT hash FROM asked_hashes WHERE site = 0);
DELETE FROM hits WHERE hash IN (SELECT hash FROM asked_hashes);
"""
_NO_HITS = """
CREATE OR REPLACE TEMP TABLE hits (number INTEGER, site UBIGINT, hash UBIGINT, text_hash UBIGINT, page UBIGINT)
"""

# What is common stays so where no document went that had it.
_DOUBTFUL = """
CREATE OR REPLACE TEMP TABLE common_before AS
SELECT site, hash FROM common_hashes AS c
WHERE EXISTS (FROM remembered_hashes AS r WHERE r.hash = c.hash AND (c.site IS NULL OR r.site = c.site));
DELETE FROM common_hashes AS c
WHERE EXISTS (FROM remembered_hashes AS r WHERE r.hash = c.hash AND (c.site IS NULL OR r.site = c.site));
"""
# Counted by texts, because copies of one text are no template, and by pages, because its versions are none. What is
# template of a site can only have changed where a document of the site did.
_COMMON = """
CREATE OR REPLACE TEMP TABLE common_now AS
WITH often AS MATERIALIZED (  -- few hashes stand in so many rows at all: only those are counted in earnest
    SELECT hash, count(*) AS times FROM hits GROUP BY hash HAVING count(*) >= least($template, $stock_phrase)
),
of_a_site AS MATERIALIZED (
    SELECT site, hash
    FROM hits
    WHERE site <> 0 AND hash IN (SELECT hash FROM often)
    GROUP BY site, hash
    HAVING count(*) >= $template
),
in_question AS MATERIALIZED (
    SELECT s.site, s.site_hash, o.hash
    FROM of_a_site AS o
    JOIN changed_sites AS s ON s.site_hash = o.site
    ANTI JOIN common_hashes AS c ON c.site = s.site AND c.hash = o.hash
)
SELECT q.site, q.hash
FROM hits AS h
JOIN in_question AS q ON q.site_hash = h.site AND q.hash = h.hash
GROUP BY q.site, q.hash
HAVING least(count(DISTINCT h.text_hash), count(DISTINCT h.page)) >= $template
UNION ALL
SELECT NULL AS site, hash
FROM hits
WHERE hash IN (SELECT hash FROM often WHERE times >= $stock_phrase)
AND hash IN (SELECT hash FROM asked_hashes WHERE site = 0)
GROUP BY hash
HAVING least(count(DISTINCT text_hash), count(DISTINCT page)) >= $stock_phrase
"""
_CHANGED = """
INSERT INTO common_hashes BY NAME FROM common_now;
CREATE OR REPLACE TEMP TABLE newly_common AS FROM common_now EXCEPT FROM common_before;
CREATE OR REPLACE TEMP TABLE no_longer_common AS FROM common_before EXCEPT FROM common_now;
"""

# What is template changes what its pages are compared on. A new stock phrase can only end a candidacy; one that is
# none any longer can only begin some.
_TOUCH_MORE = """
CREATE OR REPLACE TEMP TABLE touched_more AS
WITH parted AS MATERIALIZED (
    SELECT h.number, h.hash FROM hits AS h JOIN newly_common AS c ON c.site IS NULL AND c.hash = h.hash
),
named AS MATERIALIZED (
    SELECT p.hash, d.number, d.document FROM parted AS p JOIN sketched_documents AS d ON d.number = p.number
),
paired AS MATERIALIZED (
    SELECT n.number, n.hash, p.other FROM duplicate_pairs AS p JOIN named AS n ON n.document = p.document
),
moved AS (
    SELECT h.number
    FROM hits AS h
    JOIN (FROM newly_common UNION ALL FROM no_longer_common) AS c ON c.hash = h.hash
    JOIN changed_sites AS s ON s.site = c.site AND s.site_hash = h.site
    UNION ALL
    SELECT h.number FROM hits AS h JOIN no_longer_common AS c ON c.site IS NULL AND c.hash = h.hash
    UNION ALL
    SELECT unnest([p.number, n.number]) FROM paired AS p JOIN named AS n ON n.document = p.other AND n.hash = p.hash
)
SELECT document, number, site, rowid AS row, text_hash
FROM sketched_documents
WHERE number IN (FROM moved) AND number NOT IN (SELECT number FROM numbered);
INSERT INTO members
SELECT text_hash, document FROM documents
WHERE text_hash IN (SELECT text_hash FROM touched_more EXCEPT SELECT text_hash FROM members);
INSERT INTO touched BY NAME SELECT document, text_hash FROM touched_more;
INSERT INTO numbered BY NAME SELECT document, number, site, row FROM touched_more;
"""
_DEPARTED = """
CREATE OR REPLACE TEMP TABLE departed AS SELECT document FROM remembered;
DROP TABLE remembered;
DROP TABLE remembered_hashes;
"""


def remember(con: duckdb.DuckDBPyConnection) -> None:
    """Keeps in mind what the documents named in the temporary table ``changing`` are, and takes away their sketches.

    reads: changing, documents, sketched_documents
    writes: remembered, remembered_hashes
    """
    con.execute(_REMEMBER)
    sketches.forget(con)


def touch(con: duckdb.DuckDBPyConnection, *, template: int, stock_phrase: int) -> None:
    """Names the documents whose pairs must be found anew, in the temporary table ``touched``.

    Documents of the temporary table ``fresh`` came in; those that ``remember`` saw are gone, or are fresh again.
    The table ``common_hashes`` is brought up to date: a hash is template of a site from ``template`` texts of it,
    and a stock phrase from ``stock_phrase`` texts of the whole warehouse. Of the touched documents the temporary table
    ``numbered`` then has the numbers, ``hits`` whoever shares a hash with one, by number, stock phrases left out or
    not, and ``members`` whoever has the same text.

    reads: common_hashes, documents, duplicate_pairs, fresh, remembered, remembered_hashes, sketched_documents,
        sketches_of
    writes: arrived, asked_hashes, common_hashes, departed, hits, members, numbered, remembered, remembered_hashes,
        touched
    """
    con.execute(_MAYBE_NOTHING)
    rows.pick(con, "arrived", _ARRIVED, "documents", "fresh")
    con.execute(_TOUCH)
    rows.pick(con, "numbered", _NUMBERED, "sketched_documents", "touched")
    sketches.of(con, "numbered")
    con.execute(_ASK)
    con.execute(_NO_HITS)
    sketches.ask(con)
    con.execute(_DOUBTFUL)
    con.execute(_COMMON, {"template": template, "stock_phrase": stock_phrase})
    con.execute(_CHANGED)
    con.execute(_TOUCH_MORE)
    if con.execute("SELECT 1 FROM touched_more LIMIT 1").fetchall():
        sketches.of(con, "touched_more")
        con.execute(_ASK_MORE)
        sketches.ask(con)
    con.execute(_DEPARTED)
