"""Whether two texts are one article, judged on all their shingles and not on a sample of them.

By containment and not by Jaccard: a cut tail, a teaser or a page's added boilerplate sinks Jaccard, while a
template that a site prints everywhere lifts it. So what the site repeats is taken out first, and the
measures are of the rest. The thresholds are the ones that did best on labelled republications.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from cleaners.dedup.normalise import passage, units
from cleaners.dedup.shingles import SHINGLE, Hashes, distinct, sampled, shingles
from cleaners.records import Candidate, DuplicatePair, Relation

MIN_SHARED = 12  # fewer shared shingles are a quotation or a stock phrase
MIN_CONTAINMENT = 0.5  # of the shorter text in the longer
MIN_JACCARD = 0.3  # this much of both is shared: the same text, edited
MIN_LEAD = 0.3  # or it begins alike: a text and its cut copy; without either it is an item in a digest
LEAD = 40  # shingles of the longer text that count as its opening


@dataclass(frozen=True, slots=True)
class _Shingled:
    """A text with its units, the hash of each of its shingles in order, and each hash once."""

    text: str
    units: list[str]
    hashes: Hashes
    distinct: Hashes


@dataclass(frozen=True, slots=True)
class _Side:
    """One of two documents to compare: all of it, and the shingles that its site does not repeat."""

    document: str
    whole: _Shingled
    own: Hashes
    distinct: Hashes


def compare(candidate: Candidate) -> DuplicatePair | None:
    """How the two documents of ``candidate`` relate, or None where they do not."""
    pairs = relate([candidate])
    return pairs[0] if pairs else None


def relate(candidates: Iterable[Candidate]) -> list[DuplicatePair]:
    """The pairs among ``candidates`` that relate, in their order; each text is shingled once."""
    seen: dict[str, _Shingled] = {}

    def side(document: str, text: str, repeated: frozenset[int]) -> _Side:
        if text not in seen:
            seen[text] = _shingle(text)
        whole = seen[text]
        if not repeated:
            return _Side(document, whole, whole.hashes, whole.distinct)
        own = without_repeated(whole.hashes, repeated)
        return _Side(document, whole, own, distinct(own))

    judged = (
        _judge(side(c.document, c.text, c.repeated), side(c.other, c.other_text, c.other_repeated)) for c in candidates
    )
    return [pair for pair in judged if pair is not None]


def without_repeated(hashes: Hashes, repeated: frozenset[int]) -> Hashes:
    """``hashes`` of a text, in order, without the stretches that its site repeats.

    The site's memory knows sketch hashes only, one in eight. They tell where the repeated stretches are: a
    shingle between two sampled ones that are both repeated is repeated too.
    """
    places = np.flatnonzero(np.isin(hashes, sampled(distinct(hashes))))
    if not len(places):
        return hashes
    known = np.isin(hashes[places], np.fromiter(repeated, np.uint64, len(repeated)))
    everywhere = np.arange(len(hashes))
    # Ahead of the first sampled shingle and behind the last there is only one neighbour to ask.
    before = np.maximum(np.searchsorted(places, everywhere, side="right") - 1, 0)
    after = np.minimum(np.searchsorted(places, everywhere, side="left"), len(places) - 1)
    return hashes[~(known[before] & known[after])]


def _shingle(text: str) -> _Shingled:
    words = units(text)
    hashes = shingles(words)
    return _Shingled(text, words, hashes, distinct(hashes))


def _judge(one: _Side, two: _Side) -> DuplicatePair | None:
    if one.whole.units == two.whole.units:
        inner, outer = sorted((one, two), key=lambda side: side.document)
        number = len(inner.whole.distinct)
        sample = passage(inner.whole.text, 0, len(inner.whole.units))
        return DuplicatePair(inner.document, outer.document, Relation.EXACT, number, 1.0, 1.0, 1.0, sample)
    inner, outer = sorted((one, two), key=lambda side: (len(side.distinct), side.document))
    common = np.intersect1d(inner.distinct, outer.distinct, assume_unique=True)
    shared = len(common)
    if shared < MIN_SHARED or shared < MIN_CONTAINMENT * len(inner.distinct):
        return None
    containment = shared / len(inner.distinct)
    jaccard = shared / (len(inner.distinct) + len(outer.distinct) - shared)
    lead = float(np.isin(outer.own[:LEAD], inner.distinct).mean())
    relation = Relation.NEAR if jaccard >= MIN_JACCARD or lead >= MIN_LEAD else Relation.CONTAINED
    sample = _sample(inner.whole, common)
    return DuplicatePair(inner.document, outer.document, relation, shared, containment, jaccard, lead, sample)


def _sample(inner: _Shingled, common: Hashes) -> str:
    """The beginning of the longest run of shared shingles, as the shorter text prints it."""
    flags = np.concatenate(([False], np.isin(inner.hashes, common), [False]))
    borders = np.flatnonzero(flags[1:] != flags[:-1])
    starts, ends = borders[::2], borders[1::2]
    longest = int(np.argmax(ends - starts))
    return passage(inner.text, int(starts[longest]), int(ends[longest]) + SHINGLE - 1)
