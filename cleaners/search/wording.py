"""The words of a document, folded as a reader would type them, and counted.

Words are folded by ``dedup.normalise`` (case, accents, ligatures, letter variants); the macro ``folded`` of the
warehouse does the same to a query. Stems are taken from the word as it is written, because accents matter to
them.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache

import xxhash

from cleaners.dedup.normalise import UNSPACED, units
from cleaners.records import Wording
from cleaners.search.stems import stems, variants

# Vowel signs, combining accents and joiners stand inside words, although they are no letters.
_WORD = re.compile(f"[\\w{UNSPACED}\u00ad\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d]+")
_MOST = 2**16 - 1  # a count has 16 bits


def wording(title: str | None, text: str, language: str | None) -> Wording:
    """The words of ``title`` and ``text``, counted, with their stems in ``language`` (ISO 639-1)."""
    written, headed = _written(text), _written(title or "")
    in_text, in_title = _counted(written), _counted(headed)
    terms = sorted(in_text | in_title)
    return Wording(
        length=in_text.total(),
        terms=tuple(terms),
        in_text=tuple(min(in_text[term], _MOST) for term in terms),
        in_title=tuple(min(in_title[term], _MOST) for term in terms),
        forms=frozenset(known for form in {*written, *headed} for known in _known(form, language or "")),
    )


def _written(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text.lower()))


def _counted(written: Counter[str]) -> Counter[int]:
    counts: Counter[int] = Counter()
    for form, times in written.items():
        for term, _ in _folded(form):
            counts[term] += times
    return counts


@lru_cache(maxsize=2**17)
def _folded(form: str) -> tuple[tuple[int, str], ...]:
    """The folded words in ``form``, mostly one, each with its hash."""
    return tuple((xxhash.xxh3_64_intdigest(word.encode()), word) for word in units(form))


@lru_cache(maxsize=2**17)
def _known(form: str, language: str) -> tuple[tuple[int, str, str], ...]:
    """The folded words in ``form`` with their stems; also variants of it that somebody may ask for instead."""
    folded = _folded(form)
    if len(folded) > 1:  # a_b, or letters of a script without spaces
        return tuple((term, word, f"{language}:{word}") for term, word in folded)
    found = stems(form, language)
    return tuple(
        (term, word, stem)
        for each in {form, *variants(form, language)}
        for term, word in _folded(each)
        for stem in found
    )
