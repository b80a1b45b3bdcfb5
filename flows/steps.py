"""The steps of a run as plain functions, which the command line calls directly and the flow as tasks.

    read -> batches -> clean_batch (staged beside the warehouse) -> load (one transaction)

A run that is killed leaves the warehouse as it was before its load or as it is after it; what it staged, the
next run removes. Memory is bounded by the batches under way, not by the corpus.
"""

from __future__ import annotations

import fcntl
import shutil
import tempfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count, islice
from pathlib import Path
from typing import Protocol, TypeVar

import duckdb

from tamis.cleaners import dedup
from tamis.cleaners.records import CleanDocument, RawDocument, Reason, Rejection, Wording
from tamis.cleaners.search import wording
from tamis.cleaners.site import site_of
from tamis.flows.cleaning import worker
from tamis.flows.cleaning.worker import Cleaned, Worker
from tamis.flows.reading.sources import Item, Unread
from tamis.flows.settings import MEBIBYTE, Settings
from tamis.warehouse import migrations, queries, site_memory, storage
from tamis.warehouse.address import Address, workplace
from tamis.warehouse.connection import open_working_reader
from tamis.warehouse.loading import staging, store
from tamis.warehouse.loading.store import LoadCounts
from tamis.warehouse.search import index

BATCH_BYTES = 32 * MEBIBYTE
FIRST_BATCH = 16
LISTED = 100


@dataclass(frozen=True, slots=True)
class RejectedDocument:
    """A document that was quarantined: where it was read, and why."""

    source: str
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents that are cleaned and staged together; ``name`` is unique in a run and sorts by order."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What happened to one batch.

    ``staged`` is None where nothing of it was new; ``skipped`` are the keys of the documents that the
    warehouse has, one for each reading; ``refused`` lists at most LISTED of the rejected.
    """

    read: int
    staged: Path | None
    skipped: tuple[str, ...]
    refused: tuple[RejectedDocument, ...]
    versions: Mapping[str, str]


Asked = TypeVar("Asked")
Done = TypeVar("Done")
Done_co = TypeVar("Done_co", covariant=True)


class Pending(Protocol[Done_co]):
    """A batch under way, as ``concurrent.futures`` and Prefect both know it."""

    def result(self) -> Done_co:
        """Waits for the batch; raises what it raised."""
        ...


def batches(items: Iterable[Item], size: int) -> Iterator[Batch]:
    """Batches of at most ``size`` documents and about 32 MiB, whichever is reached first.

    The first ones are small and each is twice the last, so that a few hundred documents already occupy all workers.
    """
    names = (f"{number:06d}" for number in count(1))
    batch: list[Item] = []
    weight, least = 0, min(size, FIRST_BATCH)
    for item in items:
        batch.append(item)
        weight += _weight(_raw(item))
        if len(batch) >= least or weight >= BATCH_BYTES:
            yield Batch(next(names), tuple(batch))
            batch, weight, least = [], 0, min(size, 2 * least)
    if batch:
        yield Batch(next(names), tuple(batch))


def _weight(raw: RawDocument) -> int:
    """The bytes that a document takes, its address and name among them."""
    return len(raw.body) + len(raw.url or "") + len(raw.source)


def clean_batch(batch: Batch, folder: Path, settings: Settings) -> Report:
    """Cleans what is new in one batch and stages it in ``folder``; a bad document becomes a rejection."""
    raws = [_raw(item) for item in batch.items]
    items = {raw.key: item for raw, item in zip(raws, batch.items, strict=True)}
    known, rejections, repeated = _known(settings.warehouse, raws)
    new = [raw for raw in raws if raw.key not in known]
    with worker.borrowed(settings.document_seconds, settings.memory_mb) as cleaner:
        cleaned = {raw.key: _clean(items[raw.key], cleaner, repeated) for raw in {r.key: r for r in new}.values()}
        versions = cleaner.versions
    outcomes = {key: outcome for key, (outcome, _) in cleaned.items()}
    sketches = {out.key: sketch for out, sketch in cleaned.values() if isinstance(out, CleanDocument)}
    listed = list(outcomes.values())
    staged = staging.stage(folder, batch.name, new, listed, sketches, wordings(listed)) if new else None
    return Report(
        read=len(raws),
        staged=staged,
        skipped=tuple(raw.key for raw in raws if raw.key in known),
        refused=tuple(_refused(raws, {**rejections, **outcomes}))[:LISTED],
        versions=versions,
    )


def wordings(outcomes: Iterable[CleanDocument | Rejection]) -> dict[str, Wording]:
    """What search is to know of each clean document, by its key."""
    return {
        each.key: wording(each.title, each.text, each.language) for each in outcomes if isinstance(each, CleanDocument)
    }


def clean_all(batches: Iterable[Asked], start: Callable[[Asked], Pending[Done]], at_once: int) -> Iterator[Done]:
    """The reports of all batches in order; no more than ``at_once`` are held in memory and under way."""
    under_way: deque[Pending[Done]] = deque()
    for batch in batches:
        under_way.append(start(batch))
        if len(under_way) >= at_once:
            yield under_way.popleft().result()
    while under_way:
        yield under_way.popleft().result()


def load(reports: Sequence[Report], settings: Settings, now: datetime) -> LoadCounts:
    """Loads all staged batches in one transaction, or nothing.

    Raises RetryLater where the warehouse is held by another process for long.
    """
    return storage.write(
        settings.warehouse,
        lambda con: store.add(
            con,
            [report.staged for report in reports if report.staged],
            now=now,
            versions=reports[0].versions,
            relate=dedup.relate,
            cluster=dedup.cluster,
            skipped=[key for report in reports for key in report.skipped],
        ),
        first=catch_up_search,
    )


def catch_up_search(con: duckdb.DuckDBPyConnection) -> None:
    """Has search know the documents that an older tamis loaded, in short transactions of their own."""
    index.catch_up(con, wording)


def all_refused(reports: Iterable[Report]) -> tuple[RejectedDocument, ...]:
    """The rejected documents of all batches, at most LISTED of them."""
    return tuple(islice((refused for report in reports for refused in report.refused), LISTED))


@contextmanager
def staging_folder(warehouse: Address) -> Iterator[Path]:
    """A folder of this run in the warehouse's workplace, removed at its end; those of dead runs are removed first.

    A run is alive as long as it holds the lock on its folder's file ``alive``: the system lets go of it when
    the process ends, however it ends.
    """
    home = workplace(warehouse)
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # nobody tidies up between our making the folder and locking it
        for dead in dead_runs(warehouse):
            shutil.rmtree(dead, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(prefix="run-", dir=home))
        alive = (folder / "alive").open("w")
        fcntl.flock(alive, fcntl.LOCK_EX)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        alive.close()


def dead_runs(warehouse: Address) -> list[Path]:
    """What runs that were killed have left staged in the warehouse's workplace."""
    return [folder for folder in workplace(warehouse).glob("run-*") if _is_dead(folder)]


def _is_dead(folder: Path) -> bool:
    try:
        with (folder / "alive").open("rb") as alive:
            fcntl.flock(alive, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        pass  # killed before it made its file
    return True


def _known(
    warehouse: Address, raws: Sequence[RawDocument]
) -> tuple[set[str], dict[str, Rejection], Mapping[str, Set[int]]]:
    """Which of these pages the warehouse has, the rejections among them, and what their sites repeat."""
    if not storage.is_there(warehouse):
        return set(), {}, {}
    keys = list({raw.key for raw in raws})
    with open_working_reader(warehouse) as con:
        rows = con.execute(
            "SELECT raw_key, reason, detail FROM rejections WHERE raw_key IN (SELECT unnest(? :: VARCHAR[]))",
            [keys],
        ).fetchall()
        rejections = {key: Rejection(key, Reason(reason), why) for key, reason, why in rows}
        return queries.known(con, keys), rejections, templates(con, raws)


def templates(con: duckdb.DuckDBPyConnection, raws: Iterable[RawDocument]) -> Mapping[str, frozenset[int]]:
    """What the sites of these pages are known to repeat: hashes of blocks by site. An older schema knows nothing."""
    sites = {site for raw in raws if (site := site_of(raw.url))}
    return site_memory.templates(con, sites) if sites and not migrations.is_behind(con) else {}


def _clean(item: Item, cleaner: Worker, repeated: Mapping[str, Set[int]]) -> Cleaned:
    if isinstance(item, Unread):
        return item.rejection, ()
    return cleaner.clean(item, repeated=repeated.get(site_of(item.url) or "", frozenset()))


def _refused(
    raws: Iterable[RawDocument], outcomes: Mapping[str, CleanDocument | Rejection]
) -> Iterator[RejectedDocument]:
    for raw in raws:
        outcome = outcomes.get(raw.key)
        if isinstance(outcome, Rejection):
            yield RejectedDocument(raw.source, outcome.reason.value, outcome.detail)


def _raw(item: Item) -> RawDocument:
    return item.raw if isinstance(item, Unread) else item
