"""Judging stored documents again with the rules of today, without fetching: first the difference, then its application.

    portion of keys -> judge (read, clean, compare, stage what differs) -> the sum of all -> apply (one transaction)

Memory is bounded by the portions under way. Until ``apply`` nothing is written but the staged differences.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path
from types import MappingProxyType

import pyarrow as pa

from tamis.cleaners import dedup
from tamis.cleaners.records import CleanDocument, Wording
from tamis.cleaners.site import site_of
from tamis.flows import run, steps
from tamis.flows.cleaning import worker
from tamis.flows.cleaning.worker import Cleaned, Worker
from tamis.flows.rejudging.comparing import Tally, compare
from tamis.flows.settings import Settings
from tamis.warehouse import migrations, storage
from tamis.warehouse.address import Address
from tamis.warehouse.connection import open_working_reader
from tamis.warehouse.files.publishing import publish, upgrade
from tamis.warehouse.loading import rows, staging
from tamis.warehouse.rejudging import current_verdicts, replacing
from tamis.warehouse.rejudging.current_verdicts import Scope, Standing
from tamis.warehouse.rejudging.replacing import Replacement
from tamis.warehouse.site_memory import Templates

_JUDGED = ("documents", "blocks", "rejections")


@dataclass(frozen=True, slots=True)
class Portion:
    """Keys of raw documents that are judged together; ``name`` is unique in a run."""

    name: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What judging one portion came to; ``staged`` is None where nothing differs."""

    tally: Tally
    staged: Path | None
    versions: dict[str, str]


@dataclass(slots=True)
class Gathered:
    """What all portions together came to: the sum, and the staged batches that differ."""

    tally: Tally
    batches: list[Path]
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Recleaned:
    """What judging again came to; ``run`` is None where nothing was applied."""

    warehouse: Address
    scope: Scope
    tally: Tally
    run: str | None
    seconds: float


def reclean(scope: Scope, settings: Settings, progress: Callable[[int], None], *, apply: bool = False) -> Recleaned:
    """Judges the documents in ``scope`` again; with ``apply``, replaces those that differ, all of them or none.

    ``progress`` hears how many more were judged. Raises RetryLater where the warehouse is busy, or where somebody else
    judged one of them meanwhile.
    """
    begun = time.monotonic()
    bring_up_to_date(settings.warehouse)
    with steps.staging_folder(settings.warehouse) as folder, run.pool(settings.workers) as threads:

        def start(portion: Portion) -> Future[Judged]:
            return threads.submit(judge, portion, folder, settings)

        gathered = gather(steps.clean_all(portions(scope, settings), start, settings.workers + 1), progress)
        name = apply_all(gathered, scope, settings) if apply else None
    return Recleaned(settings.warehouse, scope, gathered.tally, name, time.monotonic() - begun)


def bring_up_to_date(warehouse: Address) -> None:
    """Gives a warehouse of an older tamis the schema of this one. Raises StopRun where there is none."""
    with open_working_reader(warehouse) as con:
        is_behind = migrations.is_behind(con)
    if is_behind:
        upgrade(warehouse, steps.catch_up_search)


def portions(scope: Scope, settings: Settings) -> Iterator[Portion]:
    """The documents in ``scope``, in portions of a batch's size and weight; the warehouse is read for each anew."""
    last = ""
    for number in count(1):
        with open_working_reader(settings.warehouse) as con:
            keys = current_verdicts.portion(con, scope, last, settings.batch_size, steps.BATCH_BYTES)
        if not keys:
            return
        last = keys[-1]
        yield Portion(f"{number:06d}", keys)


def judge(portion: Portion, folder: Path, settings: Settings) -> Judged:
    """Judges one portion again, compares it with what stands, and stages in ``folder`` what differs."""
    with open_working_reader(settings.warehouse) as con:
        stored = current_verdicts.read(con, portion.keys)
        templates = steps.templates(con, (each.raw for each in stored))
    with worker.borrowed(settings.document_seconds, settings.memory_mb) as cleaner:
        cleaned = [clean(each, cleaner, templates) for each in stored]
        versions = dict(cleaner.versions)
    tally, differing = difference(stored, cleaned)
    return Judged(tally, stage(differing, folder, portion.name), versions)


def clean(stands: Standing, cleaner: Worker, templates: Templates) -> Cleaned:
    """Today's outcome of one stored document, with what its site repeats and what a person decided."""
    repeated = templates.get(site_of(stands.raw.url) or "", frozenset())
    return cleaner.clean(stands.raw, repeated=repeated, decisions=stands.decisions.told)


def difference(stored: Sequence[Standing], cleaned: Sequence[Cleaned]) -> tuple[Tally, list[tuple[Standing, Cleaned]]]:
    """What the new outcomes change, and those that have to be stored."""
    pairs = list(zip(stored, cleaned, strict=True))
    # Compared is what would be written, not what it is written from.
    new = {table: found.to_pylist() for table, found in _rows(pairs).items() if table in _JUDGED}
    documents = {row["raw_key"]: row for row in new["documents"]}
    rejections = {row["raw_key"]: row for row in new["rejections"]}
    blocks = {name: list(found) for name, found in groupby(new["blocks"], key=itemgetter("document"))}
    tally, differing = Tally(judged=len(pairs)), []
    for stands, outcome in pairs:
        key = stands.raw.key
        found = compare(stands, documents.get(key), blocks.get(key[:16], []), rejections.get(key))
        if found is None:
            continue
        tally.count(found)
        if found.what != "failed":
            differing.append((stands, outcome))
    return tally, differing


def stage(differing: Sequence[tuple[Standing, Cleaned]], folder: Path, name: str) -> Path | None:
    """The outcomes as a batch for ``warehouse.rejudging.replacing``, with the edition that each was compared with."""
    if not differing:
        return None
    compared = [(stands.raw.key, stands.judged_at) for stands, _ in differing]
    wordings = steps.wordings(outcome for _, (outcome, _) in differing)
    judged = _rows(differing, wordings)
    return staging.write(folder, name, {"standing": rows.of_tuples(replacing.STANDING, compared), **judged})


def gather(judged: Iterable[Judged], progress: Callable[[int], None]) -> Gathered:
    """The sum of all portions as they come; ``progress`` hears how many documents each had."""
    gathered = Gathered(Tally(), [], {})
    for each in judged:
        gathered.tally.add(each.tally)
        gathered.versions = each.versions
        if each.staged:
            gathered.batches.append(each.staged)
        progress(each.tally.judged)
    return gathered


def apply_all(gathered: Gathered, scope: Scope, settings: Settings) -> str | None:
    """Replaces all that differs in one transaction; gives the name of the run, None where nothing differs."""
    if not gathered.batches:
        return None
    what = Replacement("reclean", str(scope), gathered.tally.judged, gathered.versions)
    name = storage.write(
        settings.warehouse,
        lambda con: replacing.replace(
            con, gathered.batches, what, now=now(), relate=dedup.relate, cluster=dedup.cluster
        ),
        first=steps.catch_up_search,
    )
    publish(settings.warehouse)
    return name


def now() -> datetime:
    """The time, in UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def _rows(
    pairs: Sequence[tuple[Standing, Cleaned]], wordings: Mapping[str, Wording] = MappingProxyType({})
) -> dict[str, pa.Table]:
    outcomes = [outcome for _, (outcome, _) in pairs]
    sketches = {outcome.key: sketch for _, (outcome, sketch) in pairs if isinstance(outcome, CleanDocument)}
    return staging.outcome_rows(outcomes, sketches, wordings)
