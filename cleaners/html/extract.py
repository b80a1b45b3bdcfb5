"""From the markup of a page to its blocks, each with its verdict."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from tamis.cleaners.html.blocks import HtmlBlock
from tamis.cleaners.html.elements import Element
from tamis.cleaners.html.html_page import HtmlPage, read_page
from tamis.cleaners.html.judge import keep, probabilities
from tamis.cleaners.html.metadata import PageMetadata
from tamis.cleaners.html.page_type import PageRefusal, refuse
from tamis.cleaners.html.rescue import rescue
from tamis.cleaners.html.tree import tokens
from tamis.cleaners.normalise import normalise
from tamis.cleaners.records import Block, Kind, Label, Verdict
from tamis.cleaners.vocabulary import fold

CONTENT_RULE, REMOVED_RULE = "html.content", "html.removed"
FURNITURE_RULE, TITLE_RULE, CAPTION_RULE = "html.furniture", "html.title", "html.caption"
_BY_TAG = {
    "figcaption": Label.CAPTION,
    "nav": Label.NAVIGATION,
    "footer": Label.COPYRIGHT,
    "time": Label.DATELINE,
}
_CAPTION, _FEW = "caption", 2
Told = dict[Element, tuple[Label, str] | None]


@dataclass(frozen=True, slots=True)
class Extraction:
    """A page cut into blocks, one verdict a block in order; ``refusal`` says why it is no article, if so."""

    metadata: PageMetadata
    blocks: tuple[Block, ...]
    verdicts: tuple[Verdict, ...]
    refusal: PageRefusal | None


def extract(html: str, url: str | None = None) -> Extraction:
    """Cut and judge a decoded page that came from ``url``.

    Lists and tables are Markdown, one block an item or row. Raises SkipDocument (``hostile_markup``).
    """
    page = read_page(html, url)
    judged = probabilities(page)
    kept = keep(page, judged).tolist()
    blocks = [_block(page, index) for index in range(len(page.blocks))]
    told: Told = {}
    set_apart = captions(page.blocks, kept)
    verdicts = [
        _verdict(page, index, p, told, content=k, caption=index in set_apart)
        for index, (p, k) in enumerate(zip(judged.tolist(), kept, strict=True))
    ]
    shown = " ".join(block.text for block, k in zip(page.blocks, kept, strict=True) if k)
    found = rescue(page, html, shown)
    if found is not None:
        source, lines = found
        for line in map(normalise, lines):
            verdicts.append(Verdict(len(blocks), Label.CONTENT, f"html.rescue.{source}", 0.6))
            blocks.append(Block(len(blocks), line, Kind.PARAGRAPH, blank_before=True))
    refusal = refuse(page, kept) if found is None else None
    return Extraction(page.metadata, tuple(blocks), tuple(verdicts), refusal)


def _block(page: HtmlPage, index: int) -> Block:
    found = page.blocks[index]
    text = found.text
    if found.kind is Kind.LIST_ITEM and not found.broken:
        text = f"- {text}"
    elif found.kind is Kind.TABLE and _heads_table(page, index):
        text += "\n" + "| --- " * max(text.count("|") - 1, 1) + "|"
    return Block(index, text, found.kind, blank_before=not found.broken)


def _heads_table(page: HtmlPage, index: int) -> bool:
    above = page.blocks[index - 1] if index else None
    return above is None or _table(above.owner) is not _table(page.blocks[index].owner)


def _table(element: Element) -> Element | None:
    return next((around for around in element.path if around.tag == "table"), None)


def _verdict(page: HtmlPage, index: int, probability: float, told: Told, *, content: bool, caption: bool) -> Verdict:
    block = page.blocks[index]
    if is_title(page, block):
        return Verdict(index, Label.TITLE, TITLE_RULE, 0.95)
    if caption:
        return Verdict(index, Label.CAPTION, CAPTION_RULE, 0.9)
    if content:
        return Verdict(index, Label.CONTENT, CONTENT_RULE, max(probability, 0.5))
    label, why = boilerplate_kind(block, told)
    if block.owner.furniture:
        label = Label.NAVIGATION if label is Label.OTHER else label
        return Verdict(index, label, FURNITURE_RULE, max(1 - probability, 0.5), why)
    return Verdict(index, label, REMOVED_RULE, max(1 - probability, 0.5), why)


def is_title(page: HtmlPage, block: HtmlBlock) -> bool:
    """Whether a block prints the page's title once more."""
    return block.owner.tag in ("h1", "h2") and fold(block.text) == fold(page.metadata.title or "")


def captions(blocks: Sequence[HtmlBlock], kept: Sequence[bool]) -> set[int]:
    """Which of the ``kept`` blocks are captions, by their element or by their names.

    Names are not believed where they would take most of the text: a show of pictures is told by its captions.
    """
    told = [index for index, keep in enumerate(kept) if keep and _is_named_caption(blocks[index])]
    by_name = sum(blocks[index].words for index in told)
    believed = 2 * by_name <= sum(block.words for block, keep in zip(blocks, kept, strict=True) if keep)
    by_element = {index for index, keep in enumerate(kept) if keep and blocks[index].kind is Kind.CAPTION}
    return by_element.union(told if believed else ())


def _is_named_caption(block: HtmlBlock) -> bool:
    """Whether its names say so, or those of an element around it that holds little else."""
    around = block.owner.parent
    return _CAPTION in tokens(block.owner.names) or (
        around is not None and around.children <= _FEW and _CAPTION in tokens(around.names)
    )


def boilerplate_kind(block: HtmlBlock, told: Told) -> tuple[Label, str]:
    """The kind that a block is if it is boilerplate, by the names nearest to it, and which name told.

    ``told`` remembers what each element of the page tells of the blocks in it.
    """
    return (block.inner and _told_by(block.inner)) or _around(block.owner, told) or (Label.OTHER, "")


def _around(element: Element, told: Told) -> tuple[Label, str] | None:
    unknown = []
    while element.parent is not None and element not in told:
        unknown.append(element)
        element = element.parent
    found = told.get(element)
    for inner in reversed(unknown):
        by_tag = _BY_TAG.get(inner.tag)
        found = told[inner] = _told_by(inner.names) or ((by_tag, inner.tag) if by_tag else found)
    return found


@lru_cache(maxsize=20_000)
def _told_by(names: str) -> tuple[Label, str] | None:
    known = _kinds()
    said = tokens(names)
    return None if known.keys().isdisjoint(said) else next((known[token], token) for token in said if token in known)


@cache
def _kinds() -> Mapping[str, Label]:
    table: dict[str, list[str]] = tomllib.loads(files(__package__).joinpath("labels.toml").read_text(encoding="utf-8"))
    return {name: Label(label) for label, names in table.items() for name in names}
