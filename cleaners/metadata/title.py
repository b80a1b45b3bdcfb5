"""Finds the title of a text dump, or admits that there is none."""

from __future__ import annotations

import re
from collections.abc import Container

from tamis.cleaners.page import Page
from tamis.cleaners.records import Kind
from tamis.cleaners.vocabulary import fold

_WORD = re.compile(r"\w{4,}")
_MIN_WORDS, _MAX_WORDS, _MAX_CHARACTERS = 3, 35, 250
_KINDS = (Kind.LINE, Kind.HEADING, Kind.PARAGRAPH)
_ENOUGH = 0.8
_CANDIDATES = 40
_PER_BLOCK = 0.02


def find_title(page: Page, judged: Container[int]) -> int | None:
    """Index of the block that is the title; blocks in ``judged`` are known to be something else.

    The title stands above the page's first running text, is no sentence with a full stop, and shares its words
    with the text; standing first, or right above a by-line, speaks for a line.
    """
    end = page.prose[0] if page.prose else min(len(page.blocks), 1)
    above = [i for i in range(end) if i not in judged and _may_be_title(page, i)][-_CANDIDATES:]
    if not page.prose and len(page.blocks) > 1 and 0 not in judged and _may_be_title(page, 0):
        above = [0]
    if not above:
        return None
    body = set(_WORD.findall(fold(" ".join(page.blocks[i].text for i in page.prose[:20]))))
    first = next((i for i in range(len(page.blocks)) if i not in judged), 0)
    best = max(above, key=lambda i: (_score(page, i, body, first), -i))
    return best if _score(page, best, body, first) >= _ENOUGH else None


def _may_be_title(page: Page, index: int) -> bool:
    block = page.blocks[index]
    text = block.text
    return (
        block.kind in _KINDS
        and _MIN_WORDS <= page.words[index] <= _MAX_WORDS
        and len(text) <= _MAX_CHARACTERS
        and not re.search(r"(?<![.…])\.$|[:;,]$", text)
        and sum(c.isalpha() for c in text) > len(text) / 2
    )


def _score(page: Page, index: int, body: set[str], first: int) -> float:
    words = _WORD.findall(fold(page.blocks[index].text))
    shared = sum(word in body for word in words) / len(words) if words else 0.0
    near = range(index + 1, min(index + 4, len(page.blocks)))
    return (
        shared
        + min(page.words[index], 10) / 20
        + 0.4 * (index == first)
        + 0.2 * any(page.bylines[i] is not None for i in near)
        + 0.3 * (page.blocks[index].kind is Kind.HEADING)
        - _PER_BLOCK * min(page.prose[0] - index if page.prose else 0, 20)
    )
