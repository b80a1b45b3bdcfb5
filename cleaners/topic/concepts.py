"""Packaged word lists: the countries and the fields of public life, as the press of five languages names them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from tamis.cleaners.errors import StopRun
from tamis.cleaners.vocabulary import LANGUAGES

PLACES, SUBJECTS = "places", "subjects"
# How surely a word tells that the country itself is meant: a person from there may be anywhere.
PLACE_WEIGHTS = {"state": 1.0, "people": 0.8, "cities": 0.7}
SUBJECT_WEIGHT = 0.85


@dataclass(frozen=True, slots=True)
class Concept:
    """A word list: its terms with their weights. A frame is how something is dealt with, not what it is about."""

    key: str
    says: str
    terms: tuple[tuple[str, float], ...]
    frame: bool = False

    @property
    def is_place(self) -> bool:
        """Whether it names a country."""
        return self.key.startswith(f"{PLACES}.")


@cache
def concepts() -> dict[str, Concept]:
    """All packaged concepts by their keys (``places.MA``, ``subjects.sport``)."""
    places = (_place(code, entry) for code, entry in _read(PLACES).items())
    subjects = (_subject(name, entry) for name, entry in _read(SUBJECTS).items())
    return {concept.key: concept for concept in (*places, *subjects)}


def concept(key: str) -> Concept:
    """One concept. Raises StopRun naming the valid keys where there is none of that name."""
    if key not in concepts():
        raise StopRun(f"{key!r} is no packaged concept; there are: {', '.join(concepts())}")
    return concepts()[key]


def _place(code: str, entry: dict[str, list[str]]) -> Concept:
    terms = ((term, weight) for part, weight in PLACE_WEIGHTS.items() for term in entry.get(part, ()))
    return Concept(f"{PLACES}.{code}", str(entry["name"]), tuple(terms))


def _subject(name: str, entry: dict[str, list[str]]) -> Concept:
    terms = dict.fromkeys((term, SUBJECT_WEIGHT) for language in LANGUAGES for term in entry[language])
    return Concept(f"{SUBJECTS}.{name}", str(entry["name"]), tuple(terms), frame=bool(entry.get("frame")))


@cache
def _read(name: str) -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
