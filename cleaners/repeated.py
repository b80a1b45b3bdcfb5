"""Blocks that the page's site prints on many of its pages: its template, as the warehouse has learnt it."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from tamis.cleaners.decisions import KEEP
from tamis.cleaners.records import Block, Label, Verdict

RULE = "site.repeated"
_LEAST = 0.3  # of the words: a page of which less is left than this is no page around a template


def without_repeated(blocks: Sequence[Block], verdicts: Sequence[Verdict], repeated: Set[int]) -> tuple[Verdict, ...]:
    """``verdicts`` with those blocks of content removed whose hash is in ``repeated``.

    Titles, and what a person wants kept, are left alone. Where little of the document would be left, nothing is
    removed: then the template is what it says.
    """
    if not repeated:
        return tuple(verdicts)
    kept = [verdict for verdict in verdicts if verdict.label is Label.CONTENT]
    free = [verdict for verdict in kept if verdict.rule != KEEP]
    known = {verdict.block for verdict in free if blocks[verdict.block].hash in repeated}
    if not known or _words(blocks, kept, known) < _LEAST * _words(blocks, kept, set()):
        return tuple(verdicts)
    return tuple(
        replace(verdict, label=Label.REPEATED, rule=RULE, confidence=0.9, detail="stands on other pages of this site")
        if verdict.block in known
        else verdict
        for verdict in verdicts
    )


def _words(blocks: Sequence[Block], kept: Sequence[Verdict], without: Set[int]) -> int:
    return sum(len(blocks[verdict.block].text.split()) for verdict in kept if verdict.block not in without)
