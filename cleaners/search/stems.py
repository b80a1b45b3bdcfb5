"""The stems of a word: what its forms have in common, by the Snowball algorithm of its language.

Snowball: https://snowballstem.org (Porter 2001), by its C library. A word can have several stems; two words
are forms of one when they share any.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

import Stemmer

from cleaners.dedup.normalise import units

# Conjunction and article as one prefix, which Snowball leaves where "and" comes first (light10: Larkey et al. 2002).
_ARABIC_PREFIX = re.compile(r"^[وف]?(?:[بك]?ال|لل)(?=\w{3})")


@lru_cache(maxsize=2**17)
def stems(form: str, language: str) -> frozenset[str]:
    """The stems of ``form``, a word as it is written, folded; the word itself for a language without stemmer."""
    stemmer = _stemmer(language)
    if stemmer is None:
        return frozenset(["".join(units(form))])
    variants = [form]
    if language == "ar":
        # Snowball cuts the ending of a noun only where it sees the article.
        variants.append("ال" + _ARABIC_PREFIX.sub("", form))
    return frozenset("".join(units(stemmer.stemWord(variant))) for variant in variants) - {""}


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    try:
        return Stemmer.Stemmer(language)
    except KeyError:
        return None
