"""Addresses of pictures, and of files, that a dump left behind: no word of them is the article's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tamis.cleaners.page import Page
from tamis.cleaners.records import Label, Verdict

_TYPES = r"(?:jpe?g|png|gif|webp|avif|svg|bmp|tiff?|heic|ico)"
_NO_SPACE = r"[^\s]"
# One token from end to end: an address or path that ends in a picture type, with what resizers append to it.
_ADDRESS = re.compile(
    rf"[!\[\]()<>\"'@*-]*(?:https?:)?/{{0,2}}{_NO_SPACE}*\.{_TYPES}(?:[?&#/!:;,|)\]}}>@]{_NO_SPACE}*)?[\"')\]>]*(?:\s+\d+(?:\.\d+)?[wx],?)?",
    re.IGNORECASE,
)
# Resizers put the size or the filter into the path, so the picture's own name may be missing.
_RESIZER = re.compile(
    rf"{_NO_SPACE}*(?:/fit-in/\d+x\d+|/cdn-cgi/image/|/filters:|[?&](?:w|h|width|height|quality|crop|auto|format|resize|fit)=[\w:,.%-]+"
    rf"|/(?:w|h|q|c)_\d+|/resize[/_]|/\d{{2,4}}x\d{{2,4}}(?:[/_.]|$)|/imagesize/|/smart/){_NO_SPACE}*",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"(?:\[?!\[[^\]]*\]\([^)]*\)(?:\]\([^)]*\))?\s*)+")
_SRCSET = re.compile(rf"(?:{_NO_SPACE}*[/.]{_NO_SPACE}*\s+\d+(?:\.\d+)?[wx]\s*,?\s*)+", re.IGNORECASE)
_DATA = re.compile(rf"[(\"']?data:image/{_NO_SPACE}+", re.IGNORECASE)
_POSSIBLE = re.compile(r"\.\w{3,4}\b|/\S*[/?]|!\[|data:")
_FORMS = (
    ("image.markdown", _MARKDOWN),
    ("image.data", _DATA),
    ("image.address", _ADDRESS),
    ("image.srcset", _SRCSET),
)
# A picture with its caption, or the teaser of another page, on one line; a paragraph may begin with one too.
_LED_BY_PICTURE = re.compile(r"(?:[-*•]\s*)?\[?!\[[^\]]*\]\([^)]*\)")
_CAPTION_WORDS = 40
_SEPARATORS = re.compile(r"[/.:]")


def find(page: Page) -> Iterator[Verdict]:
    """Verdicts ``image.*`` for blocks that are the address of a picture, or one and its caption."""
    for block in page.open:
        rule = _rule(block.text)
        if rule is not None:
            yield Verdict(block.index, Label.IMAGE, rule)
        elif _is_captioned(block.text):
            yield Verdict(block.index, Label.CAPTION, "image.captioned", 0.9)


def _is_captioned(text: str) -> bool:
    picture = _LED_BY_PICTURE.match(text) if "![" in text else None
    return picture is not None and len(text[picture.end() :].split()) <= _CAPTION_WORDS


def _rule(text: str) -> str | None:
    if not _POSSIBLE.search(text):
        return None
    for rule, form in _FORMS:
        if form.fullmatch(text):
            return rule
    is_path = " " not in text and len(_SEPARATORS.findall(text)) >= 2
    return "image.resizer" if is_path and _RESIZER.fullmatch(text) else None
