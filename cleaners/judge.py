"""Gives every block of a page its verdict: what rules are certain of, the title, and content for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cleaners.metadata.title import find_stated, find_title
from cleaners.page import Page
from cleaners.records import Block, Label, Verdict
from cleaners.rules import THEMES


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
    found: dict[int, Verdict] = {}
    for find in THEMES:
        for verdict in find(page):
            found.setdefault(verdict.block, verdict)
    title = find_stated(page, stated_title) if stated_title else find_title(page, found)
    if title is not None:
        found[title] = Verdict(title, Label.TITLE, "metadata.title", 0.9)
    verdicts = tuple(
        found.get(block.index) or Verdict(block.index, Label.CONTENT, "content.default", 0.5) for block in blocks
    )
    return Judgement(page, verdicts, title)
