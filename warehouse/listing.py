"""Lists of what the warehouse holds: documents newest first, rejected documents, how many of them for which reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from tamis.cleaners.errors import StopRun
from tamis.warehouse.rejudging.current_verdicts import HOST

_TOLD = 8  # sites or topics that a message names

_DOCUMENTS = """
SELECT d.document, d.published_on, d.site, d.title, count(*) OVER () AS total,
    count(*) FILTER (d.published_on IS NULL) OVER () AS undated
FROM documents AS d
JOIN raw_documents AS r USING (raw_key)
WHERE ($site IS NULL OR d.site = $site OR ends_with(d.site, '.' || $site))
    AND ($topic IS NULL OR d.document IN (SELECT document FROM relevance WHERE topic = $topic AND on_topic))
ORDER BY d.published_on DESC NULLS LAST, d.published_at DESC, r.loaded_at DESC, d.document
LIMIT $most
"""
_REJECTED = f"""
SELECT left(x.raw_key, 16), r.loaded_at :: DATE, x.reason, x.detail, r.source, count(*) OVER () AS total
FROM rejections AS x
JOIN raw_documents AS r USING (raw_key)
WHERE ($reason IS NULL OR x.reason = $reason)
    AND ($site IS NULL OR {HOST} = $site OR ends_with({HOST}, '.' || $site))
    AND ($topic IS NULL OR x.raw_key IN (SELECT raw_key FROM addresses WHERE topic = $topic))
ORDER BY r.loaded_at DESC, x.raw_key
LIMIT $most
"""  # noqa: S608 - constants
_REASONS = """
SELECT reason, count(*), arg_min(detail, raw_key) FROM rejections GROUP BY reason ORDER BY count(*) DESC, reason
"""
_SITES = "SELECT site FROM documents WHERE site IS NOT NULL GROUP BY site ORDER BY count(*) DESC, site"
_TOPICS = (
    "SELECT topic FROM (SELECT topic FROM relevance UNION SELECT topic FROM sources UNION SELECT topic FROM addresses)"
    " ORDER BY topic"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """Which documents are to be listed, and how many at most; a ``site`` takes its subdomains with it."""

    most: int
    site: str | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class ListedDocument:
    """One clean document in a list."""

    document: str
    published_on: date | None
    site: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class ListedRejection:
    """One rejected document in a list; ``loaded_on`` is in UTC."""

    document: str
    loaded_on: date
    reason: str
    detail: str
    source: str


@dataclass(frozen=True, slots=True)
class DocumentList:
    """The newest of the documents that were asked for, how many there are, and how many of these have no date."""

    rows: Sequence[ListedDocument]
    total: int
    undated: int


@dataclass(frozen=True, slots=True)
class RejectionList:
    """Those that were loaded last of the rejected documents that were asked for, and how many there are in all."""

    rows: Sequence[ListedRejection]
    total: int


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many documents were rejected for a reason, and what was said of one of them."""

    reason: str
    documents: int
    example: str


def documents(con: duckdb.DuckDBPyConnection, wish: Wish) -> DocumentList:
    """The clean documents, duplicates among them, the last published first, those without a date last.

    Reads documents, raw_documents and relevance. Raises StopRun for a site or topic that is not there, with those
    that are.
    """
    found = con.execute(_DOCUMENTS, {"site": wish.site, "topic": wish.topic, "most": wish.most}).fetchall()
    if not found:
        _explain(con, wish)
        return DocumentList((), 0, 0)
    return DocumentList([ListedDocument(*row[:4]) for row in found], found[0][4], found[0][5])


def rejected(con: duckdb.DuckDBPyConnection, wish: Wish, reason: str | None = None) -> RejectionList:
    """The rejected documents, for one ``reason`` or all, the last loaded first.

    Reads rejections, raw_documents and addresses. Raises StopRun for a reason that none has, with those that are
    there.
    """
    values = {"site": wish.site, "topic": wish.topic, "most": wish.most, "reason": reason}
    found = con.execute(_REJECTED, values).fetchall()
    if not found and reason is not None:
        known = ", ".join(f"{each.reason} ({each.documents:,})" for each in reasons(con))
        raise StopRun(f"no document was rejected as {reason}; reasons there are: {known or 'none'}")
    return RejectionList([ListedRejection(*row[:5]) for row in found], found[0][5] if found else 0)


def reasons(con: duckdb.DuckDBPyConnection) -> list[ReasonCount]:
    """How many documents were rejected for which reason, the most frequent first. Reads rejections."""
    return [ReasonCount(*row) for row in con.execute(_REASONS).fetchall()]


def _explain(con: duckdb.DuckDBPyConnection, wish: Wish) -> None:
    """Says what there is, where a site or topic has nothing because there is none of that name."""
    for kind, name, query in (("topic", wish.topic, _TOPICS), ("site", wish.site, _SITES)):
        known = [str(row[0]) for row in con.execute(query).fetchall()] if name else []
        if name and not any(each == name or each.endswith(f".{name}") for each in known):
            more = f" and {len(known) - _TOLD:,} more" if len(known) > _TOLD else ""
            raise StopRun(f"there is no {kind} {name}; {kind}s there are: {', '.join(known[:_TOLD]) or 'none'}{more}")
