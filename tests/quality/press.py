"""What the labelled pages are made of: stories, pages, and the sentences that other stories lend."""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

SENTENCE = re.compile(r"(?<=[.!?…؟。！？])\s+|\n+|(?<=[。！？])")
WORD = re.compile(r"[\u0e00-\u9fff]{1,2}|[^\s\u0e00-\u9fff]+\s*|\s+")
SITES = 60


@dataclass(frozen=True)
class Story:
    """A source text: its address, headline and text."""

    url: str
    title: str
    text: str

    @property
    def held_out(self) -> bool:
        """Whether it belongs to the half that nothing is tuned on; the same for ever."""
        return hashlib.sha256(self.url.encode()).digest()[0] % 2 == 1


@dataclass(frozen=True)
class Page:
    """A page of the labelled set: pages of one ``article`` are duplicates of each other, all others are not."""

    id: str
    text: str
    site: str
    url: str
    published: date
    article: str
    kind: str


@dataclass(frozen=True)
class Press:
    """What pages are made of: the chance, sentences and headlines of other stories, the boilerplate of each site."""

    chance: random.Random
    sentences: Sequence[str]
    headlines: Sequence[str]
    boilerplate: list[tuple[str, str]] = field(default_factory=list)
    deck: list[str] = field(default_factory=list)

    def some(self, fewest: int, most: int) -> list[str]:
        """So many sentences of other stories; none comes again before all have come."""
        wanted = self.chance.randint(fewest, most)
        if len(self.deck) < wanted:
            self.deck[:] = self.chance.sample(self.sentences, len(self.sentences))
        drawn = self.deck[:wanted]
        del self.deck[:wanted]
        return drawn


def sentences(text: str) -> list[str]:
    """The sentences and lines of ``text``."""
    return [sentence.strip() for sentence in SENTENCE.split(text) if sentence.strip()]


def words(text: str) -> int:
    """Words of ``text``; two characters count as a word where no spaces are written."""
    unspaced = sum("\u0e00" <= sign <= "\u9fff" for sign in text)
    return len(text.split()) + unspaced // 2


def first(text: str, count: int) -> str:
    """The first words of ``text``."""
    return "".join(WORD.findall(text)[:count])


def wrapped(press: Press, text: str, site: int) -> str:
    """``text`` between the boilerplate of the site."""
    before, after = press.boilerplate[site]
    return f"{before}\n{text}\n{after}"
