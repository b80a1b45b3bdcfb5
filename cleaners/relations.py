"""How documents relate: what is compared, what was found, and the clusters that come of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Relation(StrEnum):
    """How a document relates to another one with the same words in it."""

    EXACT = "exact"  # the same words in the same order
    VERSION = "version"  # the same address, the text changed
    SYNDICATED = "syndicated"  # a wire service's text on two sites, as it came or edited
    NEAR = "near"  # the same text edited, cut or wrapped
    CONTAINED = "contained"  # its text stands inside a longer one that is something else (a digest)
    UPDATE = "update"  # much is the same, but each has news of its own (a live blog, a running story)

    @property
    def is_duplicate(self) -> bool:
        """Whether the two are one article, so that only one of them is counted."""
        return self not in (Relation.CONTAINED, Relation.UPDATE)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a document came from, as far as that is known; ``agency`` is the wire service that it credits."""

    url: str | None = None
    site: str | None = None
    agency: str | None = None


UNKNOWN_ORIGIN = Origin()


@dataclass(frozen=True, slots=True)
class CandidatePair:
    """Two documents that share enough of their sketches to be worth comparing in full.

    ``repeated`` are the sketch hashes of each document that its site prints on many other pages.
    """

    document: str
    other: str
    text: str
    other_text: str
    repeated: frozenset[int] = frozenset()
    other_repeated: frozenset[int] = frozenset()
    origin: Origin = UNKNOWN_ORIGIN
    other_origin: Origin = UNKNOWN_ORIGIN


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """Two related documents with the evidence: ``document`` is the shorter one, ``other`` the longer.

    ``shared`` counts the word shingles they have in common; ``containment`` is their share in the shorter,
    ``jaccard`` their share in both together, ``lead`` the share of the longer's opening that the shorter has;
    ``sample`` quotes the beginning of their longest common passage. ``own`` and ``other_own`` count the words of
    the longest passage that only one of them has, ``above`` of the longest that the longer has above most of
    what they share. ``agency`` is the wire service that they come from.
    """

    document: str
    other: str
    relation: Relation
    shared: int
    containment: float
    jaccard: float
    lead: float
    sample: str
    own: int = 0
    other_own: int = 0
    above: int = 0
    agency: str | None = None

    @property
    def has_same_words(self) -> bool:
        """Whether neither has a word that the other has not, whatever the pair is called."""
        return self.relation is Relation.EXACT or self.jaccard == 1.0


@dataclass(frozen=True, slots=True)
class Contender:
    """What decides which of several copies is the canonical one.

    The wire service's own page of what it is credited for, then the earliest day, then the longest text.
    """

    document: str
    published_on: date | None
    length: int
    site: str | None = None
    agency: str | None = None


@dataclass(frozen=True, slots=True)
class Membership:
    """The cluster a document belongs to, named by its canonical document.

    ``relation`` is None for the canonical itself; else ``link`` is the pair that led it there.
    """

    document: str
    cluster: str
    relation: Relation | None = None
    link: DuplicatePair | None = None
