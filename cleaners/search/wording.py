"""The words of a document, folded as a reader would type them, and counted.

Words are folded by ``dedup.normalise`` (case, accents, ligatures, letter variants); the macro ``folded`` of the
warehouse does the same to a query. Stems are taken from the word as it is written, because accents matter to
them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

import xxhash

from tamis.cleaners.dedup.normalise import UNSPACED, units
from tamis.cleaners.records import Wording
from tamis.cleaners.search.stems import stems, variants

# Vowel signs, combining accents and joiners stand inside words, although they are no letters.
_WORD = re.compile(f"[\\w{UNSPACED}\u00ad\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200c\u200d]+")


def wording(title: str | None, text: str, language: str | None) -> Wording:
    """The words of ``title`` and ``text``, counted, with places, and with stems in ``language`` (ISO 639-1)."""
    headed, written = (_WORD.findall(each.lower()) for each in (title or "", text))
    in_title = _places(headed, 0)
    start = sum(map(len, in_title.values())) + 1
    in_text = _places(written, start)
    terms = sorted(in_text.keys() | in_title.keys())
    return Wording(
        length=sum(map(len, in_text.values())),
        terms=tuple(terms),
        in_text=tuple(len(in_text.get(term, ())) for term in terms),
        in_title=tuple(len(in_title.get(term, ())) for term in terms),
        places=tuple(place for term in terms for found in (in_title, in_text) for place in found.get(term, ())),
        forms=frozenset(known for form in {*written, *headed} for known in _known(form, language or "")),
    )


def _places(forms: Sequence[str], start: int) -> dict[int, list[int]]:
    """Where each folded word stands, by its hash, when the first is numbered ``start``."""
    places: dict[int, list[int]] = {}
    at = start
    for form in forms:
        for term, _ in _folded(form):
            places.setdefault(term, []).append(at)
            at += 1
    return places


@lru_cache(maxsize=2**17)
def _folded(form: str) -> tuple[tuple[int, str], ...]:
    """The folded words in ``form``, mostly one, each with its hash."""
    return tuple((_term(word), word) for word in units(form))


def _term(word: str) -> int:
    """The first four bytes of ``word`` and 32 bits of its hash: words that begin alike are neighbours."""
    written = word.encode()
    return int.from_bytes(written[:4].ljust(4, b"\0")) << 32 | xxhash.xxh3_64_intdigest(written) & 0xFFFFFFFF


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
