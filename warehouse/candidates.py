"""Which documents to compare: by SQL on their sketches, at the cost of the new documents and not of the corpus.

What is found is a function of the set of documents, whatever order or batches they came in:

- documents with the very same text form one class; the smallest key of a class stands in for it;
- a pair of stand-ins is a candidate when their sketches share enough hashes that are neither stock phrases of
  the corpus nor template of either site (``Limits``);
- each other member of a class is paired with its stand-in only.

New documents can change what holds for older ones: a new stand-in, a hash that has become common. Those
documents are *touched*; their pairs are found anew like those of the new ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from cleaners.records import Candidate, Origin


@dataclass(frozen=True, slots=True)
class Limits:
    """What makes a hash say nothing about duplicates, and a pair a candidate."""

    template: int = 5  # texts of one site that a hash is template from
    stock_phrase: int = 201  # texts of the whole warehouse that it is a stock phrase from
    # Half of the shorter text is what makes a duplicate. Of its sketch less than 0.15 is then shared in fewer
    # than 1 of 500 pairs, at the smallest size that counts as long, and far fewer at others.
    share: float = 0.15
    short: int = 16  # the floor that cleaners.dedup gives a short text: there one shared hash will do


LIMITS = Limits()
Known = tuple[str, frozenset[int], Origin]

_CHUNK = 1000  # candidates whose texts are in memory at once

# Members of a class whose stand-in is new: their pairs with other texts are now the new one's.
_TOUCH = """
CREATE OR REPLACE TEMP TABLE touched AS
WITH classes AS (
    SELECT text_hash, min(document) AS stand_in
    FROM documents
    WHERE text_hash IN (SELECT text_hash FROM documents SEMI JOIN fresh USING (document))
    GROUP BY text_hash
)
SELECT document FROM fresh
UNION
SELECT d.document
FROM documents AS d
JOIN classes AS c USING (text_hash)
WHERE c.stand_in IN (SELECT document FROM fresh)
"""

# Every sketch row, of any document, that has a hash in common with a touched one.
_HITS = """
CREATE OR REPLACE TEMP TABLE hits AS
SELECT s.document, s.site, s.hash, d.text_hash, coalesce(d.url, d.document) AS page
FROM sketches AS s
JOIN documents AS d USING (document)
WHERE s.hash IN (SELECT t.hash FROM sketches AS t SEMI JOIN touched USING (document))
"""

# Counted by texts, because copies of one text are no template, and by pages, because its versions are none.
_NEWLY_COMMON = """
CREATE OR REPLACE TEMP TABLE newly_common AS
WITH often AS (  -- few hashes stand in so many rows at all: only those are counted in earnest
    SELECT * FROM hits WHERE hash IN (SELECT hash FROM hits GROUP BY hash HAVING count(*) >= $template)
)
SELECT site, hash
FROM often
WHERE site IS NOT NULL
GROUP BY site, hash
HAVING least(count(DISTINCT text_hash), count(DISTINCT page)) >= $template
UNION ALL
SELECT NULL AS site, hash
FROM often
GROUP BY hash
HAVING least(count(DISTINCT text_hash), count(DISTINCT page)) >= $stock_phrase
EXCEPT
SELECT site, hash FROM common_hashes
"""

# A new template changes what its pages are compared on. A new stock phrase can only end a candidacy.
_TOUCH_MORE = """
INSERT INTO touched
SELECT h.document
FROM hits AS h
JOIN newly_common AS n ON n.site = h.site AND n.hash = h.hash
UNION
SELECT unnest([p.document, p.other])
FROM duplicate_pairs AS p
JOIN hits AS a ON a.document = p.document
JOIN hits AS b ON b.document = p.other AND b.hash = a.hash
JOIN newly_common AS n ON n.site IS NULL AND n.hash = a.hash
EXCEPT
SELECT document FROM touched
"""

_CANDIDATES = """
CREATE OR REPLACE TEMP TABLE candidates AS
WITH classes AS (
    SELECT text_hash, min(document) AS stand_in
    FROM documents
    WHERE text_hash IN (
        SELECT text_hash FROM hits
        UNION ALL
        SELECT text_hash FROM documents SEMI JOIN touched USING (document)
    )
    GROUP BY text_hash
),
telling AS (
    SELECT h.document, h.hash
    FROM hits AS h
    JOIN classes AS c ON c.stand_in = h.document
    WHERE h.hash NOT IN (SELECT hash FROM common_hashes WHERE site IS NULL)
    AND NOT EXISTS (FROM common_hashes AS t WHERE t.site = h.site AND t.hash = h.hash)
),
sharing AS (
    SELECT a.document, b.document AS other, count(*) AS hashes
    FROM telling AS a
    JOIN telling AS b ON b.hash = a.hash AND b.document <> a.document
    WHERE a.document IN (SELECT document FROM touched)
    AND (a.document < b.document OR b.document NOT IN (SELECT document FROM touched))
    GROUP BY ALL
),
templated AS (
    SELECT s.document, count(*) AS hashes
    FROM sketches AS s
    JOIN common_hashes AS t ON t.site = s.site AND t.hash = s.hash
    WHERE s.document IN (SELECT document FROM sharing UNION SELECT other FROM sharing)
    GROUP BY s.document
),
sizes AS (
    SELECT d.document, d.sketch_size AS hashes, d.sketch_size - coalesce(t.hashes, 0) AS own
    FROM documents AS d
    LEFT JOIN templated AS t USING (document)
)
SELECT s.document, s.other
FROM sharing AS s
JOIN sizes AS a ON a.document = s.document
JOIN sizes AS b ON b.document = s.other
WHERE least(a.hashes, b.hashes) <= $short
OR (s.hashes >= 2 AND s.hashes >= $share * least(a.own, b.own))
UNION ALL
SELECT d.document, c.stand_in
FROM documents AS d
JOIN classes AS c USING (text_hash)
WHERE d.document <> c.stand_in AND d.document IN (SELECT document FROM touched)
"""

# What the site of each candidate repeats on other pages, as far as the candidate has it.
_TEMPLATES = """
CREATE OR REPLACE TEMP TABLE templates AS
SELECT s.document, list(s.hash) AS hashes
FROM sketches AS s
JOIN common_hashes AS t ON t.site = s.site AND t.hash = s.hash
WHERE s.document IN (SELECT document FROM candidates UNION SELECT other FROM candidates)
GROUP BY s.document
"""

_TEXTS = """
SELECT d.document, d.text, t.hashes, d.url, d.site, d.agency
FROM documents AS d
LEFT JOIN templates AS t USING (document)
WHERE d.document IN (SELECT unnest($documents :: VARCHAR[]))
"""


def touch(con: duckdb.DuckDBPyConnection) -> None:
    """Names the documents whose pairs must be found anew, in the temporary table ``touched``.

    The new ones are those of the temporary table ``fresh``. Hashes that are common from now on are recorded.
    """
    con.execute(_TOUCH)
    con.execute(_HITS)
    con.execute(_NEWLY_COMMON, {"template": LIMITS.template, "stock_phrase": LIMITS.stock_phrase})
    con.execute("INSERT INTO common_hashes SELECT site, hash FROM newly_common")
    con.execute(_TOUCH_MORE)
    con.execute(_HITS)


def candidates(con: duckdb.DuckDBPyConnection) -> Iterator[list[Candidate]]:
    """The candidates among the touched documents and all others, in portions, each with its texts.

    Pairs of one document stand together, so that it is read and shingled once.
    """
    con.execute(_CANDIDATES, {"short": LIMITS.short, "share": LIMITS.share})
    con.execute(_TEMPLATES)
    pairs = con.execute("SELECT document, other FROM candidates ORDER BY ALL").fetchall()
    for start in range(0, len(pairs), _CHUNK):
        chunk = pairs[start : start + _CHUNK]
        named = {"documents": sorted({document for pair in chunk for document in pair})}
        known = {
            document: (text, frozenset(hashes or ()), Origin(*origin))
            for document, text, hashes, *origin in con.execute(_TEXTS, named).fetchall()
        }
        yield [_candidate(one, two, known[one], known[two]) for one, two in chunk]


def _candidate(one: str, two: str, known: Known, of_two: Known) -> Candidate:
    """The two documents with what is known of each."""
    (text, repeated, origin), (other_text, other_repeated, other_origin) = known, of_two
    return Candidate(one, two, text, other_text, repeated, other_repeated, origin, other_origin)
