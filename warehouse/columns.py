"""The columns of documents and articles, each declared once.

The staging schema, the view ``articles``, the columns of an export, the comparison of ``tamis reclean``, what ``tamis
show`` prints and the comments of the catalog follow from this list. To add a column, add it here and write a migration
that adds it to the tables ``documents`` and ``former_documents``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from typing import Literal

import pyarrow as pa

from tamis.cleaners.records import CleanDocument, DateEvidence

Compared = Literal["metadata", "text", "no"]
"""Whether another value is a difference for ``tamis reclean``: of the metadata, told by name; of the text; or none."""

STRINGS = pa.map_(pa.string(), pa.string())
TIMESTAMP = pa.timestamp("us")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the table ``documents``, of the view ``articles``, of exports, or of several of them.

    - ``comment``: what it says, in the catalog and in the data card of an export.
    - ``type``: its Arrow type in a staged batch; None for a column that is not of ``documents``.
    - ``read``: its value, read from a clean document; None where staging gives it.
    - ``compared``: whether ``tamis reclean`` compares it.
    - ``article``: its SQL in the view ``articles`` (d: documents, r: raw_documents, c: chosen, g: gathered); "d." is
      the column of its name in d. "" if it is not in the view.
    - ``exported``: its SQL in an export (a: articles, t: rights of the page), likewise. "" if it is not exported.
    - ``last``: whether it stands after the others in the view.
    - ``shown``: how ``tamis show`` prints it, for ``str.format``. "" if it is not printed, or has a place of its own.
    """

    name: str
    comment: str
    type: pa.DataType | None = None
    read: Callable[[CleanDocument], object] | None = None
    compared: Compared = "metadata"
    article: str = ""
    exported: str = ""
    last: bool = False
    shown: str = ""

    @property
    def in_view(self) -> str:
        """Its expression in the view ``articles``."""
        return _expression(self.article, self.name)

    @property
    def in_export(self) -> str:
        """Its expression in an export."""
        return _expression(self.exported, self.name)


def _expression(sql: str, name: str) -> str:
    return f"{sql}{name} AS {name}" if sql.endswith(".") else f"{sql} AS {name}"


def compared(document: CleanDocument) -> str:
    """The text on which duplicates are found: before blocks that the site repeats were taken out."""
    return document.text if document.compared_text is None else document.compared_text


def text_hash(text: str) -> int:
    """The first 64 bits of the SHA-256 of ``text``."""
    return int.from_bytes(hashlib.sha256(text.encode(errors="surrogatepass")).digest()[:8], "big")


def utc(moment: datetime) -> datetime:
    """``moment`` as the warehouse keeps it: UTC without a zone; one without a zone is taken as it is."""
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def _published(value: Callable[[DateEvidence], object]) -> Callable[[CleanDocument], object]:
    return lambda document: None if document.published is None else value(document.published)


def _moment(date: DateEvidence) -> datetime:
    # A day without a time of day is the same day wherever it is read: it is never shifted to UTC.
    return date.at.replace(tzinfo=None) if date.precision == "day" else utc(date.at)


COLUMNS: tuple[Column, ...] = (
    Column(
        "document",
        "Short stable name of the article: the first 16 digits of raw_key; as why(doc) takes it",
        pa.string(),
        attrgetter("key"),
        article="d.",
        exported="a.",
    ),
    Column(
        "title", "Title; NULL where the page has none", pa.string(), attrgetter("title"), article="d.", exported="a."
    ),
    Column(
        "published_on",
        "Day of publication where it was published; NULL where the page does not say",
        pa.date32(),
        _published(attrgetter("day")),
        article="d.",
        exported="a.",
    ),
    Column(
        "published_at",
        "UTC where published_zone is known, else as printed; midnight of published_on where only the day is known",
        TIMESTAMP,
        _published(_moment),
        article="d.",
        exported="a.",
    ),
    Column(
        "published_precision",
        "How exactly the date is known: day, minute or second",
        pa.string(),
        _published(attrgetter("precision")),
        article="d.",
        exported="a.",
        last=True,
    ),
    Column(
        "published_zone",
        "UTC offset that the page states (+02:00), else NULL",
        pa.string(),
        _published(attrgetter("zone")),
        article="d.",
        exported="a.",
        last=True,
    ),
    Column(
        "published_source",
        "Where the date was read: json-ld, meta, time, byline, url...; person where somebody corrected it",
        pa.string(),
        _published(attrgetter("source")),
        article="d.",
        exported="a.",
        last=True,
    ),
    Column(
        "published_confidence",
        "How sure the date is, 0 to 1",
        pa.float64(),
        _published(attrgetter("confidence")),
        article="d.",
        exported="a.",
        last=True,
    ),
    Column(
        "authors",
        "Authors as printed",
        pa.list_(pa.string()),
        lambda document: list(document.authors),
        article="d.",
        exported="a.",
    ),
    Column("site", "Host of its address without www.", pa.string(), attrgetter("site"), article="d.", exported="a."),
    Column("language", "ISO 639-1 code of the text", pa.string(), attrgetter("language"), article="d.", exported="a."),
    Column(
        "words",
        "Words of the clean text, parted by spaces",
        pa.int64(),
        lambda document: len(document.text.split()),
        compared="text",
        article="d.",
        exported="a.",
    ),
    Column("text", "The clean text, without the title", pa.string(), attrgetter("text"), article="d.", exported="a."),
    Column("url", "Address that it was fetched from", pa.string(), attrgetter("url"), article="d.", exported="a."),
    Column("source", "The file or address it came from", article="r."),
    Column(
        "file",
        "Name of the file that it was read from, where it has no address",
        exported="CASE WHEN a.url IS NULL THEN regexp_extract(a.source, '[^/]*$') END",
    ),
    Column(
        "topics",
        "Topics that it, or a duplicate of it, was found to be on; empty where it was not judged",
        article="coalesce(g.topics, [])",
        exported="a.",
    ),
    Column(
        "relevance",
        "How much it is on the topic that it is most on, 0 to 1; NULL where it was not judged",
        article="g.",
        exported="a.",
    ),
    Column("cluster", "Its cluster of duplicates; join it to memberships.cluster", article="c.", exported="a."),
    Column(
        "copies",
        "How many other documents are duplicates of it, older versions of a page not counted",
        article="g.",
        exported="a.",
    ),
    Column(
        "reserved", "Whether its site reserves text and data mining; NULL where nobody asked", exported="t.reserved"
    ),
    Column("rights", "What its site says of text and data mining, with the place", exported="coalesce(t.rights, [])"),
    Column(
        "fetched_at", "When the page was fetched, UTC; NULL where nobody knows", article="r.", exported="a.", last=True
    ),
    Column("loaded_at", "When it was loaded, UTC", article="r.", exported="a.", last=True),
    Column(
        "raw_key",
        "SHA-256 of the raw document and its address",
        pa.string(),
        attrgetter("raw_key"),
        article="d.",
        exported="a.",
        last=True,
    ),
    Column(
        "agency",
        "Wire service that it credits (AFP, Reuters, MAP); NULL where it credits none",
        pa.string(),
        attrgetter("agency"),
        shown="credits {}",
    ),
    Column(
        "by_hand",
        "What a person decided of it: accepted (the rules refuse it), title, authors, published; empty where nothing",
        pa.list_(pa.string()),
        lambda document: list(document.by_hand) or None,
        article="coalesce(d.by_hand, [])",
        exported="a.",
        last=True,
    ),
    Column(
        "compared_text",
        "The text before blocks that its site repeats were taken out, on which duplicates are found; NULL if the same",
        pa.string(),
        attrgetter("compared_text"),
        compared="text",
    ),
    Column(
        "compared_length",
        "Characters of the text on which duplicates are found",
        pa.int64(),
        lambda document: len(compared(document)),
        compared="text",
    ),
    Column(
        "text_hash",
        "First 64 bits of the SHA-256 of the text on which duplicates are found: equal for equal texts",
        pa.uint64(),
        lambda document: text_hash(compared(document)),
        compared="text",
    ),
    Column("sketch_size", "Rows that it has in sketches; few for a short text", pa.int32(), compared="text"),
    Column("charset", "Charset that its bytes were read in", pa.string(), lambda document: document.charset),
    Column(
        "versions",
        "Version of each part that made the text",
        STRINGS,
        lambda document: list(document.versions.items()),
        compared="no",
    ),
)
"""All columns, in the order in which exports have them."""

OF_THE_LOAD = {"run": "The run that judged it so", "judged_at": "When it was judged so (UTC); it stands since then"}
"""Columns of ``documents`` that the load itself gives, with their comments."""

STAGED = tuple(column for column in COLUMNS if column.type is not None)
ARTICLE = tuple(sorted((column for column in COLUMNS if column.article), key=lambda column: column.last))
EXPORTED = tuple(column for column in COLUMNS if column.exported)
SHOWN = tuple(column for column in COLUMNS if column.shown)

PLACEHOLDERS = {
    "{article columns}": ",\n".join(f"    {column.in_view}" for column in ARTICLE),
    "{comments}": "\n".join(
        f"COMMENT ON COLUMN {table}.{name} IS '{comment.replace(chr(39), chr(39) * 2)}';"
        for table, comments in (
            ("articles", {column.name: column.comment for column in ARTICLE}),
            ("documents", {column.name: column.comment for column in STAGED} | dict(OF_THE_LOAD)),
        )
        for name, comment in comments.items()
    ),
}
"""What stands for itself in the SQL of views, with what it stands for."""


def row(document: CleanDocument, sketch_size: int) -> dict[str, object]:
    """The row of ``documents`` for a clean document, by column; ``sketch_size`` is the number of its hashes."""
    values = {column.name: column.read(document) for column in STAGED if column.read is not None}
    return {**values, "sketch_size": sketch_size}


def filled(sql: str) -> str:
    """``sql`` with the columns of articles and the comments in the places that ask for them."""
    for placeholder, meaning in PLACEHOLDERS.items():
        sql = sql.replace(placeholder, meaning)
    return sql
