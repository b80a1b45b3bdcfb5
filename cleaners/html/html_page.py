"""An HTML page as its judge sees it: what it says of itself, and its blocks."""

from __future__ import annotations

import html as markup
import re
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser

from tamis.cleaners.html.blocks import HtmlBlock, read_blocks
from tamis.cleaners.html.guard import check_markup
from tamis.cleaners.html.head import Head, read_head
from tamis.cleaners.html.jsonld import article_node
from tamis.cleaners.html.metadata import PageMetadata, metadata_of
from tamis.cleaners.html.positions import Likeness

_PARAGRAPH = re.compile(r"</?(?:p|br|div|li|h\d)\b[^<>]*>", re.I)
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, slots=True)
class HtmlPage:
    """A page read: its metadata, what its blocks can be compared with, and its blocks in reading order."""

    metadata: PageMetadata
    like: Likeness
    blocks: tuple[HtmlBlock, ...]


def read_page(html: str, url: str | None = None) -> HtmlPage:
    """Read a decoded page that came from ``url``.

    Raises SkipDocument (``hostile_markup``).
    """
    check_markup(html)
    tree = LexborHTMLParser(html)
    head = read_head(tree)
    metadata = metadata_of(head, url)
    return HtmlPage(metadata, _likeness(head, metadata, url), tuple(_blocks(tree)))


def _blocks(tree: LexborHTMLParser) -> list[HtmlBlock]:
    """The blocks, read as a whole where most of the text stands in what calls itself furniture."""
    blocks = read_blocks(tree)
    outside = sum(block.words for block in blocks if not block.owner.furniture)
    return blocks if 4 * outside >= sum(block.words for block in blocks) else read_blocks(tree, whole=True)


def _likeness(head: Head, metadata: PageMetadata, url: str | None) -> Likeness:
    article = article_node(head.nodes, [a for a in (url, metadata.canonical, head.meta("og:url")) if a]) or {}
    body = article.get("articleBody")
    return Likeness(
        title=metadata.title or "",
        description=head.meta("og:description", "description") or "",
        body=markup.unescape(_TAG.sub(" ", _PARAGRAPH.sub("\n", body))) if isinstance(body, str) else "",
    )
