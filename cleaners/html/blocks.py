"""Everything a page shows, in reading order, as blocks that remember where in the tree they stood.

One pass over the tree of lexbor. A block is the text of one block element between two that break the line:
text straight in a ``div``, a piece between two ``<br>`` and a row of a data table are blocks too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from tamis.cleaners.html.elements import Element, enter
from tamis.cleaners.html.tags import INLINE, UNSEEN
from tamis.cleaners.normalise import normalise
from tamis.cleaners.records import Kind

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_VOID = frozenset(("br", "img", "input", "wbr", "link", "meta", "source", "area", "track"))
_PRESSED = frozenset(("a", "button", "label"))
_SPANS = INLINE - _PRESSED  # at whose edges nothing happens
_CELLS = frozenset(("td", "th"))
_STRONG = frozenset(("b", "strong"))
_KINDS = {
    **dict.fromkeys(_HEADINGS, Kind.HEADING),
    **dict.fromkeys(("li", "dd", "dt"), Kind.LIST_ITEM),
    "blockquote": Kind.QUOTE,
    "figcaption": Kind.CAPTION,
    "pre": Kind.CODE,
}
_TEXT, _NO_ELEMENT = "-text", ("", "-comment", "!doctype", "-cdata", "-pi")
_LAYOUT = "table, ul, ol, h1, h2, h3, h4, form, article, section, figure"
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class HtmlBlock:
    """A block of a page. ``owner`` is its block element; the counts are of words, by where they stand.

    ``said`` are its words in lower case, none for the page's furniture, which is not looked into.
    """

    text: str
    kind: Kind
    owner: Element
    words: int
    linked: int
    pressed: int
    strong: int
    links: int
    images: int
    inner: str
    broken: bool = False
    said: Sequence[str] = ()


@dataclass(slots=True)
class _Reader:
    """The text read so far that no block holds yet, and the blocks."""

    blocks: list[HtmlBlock] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    owner: Element | None = None
    marked: list[tuple[str, bool, bool, bool]] = field(default_factory=list)
    """Pieces that are linked, pressed or strong."""
    links: int = 0
    images: int = 0
    inner: str = ""
    broken: bool = False
    apart: bool = False

    def read(self, text: str, at: Element, owner: Element) -> None:
        """Add text that stands in ``at`` to the block of ``owner``, which no white space begins."""
        if self.owner is not owner:
            if text.isspace():
                return
            if self.owner is not None:
                self.flush()
            self.owner = owner
        self.apart = False
        self.pieces.append(text)
        if at is not owner:
            if at.linked or at.pressed or at.tag in _STRONG:
                self.marked.append((text, at.linked, at.pressed, at.tag in _STRONG))
            if not self.inner:
                self.inner = at.names
        elif at.linked:
            self.marked.append((text, True, False, False))

    def flush(self) -> None:
        """End the block being read."""
        owner = self.owner
        if owner is not None:
            text = "".join(self.pieces)
            text = normalise(text).strip("\n") if owner.preformatted else normalise(" ".join(text.split()))
            said = _WORD.findall(text.lower())
            words = len(said)
            if words:
                kind = Kind.TABLE if owner.tag == "tr" else _kind(owner)
                linked, pressed, strong = self._counts(words) if self.marked else (0, 0, 0)
                self.blocks.append(
                    HtmlBlock(
                        text,
                        kind,
                        owner,
                        words,
                        linked,
                        pressed,
                        strong,
                        self.links,
                        self.images,
                        self.inner,
                        self.broken,
                        said,
                    )
                )
                self.links = self.images = 0
            self.pieces.clear()
            self.marked.clear()
            self.owner = None
            self.inner = ""
        self.broken = False

    def _counts(self, words: int) -> tuple[int, int, int]:
        """How many of the block's words are linked, pressed and strong."""
        if len(self.pieces) == 1:
            ((_, *kinds),) = self.marked
            linked, pressed, strong = (words * kind for kind in kinds)
            return linked, pressed, strong
        linked = pressed = strong = 0
        for text, is_linked, is_pressed, is_strong in self.marked:
            size = len(_WORD.findall(text))
            linked += size * is_linked
            pressed += size * is_pressed
            strong += size * is_strong
        return min(linked, words), min(pressed, words), min(strong, words)

    def furniture(self, node: LexborNode, owner: Element) -> None:
        """Add all text of a part of the page that no article has its text in, as one block."""
        text = normalise(node.text(separator="\n", strip=True))
        words = len(_WORD.findall(text))
        if words:
            self.blocks.append(HtmlBlock(text, Kind.PARAGRAPH, owner, words, 0, 0, 0, 0, 0, ""))


def read_blocks(tree: LexborHTMLParser, *, whole: bool = False) -> list[HtmlBlock]:
    """The blocks of all text in the body, hidden text too (it is marked). The tree loses what nobody sees.

    Navigation, footers and dialogs of the page are one block each, or parted like all the rest in a ``whole`` reading.
    """
    tree.strip_tags(list(UNSEEN), recursive=True)
    body = tree.body
    if body is None:
        return []
    reader = _Reader()
    element = owner = Element("body", None, 0, own=whole)
    around: list[tuple[LexborNode, Element, Element]] = []
    node = body.child
    while node is not None or around:
        if node is None:
            _leave(reader, element)
            node, element, owner = around.pop()
            node = node.next
            continue
        tag = node.tag or ""
        if tag == _TEXT:
            reader.read(node.text_content or "", element, owner)
        elif tag in _VOID:
            _void(reader, tag, element, owner)
        elif tag not in _NO_ELEMENT:
            inside = enter(node, tag, element)
            below = node.child
            if inside.furniture:
                reader.flush()
                reader.furniture(node, inside)
            elif below is not None or tag not in INLINE:
                around.append((node, element, owner))
                if tag not in _SPANS:
                    owner = _enter(reader, node, inside, owner)
                element, node = inside, below
                continue
        node = node.next
    reader.flush()
    return reader.blocks


def _void(reader: _Reader, tag: str, parent: Element, owner: Element) -> None:
    """An element without content: a line break, a picture, or nothing to read."""
    if tag != "br":
        parent.children += 1
        reader.images += tag == "img"
    elif owner.tag in _HEADINGS or owner.tag == "tr" or owner.preformatted:
        reader.read("\n", owner, owner)
    else:
        goes_on = reader.owner is not None
        reader.flush()
        reader.broken = goes_on


def _enter(reader: _Reader, node: LexborNode, element: Element, owner: Element) -> Element:
    """The block element that the text straight in this element belongs to."""
    tag = element.tag
    if tag in _PRESSED:
        reader.links += tag == "a"
        if reader.apart:  # two links side by side are two words, though no space stands between
            reader.read(" ", owner, owner)
        return owner
    if owner.tag == "tr":  # inside a row of data everything is its text
        reader.read(_parting(tag, started=bool(reader.pieces)), owner, owner)
        return owner
    reader.flush()
    if tag == "tr" and not _is_data(node):
        element.tag = "tr-layout"
    return element


def _parting(tag: str, *, started: bool) -> str:
    """What stands before an element within a row of data."""
    if tag not in _CELLS:
        return " "
    return " | " if started else "| "


def _leave(reader: _Reader, element: Element) -> None:
    if element.tag in _PRESSED:
        reader.apart = bool(reader.pieces)
    elif reader.owner is element:
        if element.tag == "tr" and reader.pieces:
            reader.pieces.append(" |")
        reader.flush()


def _is_data(row: LexborNode) -> bool:
    """Whether a table row holds data: two cells or more, none built of tables, lists or headings."""
    cells = row.css("td, th")
    return len(cells) >= 2 and row.css_first(_LAYOUT) is None and len(row.text_content or "") < 400 * len(cells)


def _kind(owner: Element) -> Kind:
    element: Element | None = owner
    for _ in range(4):
        if element is None:
            break
        kind = _KINDS.get(element.tag)
        if kind is not None:
            return kind
        element = element.parent
    return Kind.PARAGRAPH
