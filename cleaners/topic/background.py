"""How often a word stands in any text of its language, from a packaged list (its origin: README.md)."""

from __future__ import annotations

import lzma
import math
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import takewhile

FILE = "background.xz"
SCALE = 10  # steps a power of ten
BASE = 9  # frequencies are stored as their logarithm above one in 10**BASE
FLOOR = 1e-7
"""What a word that is not listed is taken to have: the list ends at 2 in a million."""
_CODE = 33  # printable characters stand for numbers


@cache
def background(language: str) -> dict[str, float]:
    """The folded words of a language with their share of all its words; empty for a language that is not packaged."""
    lines = _lines()
    for head, listed, steps in zip(lines[::3], lines[1::3], lines[2::3], strict=True):
        if head.partition(" ")[0] == language:
            return dict(unpack(listed, steps))
    return {}


def beginning(prefix: str, language: str) -> Iterator[str]:
    """The listed words of a language that begin with ``prefix``."""
    listed = _sorted(language)
    start = bisect_left(listed, prefix)
    return takewhile(lambda word: word.startswith(prefix), (listed[at] for at in range(start, len(listed))))


@cache
def languages() -> tuple[str, ...]:
    """The languages that are packaged."""
    return tuple(line.partition(" ")[0] for line in _lines()[::3])


def pack(frequencies: dict[str, dict[str, float]]) -> bytes:
    """The packaged file for the words of each language: sorted, each without what it shares with the one before."""
    lines: list[str] = []
    for language, by_word in sorted(frequencies.items()):
        listed = sorted(by_word)
        before = ["", *listed[:-1]]
        lines.append(f"{language} {len(listed)}")
        lines.append(" ".join(_cut(word, previous) for word, previous in zip(listed, before, strict=True)))
        lines.append("".join(chr(_CODE + round((math.log10(by_word[word]) + BASE) * SCALE)) for word in listed))
    return lzma.compress("\n".join(lines).encode(), preset=9 | lzma.PRESET_EXTREME)


def unpack(listed: str, steps: str) -> Iterator[tuple[str, float]]:
    """The words and frequencies of the two lines that ``pack`` wrote for a language."""
    word = ""
    for cut, step in zip(listed.split(" "), steps, strict=True):
        word = word[: ord(cut[0]) - _CODE] + cut[1:]
        yield word, float(10 ** ((ord(step) - _CODE) / SCALE - BASE))


@cache
def _sorted(language: str) -> tuple[str, ...]:
    return tuple(sorted(background(language)))


def _cut(word: str, previous: str) -> str:
    shared = next((at for at, (a, b) in enumerate(zip(word, previous, strict=False)) if a != b), len(previous))
    return chr(_CODE + shared) + word[shared:]


@cache
def _lines() -> tuple[str, ...]:
    return tuple(lzma.decompress(files(__package__).joinpath(FILE).read_bytes()).decode().split("\n"))
