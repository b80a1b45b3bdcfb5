"""A page as the rules see it: its blocks, and what is true of the whole."""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from tamis.cleaners.bylines import Byline, read_byline
from tamis.cleaners.phrases import match_phrase
from tamis.cleaners.records import Block
from tamis.cleaners.vocabulary import PhraseRule

_SENTENCE = re.compile(r"[.…。](?:\s?[»”\"’')\]])*$")
_PROSE_WORDS, _LONG_WORDS = 12, 25


@dataclass(frozen=True, slots=True)
class Page:
    """Blocks with what several rules ask of them; computed once a page.

    ``settled`` are the blocks that are known to be boilerplate already: no text, no by-line, no phrase in them counts.
    """

    blocks: Sequence[Block]
    settled: Container[int] = ()
    open: tuple[Block, ...] = field(init=False)
    """The blocks that are not settled: those that a rule may speak of."""
    words: tuple[int, ...] = field(init=False)
    prose: tuple[int, ...] = field(init=False)
    """Indexes of the blocks that read as running text: long, or of some length and closed by a full stop."""
    bylines: tuple[Byline | None, ...] = field(init=False)
    phrases: tuple[PhraseRule | None, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Fill in what is derived."""
        object.__setattr__(self, "open", tuple(b for i, b in enumerate(self.blocks) if i not in self.settled))
        words = tuple(len(block.text.split()) for block in self.blocks)
        texts = [None if i in self.settled else block.text for i, block in enumerate(self.blocks)]
        prose = tuple(i for i, text in enumerate(texts) if text is not None and _is_prose(text, words[i]))
        object.__setattr__(self, "words", words)
        object.__setattr__(self, "prose", prose)
        # Both in one go, for both fold the text, and the last ones folded are remembered.
        read = [(None, None) if text is None else (match_phrase(text), read_byline(text)) for text in texts]
        object.__setattr__(self, "phrases", tuple(phrase for phrase, _ in read))
        object.__setattr__(self, "bylines", tuple(byline for _, byline in read))

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
