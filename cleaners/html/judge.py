"""The judge of HTML blocks: two forests over what a block says and where it stands.

The second has heard what the first one thinks of the block's neighbours and of its relatives in the tree. The mean
of both loses fewer words than either.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from tamis.cleaners.html import positions, wording
from tamis.cleaners.html import tree as trees
from tamis.cleaners.html.blocks import HtmlBlock
from tamis.cleaners.html.html_page import HtmlPage
from tamis.cleaners.html.positions import Opinion
from tamis.cleaners.html.tree import Array, Tree
from tamis.cleaners.model import forest
from tamis.cleaners.model.arrays import shift, window
from tamis.cleaners.model.beliefs import beliefs
from tamis.cleaners.model.words import numbered

Probabilities = npt.NDArray[np.float64]
Kept = npt.NDArray[np.bool_]
Rows = npt.NDArray[np.float32]

NAMES = (
    "words", "capitalised", "uncapitalised", "closed", "meaningful", "shared", "shared_log", "shared_words", "lead",
    "cue_any", "cue_share", "personal", "since_comment", "since_byline", "prose_since_related", "prose_since_share",
    "prose_since_subscription", "prose_since_author", "words_part", "prose_before", "prose_words_before", "dense",
    "doc_prose", "doc_prose_words", "doc_median", "doc_cues", "doc_signs", "doc_closed", "doc_long_median",
    "link_share", "images", "depth", "is_div", "since_heading", "in_main", "in_figure", "in_li",
    "linked@up0", "blocks@up0", "children@up0", "words@up1", "share@up1", "linked@up1", "prose@up1", "children@up1",
    "share@up2", "linked@up2", "children@up2", "words@up3", "share@up3", "linked@up3", "blocks@up3", "children@up3",
    "linked@up5", "children@up5", "name_low@up0", "name_high@up0", "name_low@up1", "name_low@up2", "name_high@up3",
    "name_low", "name_high", "name_mean", "same_place", "same_place_words", "same_place_share", "same_text", "again",
    "like_title", "told", "in_body", "after_title", "below_core_0", "in_core_0", "core_words_0", "out_of_core_1",
    "below_core_1", "in_core_1", "core_words_1", "core_linked_1", "out_of_core_2", "below_core_2", "core_words_2",
    "core_linked_2",
)  # fmt: skip
"""The features that forests were found to need: of more than four times as many, none of the others helped."""
_WINDOWS = {
    2: ("link_share", "name_high", "in_core_1", "in_core_2"),
    6: ("cue_any", "shared", "same_text"),
    20: ("shared", "lead", "name_high", "in_core_1"),
}
_SHIFTS = {2: ("name_low", "name_high"), -1: ("in_core_1",), -2: ("in_core_1",)}
_FAMILY = ((1, "parent"), (2, "grandparent"), (3, "third"))
_HALF = 0.3
_SAME_WORDS = 8


@dataclass(frozen=True, slots=True)
class HtmlThresholds:
    """How probabilities become a decision; the values were chosen on the curve (README of this folder)."""

    threshold: float = 0.5
    long_words: int = 40
    long_threshold: float = 0.3
    short_document: int = 40
    least: float = 0.3


def candidates(blocks: Sequence[HtmlBlock]) -> list[int]:
    """The blocks worth judging: those outside of the page's furniture."""
    return [place for place, block in enumerate(blocks) if not block.owner.furniture]


def probabilities(page: HtmlPage) -> Probabilities:
    """P(content) of each block of a page; 0 for furniture, which is not looked into."""
    judged = np.zeros(len(page.blocks))
    chosen = candidates(page.blocks)
    if not chosen:
        return judged
    blocks = [page.blocks[place] for place in chosen]
    model = _model()
    tree = trees.plant(blocks)
    rows = first_rows(blocks, tree, page, model.opinion)
    opinions = model.first.probability(rows)
    judged[chosen] = (opinions + model.second.probability(second_rows(rows, opinions, blocks, tree))) / 2
    return judged


def first_rows(blocks: Sequence[HtmlBlock], tree: Tree, page: HtmlPage, opinion: Opinion) -> Rows:
    """The first forest's features, one row a block: what it says, where it stands, and its neighbours."""
    texts = [block.text.replace("\n", " ") for block in blocks]
    words = numbered([block.said for block in blocks])
    sizes = np.array([block.words for block in blocks], dtype=np.float32)
    named = wording.columns(texts, words, sizes) | positions.columns(blocks, tree, words, page.like, opinion)
    return np.concatenate((_table(named, NAMES), *_neighbours(named))).T


def _neighbours(named: Mapping[str, Array]) -> Iterator[Rows]:
    """The means of some features around each block, and what the blocks above and below it have."""
    for reach, names in _WINDOWS.items():
        yield window(_table(named, names), reach)
    for by, names in _SHIFTS.items():
        yield shift(_table(named, names), by)


def _table(named: Mapping[str, Array], names: Collection[str]) -> Rows:
    """These features one a row; row by row, since numpy takes its time to find out what a list of arrays holds."""
    table = np.empty((len(names), len(next(iter(named.values())))), dtype=np.float32)
    for row, name in zip(table, names, strict=True):
        row[:] = named[name]
    return table


def second_rows(rows: Rows, first: Probabilities, blocks: Sequence[HtmlBlock], tree: Tree) -> Rows:
    """The second forest's features: the first one's, and what it believes of neighbours and relatives."""
    words = np.array([block.words for block in blocks], dtype=np.float32)
    company = beliefs(first, words) | _kin(first, words, tree)
    return np.concatenate((rows.T, _table(company, company))).T


def keep(page: HtmlPage, judged: Probabilities, choice: HtmlThresholds = HtmlThresholds()) -> Kept:
    """Which blocks to keep. A paragraph that stands there twice, for two widths of screen, is kept once.

    Long blocks need more proof to go than short ones, and a page is never emptied.
    """
    words = np.array([block.words for block in page.blocks], dtype=np.int64)
    kept = judged > np.where(words >= choice.long_words, choice.long_threshold, choice.threshold)
    if words[kept].sum() < min(choice.short_document, words.sum() / 4):
        kept |= judged >= max(min(choice.least, float(judged.max(initial=0.0))) / 2, 1e-6)
    seen: set[str] = set()
    for place in np.flatnonzero(kept):
        block = page.blocks[place]
        if block.words >= _SAME_WORDS:
            kept[place] = block.text not in seen
            seen.add(block.text)
    return kept


def opinion_of(table: Mapping[str, float]) -> Opinion:
    """What the names of an element speak for, by a table of log-odds; a name not in it says nothing."""

    @lru_cache(maxsize=20_000)
    def opinion(names: str) -> tuple[float, float]:
        said = [table[token] for token in trees.tokens(names) if token in table]
        return (min(0.0, *said), max(0.0, *said)) if said else (0.0, 0.0)

    return opinion


def log_odds(sites: float, content: float, prior: float) -> float:
    """How much likelier a block under a name is content; ``content`` sums its share of content by site."""
    share = min(max((content + 2 * prior) / (sites + 2), 0.01), 0.99)
    return math.log(share / (1 - share)) - math.log(prior / (1 - prior))


def _kin(first: Probabilities, words: Array, tree: Tree) -> dict[str, Array]:
    """The first opinion on the other blocks of the same containers and of places of the same form."""
    weight = np.sqrt(words + 1).astype(np.float64)
    groups = {name: tree.up[min(level, len(tree.up) - 1)] for level, name in _FAMILY} | {"form": tree.forms}
    out: dict[str, Array] = {}
    for name, group in groups.items():
        mass, count = np.bincount(group, weights=weight), np.bincount(group)
        belief = np.bincount(group, weights=first * weight)
        others = (belief[group] - first * weight + _HALF) / (mass[group] - weight + 1)
        out[f"p_{name}"], out[f"size_{name}"] = (
            others.astype(np.float32),
            np.log1p(count[group]).astype(np.float32),
        )
    return out


@dataclass(frozen=True, slots=True)
class _Model:
    """What html.model holds."""

    first: forest.Forest
    second: forest.Forest
    opinion: Opinion


@cache
def _model() -> _Model:
    header, forests = forest.loads(resources.files("tamis.cleaners.html").joinpath("html.model").read_bytes())
    if tuple(header["names"]) != NAMES or len(forests) != 2:
        raise ValueError("html.model was trained on other features: train it again (tests/quality/train_html.py)")
    return _Model(*forests, opinion_of(header["tokens"]))
