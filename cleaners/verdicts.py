"""One verdict for every block of a page: what rules are certain of, the title, the learnt judge for the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from tamis.cleaners.copies import later_copies
from tamis.cleaners.dumps import judge
from tamis.cleaners.html.extract import Extraction
from tamis.cleaners.metadata.title import find_title
from tamis.cleaners.page import Page
from tamis.cleaners.records import Block, Label, Verdict
from tamis.cleaners.rules import THEMES, related

_CERTAIN = 0.9
_SURELY_CONTENT = 0.9
_RUN_OF_TEXT = 0.65  # of the development dumps' runs of such a mean none was a list of other articles
_UNNAMED = (Label.CONTENT, Label.OTHER)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A page with one verdict a block, in order, and the index of the block that is its title, if one is."""

    page: Page
    verdicts: tuple[Verdict, ...]
    title: int | None


def judge_dump(blocks: Sequence[Block]) -> Judgement:
    """Judge the blocks of a text dump. Nothing is edited: removing is the assembler's work."""
    return weigh(blocks, judge.probabilities(blocks))


def weigh(blocks: Sequence[Block], likely: judge.Probabilities) -> Judgement:
    """Judge the blocks of a text dump by the rules, and where they say nothing by these probabilities."""
    page = Page(blocks)
    found = _ruled(page, likely)
    title = find_title(page, found)
    if title is not None:
        found[title] = Verdict(title, Label.TITLE, "metadata.title", 0.9)
    kept = judge.keep(blocks, likely)
    ruled = np.array([block.index in found for block in blocks], dtype=bool)
    found |= later_copies(blocks, kept & ~ruled)
    verdicts = tuple(
        found.get(block.index) or _learnt(block.index, float(probability), kept=bool(keep))
        for block, probability, keep in zip(blocks, likely, kept, strict=True)
    )
    return Judgement(page, verdicts, title)


def judge_html(extraction: Extraction) -> Judgement:
    """Judge the blocks of an HTML page: the learnt judge has spoken, the rules say what they know better."""
    named = {verdict.block for verdict in extraction.verdicts if verdict.label not in _UNNAMED}
    page = Page(extraction.blocks, settled=named)
    ruled = _ruled(page, np.array([_likely_content(verdict) for verdict in extraction.verdicts]))
    verdicts = tuple(
        verdict if verdict.block in named else ruled.get(verdict.block, verdict) for verdict in extraction.verdicts
    )
    title = next((verdict.block for verdict in verdicts if verdict.label is Label.TITLE), None)
    return Judgement(page, verdicts, title)


def _ruled(page: Page, likely: judge.Probabilities) -> dict[int, Verdict]:
    """The first rule's verdict a block, but for those that a sure model contradicts a less than sure rule on."""
    found: dict[int, Verdict] = {}
    for find in THEMES:
        verdicts = list(find(page))
        spared = _runs_of_text(page, verdicts, likely)
        for verdict in verdicts:
            holds = verdict.confidence > _CERTAIN or likely[verdict.block] < _SURELY_CONTENT
            if holds and verdict.block not in spared:
                found.setdefault(verdict.block, verdict)
    return found


def _runs_of_text(page: Page, verdicts: Sequence[Verdict], likely: judge.Probabilities) -> set[int]:
    """The blocks of runs that the model, on the whole, takes for text: a change log and a price list have shape too."""
    found: set[int] = set()
    shaped = (verdict.block for verdict in verdicts if verdict.rule == related.RUN)
    for _, places in groupby(enumerate(shaped), key=lambda pair: pair[1] - pair[0]):
        run = [block for _, block in places]
        if np.average(likely[run], weights=[page.words[block] + 1 for block in run]) >= _RUN_OF_TEXT:
            found.update(run)
    return found


def _likely_content(verdict: Verdict) -> float:
    return verdict.confidence if verdict.label is Label.CONTENT else 1 - verdict.confidence


def _learnt(index: int, probability: float, *, kept: bool) -> Verdict:
    if kept:
        return Verdict(index, Label.CONTENT, "model.text", round(probability, 3))
    return Verdict(index, Label.OTHER, "model.text", round(1 - probability, 3), "reads like no part of the article")
