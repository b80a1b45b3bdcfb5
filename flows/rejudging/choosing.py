"""Which blocks of a document a person means: by number, by range, or by how their text begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tamis.cleaners.blockhash import block_hash
from tamis.cleaners.errors import StopRun
from tamis.warehouse.rejudging.current_verdicts import Row

NUMBERS = re.compile(r"(\d+)(?:-(\d+))?")
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class NumberedBlock:
    """A block of a document: its number, its text, and the how many-th block it is (from 1) of those with its words."""

    number: int
    text: str
    hash: int
    occurrence: int


def numbered(blocks: Sequence[Row]) -> list[NumberedBlock]:
    """The stored ``blocks`` of one document, in page order."""
    times: Counter[int] = Counter()
    found = []
    for block in blocks:
        key = block_hash(block["text"])
        times[key] += 1
        found.append(NumberedBlock(block["block"], block["text"], key, times[key]))
    return found


def chosen(
    blocks: Sequence[NumberedBlock], wanted: Sequence[str], document: str, *, alike: bool = False
) -> list[NumberedBlock]:
    """The blocks that are meant: by number (3), range (3-7), or the beginning of their text.

    With ``alike``, all blocks of the same words are meant too. Raises StopRun for a block that is not there, or
    is meant by a beginning that several have.
    """
    meant = [block for each in wanted for block in _meant(blocks, each.strip(), document, alike=alike)]
    if alike:
        hashes = {block.hash for block in meant}
        meant = [block for block in blocks if block.hash in hashes]
    return list(dict.fromkeys(meant))


def begins(text: str, start: str) -> bool:
    """Whether ``text`` begins with ``start``, whatever their case and spacing; nothing begins with nothing."""
    wanted = " ".join(start.casefold().split())
    return bool(wanted) and " ".join(text.casefold().split()).startswith(wanted)


def in_range(blocks: Sequence[NumberedBlock], wanted: str, document: str) -> list[NumberedBlock] | None:
    """The blocks of a number or range; None if ``wanted`` is neither. Raises StopRun where not all are there."""
    numbers = NUMBERS.fullmatch(wanted)
    if numbers is None:
        return None
    first, last = int(numbers[1]), int(numbers[2] or numbers[1])
    found = [block for block in blocks if first <= block.number <= last]
    if len(found) != last - first + 1:
        end = f"its blocks are 0 to {len(blocks) - 1}" if blocks else "it has none"
        raise StopRun(f"{document} has no block {wanted}: {end} (tamis why {document} --all lists them)")
    return found


def _meant(blocks: Sequence[NumberedBlock], wanted: str, document: str, *, alike: bool) -> Iterator[NumberedBlock]:
    found = in_range(blocks, wanted, document)
    if found is None:
        found = [block for block in blocks if begins(block.text, wanted)]
        if not found:
            raise StopRun(
                f"{document} has no block that begins with {wanted!r} (tamis why {document} --all lists them)"
            )
        listed = ", ".join(str(block.number) for block in found[:_SHOWN])
        if len({block.hash for block in found}) > 1:
            raise StopRun(
                f"{wanted!r} begins {len(found)} blocks of {document}: {listed}; give the number, or more of it"
            )
        if len(found) > 1 and not alike:
            raise StopRun(
                f"{len(found)} blocks of {document} have these words: {listed}; give the number of one,"
                " or --all-like-it for all of them"
            )
    yield from found
