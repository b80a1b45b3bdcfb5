"""What single words say of a line, as learnt: words of consent, comments and offers against words of reports.

A linear model of the words (logistic regression; Cox, 1958), trained on all languages at once and stored beside
the forests. Words that few sites use are not in it: they would name the training pages.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from tamis.cleaners.model.arrays import ahead, shift, window
from tamis.cleaners.model.shapes import Array
from tamis.cleaners.model.words import Words

Weights = Mapping[str, float]
"""The log-odds that a word adds in favour of content, in lower case."""


def score(words: Words, weights: Weights) -> Array:
    """Sum each line's word weights over the root of its length."""
    lengths = np.diff(words.bounds)
    each = np.array([weights.get(word, 0.0) for word in words.known])
    summed = np.bincount(words.line, weights=each[words.ids], minlength=len(lengths))
    return (summed / np.sqrt(np.maximum(lengths, 1))).astype(np.float32)


def columns(scored: Array, words: Array, prose: Array) -> dict[str, Array]:
    """Named columns: the score itself, against that of the document's prose, and of the neighbours.

    Against the prose, because in a language of which few words are known every score is near nothing.
    """
    usual = np.average(scored, weights=words * prose + 1e-3)
    mass = np.sqrt(words + 1)
    around = window(scored * mass, 4) / np.maximum(window(mass, 4), 1e-6)
    out = {
        "lexicon": scored,
        "lexicon_own": scored - usual,
        "lexicon~1": window(scored, 1),
        "lexicon~3": window(scored, 3),
        "lexicon~8": window(scored, 8),
        "lexicon~25": window(scored, 25),
        "lexicon_own~4": around - usual,
        "lexicon@-1": shift(scored, 1, 0.0),
        "lexicon@+1": shift(scored, -1, 0.0),
        "lexicon>15": ahead(scored, 15),
        "lexicon>5": ahead(scored, 5),
        "lexicon<5": ahead(scored[::-1], 5)[::-1],
        "doc_lexicon": np.full(len(scored), usual),
    }
    return {name: np.asarray(column, dtype=np.float32) for name, column in out.items()}
