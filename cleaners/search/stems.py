"""The stems of a word: what its forms have in common, by the Snowball algorithm of its language.

Snowball: https://snowballstem.org (Porter 2001), by its C library. A word can have several stems; two words
are forms of one when they share any.
"""

from __future__ import annotations

import re
from functools import cache

import Stemmer

from tamis.cleaners.dedup.normalise import units

# Conjunction, preposition and article as one prefix, which Snowball leaves where "and" comes first
# (light10: Larkey, Ballesteros and Connell 2002).
_PREFIX = re.compile(r"^[وف]?(?:[بك]?ال|لل)(?=\w{3})")


def stems(form: str, language: str) -> frozenset[str]:
    """The stems of ``form``, a word as it is written, each folded and with its language, as ``fr:drogu``.

    In a language that Snowball does not know, a word is its own stem.
    """
    stemmer = _stemmer(language)
    found = (units(stemmer.stemWord(each) if stemmer else each) for each in {form, *variants(form, language)})
    return frozenset(f"{language}:{''.join(stem)}" for stem in found)


def variants(form: str, language: str) -> tuple[str, ...]:
    """The same word without the Arabic article and with it: Snowball cuts some endings only where it sees it."""
    if language != "ar":
        return ()
    bare = _PREFIX.sub("", form)
    return (bare, f"ال{bare}")


@cache
def _stemmer(language: str) -> Stemmer.Stemmer | None:
    try:
        return Stemmer.Stemmer(language)
    except KeyError:
        return None
