"""Texts as words, words as the forms that a term may be found by: folded, with light inflection taken off.

Latin script: a term finds itself and its plain plural and feminine (``-s -x -e -es``); longer families are written as
a beginning of words (``narcotrafi*``). Arabic script: the clitics و ف ب ك ل ال and the endings of Light10 come off
(Larkey, Ballesteros and Connell, "Light stemming for Arabic information retrieval", 2007), with the final alif of
country names (فرنسا, فرنسي) among them.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tamis.cleaners.vocabulary import fold_in_place

WILDCARD = "*"
LONGEST_PREFIX = 24
_SHORTEST_PREFIX = 2
_MARKS = re.compile(r"[\u0300-\u036f\u0640\u064b-\u065f\u0670]")
_WORD = re.compile(r"[^\W_]+")
_PATTERN = re.compile(r"[^\W_]+\*?")
_SENTENCE_END = re.compile(r"(?<=[.!?؟…])[\s»”\"]+|\n+")
_SHORTEST_ARABIC = 3
_ARABIC_ENDINGS = ("ها", "ان", "ات", "ون", "ين", "يه", "ه", "ي", "ا")
_LATIN_ENDINGS = ("s", "x", "e", "es")
_SHORTEST_LATIN = 4


def words(text: str) -> list[str]:
    """The folded words of ``text`` in order; apostrophes and hyphens part words."""
    return _WORD.findall(_MARKS.sub("", fold_in_place(text)))


def sentences(text: str) -> list[str]:
    """The sentences of ``text``, roughly: lines, and what ends in a full stop."""
    return [part for part in _SENTENCE_END.split(text) if part.strip()]


def elements(term: str) -> tuple[str, ...]:
    """The form of each word of a term, as ``forms`` gives them for a word it is found in."""
    folded = _MARKS.sub("", fold_in_place(term))
    return tuple(part if part.endswith(WILDCARD) else _citation(part) for part in _PATTERN.findall(folded))


@lru_cache(maxsize=1 << 16)
def forms(word: str) -> tuple[str, ...]:
    """Everything a folded word may be found by: its stems, and its beginnings as ``maroc*``."""
    stems = _arabic_forms(word) if _is_arabic(word) else _latin_forms(word)
    return (*stems, *(word[:end] + WILDCARD for end in range(_SHORTEST_PREFIX, min(len(word), LONGEST_PREFIX) + 1)))


def _is_arabic(word: str) -> bool:
    return "\u0600" <= word[0] <= "\u06ff"


def _citation(word: str) -> str:
    """The form of a word in a term: an Arabic one without its article and ending, others as they are."""
    if not _is_arabic(word):
        return word
    bare = word[2:] if word.startswith("ال") and len(word) >= _SHORTEST_ARABIC + 2 else word
    return _without_ending(bare)


def _latin_forms(word: str) -> tuple[str, ...]:
    bare = (word[: -len(end)] for end in _LATIN_ENDINGS if word.endswith(end))
    return tuple(dict.fromkeys((word, *(stem for stem in bare if len(stem) >= _SHORTEST_LATIN))))


def _arabic_forms(word: str) -> tuple[str, ...]:
    """Whether a first letter is a clitic or belongs to the word (باريس) only the term can tell: all readings count."""
    readings = [word]
    if word[0] in "وف":
        readings.append(word[1:])
    for reading in tuple(readings):
        if reading.startswith("لل"):
            readings.append(reading[2:])
        if reading[:1] in ("ب", "ك", "ل"):
            readings.append(reading[1:])
    readings += [reading[2:] for reading in readings if reading.startswith("ال")]
    kept = (reading for reading in readings if len(reading) >= _SHORTEST_ARABIC or reading == word)
    return tuple(dict.fromkeys(_without_ending(reading) for reading in kept))


def _without_ending(word: str) -> str:
    for ending in _ARABIC_ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_ARABIC:
            return word[: -len(ending)]
    return word
