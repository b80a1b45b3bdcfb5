"""Credits of pictures, and the captions that stand with them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tamis.cleaners.page import Page
from tamis.cleaners.records import Label, Verdict

_MARK = re.compile(r"[©ⓒ]|\([cC]\)")
_SIGN = re.compile(r"(?:[(\[]?\s*(?:©|\(c\)|ⓒ)\s*\S.{0,80}|.{0,60}\S\s*(?:©|ⓒ)\s*\S.{0,60})", re.IGNORECASE)
# (Marie Dupont/AFP), ALAIN JOCARD / AFP: a name, and an agency in capitals.
_SLASHED = re.compile(
    r"[(\[]?(?:[^\W\d_][\w.'’-]*\s?){1,5}(?:/\s?[^\W\d_][\w.'’ -]{1,40}){0,2}/\s?[A-Z]{2,}[A-Z ]{0,20}[)\]]?"
)
_MAX_CREDIT_WORDS = 14
_MAX_CAPTION_WORDS = 25


def find(page: Page) -> Iterator[Verdict]:
    """Verdicts ``credit.*``, and ``caption.above_credit`` for the short line right above a credit."""
    for block in page.open:
        rule = _credit(page, block.index)
        if rule is None:
            continue
        yield Verdict(block.index, Label.CREDIT, rule, 0.9)
        if not block.blank_before and _is_caption(page, block.index - 1):
            yield Verdict(
                block.index - 1, Label.CAPTION, "caption.above_credit", 0.85, "stands on its picture's credit"
            )


def _credit(page: Page, index: int) -> str | None:
    text, words, phrase = page.blocks[index].text, page.words[index], page.phrases[index]
    if phrase is not None:
        return phrase.name if phrase.label is Label.CREDIT else None
    if (
        words <= _MAX_CREDIT_WORDS
        and _MARK.search(text)
        and _SIGN.fullmatch(text)
        and not any(c.isdigit() for c in text)
    ):
        return "credit.sign"
    if words <= _MAX_CREDIT_WORDS and "/" in text and _SLASHED.fullmatch(text):
        return "credit.slashed"
    return None


def _is_caption(page: Page, index: int) -> bool:
    """Caption and credit stand together, under an empty line or the picture's address; else it may be a subheading."""
    block = page.blocks[index]
    return (
        index > 0
        and (block.blank_before or " " not in page.blocks[index - 1].text)
        and page.words[index] <= _MAX_CAPTION_WORDS
        and index not in page.prose
        and block.text[-1] not in ".!?:"
    )
