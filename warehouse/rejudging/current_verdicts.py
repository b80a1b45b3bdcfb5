"""What stands of stored documents, and what they were made of: read portion by portion, to be judged again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from tamis.cleaners.records import RawDocument
from tamis.warehouse.rejudging import decisions
from tamis.warehouse.rejudging.decisions import DecisionSet

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Scope:
    """Which stored documents are meant: all, or those that meet every condition given.

    ``since`` is the first day of loading (UTC); ``site`` a host without ``www.``; ``rule`` a dotted name or the
    beginning of one, of a rule that judged a block, or the reason of a rejection; ``topic`` one they were judged for;
    ``keys`` raw documents by name.
    """

    since: date | None = None
    site: str | None = None
    rule: str | None = None
    topic: str | None = None
    keys: tuple[str, ...] | None = None

    def __str__(self) -> str:
        """The conditions in words."""
        named = {"since": self.since, "site": self.site, "rule": self.rule, "topic": self.topic}
        given = [f"{name} {value}" for name, value in named.items() if value]
        given += [f"documents {', '.join(key[:16] for key in self.keys)}"] if self.keys is not None else []
        return ", ".join(given) or "all documents"


@dataclass(frozen=True, slots=True)
class Standing:
    """A stored raw document, what stands of it (``document`` with its ``blocks``, or ``rejection``), and since when.

    ``decisions`` are those of a person about it that stand.
    """

    raw: RawDocument
    judged_at: datetime
    document: Row | None
    blocks: Sequence[Row]
    rejection: Row | None
    decisions: DecisionSet


HOST = r"regexp_extract(r.url, '^[a-zA-Z]+://(?:[^/@]*@)?(?:www\.)?([^/:?#]+)', 1)"
"""The host of an address (r: raw_documents) without www., for documents that have no site as they were rejected."""
_CONDITIONS = {
    "since": "r.loaded_at >= $since",
    "site": f"(coalesce((SELECT d.site FROM documents AS d WHERE d.raw_key = r.raw_key), {HOST}) = $site)",  # noqa: S608
    "rule": (
        "(r.raw_key IN (SELECT d.raw_key FROM documents AS d JOIN blocks AS b USING (document)"
        " WHERE b.rule = $rule OR starts_with(b.rule, $rule || '.'))"
        " OR r.raw_key IN (SELECT x.raw_key FROM rejections AS x WHERE x.reason = $rule))"
    ),
    "topic": "left(r.raw_key, 16) IN (SELECT v.document FROM relevance AS v WHERE v.topic = $topic)",
    "keys": "r.raw_key IN (SELECT unnest($keys :: VARCHAR[]))",
}
_RAW = (
    "SELECT raw_key, source, url, media_type, fetched_at, http, body FROM raw_documents"
    " WHERE raw_key IN (SELECT unnest(? :: VARCHAR[])) ORDER BY raw_key"
)


def portion(con: duckdb.DuckDBPyConnection, scope: Scope, after: str, documents: int, size: int) -> tuple[str, ...]:
    """The next keys of raw documents in ``scope`` behind the key ``after``: so many, or ``size`` bytes of bodies.

    At least one as long as there are any. What was never read (too large, unreadable) cannot be judged again.
    """
    given = {name: getattr(scope, name) for name in _CONDITIONS if getattr(scope, name) is not None}
    conditions = ["r.raw_key > $after", "r.body IS NOT NULL", *(_CONDITIONS[name] for name in given)]
    values = {**given, "after": after, "documents": documents}
    if "keys" in values:
        values["keys"] = list(values["keys"])
    found = con.execute(
        f"SELECT r.raw_key, r.size FROM raw_documents AS r WHERE {' AND '.join(conditions)}"  # noqa: S608 - constants
        " ORDER BY r.raw_key LIMIT $documents",
        values,
    ).fetchall()
    return tuple(_until(found, size))


def read(con: duckdb.DuckDBPyConnection, keys: Sequence[str]) -> list[Standing]:
    """The named raw documents with what stands of each."""
    short = [key[:16] for key in keys]
    documents = {row["raw_key"]: row for row in _rows(con, "documents", "raw_key", keys)}
    rejections = {row["raw_key"]: row for row in _rows(con, "rejections", "raw_key", keys)}
    blocks: dict[str, list[Row]] = {}
    for row in _rows(con, "blocks", "document", short, "document, block"):
        blocks.setdefault(row["document"], []).append(row)
    decided = decisions.standing(con, short)
    found = []
    for key, source, url, media_type, fetched_at, http, body in con.execute(_RAW, [list(keys)]).fetchall():
        document, rejection = documents.get(key), rejections.get(key)
        found.append(
            Standing(
                RawDocument(body, source, media_type, url, fetched_at, http),
                (document or rejection or {})["judged_at"],
                document,
                blocks.get(key[:16], []),
                rejection,
                decided.get(key[:16], DecisionSet()),
            )
        )
    return found


def _until(found: Sequence[tuple[str, int]], size: int) -> Iterator[str]:
    weight = 0
    for key, weighs in found:
        yield key
        weight += weighs or 0
        if weight >= size:
            return


def _rows(
    con: duckdb.DuckDBPyConnection, table: str, column: str, keys: Sequence[str], order: str = "raw_key"
) -> list[Row]:
    found = con.execute(
        f"SELECT * FROM {table} WHERE {column} IN (SELECT unnest(? :: VARCHAR[])) ORDER BY {order}",  # noqa: S608 - names of ours
        [list(keys)],
    )
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
