"""One document judged again with a person's decisions, and both written at once: the decisions and what they change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from tamis.cleaners import dedup
from tamis.cleaners.errors import RetryLater, StopRun
from tamis.flows import steps
from tamis.flows.cleaning import worker
from tamis.flows.cleaning.worker import Cleaned
from tamis.flows.rejudging import recleaning
from tamis.flows.rejudging.comparing import Difference
from tamis.flows.settings import Settings
from tamis.warehouse import naming, storage
from tamis.warehouse.address import Address
from tamis.warehouse.connection import open_working_reader
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.rejudging import current_verdicts, decisions, replacing
from tamis.warehouse.rejudging.current_verdicts import Scope, Standing
from tamis.warehouse.rejudging.decisions import DecisionSet
from tamis.warehouse.rejudging.replacing import Replacement


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a decision: what it was about, and what it changed (None where nothing).

    ``others`` are the numbers of further blocks that have the words of one that was decided on.
    """

    document: str
    told: tuple[str, ...]
    difference: Difference | None
    others: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Trial:
    """A document judged again with other decisions; nothing is written yet."""

    stands: Standing
    cleaned: Cleaned
    versions: Mapping[str, str]


def find(doc: str, warehouse: Address) -> Standing:
    """What stands of the document that ``doc`` means, in the newest state.

    Raises StopRun where there is none, or several, or where it was never read.
    """
    recleaning.bring_up_to_date(warehouse)
    with open_working_reader(warehouse) as con:
        key = naming.find(con, doc)
        found = current_verdicts.read(con, [key])[0]
    if found.raw.body is None:
        why = f"{found.rejection['reason']}: {found.rejection['detail']}" if found.rejection else found.raw.source
        raise StopRun(f"{key[:16]} was never read ({why}); there is nothing to decide about it")
    return found


def judge(stands: Standing, decided: DecisionSet, settings: Settings) -> Trial:
    """The document judged again as if these were the decisions on it.

    Raises RetryLater where it could not be judged.
    """
    stands = replace(stands, decisions=decided)
    with open_working_reader(settings.warehouse) as con:
        templates = steps.templates(con, [stands.raw])
    with worker.borrowed(settings.document_seconds, settings.memory_mb) as cleaner:
        cleaned = recleaning.clean(stands, cleaner, templates)
        return Trial(stands, cleaned, dict(cleaner.versions))


def write(trial: Trial, new: DecisionSet, gone: DecisionSet, settings: Settings, now: datetime) -> Difference | None:
    """Records the ``new`` decisions, ends those that are ``gone``, and puts the trial in place of what stands.

    All or nothing. Gives what that changed. Raises RetryLater where the document could not be judged, or where the
    warehouse is busy.
    """
    stands = trial.stands
    key = stands.raw.key[:16]
    tally, differing = recleaning.difference([stands], [trial.cleaned])
    found = next(iter(tally.examples), None)
    if found is not None and found.what == "failed":
        raise RetryLater(f"{key} could not be judged ({found.detail}); nothing was decided, try again")
    what = Replacement("decision", str(Scope(keys=(stands.raw.key,))), 1, trial.versions)
    with steps.staging_folder(settings.warehouse) as folder:
        staged = recleaning.stage(differing, folder, "decided")

        def commit(con: duckdb.DuckDBPyConnection) -> None:
            decisions.withdraw(con, key, gone, now)
            decisions.record(con, key, new, now)
            batches = [staged] if staged else []
            replacing.replace(con, batches, what, now=now, relate=dedup.relate, cluster=dedup.cluster)

        storage.write(settings.warehouse, commit, first=steps.catch_up_search)
    publish(settings.warehouse)
    return found
