"""Credits of pictures, and the captions that stand with them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cleaners.page import Page
from cleaners.phrases import match_phrase
from cleaners.records import Label, Verdict

_SIGN = re.compile(r"(?:[(\[]?\s*(?:©|\(c\)|ⓒ)\s*\S.{0,80}|.{0,60}\S\s*(?:©|ⓒ)\s*\S.{0,60})", re.IGNORECASE)
_SLASHED = re.compile(r"[(\[]?(?:[A-Z][\w.'’-]+ ){0,4}[A-Z][\w.'’-]*\s?/\s?[A-ZÀ-Ý][\w.'’ -]{1,40}(?:\s?/\s?[A-ZÀ-Ý][\w.'’ -]{1,40})?[)\]]?")
_MAX_CREDIT_WORDS = 14
_MAX_CAPTION_WORDS = 25


def find(page: Page) -> Iterator[Verdict]:
    """Verdicts ``credit.*``, and ``caption.above_credit`` for the short line right above a credit."""
    for block in page.blocks:
        rule = _credit(block.text, page.words[block.index])
        if rule is None:
            continue
        yield Verdict(block.index, Label.CREDIT, rule, 0.95)
        if not block.blank_before and block.index > 1 and _is_caption(page, block.index - 1):
            yield Verdict(block.index - 1, Label.CAPTION, "caption.above_credit", 0.85, "stands on its picture's credit")


def _credit(text: str, words: int) -> str | None:
    phrase = match_phrase(text)
    if phrase is not None and phrase.label is Label.CREDIT:
        return phrase.name
    if words <= _MAX_CREDIT_WORDS and _SIGN.fullmatch(text) and not any(c.isdigit() for c in text):
        return "credit.sign"
    if words <= _MAX_CREDIT_WORDS and _SLASHED.fullmatch(text) and text.isascii() is False:
        return "credit.slashed"
    return None


def _is_caption(page: Page, index: int) -> bool:
    text = page.blocks[index].text
    return page.words[index] <= _MAX_CAPTION_WORDS and index not in page.prose and text[-1] not in ".!?:"
