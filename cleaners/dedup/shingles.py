"""Shingles and their sketch: a fixed fraction of all shingle hashes, the same in every run and everywhere.

FracMinHash (Irber et al. 2022, "Lightweight compositional analysis of metagenomes with FracMinHash"): the
hashes below a fixed share of the range are kept, so that two sketches estimate containment whatever the
lengths, which a MinHash of fixed size does not. Tokens are hashed by XXH3 (64 bit), shingles by a polynomial
over their tokens with the finaliser of SplitMix64 (Steele, Lea, Flood 2014).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import xxhash

from tamis.cleaners.dedup.normalise import units

VERSION = "fracminhash-5-8-1"  # goes up with any change that gives a text other hashes
SHINGLE = 5
FRACTION = 8
FLOOR = 16  # a short text keeps at least so many, its smallest

Hashes = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]

_LIMIT = np.uint64(2**64 // FRACTION)
_BASE = 0x9E3779B97F4A7C15
_POWERS = [np.uint64(pow(_BASE, power, 2**64)) for power in range(SHINGLE)]


def sketch(text: str) -> tuple[int, ...]:
    """The hashes that stand for ``text`` among all others, ascending; empty for a text without a word."""
    return tuple(sampled(distinct(shingles(units(text)))).tolist())


def shingles(words: Sequence[str]) -> Hashes:
    """The hash of each run of five units, in order; one hash of the whole where there are fewer."""
    tokens = np.fromiter(map(_TOKENS.__getitem__, words), np.uint64, len(words))
    if not words:
        return tokens
    width = min(SHINGLE, len(words))
    mixed = np.zeros(len(words) - width + 1, np.uint64)
    for offset in range(width):
        mixed += tokens[offset : offset + len(mixed)] * _POWERS[offset]
    return _finalise(mixed)


def distinct(hashes: Hashes) -> Hashes:
    """Each hash once, ascending."""
    ordered = np.sort(hashes)  # four times as fast as numpy.unique at the length of an article
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def among(hashes: Hashes, ascending: Hashes) -> Flags:
    """Which of ``hashes`` are in the other, which is sorted: at the length of an article five times numpy.isin."""
    if not len(ascending):
        return np.zeros(len(hashes), np.bool_)
    places = np.searchsorted(ascending, hashes)
    places[places == len(ascending)] = 0
    found: Flags = ascending[places] == hashes
    return found


def sampled(ascending: Hashes) -> Hashes:
    """Those of the distinct hashes of a text that its sketch keeps."""
    below = int(np.searchsorted(ascending, _LIMIT))
    return ascending[: max(below, FLOOR)]


class _Tokens(dict[str, int]):
    """The hash of each word that was asked for, until there are too many of them."""

    def __missing__(self, word: str) -> int:
        if len(self) >= 2**16:
            self.clear()
        self[word] = hashed = xxhash.xxh3_64_intdigest(word.encode())
        return hashed


_TOKENS = _Tokens()


def _finalise(mixed: Hashes) -> Hashes:
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
