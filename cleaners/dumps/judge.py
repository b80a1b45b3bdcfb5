"""The judge of text dumps: a forest and a network over what each line looks like, says, and stands among.

Both judge from the same columns, and err differently: the mean of their log-odds is nearer the truth than either.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from tamis.cleaners.dumps import features
from tamis.cleaners.model import forest, network
from tamis.cleaners.model.cues import WORD
from tamis.cleaners.model.lexicon import Weights
from tamis.cleaners.records import Block

NAMES = (*features.NAMES, *features.LEXICAL)
Probabilities = npt.NDArray[np.float64]
Kept = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class DumpThresholds:
    """How probabilities become a decision; the values were chosen on the curve (README of this folder)."""

    threshold: float = 0.17
    heading_words: int = 12
    heading_threshold: float = 0.05
    paragraph_words: int = 20
    short_document: int = 60
    least: float = 0.3


def probabilities(blocks: Sequence[Block]) -> Probabilities:
    """P(content) of each block of one text dump, in order. An empty sequence gives an empty array."""
    if not blocks:
        return np.zeros(0)
    model = _model()
    return together(model.forest, model.net, rows(blocks, model.weights, model.names))


def together(grown: forest.Forest, trained: network.Net, lines: npt.NDArray[np.float32]) -> Probabilities:
    """P(content) of each line of one document by both models."""
    probability: Probabilities = 1 / (1 + np.exp(-(grown.raw(lines) + trained.raw(lines)) / 2))
    return probability


def rows(blocks: Sequence[Block], weights: Weights, names: Sequence[str] = NAMES) -> npt.NDArray[np.float32]:
    """Compute the features of one document's blocks; newlines within a block count as spaces."""
    texts = [block.text.replace("\n", " ") for block in blocks]
    return features.matrix(texts, [block.blank_before for block in blocks], names, weights)


def keep(blocks: Sequence[Block], judged: Probabilities, choice: DumpThresholds = DumpThresholds()) -> Kept:
    """Which blocks to keep: content is precious, so a block goes only where it is probably boilerplate.

    Short lines between two paragraphs need more proof; and a document is never emptied: where next to nothing would
    be left of it, its likeliest blocks stay.
    """
    words = np.array([len(WORD.findall(block.text)) for block in blocks], dtype=np.int64)
    kept = decide(judged, words, choice)
    # A table's ruler has no word of its own: it goes the way of the row above it.
    for place, block in enumerate(blocks[1:], 1):
        if words[place] == 0 and block.text.startswith("|"):
            kept[place] = kept[place - 1]
    return kept


def decide(judged: Probabilities, words: npt.NDArray[np.int64], choice: DumpThresholds) -> Kept:
    """`keep` on bare arrays."""
    if not len(judged):
        return np.zeros(0, dtype=bool)
    kept = judged > choice.threshold
    # What stands between two kept paragraphs is a subheading rather than a widget.
    paragraph = np.concatenate(([False], kept & (words >= choice.paragraph_words), [False]))
    between = paragraph[:-2] & paragraph[2:] & (words <= choice.heading_words)
    kept |= between & (judged > choice.heading_threshold)
    if words[kept].sum() < min(choice.short_document, words.sum() / 4):
        kept |= judged >= min(choice.least, float(judged[words > 0].max(initial=0.0))) / 2
    return kept


@dataclass(frozen=True, slots=True)
class _Model:
    """What text.model and text.net hold; ``names`` are the features they know, ``weights`` those of words."""

    names: tuple[str, ...]
    weights: Weights
    forest: forest.Forest
    net: network.Net


@cache
def _model() -> _Model:
    folder = resources.files("tamis.cleaners.dumps")
    header, forests = forest.loads(folder.joinpath("text.model").read_bytes())
    facts, trained = network.loads(folder.joinpath("text.net").read_bytes())
    missing = set(header["names"]) - {*features.NAMES, *features.LEXICAL}
    if missing or len(forests) != 1:
        wanted = ", ".join(sorted(missing)) or "one forest"
        raise ValueError(f"text.model asks for {wanted}: train it again (tests/quality/train_text.py)")
    if facts["names"] != header["names"]:
        raise ValueError("text.net knows other features than text.model: train both (tests/quality/train_text.py)")
    weights = {word: number * header["lexicon_step"] for word, number in header["lexicon"].items()}
    return _Model(tuple(header["names"]), weights, *forests, trained)
