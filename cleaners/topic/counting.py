"""The seeds of a topic as counts: how often a term stands in them, and how often it would in any text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from unicodedata import normalize

from tamis.cleaners.topic.background import FLOOR, background, beginning, languages
from tamis.cleaners.topic.matching import matcher
from tamis.cleaners.topic.records import Seed
from tamis.cleaners.topic.words import WILDCARD, elements, forms, sentences, words

COMMON = 5e-4
"""Words with at least this share of all words say nothing of a topic: le, the, contre, year."""
_LEAST_EXPECTED = 1e-9
_WRITTEN = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Counts:
    """The sentences of each seed as words (the title is the first sentence), and the language of each seed."""

    seeds: tuple[tuple[tuple[str, ...], ...], ...]
    languages: tuple[str | None, ...]
    spelling: Mapping[str, str]
    """How each word is mostly written, with its accents and capitals."""

    @cached_property
    def vocabulary(self) -> Counter[str]:
        """Each word of all seeds with how often it stands there."""
        return Counter(word for seed in self.seeds for sentence in seed for word in sentence)

    def found(self, terms: Iterable[str]) -> dict[str, tuple[int, int]]:
        """For each term that stands in the seeds: in how many of them, and at how many places."""
        wanted = matcher((term, term) for term in terms)
        by_seed = [Counter(term for line in seed for *_, term in wanted.find(line)) for seed in self.seeds]
        return {term: (sum(term in seed for seed in by_seed), n) for term, n in sum(by_seed, Counter[str]()).items()}

    def lift(self, times: int, terms: Iterable[str]) -> float:
        """How much more often the terms stand in the seeds, which is ``times``, than in any texts as long."""
        listed = tuple(terms)
        lengths = [sum(map(len, seed)) for seed in self.seeds]
        spoken = zip(lengths, self.languages, strict=True)
        return times / max(sum(length * share(listed, language) for length, language in spoken), _LEAST_EXPECTED)


def count(seeds: Sequence[Seed]) -> Counts:
    """The counts of some seeds; their order does not matter."""
    read = sorted((tuple(tuple(words(s)) for s in _lines(seed)), seed.language or "") for seed in seeds)
    return Counts(
        seeds=tuple(lines for lines, _ in read),
        languages=tuple(language or None for _, language in read),
        spelling=_spelling(line for seed in seeds for line in _lines(seed)),
    )


def share(terms: Iterable[str], language: str | None) -> float:
    """The share of all words of a language that are one of the terms; unlisted ones have the rarest share.

    A phrase is taken to be a hundred times rarer than its rarest word. An unknown language is the mean of all.
    """
    if language is None or language not in languages():
        return sum(share(terms, each) for each in languages()) / len(languages())
    return sum(_share(term, language) for term in terms)


@cache
def _share(term: str, language: str) -> float:
    parts = elements(term)
    shares = [_element_share(part, language) for part in parts]
    return min(shares, default=0.0) * (0.01 if len(parts) > 1 else 1.0)


def _element_share(part: str, language: str) -> float:
    listed = background(language)
    found = beginning(part.removesuffix(WILDCARD), language)
    return sum(listed[word] for word in found if part.endswith(WILDCARD) or part in forms(word)) + FLOOR


def _lines(seed: Seed) -> list[str]:
    return [*([seed.title] if seed.title else []), *sentences(seed.text)]


def _spelling(lines: Iterable[str]) -> dict[str, str]:
    written = Counter(word for line in lines for word in _WRITTEN.findall(normalize("NFC", line)))
    ordered = sorted(written, key=lambda word: (written[word], word))  # the most frequent comes last and stays
    return {folded[0]: word for word in ordered if (folded := words(word))}
