"""What a person decided about a document and its blocks outweighs every rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, time

from tamis.cleaners.records import Block, CleanDocument, DateEvidence, Decision, Decisions, Label, Verdict

KEEP = "person.keep"
DROP = "person.drop"
ACCEPT = "person.accept"
PERSON = "person"
"""Where a date was read that a person gave."""
_ALL = 0


def decided(
    blocks: Sequence[Block], verdicts: Sequence[Verdict], decisions: Mapping[tuple[int, int], Decision]
) -> tuple[Verdict, ...]:
    """The verdicts, with those replaced whose block a decision is about (``Decisions.blocks``).

    A decision about one block goes before one about all blocks of the same words.
    """
    return tuple(_decided(blocks, verdicts, decisions)) if decisions else tuple(verdicts)


def accepted(blocks: Sequence[Block], verdicts: Sequence[Verdict]) -> tuple[Verdict, ...]:
    """The verdicts on a page that a person accepted: if they leave none of its text, all of it but a title is kept."""
    if any(verdict.label is Label.CONTENT and blocks[verdict.block].text.split() for verdict in verdicts):
        return tuple(verdicts)
    others = {verdict.block for verdict in verdicts if verdict.label is not Label.TITLE}
    kept = others or {verdict.block for verdict in verdicts}
    why = "nothing else was left of a page that a person accepted"
    return tuple(
        Verdict(verdict.block, Label.CONTENT, ACCEPT, 1.0, why) if verdict.block in kept else verdict
        for verdict in verdicts
    )


def corrected(document: CleanDocument, decisions: Decisions) -> CleanDocument:
    """The document with the title, the authors and the date that a person gave, and the names of what was decided."""
    if not decisions.fields:
        return document
    day = decisions.published
    given = day and DateEvidence(datetime.combine(day, time()), "day", None, PERSON, 1.0)
    return replace(
        document,
        title=document.title if decisions.title is None else decisions.title,
        authors=document.authors if decisions.authors is None else decisions.authors,
        published=given or document.published,
        by_hand=decisions.fields,
    )


def _decided(
    blocks: Sequence[Block], verdicts: Sequence[Verdict], decisions: Mapping[tuple[int, int], Decision]
) -> Iterator[Verdict]:
    occurrences: Counter[int] = Counter()
    for block, verdict in zip(blocks, verdicts, strict=True):
        key = block.hash
        occurrences[key] += 1
        decision = decisions.get((key, occurrences[key])) or decisions.get((key, _ALL))
        if decision is None:
            yield verdict
        else:
            rule = KEEP if decision.label is Label.CONTENT else DROP
            yield Verdict(block.index, decision.label, rule, 1.0, decision.detail)
