"""A page as the rules see it: its blocks, and what is true of the whole."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from cleaners.bylines import Byline, read_byline
from cleaners.phrases import match_phrase
from cleaners.records import Block
from cleaners.vocabulary import PhraseRule

_SENTENCE = re.compile(r"[.…。](?:\s?[»”\"’')\]])*$")
_PROSE_WORDS, _LONG_WORDS = 12, 25


@dataclass(frozen=True, slots=True)
class Page:
    """Blocks with what several rules ask of them; computed once a page."""

    blocks: Sequence[Block]
    words: tuple[int, ...] = field(init=False)
    prose: tuple[int, ...] = field(init=False)
    """Indexes of the blocks that read as running text: long, or of some length and closed by a full stop."""
    bylines: tuple[Byline | None, ...] = field(init=False)
    phrases: tuple[PhraseRule | None, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Fill in what is derived."""
        words = tuple(len(block.text.split()) for block in self.blocks)
        prose = tuple(i for i, block in enumerate(self.blocks) if _is_prose(block.text, words[i]))
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "prose", prose)
        object.__setattr__(self, "phrases", tuple(match_phrase(block.text) for block in self.blocks))
        object.__setattr__(self, "bylines", tuple(read_byline(block.text) for block in self.blocks))

    @property
    def head(self) -> int:
        """Index behind the page's head: title, standfirst and by-line stand before the second running text."""
        return self.prose[1] if len(self.prose) > 1 else len(self.blocks)

    @property
    def tail(self) -> int:
        """Index of the first block behind the last running text."""
        return self.prose[-1] + 1 if self.prose else len(self.blocks)


def _is_prose(text: str, words: int) -> bool:
    return words >= _LONG_WORDS or (words >= _PROSE_WORDS and _SENTENCE.search(text) is not None)
