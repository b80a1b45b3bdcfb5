"""Paragraphs that a dump holds more than once: a layout for each width of screen, a teaser above its own article."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import groupby

import numpy as np
import numpy.typing as npt

from tamis.cleaners.records import Block, Label, Verdict

RULE = "page.repeated"
_MOST = 3  # a line that stands there more often is the page's own refrain: a timetable, a plan of exercises
_PARAGRAPH_WORDS = 8  # and a shorter one may well be said twice


def later_copies(blocks: Sequence[Block], kept: npt.NDArray[np.bool_]) -> dict[int, Verdict]:
    """Verdicts by index for those of the ``kept`` blocks that stand word by word among them further up.

    A run of copies goes if it holds a paragraph: so the subheadings between copied paragraphs go with them, and a
    score, a name or a subheading that merely comes back stays.
    """
    chosen = [block for block, keep in zip(blocks, kept, strict=True) if keep]
    times = Counter(block.text for block in chosen)
    if len(times) == len(chosen):
        return {}
    seen: set[str] = set()
    copied = []
    for block in chosen:
        copied.append(block.text in seen and times[block.text] <= _MOST)
        seen.add(block.text)
    found: dict[int, Verdict] = {}
    for is_copy, run in groupby(zip(chosen, copied, strict=True), key=lambda pair: pair[1]):
        members = [block for block, _ in run]
        if is_copy and any(len(block.text.split()) >= _PARAGRAPH_WORDS for block in members):
            found |= {
                block.index: Verdict(block.index, Label.REPEATED, RULE, 0.9, "stands further up on this page")
                for block in members
            }
    return found
