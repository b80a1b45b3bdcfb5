"""Loading staged batches: everything in one transaction, and the same load twice adds no row anywhere."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from tamis.warehouse import columns
from tamis.warehouse.duplicates import clusters, hash_files, sketches
from tamis.warehouse.duplicates.clusters import Cluster, Relate
from tamis.warehouse.loading import rows, staging
from tamis.warehouse.migrations import transaction
from tamis.warehouse.search import index

PORTION = 100_000_000  # bytes of staged files whose rows come in by one statement a table

# How the rows of staged batches come in, those of raw documents that were there before left out.
INSERT = {
    "raw_documents": (
        "INSERT INTO raw_documents BY NAME SELECT * EXCLUDE (times), $run AS run, $now AS loaded_at FROM staged"
    ),
    "documents": "INSERT INTO documents BY NAME SELECT *, $run AS run, $now AS judged_at FROM staged",
    "blocks": "INSERT INTO blocks BY NAME SELECT * FROM staged",
    "rejections": "INSERT INTO rejections BY NAME SELECT *, $run AS run, $now AS judged_at FROM staged",
}

_KNOWN = "SELECT raw_key FROM staged SEMI JOIN raw_documents USING (raw_key)"
_REJECTED = """
SELECT reason, sum(times) FROM asked JOIN rejections USING (raw_key) GROUP BY reason ORDER BY reason
"""
_REMOVED = """
SELECT label, count(*) FROM fresh_blocks WHERE label NOT IN ('content', 'title') GROUP BY label ORDER BY label
"""
_FEW = 2_000
"""Raw documents that one thread loads as soon as several: a hundred small statements, which they agree on at length."""
_TALLY = pa.map_(pa.string(), pa.int64())
_RUN = pa.schema(
    {
        "run": pa.string(),
        "loaded_at": pa.timestamp("us"),
        **dict.fromkeys(("read", "new", "unchanged"), pa.int64()),
        **dict.fromkeys(("rejected", "duplicates", "removed"), _TALLY),
        "versions": pa.map_(pa.string(), pa.string()),
        "repeated": pa.int64(),
        "last_repeated_at": pa.timestamp("us"),
    }
)


@dataclass(frozen=True, slots=True)
class LoadCounts:
    """What one load came to. ``read`` is ``new`` + ``unchanged`` + all that is in ``rejected``.

    ``rejected`` counts, by reason, the documents read that stand in the table rejections, whether since now
    or before; ``duplicates`` (by relation) and ``removed`` (blocks, by label) are of the new documents only.
    ``repeated`` tells that the very same load had been done before.
    """

    run: str
    read: int
    new: int
    unchanged: int
    rejected: Mapping[str, int]
    duplicates: Mapping[str, int]
    removed: Mapping[str, int]
    repeated: bool


def load(
    con: duckdb.DuckDBPyConnection,
    batches: Sequence[Path],
    *,
    now: datetime,
    versions: Mapping[str, str],
    relate: Relate,
    cluster: Cluster,
    skipped: Sequence[str] = (),
) -> LoadCounts:
    """Loads the staged ``batches`` through ``con`` (of ``open_writer``): all of them, or nothing.

    ``relate`` and ``cluster`` are those of ``cleaners.dedup``. ``skipped`` are the keys of raw documents that
    were read but not staged, because the warehouse holds them (``queries.known``), one for each reading.
    ``now`` is UTC. Of a raw document that comes twice the first one counts, in the order of ``batches``.
    Raises ValueError for a skipped document that the warehouse does not hold.
    """
    with transaction(con):
        return add(con, batches, now=now, versions=versions, relate=relate, cluster=cluster, skipped=skipped)


def add(
    con: duckdb.DuckDBPyConnection,
    batches: Sequence[Path],
    *,
    now: datetime,
    versions: Mapping[str, str],
    relate: Relate,
    cluster: Cluster,
    skipped: Sequence[str] = (),
) -> LoadCounts:
    """Does what ``load`` does within the caller's transaction, so that more can be written together with it.

    writes: fresh
    """
    now = columns.utc(now)
    keys = [_keys(batch) for batch in batches]
    asked = Counter(skipped)
    for own in keys:
        asked.update(own)
    run = run_id(asked, versions)
    if hash_files.folder_of(con):  # a file: what is read of a lake comes faster through several connections
        con.execute("SET threads = 1" if len(asked) <= _FEW else "RESET threads")
    _ask(con, asked)
    con.execute("CREATE OR REPLACE TEMP TABLE fresh (document VARCHAR)")
    with ThreadPoolExecutor(1) as aside:
        for portion in _portions(batches, keys):
            _append(con, portion, {"run": run, "now": now}, aside)
    _refuse_unknown(con)
    clusters.update(con, relate, cluster, run=run, now=now)
    counts = _count(con, run, sum(asked.values()))
    _record(con, counts, now, versions)
    return counts


def run_id(keys: Mapping[str, int] | Sequence[str], versions: Mapping[str, str]) -> str:
    """The name of a load: a hash of what was asked, the same whenever the same is asked again."""
    asked = [*sorted(set(keys)), *(f"{part}={version}" for part, version in sorted(versions.items()))]
    return hashlib.sha256("\n".join(asked).encode()).hexdigest()[:16]


def _keys(batch: Path) -> Counter[str]:
    """How often each raw document of ``batch`` was read."""
    staged = staging.read(batch, "raw_documents", ["raw_key", "times"])
    return Counter(dict(zip(staged["raw_key"].to_pylist(), staged["times"].to_pylist(), strict=True)))


def _ask(con: duckdb.DuckDBPyConnection, asked: Counter[str]) -> None:
    """How often each raw document was read, as the temporary table ``asked``.

    writes: asked
    """
    keys, times = pa.array(asked.keys(), pa.string()), pa.array(asked.values(), pa.int64())
    with rows.visible(con, "asked_rows", pa.table({"raw_key": keys, "times": times})):
        con.execute("CREATE OR REPLACE TEMP TABLE asked AS SELECT raw_key, times FROM asked_rows")


def _portions(batches: Sequence[Path], keys: Sequence[Collection[str]]) -> Iterator[list[Path]]:
    """The batches in their order, as many at once as memory takes and as have no raw document in common."""
    portion: list[Path] = []
    held: set[str] = set()
    room = PORTION
    for batch, own in zip(batches, keys, strict=True):
        size = staging.size(batch)
        if portion and (size > room or not held.isdisjoint(own)):
            yield portion
            portion, held, room = [], set(), PORTION
        portion.append(batch)
        held.update(own)
        room -= size
    if portion:
        yield portion


def _append(
    con: duckdb.DuckDBPyConnection, portion: Sequence[Path], values: Mapping[str, object], aside: ThreadPoolExecutor
) -> None:
    """Adds the rows of the raw documents in ``portion`` that the warehouse does not know yet.

    What search adds is made ready ``aside``, while the rows of the other tables come in.

    reads: raw_documents
    writes: blocks, documents, fresh, raw_documents, rejections
    """
    raws = staging.read_all(portion, "raw_documents")
    with rows.visible(con, "staged", raws.select(["raw_key"])):
        known = [key for (key,) in con.execute(_KNOWN).fetchall()]
    new = {
        table: _without(known, raws if table == "raw_documents" else staging.read_all(portion, table))
        for table in (*INSERT, "sketches", "wordings")
    }
    segment = aside.submit(index.turned, new["wordings"], staging.read_all(portion, "words"))
    for table, insert in INSERT.items():
        with rows.visible(con, "staged", rows.regrouped(new[table])):
            con.execute(insert, {name: value for name, value in values.items() if f"${name}" in insert})
            if table == "documents":
                con.execute("INSERT INTO fresh SELECT document FROM staged")
    sketches.append(con, new["sketches"], new["documents"])
    index.append(con, segment.result())


def _without(known: Sequence[str], staged: pa.Table) -> pa.Table:
    """The rows of raw documents that are not ``known``.

    Not by a join in the statement that adds them: its rows come out in small portions, each of which DuckDB compresses
    and writes, and writes again at the checkpoint.
    """
    if not known:
        return staged
    column, names = ("raw_key", known) if "raw_key" in staged.column_names else ("document", [k[:16] for k in known])
    return staged.filter(pc.invert(pc.is_in(staged[column], pa.array(names))))


def _refuse_unknown(con: duckdb.DuckDBPyConnection) -> None:
    """Raises ValueError if a raw document was skipped that the warehouse does not hold.

    reads: asked, raw_documents
    """
    unknown = con.execute("SELECT raw_key FROM asked ANTI JOIN raw_documents USING (raw_key) LIMIT 3").fetchall()
    if unknown:
        keys = ", ".join(key for (key,) in unknown)
        raise ValueError(f"raw documents were skipped that the warehouse does not hold: {keys}; stage them")


def _count(con: duckdb.DuckDBPyConnection, run: str, read: int) -> LoadCounts:
    """What the load came to.

    reads: asked, fresh, fresh_blocks, load_runs, rejections
    """
    new = _tally(con, "SELECT 'new', count(*) FROM fresh")["new"]
    rejected = _tally(con, _REJECTED)
    return LoadCounts(
        run=run,
        read=read,
        new=new,
        unchanged=read - new - sum(rejected.values()),
        rejected=rejected,
        duplicates=clusters.relations(con),
        removed=_tally(con, _REMOVED),
        repeated=bool(con.execute("SELECT run FROM load_runs WHERE run = ?", [run]).fetchall()),
    )


def _record(con: duckdb.DuckDBPyConnection, counts: LoadCounts, now: datetime, versions: Mapping[str, str]) -> None:
    """Adds the row of a run, or counts one more repetition of it.

    writes: load_runs
    """
    if counts.repeated:
        con.execute(
            "UPDATE load_runs SET repeated = repeated + 1, last_repeated_at = ? WHERE run = ?",
            [now, counts.run],
        )
        return
    row = (
        *(counts.run, now, counts.read, counts.new, counts.unchanged),
        *(list(tally.items()) for tally in (counts.rejected, counts.duplicates, counts.removed)),
        *(list(versions.items()), 0, None),
    )
    rows.append(con, "load_runs", rows.of_tuples(_RUN, [row]))


def _tally(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, int]:
    return {str(name): int(number) for name, number in con.execute(query).fetchall()}
