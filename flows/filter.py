"""Cleaning as a Unix filter: documents in, outcomes out one by one, nothing kept, no warehouse."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tamis.flows.cleaning import worker
from tamis.flows.cleaning.worker import Outcome
from tamis.flows.reading import jsonl, sources
from tamis.flows.reading.jsonl import Identity
from tamis.flows.reading.sources import Item, Unread
from tamis.flows.settings import Settings

STDIN = Path("-")

Named = tuple[Identity | None, Item]


def check(paths: Iterable[Path]) -> None:
    """Raises StopRun naming every path that does not exist; ``-`` is standard input."""
    sources.check(path for path in paths if path != STDIN)


def documents(paths: Iterable[Path], max_bytes: int) -> Iterator[Named]:
    """Each document under ``paths``, named by its source."""
    for path in paths:
        if path == STDIN:
            item = sources.read_stream(sys.stdin.buffer, "stdin", max_bytes)
            yield "stdin", item
            continue
        for item in sources.read([path], max_bytes):
            yield (item.raw if isinstance(item, Unread) else item).source, item


def lines(paths: Iterable[Path], max_bytes: int) -> Iterator[Named]:
    """Each line of JSON Lines under ``paths``, named by its own id (None where it has none)."""
    for path in paths:
        stream = sys.stdin.buffer if path == STDIN else path.open("rb")
        with stream:
            for line in jsonl.lines(stream, max_bytes * sources.JSON_GROWTH):
                yield sources.read_line(line, str(path), max_bytes)


def outcomes(named: Iterable[Named], settings: Settings) -> Iterator[tuple[Identity | None, Outcome]]:
    """The outcome of each document, in the order they come and as soon as it is known."""
    with worker.borrowed(settings.document_seconds, settings.memory_mb) as cleaner:
        for identity, item in named:
            yield identity, item.rejection if isinstance(item, Unread) else cleaner.clean(item, sketched=False)[0]
