"""What a run came to, in words: for the terminal, and as Markdown for Prefect."""

from __future__ import annotations

from collections.abc import Iterator

from tamis.flows.answers.figures import line, parts
from tamis.flows.run import Summary

NOTHING = "no documents were found there; give files, or folders that hold some"


def rejected(summary: Summary) -> int:
    """How many of the documents read stand rejected."""
    return sum(summary.counts.rejected.values()) if summary.counts else 0


def text(summary: Summary) -> Iterator[str]:
    """The summary, line by line."""
    if summary.counts is None:
        yield NOTHING
        return
    for name, number, note in _figures(summary):
        yield line(name, number, note)
    if summary.refused:
        yield ""
        yield from _refusals(summary)


def markdown(summary: Summary) -> str:
    """The summary as a Markdown table, with what was rejected below it."""
    if summary.counts is None:
        return NOTHING
    lines = ["| | documents | |", "|---|---:|---|"]
    lines += [f"| {name.strip()} | {number:,} | {note} |" for name, number, note in _figures(summary)]
    if summary.refused:
        lines += ["", "| rejected | reason | detail |", "|---|---|---|"]
        lines += [f"| {_cell(each.source)} | {each.reason} | {_cell(each.detail)} |" for each in summary.refused]
    return "\n".join([*lines, "", f"Warehouse: `{summary.warehouse}`, {summary.seconds:.1f} s"])


def _figures(summary: Summary) -> Iterator[tuple[str, int, str]]:
    counts = summary.counts
    if counts is None:
        return
    yield "documents read", counts.read, f"in {summary.seconds:.1f} s, into {summary.warehouse}"
    yield "  new", counts.new, ""
    yield "  unchanged", counts.unchanged, "there already" if counts.unchanged else ""
    yield "  rejected", rejected(summary), parts(counts.rejected)
    yield "duplicates", sum(counts.duplicates.values()), parts(counts.duplicates)
    yield "blocks removed", sum(counts.removed.values()), parts(counts.removed)


def _refusals(summary: Summary) -> Iterator[str]:
    yield "rejected, each kept aside with its reason:"
    for each in summary.refused:
        yield f"  {each.source}"
        yield f"      {each.reason}: {each.detail}"
    more = rejected(summary) - len(summary.refused)
    if more > 0:
        yield f"  and {more:,} more, in the table rejections"


def _cell(written: str) -> str:
    return written.replace("|", "\\|").replace("\n", " ")
