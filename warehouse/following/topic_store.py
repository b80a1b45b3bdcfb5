"""What following a topic remembers between runs: sources, addresses, versions, relevance, robots files.

Everything is read as records and written as records, by topic; rows of one key are replaced.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa

from tamis.warehouse.following.records import (
    AddressState,
    News,
    Remembered,
    RobotsRow,
    SourceState,
    StoredRelevance,
    Text,
    Version,
)
from tamis.warehouse.loading import rows

if TYPE_CHECKING:
    import duckdb


_TYPES: Mapping[str, pa.DataType] = {
    "str": pa.string(),
    "str | None": pa.string(),
    "int": pa.int64(),
    "int | None": pa.int64(),
    "float": pa.float64(),
    "float | None": pa.float64(),
    "bool": pa.bool_(),
    "bytes": pa.binary(),
    "datetime": pa.timestamp("us"),
    "datetime | None": pa.timestamp("us"),
    "tuple[str, ...]": pa.list_(pa.string()),
}
_KEYS = {
    "sources": ("topic", "source"),
    "addresses": ("topic", "address"),
    "relevance": ("topic", "document"),
    "robots_files": ("origin",),
}
FEW_WORDS = 120
"""What has fewer may be the beginning of a text only."""
_TEXT = (
    f"d.document, d.title, d.text, CASE WHEN d.words < {FEW_WORDS} THEN r.body END"
    " FROM documents AS d JOIN raw_documents AS r ON r.raw_key = d.raw_key"
)
_NEW_VERSIONS = """
INSERT INTO page_versions BY NAME
SELECT s.address, coalesce(l.number, 0) + 1 AS number, s.raw_key, s.seen_at, s.reserved, s.rights
FROM incoming AS s
LEFT JOIN (
    SELECT address, max(number) AS number, arg_max(raw_key, number) AS raw_key FROM page_versions GROUP BY address
) AS l USING (address)
WHERE l.raw_key IS DISTINCT FROM s.raw_key
"""
# A judgement that only repeats the one before it makes that one last longer.
_LASTING = """
UPDATE former_relevance AS f SET until = new.judged_at
FROM relevance AS old, incoming AS new
WHERE new.topic = old.topic AND new.document = old.document AND f.topic = old.topic AND f.document = old.document
AND f.until = old.judged_at AND (f.score, f.on_topic, f.terms) = (old.score, old.on_topic, old.terms)
"""
_FORMER = """
INSERT INTO former_relevance BY NAME
SELECT old.*, new.judged_at AS until
FROM relevance AS old
JOIN incoming AS new ON new.topic = old.topic AND new.document = old.document
WHERE NOT EXISTS (
    FROM former_relevance AS f WHERE f.topic = old.topic AND f.document = old.document AND f.until = new.judged_at
)
"""
# New is what has no sister in its cluster, and no earlier version, that another load brought and that counts.
_NEWS = """
WITH before AS (
    SELECT d.document
    FROM documents AS d
    WHERE d.document NOT IN (SELECT unnest($documents :: VARCHAR[]))
    AND d.document NOT IN (SELECT document FROM relevance WHERE topic = $topic AND NOT on_topic)
)
SELECT
    a.document, v.topic, coalesce(a.url, a.source), a.title, a.published_on :: VARCHAR, a.site, a.language, a.words,
    v.score, v.terms
FROM articles AS a
JOIN relevance AS v ON v.document = a.document AND v.topic = $topic AND v.on_topic
WHERE a.document IN (SELECT unnest($documents :: VARCHAR[]))
AND a.cluster NOT IN (SELECT cluster FROM memberships SEMI JOIN before USING (document))
AND NOT EXISTS (
    FROM page_versions AS p
    JOIN page_versions AS q ON q.address = p.address AND q.number < p.number
    WHERE p.raw_key = a.raw_key AND left(q.raw_key, 16) IN (SELECT document FROM before)
)
ORDER BY v.score DESC, a.document
"""

Record = TypeVar("Record")


def is_there(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether the warehouse is of a version that follows topics; the next writer brings it there."""
    found = con.execute("SELECT count(*) FROM duckdb_tables() WHERE table_name = 'robots_files'").fetchall()
    return bool(found[0][0])


def sources(con: duckdb.DuckDBPyConnection, topic: str) -> dict[str, SourceState]:
    """The sources of a topic that were visited, by name."""
    return {state.source: state for state in _read(con, "sources", SourceState, topic)}


def addresses(con: duckdb.DuckDBPyConnection, topic: str) -> dict[str, AddressState]:
    """The addresses of a topic by their comparable form."""
    return {state.address: state for state in _read(con, "addresses", AddressState, topic)}


def elsewhere(con: duckdb.DuckDBPyConnection, topic: str) -> dict[str, AddressState]:
    """The pages that other topics have fetched and can ask for again by their validators, by comparable address."""
    other = "topic <> ? AND role = 'page' AND raw_key IS NOT NULL AND coalesce(etag, last_modified) IS NOT NULL"
    return {state.address: state for state in _read(con, "addresses", AddressState, topic, other)}


def robots(con: duckdb.DuckDBPyConnection, now: float) -> list[RobotsRow]:
    """The robots files that still hold at ``now`` (seconds since 1970)."""
    found = con.execute(_select("robots_files", RobotsRow, "expires_at > ?"), [now]).fetchall()
    return [RobotsRow(*row) for row in found]


def unjudged(con: duckdb.DuckDBPyConnection, topic: str, edition: str, limit: int) -> list[Text]:
    """Documents of a topic's addresses that no judgement of this edition of the topic exists for."""
    found = con.execute(
        f"SELECT {_TEXT} WHERE d.document IN ("  # noqa: S608 - a constant of ours
        " SELECT left(raw_key, 16) FROM addresses WHERE topic = $topic AND raw_key IS NOT NULL"
        " UNION SELECT document FROM relevance WHERE topic = $topic"
        ") AND d.document NOT IN (SELECT document FROM relevance WHERE topic = $topic AND edition = $edition)"
        " ORDER BY d.document LIMIT $limit",
        {"topic": topic, "edition": edition, "limit": limit},
    ).fetchall()
    return [Text(*row) for row in found]


def texts(con: duckdb.DuckDBPyConnection, documents: Collection[str]) -> list[Text]:
    """The named documents, as far as they exist."""
    found = con.execute(
        f"SELECT {_TEXT} WHERE d.document IN (SELECT unnest(? :: VARCHAR[]))",
        [list(documents)],
    ).fetchall()
    return [Text(*row) for row in found]


def news(con: duckdb.DuckDBPyConnection, topic: str, documents: Collection[str]) -> list[News]:
    """Those of the ``documents`` just loaded that are new articles on the topic, the most relevant first."""
    found = con.execute(_NEWS, {"topic": topic, "documents": list(documents)}).fetchall()
    return [_made(News, row) for row in found]


def remember(con: duckdb.DuckDBPyConnection, what: Remembered) -> None:
    """Writes everything in ``what``; the caller holds the transaction."""
    _replace(con, "sources", SourceState, what.sources)
    _replace(con, "addresses", AddressState, what.addresses)
    if what.judgements:
        last = {(judged.topic, judged.document): judged for judged in what.judgements}
        with rows.visible(con, "incoming", _table(StoredRelevance, last.values())):
            con.execute(_LASTING)
            con.execute(_FORMER)
    _replace(con, "relevance", StoredRelevance, what.judgements)
    _replace(con, "robots_files", RobotsRow, what.robots)
    if what.versions:
        latest = {version.address: version for version in what.versions}
        with rows.visible(con, "incoming", _table(Version, latest.values())):
            con.execute(_NEW_VERSIONS)


def _read(
    con: duckdb.DuckDBPyConnection, table: str, record: type[Record], topic: str, where: str = "topic = ?"
) -> list[Record]:
    found = con.execute(_select(table, record, where), [topic]).fetchall()
    return [_made(record, row) for row in found]


def _made(record: type[Record], row: Sequence[Any]) -> Record:
    return record(*(tuple(value) if isinstance(value, list) else value for value in row))


def _select(table: str, record: type[Any], where: str) -> str:
    return f"SELECT {', '.join(field.name for field in fields(record))} FROM {table} WHERE {where} ORDER BY ALL"  # noqa: S608 - names of ours


def _replace(con: duckdb.DuckDBPyConnection, table: str, record: type[Any], new: Sequence[object]) -> None:
    """Of several rows with one key the last one counts."""
    if not new:
        return
    keys = _KEYS[table]
    last = {tuple(getattr(each, key) for key in keys): each for each in new}
    with rows.visible(con, "incoming", _table(record, last.values())):
        con.execute(f"DELETE FROM {table} WHERE ({', '.join(keys)}) IN (SELECT ({', '.join(keys)}) FROM incoming)")  # noqa: S608
        con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")  # noqa: S608


def _table(record: type[Any], values: Iterable[object]) -> pa.Table:
    schema = pa.schema({field.name: _TYPES[str(field.type)] for field in fields(record)})
    ordered = [tuple(getattr(each, field.name) for field in fields(record)) for each in values]
    return rows.of_tuples(schema, ordered)
