"""Small made-up press documents, and how the tests here load them and look at what became of them."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path

import duckdb

from tamis.cleaners import dedup
from tamis.cleaners.records import (
    Block,
    CleanDocument,
    DateEvidence,
    Kind,
    Label,
    RawDocument,
    Reason,
    Rejection,
    Verdict,
    Wording,
)
from tamis.cleaners.search import wording
from tamis.warehouse.address import Address
from tamis.warehouse.connection import open_reader, open_writer
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.invariants import GRAIN
from tamis.warehouse.loading import staging, store
from tamis.warehouse.loading.store import LoadCounts

Document = tuple[RawDocument, CleanDocument | Rejection]

NOW = datetime(2026, 3, 1, 12, 0)
VERSIONS = {"tamis": "0.1.0", "sketch": dedup.VERSION}
WORDS = (  # noqa: SIM905 - sixty quoted words are hard to read
    "le la les un une des port ville conseil vote budget pluie saison récolte marché rue école maire région"
    " projet eau train ligne accord hausse baisse mesure plan étude rapport équipe forêt digue pont halle"
    " annonce ouvre ferme prévoit confirme regrette attend soutient rejette finance construit répare visite"
    " hier demain lundi jeudi matin soir printemps hiver encore déjà souvent rarement ensemble ailleurs"
).split()
# What the clock writes, and how often a run that was killed had to be asked for.
OF_THE_CLOCK = ("loaded_at", "applied_at", "last_repeated_at", "repeated", "judged_at")


def prose(seed: int, words: int = 120) -> str:
    """A text of its own for each seed: no two share a run of five words but by accident."""
    chance = random.Random(seed)
    return " ".join(f"{chance.choice(WORDS)}" for _ in range(words))


def page(
    text: str, source: str, *, site: str | None = None, day: int | None = None, url: str | None = None
) -> Document:
    """A page whose clean text is ``text``, with a removed block before it, published on a day of March 2026."""
    raw = RawDocument(body=f"Lire aussi\n{text}\n{source}".encode(), source=source, url=url)
    blocks = (Block(0, "Lire aussi", Kind.LINE, 1), Block(1, text, Kind.PARAGRAPH, 2, blank_before=True))
    verdicts = (Verdict(0, Label.RELATED, "widgets.read_also", 0.9, "lire aussi"), Verdict(1, Label.CONTENT, "judge"))
    published = None if day is None else DateEvidence(datetime(2026, 3, day), "day", None, "byline", 0.8)
    clean = CleanDocument(
        raw.key, text, blocks, verdicts, title=f"Titre de {source}", authors=("A. Autrice",),
        published=published, language="fr", url=url, site=site, versions={"rules": "1"},
    )  # fmt: skip
    return raw, clean


def refused(source: str, reason: Reason = Reason.BINARY) -> Document:
    """A document that could not be cleaned."""
    raw = RawDocument(body=source.encode() + b"\0", source=source)
    return raw, Rejection(raw.key, reason, f"{source} holds NUL bytes")


def stage(folder: Path, name: str, documents: Iterable[Document]) -> Path:
    """The documents as a staged batch, sketched as the flows do it."""
    raws, outcomes = zip(*documents, strict=True) if documents else ((), ())
    return staging.stage(folder, name, raws, outcomes, *said(outcomes))


def said(outcomes: Iterable[CleanDocument | Rejection]) -> tuple[dict[str, Sequence[int]], dict[str, Wording]]:
    """The sketch and the wording of each clean document, as the flows make them."""
    clean = [each for each in outcomes if isinstance(each, CleanDocument)]
    return (
        {each.key: dedup.sketch(each.text) for each in clean},
        {each.key: wording(each.title, each.text, each.language) for each in clean},
    )


def load(
    warehouse: Address, *batches: Sequence[Document], skipped: Sequence[str] = (), wait: float = 600.0
) -> LoadCounts:
    """Loads batches of documents into the warehouse in one go, and publishes them."""
    counts = commit(warehouse, *batches, skipped=skipped, wait=wait)
    publish(warehouse)
    return counts


def commit(
    warehouse: Address, *batches: Sequence[Document], skipped: Sequence[str] = (), wait: float = 600.0
) -> LoadCounts:
    """Loads batches of documents, which readers do not see yet."""
    with tempfile.TemporaryDirectory() as folder, open_writer(warehouse, wait=wait) as con:
        staged = [stage(Path(folder), f"b{number}", batch) for number, batch in enumerate(batches)]
        return store.load(
            con, staged, now=NOW, versions=VERSIONS, relate=dedup.relate, cluster=dedup.cluster, skipped=skipped
        )


def ask(warehouse: Path, query: str) -> list[tuple[object, ...]]:
    """The rows of a query, by a stock DuckDB client that knows nothing of tamis, of the newest state."""
    publish(warehouse)
    con = duckdb.connect(str(warehouse), read_only=True)
    try:
        return con.execute(query).fetchall()
    finally:
        con.close()


def contents(warehouse: Address, tables: Iterable[str] = GRAIN, without: Iterable[str] = ()) -> dict[str, list[str]]:
    """Every row of the tables in the newest state, sorted, without what the clock wrote and ``without``."""
    publish(warehouse)
    return seen(warehouse, tables, without)


def seen(warehouse: Address, tables: Iterable[str] = GRAIN, without: Iterable[str] = ()) -> dict[str, list[str]]:
    """The same as a stock DuckDB client sees it now."""
    left_out = {*OF_THE_CLOCK, *without}
    rows: dict[str, list[str]] = {}
    with _stock_client(warehouse) as con:
        for table in tables:
            found = con.execute(f"SELECT * FROM {table}")
            kept = [place for place, column in enumerate(found.description) if column[0] not in left_out]
            rows[table] = sorted(repr([row[place] for place in kept]) for row in found.fetchall())
    return rows


def _stock_client(warehouse: Address) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    return duckdb.connect(str(warehouse), read_only=True) if isinstance(warehouse, Path) else open_reader(warehouse)


def counts(warehouse: Path) -> dict[str, int]:
    """How many rows each table has."""
    return {table: len(rows) for table, rows in contents(warehouse).items()}
