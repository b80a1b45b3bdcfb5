"""A text for the page whose own text no reader of its tree can see: a script or a ``noscript`` brings it.

Only asked where next to nothing was found, and only believed where it finds what is not among the page's
blocks: what the judge has seen and turned down stays so. JSON-LD's ``articleBody`` is a rescue and no more,
since on the pages that have both it is worse than what they show.
"""

from __future__ import annotations

import re

from tamis.cleaners.html.html_page import HtmlPage

LITTLE = 450
"""Characters of kept text from which on no rescue is sent for; about 75 words."""
_TIMES = 2
_LEAST = 300
_LINE = 40
_UNSHOWN = re.compile(rf"<noscript\b[^>]*>(?:(?:<(?!/noscript)[^>]*>)*+[^<]){{{_LEAST}}}|&lt;p|\\u003cp", re.I)
"""Signs of a text that no block shows: a ``noscript`` with a text in it, paragraphs in a script or an attribute."""


def rescue(page: HtmlPage, html: str, kept: str) -> tuple[str, tuple[str, ...]] | None:
    """(``json-ld`` or ``trafilatura``, its paragraphs) where that finds far more than ``kept``, else None."""
    if len(kept) > LITTLE:
        return None
    shown = _folded(" ".join(block.text for block in page.blocks))
    for source in ("json-ld", "trafilatura"):
        text = page.like.body if source == "json-ld" else _second_opinion(html)
        lines = tuple(line.strip() for line in text.split("\n") if line.strip())
        if len(text) >= max(_TIMES * len(kept), _LEAST) and _is_news(lines, shown):
            return source, lines
    return None


def _is_news(lines: tuple[str, ...], shown: str) -> bool:
    """Whether most of the longer lines stand nowhere among the page's blocks."""
    longer = [_folded(line)[:200] for line in lines if len(line) >= _LINE]
    return 2 * sum(line not in shown for line in longer) > len(longer)


def _second_opinion(html: str) -> str:
    if not _UNSHOWN.search(html):
        return ""
    import trafilatura  # noqa: PLC0415 - it takes half a second, and most runs never come here

    return str(trafilatura.extract(html, include_comments=False) or "")


def _folded(text: str) -> str:
    return "".join(c for c in text if c.isalnum())
