"""A person keeps or drops blocks of one document, and it is judged again at once with that decision."""

from __future__ import annotations

import getpass
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import duckdb

from tamis.cleaners import dedup
from tamis.cleaners.blockhash import block_hash
from tamis.cleaners.errors import RetryLater, StopRun
from tamis.cleaners.records import Label
from tamis.flows import steps
from tamis.flows.cleaning import worker
from tamis.flows.rejudging import recleaning
from tamis.flows.rejudging.comparing import Difference
from tamis.flows.settings import Settings
from tamis.warehouse import naming, storage
from tamis.warehouse.address import Address
from tamis.warehouse.connection import open_working_reader
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.rejudging import current_verdicts, decisions, replacing
from tamis.warehouse.rejudging.current_verdicts import Row, Scope, Standing
from tamis.warehouse.rejudging.decisions import Decided
from tamis.warehouse.rejudging.replacing import Replacement

_RANGE = re.compile(r"(\d+)(?:-(\d+))?")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """Which document and which of its blocks (numbers, ranges, beginnings of texts), and why."""

    document: str
    blocks: tuple[str, ...]
    because: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of it: the blocks decided on, and what that changed (None where nothing)."""

    document: str
    texts: tuple[str, ...]
    difference: Difference | None


def decide(ask: DecisionRequest, label: Label, settings: Settings) -> Outcome:
    """Records that the blocks are ``label`` (content keeps them) and judges the document again, all or nothing.

    Raises StopRun for a document or block that is not there, RetryLater where the warehouse is busy.
    """
    stands = _find(ask.document, settings.warehouse)
    blocks = chosen(stands.blocks, ask.blocks, stands.raw.key[:16])
    now = recleaning.now()
    new = [
        Decided(stands.raw.key[:16], key, label.value, text, getpass.getuser(), ask.because, now)
        for key, text in {block_hash(block["text"]): block["text"] for block in blocks}.items()
    ]
    decided = {**stands.decisions, **{each.block_hash: each.decision for each in new}}
    return _judge(replace(stands, decisions=decided), new, (), settings, now)


def undo(ask: DecisionRequest, settings: Settings) -> Outcome:
    """Withdraws what was decided on these blocks, or on all blocks, of a document, and judges it again.

    Raises StopRun where nothing was decided on them.
    """
    stands = _find(ask.document, settings.warehouse)
    key = stands.raw.key[:16]
    with open_working_reader(settings.warehouse) as con:
        there = decisions.of(con, [key])
    withdrawn = _withdrawn(there, stands, ask.blocks)
    left = {block: said for block, said in stands.decisions.items() if block not in {w.block_hash for w in withdrawn}}
    return _judge(replace(stands, decisions=left), (), withdrawn, settings, recleaning.now())


def chosen(blocks: Sequence[Row], wanted: Sequence[str], document: str) -> list[Row]:
    """The blocks that are meant: by number (3), range (3-7), or the beginning of their text.

    Raises StopRun for one that is not there, or is meant by a beginning that several texts have.
    """
    return [block for each in wanted for block in _meant(blocks, each.strip(), document)]


def _meant(blocks: Sequence[Row], wanted: str, document: str) -> Iterator[Row]:
    numbers = _RANGE.fullmatch(wanted)
    if numbers:
        first, last = int(numbers[1]), int(numbers[2] or numbers[1])
        found = [block for block in blocks if first <= block["block"] <= last]
        if len(found) != last - first + 1:
            end = f"its blocks are 0 to {len(blocks) - 1}" if blocks else "it has none"
            raise StopRun(f"{document} has no block {wanted}: {end} (tamis why {document} --all lists them)")
    else:
        start = " ".join(wanted.casefold().split())
        found = [block for block in blocks if start and " ".join(block["text"].casefold().split()).startswith(start)]
        if not found:
            raise StopRun(
                f"{document} has no block that begins with {wanted!r} (tamis why {document} --all lists them)"
            )
        if len({block_hash(block["text"]) for block in found}) > 1:
            listed = ", ".join(str(block["block"]) for block in found[:_SHOWN])
            raise StopRun(
                f"{wanted!r} begins {len(found)} blocks of {document}: {listed}; give the number, or more of it"
            )
    yield from found


def _find(doc: str, warehouse: Address) -> Standing:
    recleaning.bring_up_to_date(warehouse)
    with open_working_reader(warehouse) as con:
        key = naming.find(con, doc)
        found = current_verdicts.read(con, [key])[0]
    if found.raw.body is None:
        raise StopRun(f"{key[:16]} was never read ({found.raw.source}); there is nothing to decide about it")
    return found


def _withdrawn(there: Sequence[Decided], stands: Standing, wanted: Sequence[str]) -> list[Decided]:
    key = stands.raw.key[:16]
    if not there:
        raise StopRun(f"nothing was decided by hand about {key}")
    if not wanted:
        return list(there)
    # A document that its decisions have emptied has no blocks left: there only texts can be named.
    blocks: list[Mapping[str, object]] = list(stands.blocks) or [{"block": -1, "text": each.text} for each in there]
    hashes = {block_hash(str(block["text"])) for block in chosen(blocks, wanted, key)}
    found = [each for each in there if each.block_hash in hashes]
    if len(found) < len(hashes):
        listed = "; ".join(f"{each.label}: {each.text[:60]}" for each in there[:_SHOWN])
        raise StopRun(f"not all of these blocks of {key} were decided by hand; those that were: {listed}")
    return found


def _judge(
    stands: Standing, new: Sequence[Decided], withdrawn: Sequence[Decided], settings: Settings, now: datetime
) -> Outcome:
    key = stands.raw.key[:16]
    with open_working_reader(settings.warehouse) as con:
        templates = steps.templates(con, [stands.raw])
    with worker.borrowed(settings.document_seconds, settings.memory_mb) as cleaner:
        cleaned = recleaning.clean(stands, cleaner, templates)
        versions = dict(cleaner.versions)
    tally, differing = recleaning.difference([stands], [cleaned])
    found = next(iter(tally.examples), None)
    if found is not None and found.what == "failed":
        raise RetryLater(f"{key} could not be judged ({found.detail}); nothing was decided, try again")
    what = Replacement("decision", str(Scope(keys=(stands.raw.key,))), 1, versions)
    with steps.staging_folder(settings.warehouse) as folder:
        staged = recleaning.stage(differing, folder, "decided")

        def write(con: duckdb.DuckDBPyConnection) -> None:
            decisions.withdraw(con, key, [each.block_hash for each in withdrawn], now)
            decisions.record(con, new)
            batches = [staged] if staged else []
            replacing.replace(con, batches, what, now=now, relate=dedup.relate, cluster=dedup.cluster)

        storage.write(settings.warehouse, write, first=steps.catch_up_search)
    publish(settings.warehouse)
    return Outcome(key, tuple(each.text for each in (*new, *withdrawn)), found)
