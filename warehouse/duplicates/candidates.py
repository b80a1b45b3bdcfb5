"""Which documents to compare: by SQL on their sketches, at the cost of the new documents and not of the corpus.

What is found is a function of the set of documents, whatever order or batches they came in:

- documents with the very same text form one class; the smallest key of a class stands in for it;
- a pair of stand-ins is a candidate when their sketches share enough hashes that are neither stock phrases of
  the corpus nor template of either site (``ComparisonLimits``);
- each other member of a class is paired with its stand-in only.

Which documents have to be looked at after a change is known to ``touched``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from tamis.cleaners.relations import CandidatePair, Origin
from tamis.warehouse.duplicates import sketches
from tamis.warehouse.loading import rows


@dataclass(frozen=True, slots=True)
class ComparisonLimits:
    """What makes a hash say nothing about duplicates, and a pair a candidate."""

    template: int = 5  # texts of one site that a hash is template from
    stock_phrase: int = 201  # texts of the whole warehouse that it is a stock phrase from
    # Half of the shorter text is what makes a duplicate. Of its sketch less than 0.15 is then shared in fewer
    # than 1 of 500 pairs, at the smallest size that counts as long, and far fewer at others.
    share: float = 0.15
    short: int = 16  # the floor that cleaners.dedup gives a short text: there one shared hash will do


LIMITS = ComparisonLimits()
Known = tuple[str, frozenset[int], Origin]

_PORTION = 1000  # candidates whose texts are in memory at once

# One statement a step: a plan for all at once would join every stored document with every other.
# Copies of one text have one sketch: of a class that shares a hash all are among the hits.
_TELLING = """
CREATE OR REPLACE TEMP TABLE copies AS
WITH several AS (
    SELECT text_hash FROM hits GROUP BY text_hash HAVING min(number) < max(number)
)
SELECT number
FROM sketched_documents
WHERE number IN (SELECT number FROM hits WHERE text_hash IN (FROM several))
QUALIFY document > min(document) OVER (PARTITION BY text_hash);
CREATE OR REPLACE TEMP TABLE telling AS
WITH stock AS (
    SELECT hash FROM common_hashes WHERE site IS NULL
),
template AS (
    SELECT md5_number_lower(site) AS site, hash FROM common_hashes WHERE site IS NOT NULL
)
SELECT number, hash, number IN (SELECT number FROM numbered) AS touched
FROM hits
ANTI JOIN stock USING (hash)
ANTI JOIN template USING (site, hash)
ANTI JOIN copies USING (number);
CREATE OR REPLACE TEMP TABLE asking AS SELECT number, hash FROM telling WHERE touched;
"""
# Of what its site repeats a document has no more than there is: most pairs are known to be none by that.
_SHARING = """
CREATE OR REPLACE TEMP TABLE sharing AS
WITH repeated AS (
    SELECT site, count(*) AS hashes FROM common_hashes WHERE site IS NOT NULL GROUP BY site
),
shared AS (
    SELECT a.number, b.number AS other, count(*) AS hashes
    FROM telling AS b
    JOIN asking AS a ON a.hash = b.hash AND (a.number < b.number OR (a.number > b.number AND NOT b.touched))
    GROUP BY ALL
)
SELECT a.number, b.number AS other_number, a.document, b.document AS other, s.hashes, a.size, b.size AS other_size
FROM shared AS s
JOIN sketched_documents AS a ON a.number = s.number
JOIN sketched_documents AS b ON b.number = s.other
LEFT JOIN repeated AS of_a ON of_a.site = a.site
LEFT JOIN repeated AS of_b ON of_b.site = b.site
WHERE least(a.size, b.size) <= $short
OR s.hashes >= greatest(
    2, $share * least(a.size - coalesce(of_a.hashes, 0), b.size - coalesce(of_b.hashes, 0))
)
"""
_SHARING_ROWS = """
CREATE OR REPLACE TEMP TABLE sharing_rows AS
SELECT rowid AS row FROM sketched_documents
WHERE number IN (SELECT number FROM sharing UNION ALL SELECT other_number FROM sharing)
"""
# What the site of each of them repeats on other pages, as far as the document has it.
_TEMPLATES = """
CREATE OR REPLACE TEMP TABLE templates AS
WITH named AS (
    SELECT number, document FROM sharing UNION SELECT other_number, other FROM sharing
),
found AS (
    SELECT s.number, list(s.hash) AS hashes
    FROM sketches_of AS s
    JOIN common_hashes AS t ON t.site = s.site AND t.hash = s.hash
    GROUP BY s.number
)
SELECT document, hashes FROM found JOIN named USING (number)
"""
_CANDIDATES = """
CREATE OR REPLACE TEMP TABLE candidates AS
SELECT s.document, s.other
FROM sharing AS s
LEFT JOIN templates AS a ON a.document = s.document
LEFT JOIN templates AS b ON b.document = s.other
WHERE least(s.size, s.other_size) <= $short
OR s.hashes >= $share * least(s.size - coalesce(len(a.hashes), 0), s.other_size - coalesce(len(b.hashes), 0))
UNION ALL
SELECT document, stand_in
FROM (SELECT document, min(document) OVER (PARTITION BY text_hash) AS stand_in FROM members)
WHERE document <> stand_in
AND (document IN (SELECT document FROM touched) OR stand_in IN (SELECT document FROM touched))
"""

# One way through the texts for all candidates, by number of row.
_WANTED = """
CREATE OR REPLACE TEMP TABLE wanted AS
WITH numbered AS (
    SELECT document, other, (row_number() OVER (ORDER BY document, other) - 1) // $portion AS portion FROM candidates
)
SELECT portion, document FROM numbered UNION SELECT portion, other FROM numbered
"""
_COMPARED = """
CREATE OR REPLACE TEMP TABLE wanted_rows AS
SELECT rowid AS row FROM documents SEMI JOIN wanted USING (document);
CREATE OR REPLACE TEMP TABLE compared AS
WITH there AS ({there})
SELECT w.portion, d.document, coalesce(d.compared_text, d.text) AS text, t.hashes, d.url, d.site, d.agency
FROM there AS d
JOIN wanted AS w ON w.document = d.document
LEFT JOIN templates AS t ON t.document = d.document
"""


def find(con: duckdb.DuckDBPyConnection) -> None:
    """Puts the candidates into the temporary table of that name, and what their sites repeat into ``templates``.

    reads: common_hashes, hits, members, numbered, sketched_documents, sketches_of, touched
    writes: candidates, templates
    """
    con.execute(_TELLING)
    con.execute(_SHARING, {"short": LIMITS.short, "share": LIMITS.share})
    con.execute(_SHARING_ROWS)
    sketches.of(con, "sharing_rows")
    con.execute(_TEMPLATES)
    con.execute(_CANDIDATES, {"short": LIMITS.short, "share": LIMITS.share})


def candidates(con: duckdb.DuckDBPyConnection) -> Iterator[list[CandidatePair]]:
    """The candidates among the documents in ``touched`` and all others, in portions, each with its texts.

    Pairs of one document stand together, so that it is read and shingled once.

    reads: candidates, documents, templates
    """
    find(con)
    con.execute(_WANTED, {"portion": _PORTION})
    con.execute(_COMPARED.format(there=rows.at("documents", "wanted_rows")))
    pairs = con.execute("SELECT document, other FROM candidates ORDER BY ALL").fetchall()
    for portion, start in enumerate(range(0, len(pairs), _PORTION)):
        texts = con.execute("SELECT * EXCLUDE (portion) FROM compared WHERE portion = ?", [portion]).fetchall()
        known = {
            document: (text, frozenset(hashes or ()), Origin(*origin)) for document, text, hashes, *origin in texts
        }
        yield [_candidate(one, two, known[one], known[two]) for one, two in pairs[start : start + _PORTION]]


def _candidate(one: str, two: str, known: Known, of_two: Known) -> CandidatePair:
    """The two documents with what is known of each."""
    (text, repeated, origin), (other_text, other_repeated, other_origin) = known, of_two
    return CandidatePair(one, two, text, other_text, repeated, other_repeated, origin, other_origin)
