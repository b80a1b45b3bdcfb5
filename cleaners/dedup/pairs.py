"""Whether two texts are one article, judged on all their shingles and not on a sample of them.

By containment and not by Jaccard: a cut tail, a teaser or a page's added boilerplate sinks Jaccard, while a
template that a site prints everywhere lifts it. So what the site repeats is taken out first, and the
measures are of the rest. The thresholds are the ones that did best on labelled republications.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from tamis.cleaners.dedup.normalise import passage, units
from tamis.cleaners.dedup.shingles import SHINGLE, Flags, Hashes, among, distinct, sampled, shingles
from tamis.cleaners.relations import CandidatePair, DuplicatePair, Origin, Relation

MIN_SHARED = 12  # fewer shared shingles are a quotation or a stock phrase
MIN_CONTAINMENT = 0.5  # of the shorter text in the longer
MIN_JACCARD = 0.3  # this much of both is shared: the same text, edited
MIN_LEAD = 0.3  # or it begins alike: a text and its cut copy; without either it is an item in a digest
LEAD = 40  # shingles of the longer text that count as its opening

Bounds = tuple[tuple[float, int], ...]  # a passage counts from so large a share of its text, and so many words

# When both have a passage of their own, they are two reports with the same background. Edits are spread over a
# text, and what a site puts around it is short; so a passage says more on one site, whose copies are alike.
OWN_ON_ONE_SITE: Bounds = ((0.2, 30), (0.35, 15))
OWN: Bounds = ((0.3, 50), (0.4, 15))
# When only the longer has one, above most of what they share: a page that grows at its top.
ABOVE_ON_ONE_SITE: Bounds = ((0.15, 60),)
ABOVE: Bounds = ((0.25, 110),)


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
    origin: Origin


def compare(candidate: CandidatePair) -> DuplicatePair | None:
    """How the two documents of ``candidate`` relate, or None where they do not."""
    pairs = relate([candidate])
    return pairs[0] if pairs else None


def relate(candidates: Iterable[CandidatePair]) -> list[DuplicatePair]:
    """The pairs among ``candidates`` that relate, in their order; each text is shingled once."""
    seen: dict[str, _Shingled] = {}
    left: dict[tuple[str, frozenset[int]], tuple[Hashes, Hashes]] = {}

    def side(document: str, text: str, repeated: frozenset[int], origin: Origin) -> _Side:
        if text not in seen:
            seen[text] = _shingle(text)
            left[text, frozenset()] = seen[text].hashes, seen[text].distinct
        if (text, repeated) not in left:
            own = without_repeated(seen[text].hashes, repeated)
            left[text, repeated] = own, distinct(own)
        return _Side(document, seen[text], *left[text, repeated], origin)

    judged = (
        _judge(
            side(c.document, c.text, c.repeated, c.origin),
            side(c.other, c.other_text, c.other_repeated, c.other_origin),
        )
        for c in candidates
    )
    return [pair for pair in judged if pair is not None]


def without_repeated(hashes: Hashes, repeated: frozenset[int]) -> Hashes:
    """``hashes`` of a text, in order, without the stretches that its site repeats.

    The site's memory knows sketch hashes only, one in eight. They tell where the repeated stretches are: a
    shingle between two sampled ones that are both repeated is repeated too.
    """
    places = np.flatnonzero(among(hashes, sampled(distinct(hashes))))
    if not len(places):
        return hashes
    known = among(hashes[places], np.sort(np.fromiter(repeated, np.uint64, len(repeated))))
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
        return _exact(*sorted((one, two), key=lambda side: side.document))
    inner, outer = sorted((one, two), key=lambda side: (len(side.distinct), side.document))
    common = inner.distinct[among(inner.distinct, outer.distinct)]
    shared = len(common)
    is_version = inner.origin.url is not None and inner.origin.url == outer.origin.url
    if shared < MIN_SHARED or (shared < MIN_CONTAINMENT * len(inner.distinct) and not is_version):
        return None
    in_inner, in_outer = among(inner.own, common), among(outer.own, common)
    found = DuplicatePair(
        document=inner.document,
        other=outer.document,
        relation=Relation.NEAR,
        shared=shared,
        containment=shared / len(inner.distinct),
        jaccard=shared / (len(inner.distinct) + len(outer.distinct) - shared),
        lead=float(in_outer[:LEAD].mean()),
        sample=_sample(inner.whole, common),
        own=_longest(~in_inner),
        other_own=_longest(~in_outer),
        above=_longest_above(in_outer),
    )
    relation = Relation.VERSION if is_version else _relation(found, inner, outer)
    agency = _agency(inner.origin, outer.origin) if relation.is_duplicate else None
    if relation is Relation.NEAR and agency is not None:
        relation = Relation.SYNDICATED
    return replace(found, relation=relation, agency=agency)


def _exact(one: _Side, two: _Side) -> DuplicatePair:
    number, agency = len(one.whole.distinct), _agency(one.origin, two.origin)
    sample = passage(one.whole.text, 0, len(one.whole.units))
    relation = Relation.EXACT if agency is None else Relation.SYNDICATED
    return DuplicatePair(one.document, two.document, relation, number, 1.0, 1.0, 1.0, sample, agency=agency)


def _relation(found: DuplicatePair, inner: _Side, outer: _Side) -> Relation:
    """What two texts at different addresses are to each other, by what each has of its own, and where."""
    on_one_site = inner.origin.site is not None and inner.origin.site == outer.origin.site
    shorter, longer = len(inner.own), len(outer.own)
    bounds = OWN_ON_ONE_SITE if on_one_site else OWN
    if any(_reaches(found.own, shorter, bound) and _reaches(found.other_own, longer, bound) for bound in bounds):
        return Relation.UPDATE
    if any(_reaches(found.above, longer, bound) for bound in (ABOVE_ON_ONE_SITE if on_one_site else ABOVE)):
        return Relation.UPDATE if found.jaccard >= MIN_JACCARD else Relation.CONTAINED
    return Relation.NEAR if found.jaccard >= MIN_JACCARD or found.lead >= MIN_LEAD else Relation.CONTAINED


def _reaches(passage_words: int, of: int, bound: tuple[float, int]) -> bool:
    return passage_words >= bound[1] and passage_words >= bound[0] * of


def _agency(one: Origin, two: Origin) -> str | None:
    """The wire service that a text on two sites comes from: credited by one of them, and no other by the other."""
    credited = {origin.agency for origin in (one, two) if origin.agency is not None}
    return credited.pop() if len(credited) == 1 and one.site != two.site else None


def _longest(flags: Flags) -> int:
    """The length of the longest run that is set."""
    starts, ends = _runs(flags)
    return int((ends - starts).max(initial=0))


def _longest_above(shared: Flags) -> int:
    """The length of the longest run that is not set with at least half of those that are set behind it."""
    starts, ends = _runs(~shared)
    behind = np.concatenate((np.cumsum(shared[::-1])[::-1], [0]))[ends]
    return int((ends - starts)[2 * behind >= shared.sum()].max(initial=0))


def _runs(flags: Flags) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Where each run that is set begins, and where it ends."""
    edges = np.concatenate(([False], flags, [False]))
    borders = np.flatnonzero(edges[1:] != edges[:-1])
    return borders[::2], borders[1::2]


def _sample(inner: _Shingled, common: Hashes) -> str:
    """The beginning of the longest run of shared shingles, as the shorter text prints it."""
    starts, ends = _runs(among(inner.hashes, common))
    longest = int(np.argmax(ends - starts))
    return passage(inner.text, int(starts[longest]), int(ends[longest]) + SHINGLE - 1)
