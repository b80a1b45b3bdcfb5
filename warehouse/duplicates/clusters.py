"""Keeping duplicate pairs and clusters up to date with the documents that came, changed or went.

Like the candidates, both are a function of the set of documents: pairs are judged by ``relate``, clusters
are made by ``cluster``, component by component, of those components only that a change has reached.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from operator import attrgetter

import duckdb
import pyarrow as pa

from tamis.cleaners.relations import CandidatePair, Contender, DuplicatePair, Membership, Relation
from tamis.warehouse import site_memory
from tamis.warehouse.duplicates import candidates, invalidation
from tamis.warehouse.loading import rows

Relate = Callable[[Sequence[CandidatePair]], Sequence[DuplicatePair]]
Cluster = Callable[[Sequence[DuplicatePair], Sequence[Contender]], Sequence[Membership]]


_PAIR = pa.schema(
    {
        **dict.fromkeys(("document", "other", "relation"), pa.string()),
        "shared": pa.int64(),
        **dict.fromkeys(("containment", "jaccard", "lead"), pa.float64()),
        "sample": pa.string(),
        **dict.fromkeys(("own", "other_own", "above"), pa.int64()),
        "agency": pa.string(),
    }
)
_MEMBERSHIP = pa.schema(dict.fromkeys(("document", "cluster", "relation", "link_document", "link_other"), pa.string()))

# Whoever a touched or departed document was paired with, or now is, may have to change its cluster.
_OLD_PARTNERS = """
CREATE OR REPLACE TEMP TABLE moved AS
SELECT document FROM touched UNION ALL SELECT document FROM departed;
CREATE OR REPLACE TEMP TABLE affected AS
SELECT document FROM moved
UNION ALL
SELECT unnest([document, other])
FROM duplicate_pairs
WHERE document IN (FROM moved) OR other IN (FROM moved);
DELETE FROM duplicate_pairs
WHERE document IN (FROM moved) OR other IN (FROM moved);
"""
_NEW_PARTNERS = """
INSERT INTO affected
SELECT unnest([document, other])
FROM duplicate_pairs
WHERE document IN (SELECT document FROM touched) OR other IN (SELECT document FROM touched)
"""

# One step at a time, and only from those reached last: a recursive query would read all pairs anew for each step.
_FIRST_REACHED = """
CREATE OR REPLACE TEMP TABLE component AS SELECT DISTINCT document FROM affected;
CREATE OR REPLACE TEMP TABLE reached AS FROM component;
"""
_REACH = """
CREATE OR REPLACE TEMP TABLE reached AS
SELECT other AS document FROM duplicate_pairs SEMI JOIN reached USING (document)
WHERE relation NOT IN ('contained', 'update')
UNION
SELECT document FROM duplicate_pairs WHERE other IN (FROM reached)
AND relation NOT IN ('contained', 'update')
EXCEPT
FROM component;
INSERT INTO component FROM reached;
"""

# Who is in no pair is a cluster of its own, as nearly all documents of a first load are: none of them is fetched.
_PAIRED = """
CREATE OR REPLACE TEMP TABLE paired AS
FROM (SELECT unnest([document, other]) AS document FROM duplicate_pairs SEMI JOIN component USING (document))
SEMI JOIN component USING (document)
"""
_CONTENDER = "document, published_on, compared_length, site, agency"
_RECLUSTERED = """
CREATE OR REPLACE TEMP TABLE reclustered AS
FROM clustered
UNION ALL
SELECT document, document AS cluster, NULL AS relation, NULL AS link_document, NULL AS link_other
FROM component
WHERE document NOT IN (FROM paired)
AND document NOT IN (SELECT document FROM departed EXCEPT SELECT document FROM fresh)
"""
# Who came and was not there before has no cluster yet.
_STOOD = """
CREATE OR REPLACE TEMP TABLE stood AS
SELECT document FROM component
WHERE document NOT IN (SELECT document FROM fresh) OR document IN (SELECT document FROM departed)
"""
_RECLUSTER = """
DELETE FROM memberships WHERE document IN (SELECT document FROM clustered_before);
INSERT INTO memberships BY NAME FROM reclustered;
"""
_REMEMBER_CLUSTERS = """
INSERT INTO former_memberships
SELECT o.document, o.cluster, o.relation, $run, $until
FROM clustered_before AS o
LEFT JOIN reclustered AS n ON n.document = o.document
WHERE n.cluster IS DISTINCT FROM o.cluster
"""

# As the view duplicates has them. A document that relates to several is counted once, by its strongest relation.
_RELATIONS = """
WITH related AS (
    SELECT document, relation FROM reclustered WHERE link_document IS NOT NULL
    UNION ALL
    SELECT p.document, p.relation
    FROM duplicate_pairs AS p
    JOIN reclustered AS a ON a.document = p.document
    JOIN reclustered AS b ON b.document = p.other
    WHERE a.cluster <> b.cluster
),
strongest AS (
    SELECT min(list_position(['exact', 'version', 'syndicated', 'near', 'contained'], relation)) AS place
    FROM related SEMI JOIN fresh USING (document)
    WHERE relation <> 'update'
    GROUP BY document
)
SELECT ['exact', 'version', 'syndicated', 'near', 'contained'][place] AS relation, count(*)
FROM strongest
GROUP BY ALL
ORDER BY ALL
"""


def forget(con: duckdb.DuckDBPyConnection) -> None:
    """Keeps in mind what will be gone when the documents named in the temporary table ``changing`` are replaced.

    To be called before any row of theirs is touched; it takes away their sketches. Once their rows are replaced
    or gone, and those that exist are named in ``fresh``, ``update`` does the rest, in the same transaction.
    """
    site_memory.remember(con)
    invalidation.remember(con)


def update(con: duckdb.DuckDBPyConnection, relate: Relate, cluster: Cluster, *, run: str, now: datetime) -> None:
    """Finds the pairs and clusters of the documents named in the temporary table ``fresh``, and of whom they moved.

    Then counts their blocks for what their sites repeat, where copies of one article count once.
    Runs inside the transaction that added them. ``run`` and ``now`` (UTC) are kept with each cluster that a
    document leaves.

    reads: departed, duplicate_pairs, touched
    writes: affected, duplicate_pairs
    """
    invalidation.touch(con, template=candidates.LIMITS.template, stock_phrase=candidates.LIMITS.stock_phrase)
    con.execute(_OLD_PARTNERS)
    for portion in candidates.candidates(con):
        rows.append(con, "duplicate_pairs", _pair_rows(relate(portion)))
    con.execute(_NEW_PARTNERS)
    _find_components(con)
    _recluster(con, cluster, {"run": run, "until": now})
    site_memory.learn(con, now)


def relations(con: duckdb.DuckDBPyConnection) -> dict[str, int]:
    """Of the documents that ``update`` was told of, how many relate to another one, by the relation.

    reads: duplicate_pairs, fresh, reclustered
    """
    return dict(con.execute(_RELATIONS).fetchall())


def _find_components(con: duckdb.DuckDBPyConnection) -> None:
    """Names all documents of each component of duplicates that a change has reached, in the table ``component``.

    reads: affected, duplicate_pairs
    writes: component
    """
    con.execute(_FIRST_REACHED)
    while con.execute("SELECT 1 FROM reached LIMIT 1").fetchall():
        con.execute(_REACH)


def _recluster(con: duckdb.DuckDBPyConnection, cluster: Cluster, change: Mapping[str, object]) -> None:
    """Makes the clusters of every component that a change has reached, and of no other.

    reads: component, departed, documents, duplicate_pairs, fresh, memberships
    writes: former_memberships, memberships, reclustered
    """
    con.execute(_PAIRED)
    rows.pick(con, "contenders", _CONTENDER, "documents", "paired")
    contenders = con.execute("FROM contenders").fetchall()
    pairs = con.execute(
        "SELECT document, other, relation, shared, containment, jaccard, lead, sample, own, other_own, above, agency"
        " FROM duplicate_pairs SEMI JOIN component USING (document)"
    ).fetchall()
    memberships = cluster(
        [DuplicatePair(one, two, Relation(relation), *rest) for one, two, relation, *rest in pairs],
        [Contender(*row) for row in contenders],
    )
    with rows.visible(con, "clustered", _membership_rows(memberships)):
        con.execute(_RECLUSTERED)
    con.execute(_STOOD)
    rows.pick(con, "clustered_before", "document, cluster, relation", "memberships", "stood")
    con.execute(_RECLUSTER)
    con.execute(_REMEMBER_CLUSTERS, change)


def _pair_rows(pairs: Sequence[DuplicatePair]) -> pa.Table:
    return rows.of_tuples(_PAIR, list(map(attrgetter(*_PAIR.names), pairs)))


def _membership_rows(memberships: Sequence[Membership]) -> pa.Table:
    return rows.of_tuples(
        _MEMBERSHIP,
        [(m.document, m.cluster, m.relation, m.link and m.link.document, m.link and m.link.other) for m in memberships],
    )
