"""Names and set phrases in seed texts: Marie Curie, crime organisé, trafic de drogue."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from tamis.cleaners.topic.background import background
from tamis.cleaners.topic.counting import COMMON, Counts
from tamis.cleaners.topic.records import Seed
from tamis.cleaners.topic.words import sentences, words

COHESION = 0.5
"""A phrase is set when its rarer word stands in it at least half of the time."""
_TOKEN = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_LOOK_BACK = 5


def names(seeds: Iterable[Seed]) -> dict[str, Counter[str]]:
    """Names of two and more words, as printed, each with the folded words that introduce it.

    Those are the words up to five before it in its sentence (``la physicienne polonaise Marie Curie``), the
    nearest counted five times, the farthest once.
    """
    introduced: dict[str, Counter[str]] = {}
    for seed in seeds:
        for sentence in (*([seed.title] if seed.title else []), *sentences(seed.text)):
            for name, before in _names(sentence, seed.language or ""):
                known = introduced.setdefault(name, Counter())
                for distance, word in enumerate(reversed(before)):
                    known[word] += _LOOK_BACK - distance
    return dict(sorted(introduced.items()))


def phrases(counts: Counts, common: frozenset[str]) -> list[str]:
    """Two words, with one ``common`` word between them or none, that mostly stand together, in several seeds.

    In three seeds at least; in two, where the first has a capital (Sahara occidental).
    """
    pairs = [Counter(_pairs(seed, common)) for seed in counts.seeds]
    total = sum(pairs, Counter[tuple[str, ...]]())
    together = {
        pair: n
        for pair, n in total.items()
        if sum(pair in seed for seed in pairs) >= (2 if counts.spelling.get(pair[0], pair[0])[0].isupper() else 3)
    }
    return sorted(" ".join(pair) for pair, n in together.items()
                  if n >= COHESION * min(counts.vocabulary[pair[0]], counts.vocabulary[pair[-1]]))  # fmt: skip


def _pairs(seed: Sequence[Sequence[str]], common: frozenset[str]) -> Iterator[tuple[str, ...]]:
    for line in seed:
        tells = [len(word) > 2 and word not in common and not word.isdigit() for word in line]
        for at, (this, following) in enumerate(pairwise(tells)):
            if this and following:
                yield tuple(line[at : at + 2])
            elif this and tells[at + 2 : at + 3] == [True] and line[at + 1] in common:
                yield tuple(line[at : at + 3])


def _names(sentence: str, language: str) -> Iterator[tuple[str, list[str]]]:
    """The names in a sentence, each with the folded words before it; common words at their front are left out."""
    run: list[re.Match[str]] = []
    for token in (*_TOKEN.finditer(sentence), None):
        goes_on = token is not None and token.group()[0].isupper()
        adjoins = not run or (token is not None and sentence[run[-1].end() : token.start()] == " ")
        if goes_on and adjoins and token is not None:
            run.append(token)
            continue
        yield from _named(sentence, run, language)
        run = [token] if goes_on and token is not None else []


def _named(sentence: str, run: list[re.Match[str]], language: str) -> Iterator[tuple[str, list[str]]]:
    listed = background(language)
    while run and listed.get(words(run[0].group())[0], 0.0) >= COMMON:
        run = run[1:]
    parts = list(dict.fromkeys(token.group() for token in run))
    if len(parts) > 1:
        yield " ".join(parts), words(sentence[: run[0].start()])[-_LOOK_BACK:]
