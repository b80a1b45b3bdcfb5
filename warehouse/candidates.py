"""Which documents to compare: by SQL on their sketches, at the cost of the new documents and not of the corpus.

What is found is a function of the set of documents, whatever order or batches they came in:

- documents with the very same text form one class; the smallest key of a class stands in for it;
- a pair of stand-ins is a candidate when their sketches share enough hashes that are neither stock phrases of
  the corpus nor template of either site (``Limits``);
- each other member of a class is paired with its stand-in only.

Which documents have to be looked at after a change is known to ``touched``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

from cleaners.records import Candidate


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

_PORTION = 1000  # candidates whose texts are in memory at once

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
WHERE d.document <> c.stand_in AND (d.document IN (FROM touched) OR c.stand_in IN (FROM touched))
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

# One way through the texts for all candidates: they stand anywhere among those of the whole warehouse.
_COMPARED = """
CREATE OR REPLACE TEMP TABLE compared AS
WITH numbered AS (
    SELECT document, other, (row_number() OVER (ORDER BY document, other) - 1) // $portion AS portion FROM candidates
),
wanted AS (
    SELECT portion, document FROM numbered UNION SELECT portion, other FROM numbered
)
SELECT w.portion, d.document, coalesce(d.compared_text, d.text) AS text, t.hashes
FROM documents AS d
JOIN wanted AS w ON w.document = d.document
LEFT JOIN templates AS t ON t.document = d.document
"""


def find(con: duckdb.DuckDBPyConnection) -> None:
    """Puts the candidates into the temporary table of that name, and what their sites repeat into ``templates``."""
    con.execute(_CANDIDATES, {"short": LIMITS.short, "share": LIMITS.share})
    con.execute(_TEMPLATES)


def candidates(con: duckdb.DuckDBPyConnection) -> Iterator[list[Candidate]]:
    """The candidates among the documents in ``touched`` and all others, in portions, each with its texts.

    Pairs of one document stand together, so that it is read and shingled once.
    """
    find(con)
    con.execute(_COMPARED, {"portion": _PORTION})
    pairs = con.execute("SELECT document, other FROM candidates ORDER BY ALL").fetchall()
    for portion, start in enumerate(range(0, len(pairs), _PORTION)):
        texts = con.execute("SELECT document, text, hashes FROM compared WHERE portion = ?", [portion]).fetchall()
        known = {document: (text, frozenset(hashes or ())) for document, text, hashes in texts}
        yield [
            Candidate(one, two, known[one][0], known[two][0], known[one][1], known[two][1])
            for one, two in pairs[start : start + _PORTION]
        ]
