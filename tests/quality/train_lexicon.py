"""Learns the weights of words (`cleaners/model/lexicon.py`) from labelled lines: part of `train_text`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import numpy.typing as npt
from scipy import optimize, sparse, special

from tests.quality import dumps

LEAST_SITES = 8  # that use a word: one of fewer would be learnt by heart
RIDGE = 1e-4
ROUNDS = 60
STEPS = 127  # weights are whole numbers of so many steps at most


@dataclass(frozen=True)
class Counts:
    """How often each of `words` stands on the lines of weight, over the root of the line's length."""

    words: tuple[str, ...]
    rows: sparse.csr_matrix


@dataclass(frozen=True)
class Lexicon:
    """Whole numbers a word, and how much log-odds one is worth."""

    numbers: dict[str, int]
    step: float

    @property
    def weights(self) -> dict[str, float]:
        """As the judge uses them."""
        return {word: number * self.step for word, number in self.numbers.items()}


def counts(found: Sequence[dumps.Dump], counted: npt.NDArray[np.bool_]) -> Counts:
    """The words of those lines of all dumps that ``counted`` marks, one row each."""
    lines = [(d.site, block.text) for d in found for block in d.blocks]
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    sites: defaultdict[str, int] = defaultdict(count().__next__)
    tokens, owner, place = [], [], []
    for row, line in enumerate(np.flatnonzero(counted)):
        site, text = lines[line]
        said = [numbers[word] for word in dumps.WORD.findall(text.lower())]
        tokens += said
        owner += [row] * len(said)
        place += [sites[site]] * len(said)
    ids, rows = np.array(tokens), np.array(owner)
    pairs = np.unique(np.array(place) * len(numbers) + ids) % len(numbers)
    known = np.flatnonzero(np.bincount(pairs, minlength=len(numbers)) >= LEAST_SITES)
    size = int(counted.sum())
    lengths = np.bincount(rows, minlength=size)
    table = sparse.csr_matrix((1 / np.sqrt(lengths[rows]), (rows, ids)), shape=(size, len(numbers)))
    words = tuple(numbers)
    return Counts(tuple(words[number] for number in known), table[:, known])


def learn(
    said: Counts, target: npt.NDArray[np.int64], weight: npt.NDArray[np.float64], chosen: npt.NDArray[np.bool_]
) -> Lexicon:
    """Logistic regression with a ridge on the ``chosen`` lines, by L-BFGS (Liu and Nocedal, 1989)."""
    rows, is_content = said.rows[chosen], target[chosen].astype(float)
    turned = rows.T.tocsr()
    share = weight[chosen] / weight[chosen].sum()

    def loss(values: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        odds = rows @ values[:-1] + values[-1]
        slope = share * (special.expit(odds) - is_content)
        total = share @ (np.logaddexp(0, odds) - is_content * odds) + RIDGE / 2 * values[:-1] @ values[:-1]
        return float(total), np.append(turned @ slope + RIDGE * values[:-1], slope.sum())

    start = np.zeros(len(said.words) + 1)
    found = optimize.minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS}).x[:-1]
    step = float(np.abs(found).max()) / STEPS
    whole = np.round(found / step).astype(int)
    return Lexicon({word: int(n) for word, n in zip(said.words, whole, strict=True) if n}, step)
