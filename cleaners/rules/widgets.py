"""Furniture without words of its own: lines of signs, counters, orphan questions of a folded list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from tamis.cleaners.page import Page
from tamis.cleaners.records import Kind, Label, Verdict

_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_COUNTER = re.compile(r"[(+]?\d{1,3}(?:[ .,]\d{3})*[)+]?")
_BREADCRUMB = re.compile(r"[^›»>/|.!?]{2,40}(?:\s*[›»>]\s*[^›»>/|.!?]{2,60}){1,5}")
_MOST_COUNTERS = 9  # a page with more numbers that stand alone has a table
_QUESTION_WORDS = (3, 25)
_MIN_QUESTIONS = 3


def find(page: Page) -> Iterator[Verdict]:
    """Verdicts ``widget.signs``, ``widget.counter``, ``navigation.breadcrumb`` and ``widget.orphan_questions``."""
    numbers = [b.index for b in page.open if b.kind is Kind.LINE and _COUNTER.fullmatch(b.text)]
    counters = frozenset(numbers if len(numbers) <= _MOST_COUNTERS else ())
    for block in page.open:
        if block.kind is not Kind.TABLE and not _LETTER_OR_DIGIT.search(block.text):
            yield Verdict(block.index, Label.WIDGET, "widget.signs", 1.0, "no letter or digit in it")
        elif block.index in counters:
            yield Verdict(block.index, Label.WIDGET, "widget.counter", 0.9, "a number alone")
        elif block.index < page.head and _BREADCRUMB.fullmatch(block.text):
            yield Verdict(block.index, Label.NAVIGATION, "navigation.breadcrumb", 0.9)
    yield from _orphan_questions(page)


def _orphan_questions(page: Page) -> Iterator[Verdict]:
    """Three questions and more, one a line, with no answer between: a folded list whose answers stand elsewhere.

    Only behind the last paragraph: an interview's questions, or a list of them in the text, have text behind.
    """
    tail = range(page.tail, len(page.blocks))
    for asks, run in groupby(tail, key=lambda i: _is_question(page, i)):
        questions = list(run)
        if asks and len(questions) >= _MIN_QUESTIONS:
            yield from (Verdict(i, Label.WIDGET, "widget.orphan_questions", 0.9) for i in questions)


def _is_question(page: Page, index: int) -> bool:
    low, high = _QUESTION_WORDS
    return low <= page.words[index] <= high and page.blocks[index].text.rstrip()[-1] in "?؟"
