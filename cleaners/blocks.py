"""Cuts a text dump into blocks: one a line, glued lines apart, with the form that each one shows."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tamis.cleaners.dates import find_dates
from tamis.cleaners.errors import SkipDocument
from tamis.cleaners.phrases import begins_with_phrase
from tamis.cleaners.records import Block, Kind, Reason

MAX_LINE = 200_000
"""Characters in one line; the longest article is shorter, a data file is not."""

_KINDS = (
    (Kind.TABLE, re.compile(r"\|.*\|$")),
    (Kind.HEADING, re.compile(r"#{1,6} \S")),
    (Kind.QUOTE, re.compile(r"> ?\S")),
    (Kind.LIST_ITEM, re.compile(r"(?:[-*•·▪◦‣●–] |\d{1,2}[.)] )\S")),
)
_RUN_ON = re.compile(r"[.!?…][»”\"]?(?=[^\W\d_])")
_GLUED_DIGIT = re.compile(r"\d[^\W\d_]{2}")
_MAX_BYLINE = 60


def cut(text: str) -> tuple[Block, ...]:
    """Blocks of a normalised dump, in order. Their texts joined are the text's words, none lost, none added.

    Raises SkipDocument (``line_too_long``).
    """
    blocks: list[Block] = []
    blank = False
    for number, line in enumerate(text.split("\n"), start=1):
        if not line:
            blank = True
            continue
        if len(line) > MAX_LINE:
            detail = f"line {number} has {len(line):,} characters, more than {MAX_LINE:,}; put one paragraph a line"
            raise SkipDocument(Reason.LINE_TOO_LONG, detail)
        for piece in unglue(line):
            blocks.append(Block(len(blocks), piece, _kind(piece), number, blank))
            blank = False
    return tuple(blocks)


def unglue(line: str) -> list[str]:
    """The pieces of a line in which two things run into each other without a space, or the line alone.

    Cut are: a by-line's date from the text behind it (``27 août 2025Politique``), and a phrase of the
    vocabulary run on after a sentence (``complexe.questions fréquentes``).
    """
    cuts = sorted({*_after_dates(line), *_before_phrases(line)})
    if not cuts:
        return [line]
    pieces = [line[a:b].strip() for a, b in zip([0, *cuts], [*cuts, len(line)], strict=True)]
    return [piece for piece in pieces if piece]


def _after_dates(line: str) -> Iterator[int]:
    if not _GLUED_DIGIT.search(line):
        return
    for date in find_dates(line):
        if date.end <= _MAX_BYLINE and _opens_sentence(line[date.end :]):
            yield date.end


def _opens_sentence(text: str) -> bool:
    return text[:2].isalpha() and not text[0].islower()


def _before_phrases(line: str) -> Iterator[int]:
    for stop in _RUN_ON.finditer(line):
        word = line[max(0, stop.start() - 3) : stop.start()]
        if word.isalpha() and begins_with_phrase(line[stop.end() :]):
            yield stop.end()


def _kind(text: str) -> Kind:
    if text[0].isalpha():
        return Kind.LINE
    return next((kind for kind, form in _KINDS if form.match(text)), Kind.LINE)
