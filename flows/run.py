"""A run from paths to the warehouse without a server: what ``tamis ingest`` does."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tamis.flows import steps
from tamis.flows.reading import sources
from tamis.flows.settings import Settings
from tamis.flows.steps import Batch, RejectedDocument, Report
from tamis.warehouse.address import Address
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.loading.store import LoadCounts


@dataclass(frozen=True, slots=True)
class Summary:
    """What a run came to; ``counts`` is None where there was nothing to read.

    ``refused`` lists at most ``steps.LISTED`` of the rejected documents.
    """

    warehouse: Address
    counts: LoadCounts | None
    refused: tuple[RejectedDocument, ...]
    seconds: float


def ingest(paths: Sequence[Path], settings: Settings, progress: Callable[[int], None]) -> Summary:
    """Reads, cleans and loads every document under ``paths``; ``progress`` hears how many more were cleaned.

    Raises StopRun for a path that is missing, before any work; RetryLater where the warehouse is busy.
    """
    sources.check(paths)
    begun = time.monotonic()
    items = sources.read(paths, settings.max_bytes)
    reports: list[Report] = []
    with steps.staging_folder(settings.warehouse) as folder, pool(settings.workers) as threads:
        batches = steps.batches(items, settings.batch_size)
        start = _starter(threads, folder, settings)
        for report in steps.clean_all(batches, start, at_once=settings.workers + 1):
            reports.append(report)
            progress(report.read)
        counts = steps.load(reports, settings, datetime.now(UTC).replace(tzinfo=None)) if reports else None
    if counts:
        publish(settings.warehouse)
    return Summary(settings.warehouse, counts, steps.all_refused(reports), time.monotonic() - begun)


def _starter(pool: ThreadPoolExecutor, folder: Path, settings: Settings) -> Callable[[Batch], Future[Report]]:
    return lambda batch: pool.submit(steps.clean_batch, batch, folder, settings)


@contextmanager
def pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that wait for workers; whoever is interrupted does not wait for them."""
    pool = ThreadPoolExecutor(workers)
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        raise
    pool.shutdown()
