"""Refuses XML built to exhaust a parser, in one linear pass before any parser sees it; and makes titles plain text.

feedparser takes 13 to 20 seconds for 100,000 attributes or levels. (HTML has a guard of its own, in cleaners:
its elements nest by other rules.)
"""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass, field

from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Refusal

MAX_DEPTH = 512
MAX_ATTRIBUTES = 1_000
MAX_TAGS = 100_000
MAX_WORK = 2_000_000
MAX_REFERENCES = 500_000
MAX_UNENDED = 100

# Every "<" is met once; possessive throughout, and no alternative begins as another does: nothing is read twice.
_MARKUP = re.compile(
    r"<(?:(?P<section>!--|!\[CDATA\[|\?)"
    r"|(?P<end>/?)(?P<name>[^\s<>/!?=\"']++)(?P<rest>(?:[^<>\"']++|\"[^\"<]*+\"?+|'[^'<]*+'?+)*+))?+"
)
_SECTION_END = {"!--": "-->", "![CDATA[": "]]>", "?": ">"}
_ATTRIBUTE = re.compile(r"[^\s=/>\"']++(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>\"']++))?+")
_TAG = re.compile(r"</?+(?P<name>[a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>|<[!?][^<>]*+>")
# fmt: off
_INLINE = frozenset((
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
))
# fmt: on
_UNSHOWN = (
    (re.compile("<!--"), "-->"),
    (re.compile(r"<script\b", re.I), "</script>"),
    (re.compile(r"<style\b", re.I), "</style>"),
)
_SPACE = re.compile(r"\s+")
LONGEST_TEXT = 20_000


def check_xml(text: str, more: int = 1) -> None:
    """Lets XML pass that a parser can bear; a parser in C bears ``more`` times as many tags.

    Raises SkipAddress (``hostile_markup``) with the figure and its limit.
    """
    _refuse_over(MAX_REFERENCES, text.count("&"), "references")
    position = tags = work = 0
    elements, unended = _Open(), Counter[str]()
    while match := _MARKUP.search(text, position):
        position = match.end()
        tags += 1
        _refuse_over(MAX_TAGS * more, tags, "tags")
        if section := match["section"]:
            # What never ends hides nothing; a parser looks for its end again and again.
            end = text.find(_SECTION_END[section], position) if not unended[section] else -1
            unended[section] += end < 0
            _refuse_over(MAX_UNENDED, unended[section], f"<{section} without an end")
            position = max(position, end)
        elif match["name"]:
            _follow(elements, match)
        work += elements.depth
        _refuse_over(MAX_WORK * more, work, "levels over all tags")


@dataclass(slots=True)
class _Open:
    """The elements open at one place, by name."""

    count: Counter[str] = field(default_factory=Counter)
    depth: int = 0


def _follow(elements: _Open, tag: re.Match[str]) -> None:
    name, rest = tag["name"].lower(), tag["rest"]
    if len(rest) > 2 * MAX_ATTRIBUTES:
        _refuse_over(MAX_ATTRIBUTES, sum(1 for _ in _ATTRIBUTE.finditer(rest)), "attributes on one tag")
    if tag["end"]:
        closes = elements.count[name] > 0
        elements.count[name] -= closes
        elements.depth -= closes
    elif not rest.rstrip().endswith("/"):
        elements.count[name] += 1
        elements.depth += 1
        _refuse_over(MAX_DEPTH, elements.depth, "levels of nesting")


def plain(markup: str) -> str:
    """The text of a title or summary in HTML, on one line."""
    shown = markup[:LONGEST_TEXT]
    for opening, closing in _UNSHOWN:
        shown = _without(shown, opening, closing)
    return one_line(html.unescape(_TAG.sub(_gap, shown)))


def one_line(text: str) -> str:
    """Text with every run of white space as one space."""
    return _SPACE.sub(" ", text[:LONGEST_TEXT]).strip()


def _without(text: str, opening: re.Pattern[str], closing: str) -> str:
    """``text`` without what stands between ``opening`` and ``closing``; what is never closed stays."""
    folded, kept, position = text.lower(), [], 0
    while match := opening.search(text, position):
        end = folded.find(closing, match.end())
        if end < 0:
            break
        kept.append(text[position : match.start()])
        position = end + len(closing)
    return " ".join((*kept, text[position:]))


def _gap(tag: re.Match[str]) -> str:
    """What a tag leaves between two words: nothing where it stands within a line."""
    return "" if (tag["name"] or "").lower() in _INLINE else " "


def _refuse_over(limit: int, measured: int, what: str) -> None:
    if measured > limit:
        raise SkipAddress(Refusal.HOSTILE_MARKUP, f"at least {measured:,} {what}, the limit is {limit:,}")
