"""Keeping duplicate pairs and clusters up to date with the documents that came in.

Like the candidates, both are a function of the set of documents: pairs are judged by ``relate``, clusters
are made by ``cluster``, component by component, of those components only that a change has reached.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import astuple

import duckdb
import pyarrow as pa

from cleaners.records import Candidate, Contender, DuplicatePair, Membership, Relation
from warehouse import candidates, rows

Relate = Callable[[Sequence[Candidate]], Sequence[DuplicatePair]]
Cluster = Callable[[Sequence[DuplicatePair], Sequence[Contender]], Sequence[Membership]]


_PAIR = pa.schema(
    {
        **dict.fromkeys(("document", "other", "relation"), pa.string()),
        "shared": pa.int64(),
        **dict.fromkeys(("containment", "jaccard", "lead"), pa.float64()),
        "sample": pa.string(),
    }
)
_MEMBERSHIP = pa.schema(dict.fromkeys(("document", "cluster", "relation", "link_document", "link_other"), pa.string()))

# Whoever a touched document was paired with, or now is, may have to change its cluster.
_OLD_PARTNERS = """
CREATE OR REPLACE TEMP TABLE affected AS
SELECT document FROM touched
UNION
SELECT unnest([document, other])
FROM duplicate_pairs
WHERE document IN (SELECT document FROM touched) OR other IN (SELECT document FROM touched)
"""

_FORGET_PAIRS = """
DELETE FROM duplicate_pairs
WHERE document IN (SELECT document FROM touched) OR other IN (SELECT document FROM touched)
"""

_COMPONENTS = """
CREATE OR REPLACE TEMP TABLE component AS
WITH RECURSIVE links AS (
    SELECT document AS here, other AS there FROM duplicate_pairs WHERE relation IN ('exact', 'near')
    UNION ALL
    SELECT other AS here, document AS there FROM duplicate_pairs WHERE relation IN ('exact', 'near')
),
reached AS (
    SELECT document FROM affected
    UNION
    SELECT l.there FROM reached AS r JOIN links AS l ON l.here = r.document
)
SELECT document FROM reached
"""


# Whoever was related to a changing document, or has the text that it had, may now relate to others.
_LEFT_BEHIND = """
INSERT INTO fresh
SELECT document
FROM (
    SELECT other AS document FROM duplicate_pairs SEMI JOIN changing USING (document)
    UNION
    SELECT document FROM duplicate_pairs WHERE other IN (SELECT document FROM changing)
    UNION
    SELECT document FROM documents
    WHERE text_hash IN (SELECT text_hash FROM documents SEMI JOIN changing USING (document))
)
ANTI JOIN changing USING (document)
"""


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Forgets the sketches, pairs and clusters of the documents named in the temporary table ``changing``.

    To be called before their rows are replaced; whoever has to be compared anew is added to ``fresh``.
    """
    con.execute(_LEFT_BEHIND)
    con.execute(
        "DELETE FROM duplicate_pairs"
        " WHERE document IN (SELECT document FROM changing) OR other IN (SELECT document FROM changing)"
    )
    for table in ("sketches", "memberships"):
        con.execute(f"DELETE FROM {table} WHERE document IN (SELECT document FROM changing)")  # noqa: S608 - names of ours


def update(con: duckdb.DuckDBPyConnection, relate: Relate, cluster: Cluster) -> None:
    """Finds the pairs and clusters of the documents named in the temporary table ``fresh``.

    Runs inside the transaction that added them.
    """
    candidates.touch(con)
    con.execute(_OLD_PARTNERS)
    con.execute(_FORGET_PAIRS)
    for portion in candidates.candidates(con):
        rows.append(con, "duplicate_pairs", _pair_rows(relate(portion)))
    _recluster(con, cluster)


def _recluster(con: duckdb.DuckDBPyConnection, cluster: Cluster) -> None:
    """Makes the clusters of every component that a change has reached, and of no other."""
    con.execute(
        "INSERT INTO affected SELECT unnest([document, other]) FROM duplicate_pairs"
        " WHERE document IN (SELECT document FROM touched) OR other IN (SELECT document FROM touched)"
    )
    con.execute(_COMPONENTS)
    contenders = con.execute(
        "SELECT document, published_on, length(text) FROM documents SEMI JOIN component USING (document)"
    ).fetchall()
    pairs = con.execute(
        "SELECT document, other, relation, shared, containment, jaccard, lead, sample FROM duplicate_pairs"
        " SEMI JOIN component USING (document) WHERE relation IN ('exact', 'near')"
    ).fetchall()
    memberships = cluster(
        [DuplicatePair(one, two, Relation(relation), *rest) for one, two, relation, *rest in pairs],
        [Contender(*row) for row in contenders],
    )
    con.execute("DELETE FROM memberships WHERE document IN (SELECT document FROM component)")
    rows.append(con, "memberships", _membership_rows(memberships))


def _pair_rows(pairs: Sequence[DuplicatePair]) -> pa.Table:
    return rows.of_tuples(_PAIR, [astuple(pair) for pair in pairs])


def _membership_rows(memberships: Sequence[Membership]) -> pa.Table:
    return rows.of_tuples(
        _MEMBERSHIP,
        [(m.document, m.cluster, m.relation, m.link and m.link.document, m.link and m.link.other) for m in memberships],
    )
