"""What a page states of itself in its markup: metas, JSON-LD, headings, the stamps beside its title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tamis.cleaners.html.jsonld import Node, read_nodes

_LONG = 120
_PARAGRAPHS_BELOW_TITLE = 2
_DATE_CLASS = re.compile("publi|[dD]ate|time")
_AUTHOR_CLASS = re.compile("[aA]uthor|[bB]yline")
_OTHERS = frozenset(("aside", "nav", "footer", "li", "form"))


@dataclass(frozen=True, slots=True)
class Head:
    """The evidence of one page, uninterpreted; ``stamps`` are (attribute or None, text) beside the title."""

    metas: Mapping[str, tuple[str, ...]]
    nodes: tuple[Node, ...]
    title: str
    headings: tuple[str, ...]
    language: str
    canonical: str
    stamps: tuple[tuple[str | None, str], ...]
    bylines: tuple[str, ...]

    def meta(self, *names: str) -> str | None:
        """The first value of the first of these metas that is there."""
        return next((value for name in names for value in self.metas.get(name, ())), None)


def read_head(tree: LexborHTMLParser) -> Head:
    """Collect a page's own statements about itself; nothing is judged yet."""
    root = tree.root
    scripts = [node.text() for node in tree.css('script[type*="ld+json"]')]
    canonical = tree.css_first("link[rel~=canonical]")
    title = tree.css_first("title")
    stamps, bylines = _beside_title(tree)
    return Head(
        metas=_metas(tree.css("meta[content]")),
        nodes=tuple(read_nodes(scripts)),
        title=_folded(title.text() if title else ""),
        headings=tuple(text for h in tree.css("h1") if (text := _folded(h.text(separator=" ")))),
        language=(root.attributes.get("lang") or root.attributes.get("xml:lang") or "") if root else "",
        canonical=(canonical.attributes.get("href") or "").strip() if canonical else "",
        stamps=stamps,
        bylines=bylines,
    )


def _metas(elements: Iterable[LexborNode]) -> dict[str, tuple[str, ...]]:
    metas: dict[str, tuple[str, ...]] = {}
    for element in elements:
        attributes = element.attributes
        content = " ".join((attributes.get("content") or "").split())
        name = (
            attributes.get("property")
            or attributes.get("name")
            or attributes.get("itemprop")
            or attributes.get("http-equiv")
        )
        if content and name:
            key = name.strip().lower()
            metas[key] = (*metas.get(key, ()), content)
    return metas


def _beside_title(tree: LexborHTMLParser) -> tuple[tuple[tuple[str | None, str], ...], tuple[str, ...]]:
    """Dates and authors between the title and the second long paragraph below it, in document order.

    What stands in a link list, an aside or a footer belongs to other pages.
    """
    stamps: list[tuple[str | None, str]] = []
    bylines: list[str] = []
    paragraphs = 0
    for element in _from(tree.css_first("h1") or tree.body):
        tag, attributes = element.tag, element.attributes
        dated, signed = _is_date(tag, attributes), _is_author(attributes)
        if tag == "h1" or not (tag == "p" or dated or signed):
            continue
        text = _folded(element.text(separator=" "))
        paragraphs += tag == "p" and len(text) >= _LONG
        if paragraphs > _PARAGRAPHS_BELOW_TITLE:
            break
        if not (dated or signed) or len(text) > _LONG or _belongs_to_others(element):
            continue
        if signed:
            bylines.append(text)
        else:
            stamps.append((attributes.get("datetime") or attributes.get("content"), text))
    return tuple(stamps), tuple(bylines)


def _from(node: LexborNode | None) -> Iterator[LexborNode]:
    """This element and all that begin after it, in document order."""
    while node is not None:
        if (node.tag or "-")[0].isalpha():  # else a text or a comment
            yield node
        following = node.child
        while following is None and node is not None:
            following, node = node.next, node.parent
        node = following


def _is_date(tag: str | None, attributes: Mapping[str, str | None]) -> bool:
    return (
        tag == "time"
        or bool(_DATE_CLASS.search(attributes.get("class") or ""))
        or "pubdate" in attributes
        or "datePublished" in (attributes.get("itemprop") or "").split()
    )


def _is_author(attributes: Mapping[str, str | None]) -> bool:
    return (
        bool(_AUTHOR_CLASS.search(attributes.get("class") or ""))
        or "author" in (attributes.get("rel") or "").split()
        or "author" in (attributes.get("itemprop") or "").split()
    )


def _belongs_to_others(element: LexborNode) -> bool:
    parent = element.parent
    for _ in range(6):
        if parent is None:
            return False
        if parent.tag in _OTHERS or (parent.tag == "a" and element.tag == "time"):
            return True
        parent = parent.parent
    return False


def _folded(text: str) -> str:
    return " ".join(text.split())
