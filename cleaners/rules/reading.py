"""Reading-time badges, and the heading of the box that a badge stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from tamis.cleaners.page import Page
from tamis.cleaners.records import Label, Verdict
from tamis.cleaners.vocabulary import alternatives, fold, grammar

_MAX_WORDS = 8
_MAX_HEADING = 8


def find(page: Page) -> Iterator[Verdict]:
    """Verdicts ``reading_time.badge``, and ``widget.badge_heading`` for the short line that heads the badge's box."""
    for block in page.open:
        if page.words[block.index] > _MAX_WORDS or not _badge().fullmatch(fold(block.text)):
            continue
        yield Verdict(block.index, Label.READING_TIME, "reading_time.badge")
        heading = _heading_above(page, block.index)
        if heading is not None:
            yield Verdict(heading, Label.WIDGET, "widget.badge_heading", 0.9, "heads the box of a reading-time badge")


def _heading_above(page: Page, badge: int) -> int | None:
    """The heading of a box: a short line above the badge, only signs between, and not the page's first line."""
    above = badge - 1
    while above > 0 and not any(c.isalnum() for c in page.blocks[above].text):
        above -= 1
    separated = above < badge - 1
    short = 0 < above and page.words[above] <= _MAX_HEADING and page.blocks[above].text[-1] not in ".!?"
    return above if separated and short and page.bylines[above] is None else None


@cache
def _badge() -> re.Pattern[str]:
    """Minutes with a word or a sign of reading; a bare ``3 min`` is too little to go by."""
    reading, minutes = alternatives(grammar("reading")), alternatives(grammar("minutes"))
    count = rf"[~≈<]?\s?\d{{1,3}}(?:\s?-\s?\d{{1,3}})?\s?-?(?:{minutes})\b\.?"
    sign = r"[\u231a\u231b\u23f1-\u23f3\U0001f550-\U0001f567\U0001f4d6]\ufe0f?"
    return re.compile(
        rf"(?:{sign}\s*{count}|\W*(?:{reading})\s*[:-]?\s*(?:{sign})?\s*{count}|\W*{count}\s*(?:{reading}))\W*"
    )
