"""Words that belong together by their beginning: narcotrafic, narcotrafiquant, narcotrafiquants are ``narcotrafi*``.

A beginning is taken where the language hardly has other words that begin so: ``maroc*``, but neither ``franc*``
(franchir, francs) nor ``commu*``. Measured on the background list, not guessed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tamis.cleaners.topic.background import FLOOR, background, beginning, languages
from tamis.cleaners.topic.counting import COMMON, Counts
from tamis.cleaners.topic.words import WILDCARD, forms

_SHORTEST = 5
_STRANGERS = 0.25
"""How much the other words of a beginning may weigh, as a share of those of the seeds."""


def families(counts: Counts) -> dict[str, tuple[str, ...]]:
    """The families of the words that tell something in the seeds, each a term as printed, with its folded words."""
    spoken = tuple(sorted({language for language in counts.languages if language in languages()} or languages()))
    telling = sorted(word for word in counts.vocabulary if _tells(word, spoken))
    known = frozenset(counts.vocabulary)
    by_beginning: dict[str, list[str]] = {}
    for word in telling:
        by_beginning.setdefault(_beginning(word, known, spoken), []).append(word)
    return {_term(members, counts): tuple(members) for members in by_beginning.values()}


def common_words(counts: Counts) -> frozenset[str]:
    """The words of the seeds that are frequent in any text of one of their languages."""
    return frozenset(word for word in counts.vocabulary if _is_common(word, counts.languages))


def shared_beginning(members: Sequence[str]) -> str:
    """The longest beginning that all members have."""
    first, last = min(members), max(members)
    return next((first[:at] for at, char in enumerate(first) if last[at : at + 1] != char), first)


def _tells(word: str, spoken: Iterable[str]) -> bool:
    return len(word) > 2 and not any(char.isdigit() for char in word) and not _is_common(word, spoken)


def _is_common(word: str, spoken: Iterable[str | None]) -> bool:
    return any(background(language).get(word, 0.0) >= COMMON for language in spoken if language)


def _beginning(word: str, known: frozenset[str], spoken: Sequence[str]) -> str:
    """The shortest beginning of a word, or of its singular if the seeds have it, that is its family's alone."""
    singular = min((form for form in forms(word) if form in known), key=lambda form: (len(form), form))
    for end in range(_SHORTEST, len(singular)):
        if all(_is_pure(singular[:end], known, language) for language in spoken):
            return singular[:end]
    return singular


def _is_pure(prefix: str, known: frozenset[str], language: str) -> bool:
    listed = background(language)
    ours, others = FLOOR, 0.0
    for word in beginning(prefix, language):
        if word in known:
            ours += listed[word]
        else:
            others += listed[word]
    return others <= _STRANGERS * ours


def _term(members: Sequence[str], counts: Counts) -> str:
    """What finds all members: the shortest one where it does, else their beginning, spelt as the commonest is."""
    shortest = min(members, key=lambda word: (len(word), word))
    if all(shortest in forms(word) for word in members):
        return counts.spelling.get(shortest, shortest)
    shared = shared_beginning(members)
    model = max(members, key=lambda word: (counts.vocabulary[word], word))
    spelt = counts.spelling.get(model, model)
    return (spelt[: len(shared)] if len(spelt) == len(model) else shared) + WILDCARD
