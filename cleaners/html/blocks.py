"""Everything a page shows, in reading order, as blocks that remember where in the tree they stood.

One pass over the tree of lexbor. A block is the text of one block element between two that break the line:
text straight in a ``div``, a piece between two ``<br>`` and a row of a data table are blocks too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from selectolax.lexbor import LexborHTMLParser, LexborNode

from cleaners.html.tags import INLINE, UNSEEN
from cleaners.records import Kind

_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_VOID = frozenset(("img", "input", "wbr", "link", "meta", "source", "area", "track"))
_PRESSED = frozenset(("a", "button", "label"))
_CELLS = frozenset(("td", "th"))
_KINDS = {
    **dict.fromkeys(_HEADINGS, Kind.HEADING),
    **dict.fromkeys(("li", "dd", "dt"), Kind.LIST_ITEM),
    "blockquote": Kind.QUOTE,
    "figcaption": Kind.CAPTION,
    "pre": Kind.CODE,
}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_TEXT, _NO_ELEMENT = "-text", ("", "-comment", "!doctype", "-cdata", "-pi")
_LAYOUT = "table, ul, ol, h1, h2, h3, h4, form, article, section, figure"
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
_WORD = re.compile(r"\w+")


@dataclass(slots=True, eq=False)
class Element:
    """An element on the way to some text: its names, its place, and what it inherits from those around it.

    ``own`` says that it stands in the page's ``article`` or ``main``; ``furniture``, that it stands outside
    of them in a ``nav`` or ``footer``, where no article has its text.
    """

    tag: str
    parent: Element | None
    depth: int
    names: str = ""
    role: str = ""
    linked: bool = False
    pressed: bool = False
    hidden: bool = False
    preformatted: bool = False
    own: bool = False
    furniture: bool = False
    position: int = 0
    children: int = 0

    @property
    def path(self) -> tuple[Element, ...]:
        """The element and those around it, innermost first."""
        found, element = [], self
        while element is not None:
            found.append(element)
            element = element.parent  # type: ignore[assignment]
        return tuple(found)


@dataclass(slots=True)
class HtmlBlock:
    """A block of a page. ``owner`` is its block element; the counts are of words, by where they stand."""

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
    broken: bool


@dataclass(slots=True)
class _Reader:
    """The text read so far that no block holds yet, and the blocks."""

    blocks: list[HtmlBlock] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    linked: int = 0
    pressed: int = 0
    strong: int = 0
    links: int = 0
    images: int = 0
    inner: str = ""
    owner: Element | None = None
    row: Element | None = None
    broken: bool = False
    apart: bool = False

    def read(self, text: str, at: Element, owner: Element) -> None:
        self.apart = False
        if self.owner is not owner:
            self.flush()
            self.owner = owner
        self.pieces.append(text)
        if at is not owner:
            size = len(_WORD.findall(text)) if at.linked or at.pressed or at.tag in ("b", "strong") else 0
            self.linked += size * at.linked
            self.pressed += size * at.pressed
            self.strong += size * (at.tag in ("b", "strong"))
            if at.names and not self.inner:
                self.inner = at.names
        elif at.linked:
            self.linked += len(_WORD.findall(text))

    def flush(self, *, broken: bool = False) -> None:
        """End the block being read; ``broken`` says that a ``<br>`` did, so that the next goes on from it."""
        owner = self.owner
        if owner is not None and self.pieces:
            joined = "".join(self.pieces).translate(_INVISIBLE)
            text = joined.strip("\n") if owner.preformatted else " ".join(joined.split())
            words = len(_WORD.findall(text))
            if words:
                self._add(text, words, owner)
        self.pieces.clear()
        self.linked = self.pressed = self.strong = self.links = self.images = 0
        self.inner = ""
        self.owner = None
        self.broken = broken

    def _add(self, text: str, words: int, owner: Element) -> None:
        kind = Kind.TABLE if owner.tag == "tr" else _kind(owner)
        linked = min(self.linked, words)
        self.blocks.append(
            HtmlBlock(
                text,
                kind,
                owner,
                words,
                linked,
                self.pressed,
                self.strong,
                self.links,
                self.images,
                self.inner,
                self.broken,
            )
        )


def read_blocks(tree: LexborHTMLParser) -> list[HtmlBlock]:
    """The blocks of all text in the body, hidden text too (it is marked). The tree loses what nobody sees."""
    tree.strip_tags(list(UNSEEN), recursive=True)
    body = tree.body
    if body is None:
        return []
    reader = _Reader()
    root = Element("body", None, 0)
    open_elements: list[tuple[int, Element, Element]] = [(body.mem_id, root, root)]
    nodes = body.traverse(include_text=True)
    next(nodes)  # the body itself
    for node in nodes:
        tag = node.tag or ""
        above = node.parent.mem_id if node.parent else 0
        while open_elements[-1][0] != above and len(open_elements) > 1:
            _leave(reader, open_elements.pop()[1])
        _, element, owner = open_elements[-1]
        if tag == _TEXT:
            text = node.text_content or ""
            if reader.owner is owner or not text.isspace():
                reader.read(text, element, owner)
        elif tag not in _NO_ELEMENT:
            entered = _enter(reader, node, tag, element, owner)
            if entered is not None:
                open_elements.append(entered)
    while open_elements:
        _leave(reader, open_elements.pop()[1])
    reader.flush()
    return reader.blocks


def _enter(
    reader: _Reader, node: LexborNode, tag: str, parent: Element, owner: Element
) -> tuple[int, Element, Element] | None:
    """Open an element: (its node, itself, the block element its text belongs to); None for a line break."""
    if tag == "br":
        _break(reader, owner)
        return None
    if tag in ("img", "picture", "video"):
        reader.images += 1
    if tag in _VOID:
        parent.children += 1
        return None
    element = _element(node, tag, parent)
    if tag in INLINE:
        if tag in _PRESSED:
            reader.links += tag == "a"
            if reader.apart:  # two links side by side are two words, though no space stands between
                reader.read(" ", owner, owner)
        return node.mem_id, element, owner
    if owner.tag == "tr":  # inside a row of data everything is its text
        reader.read(_parting(tag, started=bool(reader.pieces)), owner, owner)
        return node.mem_id, element, owner
    if reader.owner is not None:
        reader.flush()
    reader.broken = False
    if tag == "tr" and not _is_data(node):
        element.tag = "tr-layout"
    return node.mem_id, element, element


def _parting(tag: str, *, started: bool) -> str:
    """What stands before an element within a row of data."""
    if tag not in _CELLS:
        return " "
    return " | " if started else "| "


def _element(node: LexborNode, tag: str, parent: Element) -> Element:
    parent.children += 1
    if parent.furniture:  # never looked into, so nothing but its text is needed
        return Element(tag, parent, parent.depth + 1, linked=parent.linked or tag == "a", furniture=True)
    attributes = node.attributes
    element = Element(
        tag,
        parent,
        parent.depth + 1,
        linked=parent.linked or (tag == "a" and "href" in attributes),
        pressed=parent.pressed or tag in ("button", "label"),
        hidden=parent.hidden,
        preformatted=parent.preformatted or tag == "pre",
        own=parent.own or tag in ("article", "main"),
        furniture=parent.furniture,
        position=parent.children,
    )
    if attributes:
        name, ident = attributes.get("class"), attributes.get("id")
        element.names = f"{name or ''} {ident or ''}".strip() if name or ident else ""
        element.role = attributes.get("role") or ""
        if not element.hidden:
            style = attributes.get("style")
            element.hidden = (
                "hidden" in attributes
                or attributes.get("aria-hidden") == "true"
                or (style is not None and _HIDDEN_STYLE.search(style) is not None)
            )
    if not element.own and (tag in ("nav", "footer") or element.role == "navigation"):
        element.furniture = True
    return element


def _leave(reader: _Reader, element: Element) -> None:
    if element.tag in _PRESSED and reader.pieces:
        reader.apart = True
    elif element.tag not in INLINE and reader.owner is element:
        if element.tag == "tr" and reader.pieces:
            reader.pieces.append(" |")
        reader.flush()


def _break(reader: _Reader, owner: Element) -> None:
    if owner.tag in _HEADINGS or owner.tag == "tr" or owner.preformatted:
        reader.read("\n", owner, owner)
    else:
        reader.flush(broken=True)


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
