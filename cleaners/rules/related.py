"""Lists of other articles, known by their shape: the same few blocks over and over, each closed by a by-line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from tamis.cleaners.page import Page
from tamis.cleaners.records import Label, Verdict

RUN = "related.run"
_MIN_ITEMS = 3
_MAX_ITEM = 4
_MAX_ITEM_WORDS = 60
_MAX_SHARE = 0.5
_LONG_RUN = 12  # blocks from which on the shape outweighs what the learnt judge makes of a single one


def find(page: Page) -> Iterator[Verdict]:
    """Verdicts `RUN` for runs of items that each end, or each begin, with a dated by-line.

    A run has at least three items of nearly one size. Text that makes up most of the page is never a run: a
    chronicle and a live page look alike.
    """
    for run in _runs(page):
        words = sum(page.words[i] for i in run)
        if words <= _MAX_SHARE * sum(page.words):
            detail = f"one of {len(run)} blocks that repeat one shape"
            sure = 0.95 if len(run) >= _LONG_RUN else 0.9
            yield from (Verdict(i, Label.RELATED, RUN, sure, detail) for i in run)


def _runs(page: Page) -> Iterator[range]:
    marks = [i for i, byline in enumerate(page.bylines) if byline is not None and (byline.published or byline.updated)]
    for group in _chains(page, marks):
        if len(group) < _MIN_ITEMS:
            continue
        size = Counter(b - a for a, b in pairwise(group)).most_common(1)[0][0]
        if size > 1 and (run := _extent(page, group, size)) and _has_headlines(page, run, group):
            yield run


def _has_headlines(page: Page, run: range, marks: Sequence[int]) -> bool:
    """Whether there are words beside the dates: in the rows of a table of figures there are none."""
    beside = set(run).difference(marks)
    return sum(any(map(str.isalpha, page.blocks[i].text)) for i in beside) > len(marks) / 2


def _chains(page: Page, marks: Sequence[int]) -> Iterator[list[int]]:
    """Maximal sequences of marks that stand at most an item apart with only short blocks between."""
    chain: list[int] = []
    for mark in marks:
        if chain and not _is_item(page, chain[-1] + 1, mark):
            yield chain
            chain = []
        chain.append(mark)
    yield chain


def _is_item(page: Page, start: int, end: int) -> bool:
    return end - start < _MAX_ITEM and all(page.words[i] <= _MAX_ITEM_WORDS for i in range(start, end))


def _extent(page: Page, marks: Sequence[int], size: int) -> range:
    """The blocks of a run: marks close their items, unless the first stands at the very head of the list.

    The item before the first mark belongs to the run when marks close items; the one behind the last does
    when marks open them. A mark right behind the page's last running text opens.
    """
    first, last = marks[0], marks[-1]
    before = range(max(0, first - size + 1), first)
    closes = bool(before) and all(page.words[i] <= _MAX_ITEM_WORDS for i in before)
    start = before.start if closes else first
    end = last + 1 if closes else min(len(page.blocks), last + size)
    return range(start, end)
