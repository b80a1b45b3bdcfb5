"""Finds many terms in one pass over the words of a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from tamis.cleaners.topic.words import elements, forms

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Matcher(Generic[Entry]):
    """Terms by the form of their first word: the forms of the words that follow it, and what the term stands for."""

    index: dict[str, list[tuple[tuple[str, ...], Entry]]]

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int, Entry]]:
        """Each place where a term stands: the first word, the one after the last, and the term's entry."""
        for at, word in enumerate(words):
            for form in forms(word):
                for rest, entry in self.index.get(form, ()):
                    end = at + 1 + len(rest)
                    if end <= len(words) and all(
                        wanted in forms(words[place]) for place, wanted in enumerate(rest, start=at + 1)
                    ):
                        yield at, end, entry


def matcher(terms: Iterable[tuple[str, Entry]]) -> Matcher[Entry]:
    """A matcher for terms, each with its entry; a term without a word in it finds nothing."""
    index: dict[str, list[tuple[tuple[str, ...], Entry]]] = {}
    for term, entry in terms:
        if parts := elements(term):
            index.setdefault(parts[0], []).append((parts[1:], entry))
    return Matcher(index)
