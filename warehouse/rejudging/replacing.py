"""Putting new verdicts in place of those that stand, which then stay as history: all in one transaction.

What stands is in ``documents``, ``blocks`` and ``rejections``; what stood is in the ``former_`` tables, each row
with the moment until which it did.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa

from tamis.cleaners.errors import RetryLater
from tamis.warehouse import columns
from tamis.warehouse.duplicates import clusters, sketches
from tamis.warehouse.duplicates.clusters import Cluster, Relate
from tamis.warehouse.loading import rows, staging, store
from tamis.warehouse.search import index

TABLES = ("documents", "blocks")
"""All tables with rows a document that are replaced with it; those that duplicates are made of apart."""

STANDING = pa.schema({"raw_key": pa.string(), "judged_at": pa.timestamp("us")})
"""In a staged batch: which edition of a raw document each outcome was compared with."""

_STALE = """
SELECT s.raw_key FROM standing AS s
LEFT JOIN (SELECT raw_key, judged_at FROM documents UNION ALL SELECT raw_key, judged_at FROM rejections) AS now
USING (raw_key)
WHERE now.judged_at IS DISTINCT FROM s.judged_at
"""
_KEEP_AS_FORMER = (
    "INSERT INTO former_blocks BY NAME SELECT b.*, $now AS until FROM blocks AS b SEMI JOIN changing USING (document)",
    "INSERT INTO former_documents BY NAME SELECT *, $now AS until, $run AS ended_by"
    " FROM documents SEMI JOIN changing USING (document)",
    "INSERT INTO former_rejections BY NAME SELECT *, $now AS until, $run AS ended_by"
    " FROM rejections SEMI JOIN changing_keys USING (raw_key)",
)
_INSERT = {table: store.INSERT[table] for table in ("documents", "blocks", "rejections")}
_RECORD = """
INSERT INTO reclean_runs BY NAME
SELECT
    $run AS run, $kind AS kind, $asked AS asked, $now AS judged_at, $judged AS judged,
    (SELECT count(*) FROM former_documents SEMI JOIN documents USING (document) WHERE ended_by = $run) AS changed,
    (SELECT count(*) FROM former_rejections SEMI JOIN documents USING (raw_key) WHERE ended_by = $run) AS accepted,
    (
        SELECT coalesce(map(list(reason ORDER BY reason), list(times ORDER BY reason)), MAP {})
        FROM (SELECT reason, count(*) AS times FROM rejections WHERE run = $run GROUP BY reason)
    ) AS rejected,
    map($parts :: VARCHAR[], $versions :: VARCHAR[]) AS versions
"""


@dataclass(frozen=True, slots=True)
class Replacement:
    """Why and by what verdicts are replaced: ``kind`` is reclean or decision, ``asked`` tells which documents.

    ``judged`` is how many were judged, those that did not change too.
    """

    kind: str
    asked: str
    judged: int
    versions: Mapping[str, str]


def replace(
    con: duckdb.DuckDBPyConnection,
    batches: Sequence[Path],
    what: Replacement,
    *,
    now: datetime,
    relate: Relate,
    cluster: Cluster,
) -> str | None:
    """Replaces what stands of the documents in the staged ``batches``, within the caller's transaction.

    Gives the name of the run, or None where there was nothing to replace: then nothing is written. ``relate`` and
    ``cluster`` are those of ``cleaners.dedup``; ``now`` is UTC. Raises RetryLater where one of the documents was judged
    by somebody else since it was compared.

    reads: blocks, changing, changing_keys, documents, former_documents, former_rejections, rejections
    writes: former_blocks, former_documents, former_rejections, fresh, reclean_runs, rejections, relevance
    """
    if not batches:
        return None
    now = columns.utc(now)
    _name(con, batches)
    run = _run(con, what, now)
    con.execute("CREATE OR REPLACE TEMP TABLE fresh (document VARCHAR)")
    clusters.forget(con)
    index.forget(con)
    for statement in _KEEP_AS_FORMER:
        con.execute(statement, _named(statement, run, now))
    for table in TABLES:
        con.execute(f"DELETE FROM {table} WHERE document IN (SELECT document FROM changing)")  # noqa: S608 - names of ours
    con.execute("DELETE FROM rejections WHERE raw_key IN (SELECT raw_key FROM changing_keys)")
    for batch in batches:
        for table, insert in _INSERT.items():
            with rows.visible(con, "staged", staging.read(batch, table)):
                con.execute(insert, _named(insert, run, now))
        sketches.append(con, staging.read(batch, "sketches"), staging.read(batch, "documents"))
        index.append(con, index.turned(staging.read(batch, "wordings"), staging.read(batch, "words")))
    con.execute("INSERT INTO fresh SELECT document FROM documents SEMI JOIN changing USING (document)")
    clusters.update(con, relate, cluster, run=run, now=now)
    # A text that changed has to be judged against its topics again, which the next run that follows them does.
    con.execute("UPDATE relevance SET edition = '' WHERE document IN (SELECT document FROM changing)")
    named = {"run": run, "kind": what.kind, "asked": what.asked, "now": now, "judged": what.judged}
    parts = {"parts": list(what.versions), "versions": list(what.versions.values())}
    con.execute(_RECORD, {**named, **parts})
    return run


def _name(con: duckdb.DuckDBPyConnection, batches: Sequence[Path]) -> None:
    """The documents to replace, in the tables ``changing`` and ``changing_keys``; they must stand as compared.

    reads: documents, rejections
    writes: changing, changing_keys
    """
    con.execute("CREATE OR REPLACE TEMP TABLE changing_keys (raw_key VARCHAR)")
    for batch in batches:
        with rows.visible(con, "standing", staging.read(batch, "standing")):
            stale = con.execute(_STALE).fetchall()
            con.execute("INSERT INTO changing_keys SELECT raw_key FROM standing")
        if stale:
            raise RetryLater(
                f"{len(stale):,} documents (one is {stale[0][0][:16]}) were judged by another run meanwhile; run again"
            )
    con.execute("CREATE OR REPLACE TEMP TABLE changing AS SELECT left(raw_key, 16) AS document FROM changing_keys")


def _run(con: duckdb.DuckDBPyConnection, what: Replacement, now: datetime) -> str:
    """The name of the run: a hash of what is replaced, why, when and by what versions.

    reads: changing_keys
    """
    keys = [key for (key,) in con.execute("SELECT raw_key FROM changing_keys ORDER BY raw_key").fetchall()]
    parts = (
        now.isoformat(),
        what.kind,
        *keys,
        *(f"{part}={version}" for part, version in sorted(what.versions.items())),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _named(statement: str, run: str, now: datetime) -> dict[str, object]:
    return {name: value for name, value in {"run": run, "now": now}.items() if f"${name}" in statement}
