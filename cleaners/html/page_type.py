"""Tells a page that is no article, and says which kind it is, from what it shows and what was kept of it.

A refusal costs a whole article, so each kind needs its words or its form, and a page with next to no text.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tamis.cleaners.html.blocks import HtmlBlock
from tamis.cleaners.html.html_page import HtmlPage
from tamis.cleaners.site import split
from tamis.cleaners.vocabulary import alternatives, fold

_FEW, _VERY_FEW, _HARDLY_ANY, _PROSE = 150, 60, 20, 12
_CARDS = 12


@dataclass(frozen=True, slots=True)
class PageRefusal:
    """Why a page is no article: ``kind`` (a table of refusals.toml, or ``listing``) and what gave it away."""

    kind: str
    detail: str


def refuse(page: HtmlPage, kept: Sequence[bool]) -> PageRefusal | None:
    """The kind of page this is when it is no article, else None. ``kept`` says which blocks are content."""
    content = [block for block, is_kept in zip(page.blocks, kept, strict=True) if is_kept]
    words = sum(_size(block) for block in content)
    if words > _FEW:
        return _listing(page, content)
    heads = fold(" ".join([page.metadata.title or "", *(b.text for b in page.blocks if b.owner.tag == "h1")][:3]))
    shown = fold(" ".join(block.text for block in page.blocks if not block.owner.furniture)[:20_000])
    for kind, patterns in _patterns().items():
        found = patterns["title"].search(heads) if "title" in patterns else None
        if found is None and "text" in patterns and (words <= _VERY_FEW or _mostly(kind, shown, content)):
            found = patterns["text"].search(shown)
        if found is not None:
            return PageRefusal(kind, f"{words} words of text, and it says “{found[0]}”")
    return _listing(page, content)


def _mostly(kind: str, shown: str, content: Sequence[HtmlBlock]) -> bool:
    """Whether the page shows little else than the words kept: then its own words may speak for its kind."""
    return kind != "paywall_teaser" and len(shown.split()) <= 2 * sum(block.words for block in content) + _FEW


def _listing(page: HtmlPage, content: Sequence[HtmlBlock]) -> PageRefusal | None:
    """A page of links to other pages: hardly any running text, and many linked blocks of one form."""
    running = sum(_size(b) for b in content if _size(b) >= _PROSE and 3 * b.linked < b.words)
    address = split(page.metadata.canonical)
    is_front = bool(address.netloc) and address.path in ("", "/") and not address.query
    if running > (_FEW if is_front else _HARDLY_ANY) or (page.metadata.published is not None and not is_front):
        return None
    forms: dict[tuple[str, str], int] = {}
    for block in page.blocks:
        if not block.owner.furniture and block.words >= 4 and 3 * block.linked >= 2 * block.words:
            form = (block.owner.tag, block.owner.names)
            forms[form] = forms.get(form, 0) + 1
    cards = max(forms.values(), default=0)
    if cards >= _CARDS:
        return PageRefusal("listing", f"{running} words of running text beside {cards} links of one form")
    return None


def _size(block: HtmlBlock) -> int:
    """Words, or what would be words in a script that puts no spaces between them."""
    return max(block.words, len(block.text) // 7)


@cache
def _patterns() -> Mapping[str, Mapping[str, re.Pattern[str]]]:
    table = tomllib.loads(files(__package__).joinpath("refusals.toml").read_text(encoding="utf-8"))
    return {
        kind: {
            where: re.compile(rf"(?<!\w)(?:{alternatives(fold(p) for said in languages.values() for p in said)})(?!\w)")
            for where, languages in places.items()
        }
        for kind, places in table.items()
    }
