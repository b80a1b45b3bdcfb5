"""The questions that the command line and the flows ask of a warehouse, each with a typed answer.

All of them only read, so they take a connection of ``open_reader`` or of ``open_writer``. Whatever a user
typed is bound as a value, never made part of the SQL.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

import duckdb

from tamis.warehouse import naming, storage
from tamis.warehouse.address import Address
from tamis.warehouse.columns import SHOWN
from tamis.warehouse.migrations import schema_version
from tamis.warehouse.rejudging import decisions

_OF_OTHER_TABLES = {"source": "r.source", "cluster": "c.cluster", "relation": "c.relation"}  # fields of an Article


@dataclass(frozen=True, slots=True)
class Run:
    """One load, as the view ``runs`` has it; times are UTC."""

    run: str
    loaded_at: datetime
    read: int
    new: int
    unchanged: int
    rejected: int
    duplicates: int
    blocks_removed: int
    repeated: int
    last_repeated_at: datetime | None


@dataclass(frozen=True, slots=True)
class Status:
    """What a warehouse holds. ``raw`` = ``documents`` + all rejected; ``articles`` leaves duplicates out."""

    path: Address
    file_bytes: int
    schema_version: int
    raw: int
    documents: int
    articles: int
    rejected: Mapping[str, int]
    duplicates: Mapping[str, int]
    removed: Mapping[str, int]
    languages: Mapping[str, int]
    undated: int
    first_day: date | None
    last_day: date | None
    last_run: Run | None


@dataclass(frozen=True, slots=True)
class Removal:
    """One removed block, or one that a person kept (label ``content``), with the verdict on it."""

    block: int
    label: str
    rule: str
    confidence: float
    text: str
    detail: str


@dataclass(frozen=True, slots=True)
class Article:
    """One clean document as a person reads it. ``cluster`` is the canonical document of its duplicates.

    ``more`` are the columns that ask to be shown (``columns.SHOWN``), in words.
    """

    document: str
    source: str
    url: str | None
    site: str | None
    title: str | None
    authors: tuple[str, ...]
    published_on: date | None
    published_at: datetime | None
    published_precision: str | None
    published_zone: str | None
    published_source: str | None
    published_confidence: float | None
    language: str | None
    words: int
    text: str
    cluster: str
    relation: str | None
    more: tuple[str, ...] = ()

    @property
    def is_canonical(self) -> bool:
        """Whether the document is the one that stands for its duplicates in the view ``articles``."""
        return self.cluster == self.document


@dataclass(frozen=True, slots=True)
class Explanation:
    """What became of one raw document: the clean one and its removals, or why it was rejected.

    ``by_hand`` are the decisions of a person about it as a whole, in words.
    """

    document: str
    source: str
    article: Article | None
    removals: tuple[Removal, ...]
    rejected: str | None = None
    detail: str = ""
    by_hand: tuple[str, ...] = ()


def known(con: duckdb.DuckDBPyConnection, keys: Collection[str]) -> set[str]:
    """Those of the raw documents ``keys`` that the warehouse holds already, cleaned or rejected."""
    found = con.execute(
        "SELECT raw_key FROM raw_documents WHERE raw_key IN (SELECT unnest(? :: VARCHAR[]))", [list(keys)]
    ).fetchall()
    return {key for (key,) in found}


def why(con: duckdb.DuckDBPyConnection, doc: str, *, all_blocks: bool = False) -> Explanation:
    """What was removed from the document ``doc`` (as ``naming.find`` takes it), or why it was rejected.

    With ``all_blocks``, those that were kept are among the ``removals`` too.
    """
    raw_key = naming.find(con, doc)
    document, source, reason, detail = con.execute(
        "SELECT left(r.raw_key, 16), r.source, x.reason, coalesce(x.detail, '')"
        " FROM raw_documents AS r LEFT JOIN rejections AS x USING (raw_key) WHERE r.raw_key = ?",
        [raw_key],
    ).fetchall()[0]
    by_hand = decisions.in_words(decisions.standing(con, [document]).get(document))
    if reason is not None:
        return Explanation(document, source, None, (), reason, detail, by_hand)
    removals = con.execute(
        "SELECT block, label, rule, confidence, text, detail FROM blocks WHERE document = ?"
        " AND (? OR label NOT IN ('content', 'title') OR rule = 'person.keep') ORDER BY block",
        [document, all_blocks],
    ).fetchall()
    found = tuple(Removal(*row) for row in removals)
    return Explanation(document, source, _article(con, document), found, by_hand=by_hand)


def status(con: duckdb.DuckDBPyConnection, path: Address) -> Status:
    """What the warehouse at ``path``, open as ``con``, holds."""
    raw, documents, articles, undated, first_day, last_day = con.execute(
        "SELECT (SELECT count(*) FROM raw_documents), (SELECT count(*) FROM documents), count(*),"
        " count(*) FILTER (published_on IS NULL), min(published_on), max(published_on) FROM articles"
    ).fetchall()[0]
    return Status(
        path=path,
        file_bytes=storage.size(path, con),
        schema_version=schema_version(con),
        raw=raw,
        documents=documents,
        articles=articles,
        rejected=_tally(con, "SELECT reason, count(*) FROM rejections GROUP BY reason"),
        duplicates=_tally(con, "SELECT relation, count(*) FROM duplicates GROUP BY relation"),
        removed=_tally(con, "SELECT label, count(*) FROM removals GROUP BY label"),
        languages=_tally(con, "SELECT coalesce(language, 'unknown'), count(*) FROM articles GROUP BY ALL"),
        undated=undated,
        first_day=first_day,
        last_day=last_day,
        last_run=_last_run(con),
    )


def _article(con: duckdb.DuckDBPyConnection, document: str) -> Article:
    columns = [each for each in (field.name for field in fields(Article)) if each not in ("more", *_OF_OTHER_TABLES)]
    asked = [f"d.{name}" for name in columns] + [f"{place} AS {name}" for name, place in _OF_OTHER_TABLES.items()]
    asked += [f"d.{column.name} AS shown_{column.name}" for column in SHOWN]
    found = con.execute(
        f"SELECT {', '.join(asked)}"  # noqa: S608 - names of ours
        " FROM documents AS d JOIN raw_documents AS r USING (raw_key) JOIN memberships AS c USING (document)"
        " WHERE d.document = ?",
        [document],
    )
    row = dict(zip((column[0] for column in found.description), found.fetchall()[0], strict=True))
    shown = ((column, row.pop(f"shown_{column.name}")) for column in SHOWN)
    more = tuple(column.shown.format(value) for column, value in shown if value is not None)
    return Article(**{**row, "authors": tuple(row["authors"])}, more=more)


def _last_run(con: duckdb.DuckDBPyConnection) -> Run | None:
    rows = con.execute(
        "SELECT run, loaded_at, read, new, unchanged, rejected, duplicates, blocks_removed, repeated,"
        " last_repeated_at FROM runs ORDER BY greatest(loaded_at, last_repeated_at) DESC, run LIMIT 1"
    ).fetchall()
    return Run(*rows[0]) if rows else None


def _tally(con: duckdb.DuckDBPyConnection, query: str) -> dict[str, int]:
    """Names with their numbers, the largest first."""
    found = {str(name): int(number) for name, number in con.execute(query).fetchall()}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))
