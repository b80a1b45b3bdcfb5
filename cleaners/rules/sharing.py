"""Bars of networks and of text sizes: lines made of nothing but their names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tamis.cleaners.page import Page
from tamis.cleaners.records import Label, Verdict

_NETWORKS = (
    "facebook|twitter|x|whatsapp|linkedin|telegram|messenger|pinterest|reddit|e-?mail|mail|courriel|instagram|youtube"
    "|tiktok|threads|bluesky|mastodon|viber|tumblr|flipboard|pocket|snapchat|xing|rss|sms|print|share|partager|tweet"
    "|teilen|compartir|copy link|link|imprimer|drucken|google\\+?|google news|skype|line|vk|weibo|wechat"
)
_BAR = re.compile(rf"\W*(?:(?:{_NETWORKS})\W+)*(?:{_NETWORKS})\W*", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_NAMED = frozenset(_WORD.findall(_NETWORKS.replace("e-?mail", "e|email")))
"""Words that a bar may begin with: hardly a line does, and trying all networks takes long."""
_AMBIGUOUS = frozenset({"x", "line", "link", "mail", "pocket"})
_SIZES = re.compile(r"[AaТا](?:[+−–-]{1,2}|\s|[Aa]){0,6}")


def find(page: Page) -> Iterator[Verdict]:
    """Verdicts ``share.networks``, ``share.count`` and ``widget.font_size`` (a run of lone letters A)."""
    for block in page.open:
        text = block.text
        if (
            len(text) <= 120
            and _may_be_bar(text)
            and _BAR.fullmatch(text)
            and text.casefold().strip() not in _AMBIGUOUS
        ):
            yield Verdict(block.index, Label.SHARE, "share.networks", 0.9)
        elif _is_size(page, block.index):
            yield Verdict(block.index, Label.WIDGET, "widget.font_size", 0.97)


def _may_be_bar(text: str) -> bool:
    word = _WORD.search(text)
    return word is not None and word[0].lower() in _NAMED


def _is_size(page: Page, index: int) -> bool:
    """A letter A alone is a size button when its neighbour is one too, or when it carries a plus or minus."""
    if not _SIZES.fullmatch(page.blocks[index].text):
        return False
    beside = [i for i in (index - 1, index + 1) if 0 <= i < len(page.blocks)]
    return len(page.blocks[index].text) > 1 or any(_SIZES.fullmatch(page.blocks[i].text) for i in beside)
