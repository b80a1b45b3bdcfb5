"""A person keeps or drops blocks of one document, or withdraws a decision; it is judged again at once."""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from dataclasses import dataclass

from tamis.cleaners.errors import StopRun
from tamis.cleaners.normalise import printable
from tamis.cleaners.records import Label
from tamis.flows.rejudging import applying, choosing, recleaning
from tamis.flows.rejudging.applying import Outcome
from tamis.flows.rejudging.choosing import NumberedBlock
from tamis.flows.settings import Settings
from tamis.warehouse.rejudging.decisions import ACCEPTED, Decided, DecidedField, DecisionSet

_SHOWN = 5


@dataclass(frozen=True, slots=True)
class DecisionRequest:
    """Which document and which of its blocks (numbers, ranges, beginnings of texts), and why.

    ``alike`` asks for all blocks of the document that have the same words.
    """

    document: str
    blocks: tuple[str, ...]
    because: str = ""
    alike: bool = False


def decide(ask: DecisionRequest, label: Label, settings: Settings) -> Outcome:
    """Records that the blocks are ``label`` (content keeps them) and judges the document again, all or nothing.

    Raises StopRun for a document or block that is not there, RetryLater where the warehouse is busy.
    """
    stands = applying.find(ask.document, settings.warehouse)
    key, now = stands.raw.key[:16], recleaning.now()
    blocks = choosing.numbered(stands.blocks)
    meant = choosing.chosen(blocks, ask.blocks, key, alike=ask.alike)
    # One decision for each block, or for all that have the same words.
    places = {(block.hash, None if ask.alike else block.occurrence): block.text for block in meant}
    new = DecisionSet(
        tuple(
            Decided(key, hashed, label.value, text, getpass.getuser(), printable(ask.because), now, occurrence)
            for (hashed, occurrence), text in places.items()
        )
    )
    trial = applying.judge(stands, stands.decisions.with_new(new), settings)
    difference = applying.write(trial, new, DecisionSet(), settings, now)
    hashes = {block.hash for block in meant}
    others = tuple(block.number for block in blocks if block.hash in hashes and block not in meant)
    return Outcome(key, tuple(each.text for each in new.blocks), difference, others)


def undo(ask: DecisionRequest, settings: Settings, fields: Sequence[str] = ()) -> Outcome:
    """Withdraws what was decided on these blocks and ``fields`` of a document, or all of it, and judges it again.

    Of a block the last word is withdrawn: a decision about it alone before one about all blocks of its words. Raises
    StopRun where nothing was decided on them.
    """
    stands = applying.find(ask.document, settings.warehouse)
    key, there = stands.raw.key[:16], stands.decisions
    if not there.blocks and not there.fields:
        raise StopRun(f"nothing was decided by hand about {key}")
    gone = there
    if ask.blocks or fields:
        blocks = choosing.numbered(stands.blocks)
        named = [each for wanted in ask.blocks for each in _decided_on(there.blocks, blocks, wanted.strip(), key)]
        gone = DecisionSet(tuple(dict.fromkeys(named)), _of_fields(there, fields, key))
    trial = applying.judge(stands, there.without(gone), settings)
    difference = applying.write(trial, DecisionSet(), gone, settings, recleaning.now())
    told = (*(each.text for each in gone.blocks), *map(written, gone.fields))
    return Outcome(key, told, difference)


def written(each: DecidedField) -> str:
    """A decision on a field in words."""
    if each.field == ACCEPTED:
        return f"accepted, although it was rejected as {each.value[0]}"
    return f"{each.field}: {', '.join(each.value) or 'none'}"


def _decided_on(there: Sequence[Decided], blocks: Sequence[NumberedBlock], wanted: str, key: str) -> list[Decided]:
    meant = choosing.in_range(blocks, wanted, key)
    if meant is None:
        # The text of a decision, since a document that its decisions have emptied has no blocks left.
        found = [each for each in there if choosing.begins(each.text, wanted)]
        if len({each.block_hash for each in found}) != 1:
            raise _not_decided(there, key, f"{wanted!r} begins {len(found)}")
        return found
    by_place = {(each.block_hash, each.occurrence): each for each in there}
    last = [by_place.get((b.hash, b.occurrence)) or by_place.get((b.hash, None)) for b in meant]
    decided = [each for each in last if each is not None]
    if len(decided) < len(last):
        raise _not_decided(there, key, f"{wanted} has {len(decided)}")
    return decided


def _of_fields(there: DecisionSet, fields: Sequence[str], key: str) -> tuple[DecidedField, ...]:
    missing = set(fields) - {each.field for each in there.fields}
    if missing:
        known = "; ".join(map(written, there.fields)) or "none"
        raise StopRun(f"not decided by hand about {key}: {', '.join(sorted(missing))}; what was decided: {known}")
    return tuple(each for each in there.fields if each.field in fields)


def _not_decided(there: Sequence[Decided], key: str, found: str) -> StopRun:
    listed = "; ".join(f"{each.label}: {each.text[:60]}" for each in there[:_SHOWN]) or "none"
    return StopRun(f"{found} of the blocks of {key} that were decided by hand; those that were: {listed}")
