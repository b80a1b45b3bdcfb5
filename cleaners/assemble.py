"""Puts the kept blocks together again as plain text; lists and tables stay Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from tamis.cleaners.records import Block, Kind, Label, Verdict

_TIGHT = (Kind.TABLE, Kind.LIST_ITEM)


def assemble(blocks: Sequence[Block], verdicts: Sequence[Verdict]) -> str:
    """The text of the blocks judged content: an empty line between blocks, none inside a list or a table."""
    parts: list[str] = []
    above: Block | None = None
    for block, verdict in zip(blocks, verdicts, strict=True):
        if verdict.label is not Label.CONTENT:
            continue
        if above is not None:
            parts.append("\n" if above.kind is block.kind and block.kind in _TIGHT else "\n\n")
        parts.append(block.text)
        above = block
    return "".join(parts)
