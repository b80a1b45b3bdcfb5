"""One verdict for every block of a page: what rules are certain of, the title, the learnt judge for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cleaners.metadata.title import find_stated, find_title
from cleaners.model import text
from cleaners.page import Page
from cleaners.records import Block, Label, Verdict
from cleaners.rules import THEMES

_CERTAIN = 0.9
_SURELY_CONTENT = 0.9


@dataclass(frozen=True, slots=True)
class Judgement:
    """A page with one verdict a block, in order, and the index of its title."""

    page: Page
    verdicts: tuple[Verdict, ...]
    title: int | None


def judge(blocks: Sequence[Block], stated_title: str | None = None) -> Judgement:
    """Judge the blocks of one page. Nothing is edited: removing is the assembler's work.

    ``stated_title`` is the title that the page's markup states; its own block is then known by these words.
    """
    page = Page(blocks)
    likely = text.probabilities(blocks)
    found = _ruled(page, likely)
    title = find_stated(page, stated_title) if stated_title else find_title(page, found)
    if title is not None:
        found[title] = Verdict(title, Label.TITLE, "metadata.title", 0.9)
    kept = text.keep(blocks, likely)
    verdicts = tuple(
        found.get(block.index) or _learnt(block.index, float(probability), kept=bool(keep))
        for block, probability, keep in zip(blocks, likely, kept, strict=True)
    )
    return Judgement(page, verdicts, title)


def _ruled(page: Page, likely: text.Probabilities) -> dict[int, Verdict]:
    """The first rule's verdict a block, but for those that a sure model contradicts a less than sure rule on."""
    found: dict[int, Verdict] = {}
    for find in THEMES:
        for verdict in find(page):
            if verdict.confidence > _CERTAIN or likely[verdict.block] < _SURELY_CONTENT:
                found.setdefault(verdict.block, verdict)
    return found


def _learnt(index: int, probability: float, *, kept: bool) -> Verdict:
    if kept:
        return Verdict(index, Label.CONTENT, "model.text", round(probability, 3))
    return Verdict(index, Label.OTHER, "model.text", round(1 - probability, 3), "reads like no part of the article")
