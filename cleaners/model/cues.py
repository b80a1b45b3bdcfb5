"""The vocabulary of `cues.toml`: which kinds of page furniture the words of a line hint at."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Cues:
    """Phrases by their first word: single words at once, longer ones to be looked for in the line."""

    kinds: tuple[str, ...]
    words: Mapping[str, tuple[int, ...]]
    phrases: Mapping[str, tuple[tuple[str, int], ...]]
    openers: frozenset[str]

    def hits(self, tokens: Sequence[str]) -> list[int]:
        """List the kinds that a line's words hint at, one entry a hit (distinct word or phrase)."""
        found: list[int] = []
        openers = self.openers.intersection(tokens)
        if not openers:
            return found
        line = ""
        for token in openers:
            found += self.words.get(token, ())
            if phrases := self.phrases.get(token):
                line = line or f" {' '.join(tokens)} "
                found += [kind for phrase, kind in phrases if phrase in line]
        return found


def parse(text: str) -> Cues:
    """Read the text of `cues.toml` (kind -> language -> entries). Raises ValueError for an empty entry."""
    table = tomllib.loads(text)
    words: dict[str, set[int]] = defaultdict(set)
    phrases: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for number, (kind, languages) in enumerate(table.items()):
        for language, entries in languages.items():
            for entry in entries:
                tokens = WORD.findall(entry.lower())
                if not tokens:
                    raise ValueError(f"cues.toml: [{kind}] {language} has an entry without a word: {entry!r}")
                if len(tokens) == 1:
                    words[tokens[0]].add(number)
                else:
                    phrases[tokens[0]].add((f" {' '.join(tokens)} ", number))
    return Cues(
        kinds=tuple(table),
        words={word: tuple(sorted(kinds)) for word, kinds in words.items()},
        phrases={word: tuple(sorted(found)) for word, found in phrases.items()},
        openers=frozenset(words) | frozenset(phrases),
    )


CUES = parse(resources.files("cleaners.model").joinpath("cues.toml").read_text(encoding="utf-8"))
