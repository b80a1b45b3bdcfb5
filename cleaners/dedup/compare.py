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
from cleaners.dedup.sketch import SHINGLE, Hashes, sampled, shingles
from cleaners.records import Candidate, DuplicatePair, Relation

MIN_SHARED = 12  # fewer shared shingles are a quotation or a stock phrase
MIN_CONTAINMENT = 0.5  # of the shorter text in the longer
MIN_JACCARD = 0.3  # this much of both is shared: the same text, edited
MIN_LEAD = 0.3  # or it begins alike: a text and its cut copy; without either it is an item in a digest
LEAD = 40  # shingles of the longer text that count as its opening
SAMPLE = 200  # characters of shared text that are quoted


@dataclass(frozen=True, slots=True)
class _Shingled:
    """A text with its units and the hash of each of its shingles."""

    text: str
    units: list[str]
    hashes: Hashes


def compare(candidate: Candidate) -> DuplicatePair | None:
    """How the two documents of ``candidate`` relate, or None where they do not."""
    pairs = relate([candidate])
    return pairs[0] if pairs else None


def relate(candidates: Iterable[Candidate]) -> list[DuplicatePair]:
    """The pairs among ``candidates`` that relate, in their order; each text is shingled once."""
    seen: dict[str, _Shingled] = {}

    def shingled(text: str) -> _Shingled:
        if text not in seen:
            words = units(text)
            seen[text] = _Shingled(text, words, shingles(words))
        return seen[text]

    judged = (_judge(each, shingled(each.text), shingled(each.other_text)) for each in candidates)
    return [pair for pair in judged if pair is not None]


def without_repeated(hashes: Hashes, repeated: frozenset[int]) -> Hashes:
    """``hashes`` of a text, in order, without the stretches that its site repeats.

    The site's memory knows sketch hashes only, one in eight. They tell where the repeated stretches are: a
    shingle between two sampled ones that are both repeated is repeated too.
    """
    if not repeated or not len(hashes):
        return hashes
    places = np.flatnonzero(np.isin(hashes, sampled(hashes)))
    known = np.isin(hashes[places], np.fromiter(repeated, np.uint64, len(repeated)))
    everywhere = np.arange(len(hashes))
    # Ahead of the first sampled shingle and behind the last there is only one neighbour to ask.
    before = np.maximum(np.searchsorted(places, everywhere, side="right") - 1, 0)
    after = np.minimum(np.searchsorted(places, everywhere, side="left"), len(places) - 1)
    return hashes[~(known[before] & known[after])]


def _judge(candidate: Candidate, one: _Shingled, two: _Shingled) -> DuplicatePair | None:
    sides = [
        (without_repeated(one.hashes, candidate.repeated), candidate.document, one),
        (without_repeated(two.hashes, candidate.other_repeated), candidate.other, two),
    ]
    (short, document, inner), (long, other, _) = sorted(sides, key=lambda side: (len(side[0]), side[1]))
    if one.units == two.units:
        sample = passage(inner.text, 0, len(inner.units))[:SAMPLE]
        return DuplicatePair(document, other, Relation.EXACT, len(set(inner.hashes)), 1.0, 1.0, 1.0, sample)
    inner_set, outer_set = np.unique(short), np.unique(long)
    common = np.intersect1d(inner_set, outer_set, assume_unique=True)
    shared = len(common)
    if shared < MIN_SHARED or shared < MIN_CONTAINMENT * min(len(inner_set), len(outer_set)):
        return None
    containment = shared / min(len(inner_set), len(outer_set))
    jaccard = shared / (len(inner_set) + len(outer_set) - shared)
    lead = float(np.mean(np.isin(long[:LEAD], inner_set)))
    same = jaccard >= MIN_JACCARD or lead >= MIN_LEAD
    relation = Relation.NEAR if same else Relation.CONTAINED
    return DuplicatePair(
        document, other, relation, shared, containment, jaccard, lead, _sample(inner, common)
    )


def _sample(inner: _Shingled, common: Hashes) -> str:
    """The beginning of the longest run of shared shingles, as the shorter text prints it."""
    flags = np.concatenate(([False], np.isin(inner.hashes, common), [False]))
    borders = np.flatnonzero(flags[1:] != flags[:-1])
    starts, ends = borders[::2], borders[1::2]
    longest = int(np.argmax(ends - starts))
    return passage(inner.text, int(starts[longest]), int(ends[longest]) + SHINGLE - 1)[:SAMPLE]
