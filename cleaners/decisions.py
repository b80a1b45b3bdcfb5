"""What a person decided about blocks outweighs every rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tamis.cleaners.blockhash import block_hash
from tamis.cleaners.records import Block, Decision, Label, Verdict

KEEP = "person.keep"
DROP = "person.drop"


def decided(
    blocks: Sequence[Block], verdicts: Sequence[Verdict], decisions: Mapping[int, Decision]
) -> tuple[Verdict, ...]:
    """The verdicts, with those replaced whose block a decision is about. ``decisions`` are by ``block_hash``."""
    return tuple(_decided(blocks, verdicts, decisions)) if decisions else tuple(verdicts)


def _decided(
    blocks: Sequence[Block], verdicts: Sequence[Verdict], decisions: Mapping[int, Decision]
) -> Iterator[Verdict]:
    for block, verdict in zip(blocks, verdicts, strict=True):
        decision = decisions.get(block_hash(block.text))
        if decision is None:
            yield verdict
        else:
            rule = KEEP if decision.label is Label.CONTENT else DROP
            yield Verdict(block.index, decision.label, rule, 1.0, decision.detail)
