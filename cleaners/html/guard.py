"""Refuses markup that is built to exhaust a parser, in one linear pass and before any parser sees it.

100,000 nested elements or 200,000 attributes on one tag keep every HTML parser busy for over half a minute.
Among 1,509 real pages the deepest had 111 levels, the richest tag 142 attributes, the longest 19,582 tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from tamis.cleaners.errors import SkipDocument
from tamis.cleaners.records import Reason

MAX_DEPTH = 512
MAX_ATTRIBUTES = 1_000
MAX_TAGS = 200_000
MAX_REOPENED = 2_000_000

# Possessive throughout: each alternative eats to its end or to that of the page, so nothing is read twice.
_REST = r"(?:[^>=]++|=\s*+(?:\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))?+)*+"
_MARKUP = re.compile(
    rf"<(?:(?=((?i:script|style))[\s/>]))?(/?[a-zA-Z][^\s/>]*+)({_REST})(?:>|\Z)(?(1)(?:[^<]++|<(?!/(?i:\1)[\s/>]))*+)"
    r"|<!--(?:-?>|!>|(?:[^-]++|-(?!-!?>))*+(?:--!?>|\Z))"
)
_ATTRIBUTE = re.compile(r"[^\s=/>\"']++(?:\s*+=\s*+(?:\"[^\"]*+\"?+|'[^']*+'?+|[^\s>\"']++))?+")
# A parser opens these again in each block that follows until they are closed: a page grows by their product.
_FORMATTING = frozenset(("b", "big", "code", "em", "font", "i", "s", "small", "strike", "strong", "tt", "u"))
# Elements without content, and those that the next of their kind closes: left open they do not nest.
_NEVER_DEEP = frozenset(
    end + name
    for end in ("", "/")
    for name in (
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
        "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup",
        "a", "nobr", "html", "head", "body", "",
    )
)  # fmt: skip


# One match over a whole page whose tags are closed and hold at most 40 values and few letters beside: nearly all are.
_LITTLE = r"(?:[^>=]{0,200}+=\s*+(?:\"[^\"]*+\"|'[^']*+')?+){0,40}+[^>=]{0,200}+>"
_RAW = "|".join(rf"(?i:{name})(?=[\s/>]){_LITTLE}(?:[^<]++|<(?!/(?i:{name})[\s/>]))*+" for name in ("script", "style"))
_PLAIN = re.compile(
    rf"(?:[^<]++|<(?:/?[a-rt-zA-RT-Z]{_LITTLE}|(?=[sS])(?:{_RAW}|(?!(?i:script|style)[\s/>]){_LITTLE})|/[sS]{_LITTLE}"
    r"|!--(?:-?>|!>|(?:[^-]++|-(?!-!?>))*+--!?>)|(?![a-zA-Z/]|!--)|/(?![a-zA-Z])))*+\Z"
)
_FORMATS = re.compile(rf"<(?=[bcefistuBCEFISTU])(?i:{'|'.join(sorted(_FORMATTING))})[\s/>]")
_FEW_CHARACTERS = 1_000_000
_FEW_TAGS = 10_000
"""A parser is done with so few in an eighth of a second, however deep they are nested."""


def check_markup(html: str) -> None:
    """Let a page pass whose markup any parser can bear.

    Of a page of few tags only the attributes and the formatting count here: whoever walks its tree has to mind
    how deep it is (`check_depth`).

    Raises SkipDocument (``hostile_markup``) with the figure and its limit.
    """
    if not _is_harmless(html) and not _follow(_MARKUP.findall(html)):
        _follow(_tags(html))


def check_depth(depth: int) -> None:
    """Let a tree pass that is not too deep to walk.

    Raises SkipDocument (``hostile_markup``) with the figure and its limit.
    """
    _refuse_over(MAX_DEPTH, depth, "levels of nesting")


def _is_harmless(html: str) -> bool:
    tags = html.count("<")
    return (
        len(html) <= _FEW_CHARACTERS
        and tags <= _FEW_TAGS
        and (tags**2 <= MAX_REOPENED or tags * len(_FORMATS.findall(html)) <= MAX_REOPENED)
        and _PLAIN.match(html) is not None
    )


def _follow(tags: Iterable[tuple[str, str, str]]) -> bool:
    """Count what is open tag by tag; False where a script stands in a drawing, since there it is markup."""
    open_elements: dict[str, int] = {"svg": 0, "math": 0}
    number = depth = formatting = reopened = 0
    for number, (raw, name, rest) in enumerate(tags, 1):
        reopened += formatting
        if len(rest) > 2 * MAX_ATTRIBUTES:  # an attribute takes two characters or more
            _refuse_over(MAX_ATTRIBUTES, len(_ATTRIBUTE.findall(rest)), "attributes on one tag")
        if name in _NEVER_DEEP or (name := name.lower()) in _NEVER_DEEP:
            continue
        if name[0] == "/":
            if open_elements.get(name[1:]):
                open_elements[name[1:]] -= 1
                depth -= 1
                formatting -= name[1:] in _FORMATTING
            continue
        foreign = open_elements["svg"] or open_elements["math"]
        if raw:
            if foreign:
                return False
        elif not (foreign and rest.endswith("/")):
            open_elements[name] = open_elements.get(name, 0) + 1
            depth += 1
            formatting += name in _FORMATTING
            if depth > MAX_DEPTH or reopened > MAX_REOPENED or number > MAX_TAGS:
                break
    _refuse_over(MAX_DEPTH, depth, "levels of nesting")
    _refuse_over(MAX_REOPENED, reopened, "formatting elements to open again")
    _refuse_over(MAX_TAGS, number, "tags")
    return True


def _tags(html: str) -> Iterator[tuple[str, str, str]]:
    """What `_MARKUP` finds one by one, with the tags in the scripts of a drawing."""
    drawings = {"svg": 0, "math": 0}
    found = _MARKUP.finditer(html)
    while match := next(found, None):
        raw, name, rest = match.groups(default="")
        foreign = any(drawings.values())
        if raw and foreign:
            raw, found = "", _MARKUP.finditer(html, match.end(3))
        kind = name.lower().removeprefix("/")
        if kind in drawings and not (foreign and rest.endswith("/")):
            drawings[kind] = max(drawings[kind] + (-1 if name[0] == "/" else 1), 0)
        yield raw, name, rest


def _refuse_over(limit: int, measured: int, what: str) -> None:
    if measured > limit:
        raise SkipDocument(Reason.HOSTILE_MARKUP, f"at least {measured:,} {what}, the limit is {limit:,}")
