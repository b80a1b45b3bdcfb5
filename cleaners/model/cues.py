"""The vocabulary of `cues.toml`: which kinds of page furniture the words of a line hint at."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Cues:
    """Single words with their kinds; longer phrases by their first and then their second word.

    A phrase is written as its words with single spaces between and around them.
    """

    kinds: tuple[str, ...]
    words: Mapping[str, tuple[int, ...]]
    phrases: Mapping[str, Mapping[str, tuple[tuple[str, int], ...]]]


def parse(text: str) -> Cues:
    """Read the text of `cues.toml` (kind -> language -> entries). Raises ValueError for an empty entry."""
    table = tomllib.loads(text)
    words: dict[str, set[int]] = defaultdict(set)
    phrases: dict[str, dict[str, set[tuple[str, int]]]] = defaultdict(lambda: defaultdict(set))
    for number, (kind, languages) in enumerate(table.items()):
        for language, entries in languages.items():
            for entry in entries:
                tokens = WORD.findall(entry.lower())
                if not tokens:
                    raise ValueError(f"cues.toml: [{kind}] {language} has an entry without a word: {entry!r}")
                if len(tokens) == 1:
                    words[tokens[0]].add(number)
                else:
                    phrases[tokens[0]][tokens[1]].add((f" {' '.join(tokens)} ", number))
    return Cues(
        kinds=tuple(table),
        words={word: tuple(sorted(kinds)) for word, kinds in words.items()},
        phrases={
            first: {second: tuple(sorted(found)) for second, found in seconds.items()}
            for first, seconds in phrases.items()
        },
    )


CUES = parse(resources.files("tamis.cleaners.model").joinpath("cues.toml").read_text(encoding="utf-8"))
