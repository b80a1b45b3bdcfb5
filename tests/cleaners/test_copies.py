"""Which copies of a paragraph go, and which lines may come back."""

from __future__ import annotations

import numpy as np
import pytest

from tamis.cleaners.copies import RULE, later_copies
from tamis.cleaners.records import Block, Label

LONG = "The council voted on Tuesday to keep the old library open for another year."
OTHER = "Two of its members had asked for a smaller building near the station instead."


@pytest.mark.parametrize(
    ("texts", "gone"),
    [
        pytest.param([LONG, OTHER, LONG], {2}, id="a paragraph said again"),
        pytest.param([LONG, "What is next", OTHER, LONG, "What is next", OTHER], {3, 4, 5}, id="a whole copied part"),
        pytest.param([LONG, "Result", OTHER, "Result"], set(), id="a short line comes back"),
        pytest.param([LONG, OTHER, LONG, OTHER, LONG, OTHER, LONG], {3, 5}, id="a refrain stays, its verses do not"),
        pytest.param([LONG, OTHER], set(), id="nothing twice"),
        pytest.param([], set(), id="nothing at all"),
    ],
)
def test_later_copies_of_paragraphs_go(texts: list[str], gone: set[int]) -> None:
    blocks = [Block(index=n, text=text, line=n + 1) for n, text in enumerate(texts)]
    found = later_copies(blocks, np.ones(len(blocks), dtype=bool))
    assert set(found) == gone
    assert all(verdict.rule == RULE and verdict.label is Label.REPEATED for verdict in found.values())


def test_a_copy_whose_first_was_dropped_stays() -> None:
    blocks = [Block(index=n, text=LONG, line=n + 1) for n in range(2)]
    assert later_copies(blocks, np.array([False, True])) == {}
