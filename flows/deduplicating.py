"""Finding duplicates as a Unix filter: texts in, the cluster of each out, no warehouse of the user's.

The texts pass through a temporary warehouse, so the answer is the one that ``tamis ingest`` would give.
"""

from __future__ import annotations

import gzip
import io
import json
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import BinaryIO, cast

from tamis.cleaners import dedup
from tamis.cleaners.errors import SkipDocument
from tamis.cleaners.html.agencies import find_credit
from tamis.cleaners.records import RawDocument, Reason
from tamis.cleaners.relations import Origin
from tamis.cleaners.site import site_of
from tamis.flows.filter import STDIN
from tamis.flows.reading import jsonl, sources
from tamis.flows.reading.jsonl import Identity
from tamis.warehouse.duplicates import temporary
from tamis.warehouse.duplicates.temporary import Placement, Sketched

Log = Callable[[str], None]
PORTION = 1000  # texts that are sketched and stored at once
TOLD_EVERY = 10_000  # lines
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True)
class Read:
    """What a line held: the name its text has until the end, or why there is none."""

    identity: Identity | None
    name: str
    refused: SkipDocument | None = None


@dataclass(frozen=True, slots=True)
class DedupAnswer:
    """The line of output for a line of input, and whether that line was rejected."""

    line: str
    rejected: bool


def answers(paths: Iterable[Path], max_bytes: int, log: Log) -> Iterator[DedupAnswer]:
    """One answer a line of the JSON Lines under ``paths`` (``-``: standard input), in their order.

    ``log`` is told how far it is, and at the end what was found.
    """
    order: list[Read] = []
    with temporary.opened() as con:
        for portion in _portions(_texts(paths, max_bytes, order, log)):
            temporary.add(con, portion)
        log(f"{len(order):,} lines read; comparing them")
        places = {place.document: place for place in temporary.placements(con, dedup.relate, dedup.cluster)}
    identity = {read.name: read.identity for read in order}
    for read in order:
        yield _refused(read, read.refused) if read.refused else _placed(read, places[read.name], identity)
    articles = sum(place.document == place.cluster for place in places.values())
    log(
        f"{len(places):,} texts: {articles:,} articles, {len(places) - articles:,} duplicates of them;"
        f" {len(order) - len(places):,} lines rejected"
    )


def _texts(paths: Iterable[Path], max_bytes: int, order: list[Read], log: Log) -> Iterator[Sketched]:
    """The good lines as texts to compare; every line is noted in ``order``."""
    for path in paths:
        stream = sys.stdin.buffer if path == STDIN else path.open("rb")
        with stream:
            for body in _lines(stream, max_bytes):
                if order and not len(order) % TOLD_EVERY:
                    log(f"{len(order):,} lines read")
                try:
                    if isinstance(body, SkipDocument):
                        raise body
                    identity, text = _text(body, len(order))
                except SkipDocument as error:
                    known = jsonl.identity_of(body) if isinstance(body, bytes) else None
                    order.append(Read(known, "", error))
                else:
                    order.append(Read(identity, text.document))
                    yield text


def _lines(stream: BinaryIO, max_bytes: int) -> Iterator[bytes | SkipDocument]:
    """The lines of a stream, packed or not; what cannot be read of it is one more, bad line."""
    buffered = cast(io.BufferedReader, stream)
    packed = buffered.peek(2)[:2] == _GZIP
    limit = max_bytes * sources.JSON_GROWTH
    try:
        for line in jsonl.lines(cast(BinaryIO, gzip.GzipFile(fileobj=stream)) if packed else stream, limit):
            too_long = f"line {line.number} has {line.size:,} bytes, the limit is {limit:,}; split it into documents"
            yield SkipDocument(Reason.LINE_TOO_LONG, too_long) if line.body is None else line.body
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield SkipDocument(Reason.UNREADABLE, f"damaged gzip ({error}); fetch the file again")


def _text(body: bytes, number: int) -> tuple[Identity, Sketched]:
    """A text with its sketch, named by its content and then by its place, as documents of a warehouse are."""
    fields = jsonl.parse(body)
    identity = jsonl.identify(fields)
    if identity is None:
        raise SkipDocument(Reason.BAD_RECORD, 'no "id" (a string or a number); add one to each line')
    text, url, site, published = (jsonl.string(fields, name) for name in ("text", "url", "site", "published"))
    if text is None:
        raise SkipDocument(Reason.BAD_RECORD, 'no "text"; a record needs one (of pages, tamis clean --jsonl makes it)')
    name = f"{RawDocument(text.encode(), '', url=url).key[:16]}-{number:012}"
    origin = Origin(url, site or site_of(url), find_credit(text))
    return identity, Sketched(name, text, dedup.sketch(text), origin, _day(published))


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat(published[:10]) if published else None
    except ValueError as error:
        detail = f'"published" is {published!r}, not an ISO 8601 date such as 2025-08-27'
        raise SkipDocument(Reason.BAD_RECORD, detail) from error


def _placed(read: Read, place: Placement, identity: dict[str, Identity | None]) -> DedupAnswer:
    record = {
        "id": read.identity,
        "cluster": identity[place.cluster],
        "canonical": place.document == place.cluster,
        "relation": place.relation,
        "of": identity[place.of] if place.of else None,
        "score": None if place.score is None else round(place.score, 4),
    }
    return DedupAnswer(json.dumps(record, ensure_ascii=False), rejected=False)


def _refused(read: Read, error: SkipDocument) -> DedupAnswer:
    reason = {"reason": error.reason.value, "detail": error.detail}
    return DedupAnswer(json.dumps({"id": read.identity, "rejected": reason}, ensure_ascii=False), rejected=True)


def _portions(texts: Iterable[Sketched]) -> Iterator[list[Sketched]]:
    portion: list[Sketched] = []
    for text in texts:
        portion.append(text)
        if len(portion) == PORTION:
            yield portion
            portion = []
    if portion:
        yield portion
