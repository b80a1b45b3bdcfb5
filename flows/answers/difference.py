"""What judging again changes, in words: for the terminal, and as Markdown for Prefect."""

from __future__ import annotations

from collections.abc import Iterator

from tamis.flows.answers.figures import line, parts
from tamis.flows.rejudging.comparing import BlockChange, Difference, Tally
from tamis.flows.rejudging.recleaning import Recleaned

SHOWN_BLOCKS = 3
SHOWN_CHARACTERS = 100


def text(result: Recleaned) -> Iterator[str]:
    """The difference, line by line, its examples, and whether it was applied."""
    tally = result.tally
    yield line("documents judged", tally.judged, f"in {result.seconds:.1f} s: {result.scope}")
    for name, number, note in _figures(tally):
        if number:
            yield line(name, number, note)
    for each in tally.examples:
        yield ""
        yield from example(each)
    yield ""
    yield _outcome(result)


def markdown(result: Recleaned) -> str:
    """The difference as a Markdown table."""
    rows = [("documents judged", result.tally.judged, str(result.scope)), *_figures(result.tally)]
    lines = ["| | | |", "|---|---:|---|", *(f"| {name.strip()} | {number:,} | {note} |" for name, number, note in rows)]
    return "\n".join([*lines, "", f"{_outcome(result)} Warehouse: `{result.warehouse}`"])


def _outcome(result: Recleaned) -> str:
    if result.run:
        return f"applied as run {result.run}; what stood before is kept (former_documents, former_blocks)"
    if result.tally.changing:
        return "nothing was written; --apply makes it so"
    return "nothing to change"


def _figures(tally: Tally) -> Iterator[tuple[str, int, str]]:
    count = tally.documents
    yield "  as they stand", tally.judged - tally.changing - count["failed"], ""
    yield "  changed", count["changed"], parts(tally.fields)
    yield "  newly accepted", count["accepted"], ""
    rejected = count["rejected"] + count["rejected otherwise"]
    yield "  newly rejected", rejected, parts(tally.reasons)
    if count["failed"]:
        yield "  failed", count["failed"], "left as they stand"
    yield "blocks removed", tally.removed.total(), parts(tally.removed)
    yield "blocks kept anew", tally.kept.total(), parts(tally.kept)
    yield "blocks renamed", tally.relabelled.total(), parts(tally.relabelled)
    yield "words gone", tally.words_gone, ""
    yield "words come", tally.words_come, ""


def example(change: Difference) -> Iterator[str]:
    """One document's change, line by line: removed blocks with a minus, those kept anew with a plus."""
    words = f" ({change.words:,} words, now {change.new_words:,})" if change.words != change.new_words else ""
    yield f"{change.document}  {change.what}  {change.source}{words}"
    if change.detail:
        yield f"      {change.detail}"
    if change.fields:
        yield f"      other now: {', '.join(change.fields)}"
    # Words that come or go are shown before other names for what is gone anyway.
    telling = sorted(change.blocks, key=lambda block: not (block.is_removed or block.is_kept_anew))
    for block in telling[:SHOWN_BLOCKS]:
        yield f"    {_sign(block)} {_named(block)}  {shortened(block.text)}"
    if len(telling) > SHOWN_BLOCKS:
        yield f"      and {len(telling) - SHOWN_BLOCKS} more blocks"


def _sign(block: BlockChange) -> str:
    return "-" if block.is_removed else "+" if block.is_kept_anew else "~"


def _named(block: BlockChange) -> str:
    old, new = (f"{label} ({rule})" if label else "none" for label, rule in _sides(block))
    return f"{old} -> {new}"


def _sides(block: BlockChange) -> tuple[tuple[str | None, str | None], tuple[str | None, str | None]]:
    return (block.old_label, block.old_rule), (block.new_label, block.new_rule)


def shortened(text: str) -> str:
    """The text in one line, its end cut off where it is long."""
    text = " ".join(text.split())
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
