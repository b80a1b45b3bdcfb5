"""How a line's words stand to the rest of its document: shared vocabulary, repeated lines, cue words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt

from tamis.cleaners.model.cues import CUES
from tamis.cleaners.model.lexicon import Weights, score
from tamis.cleaners.model.shapes import Array
from tamis.cleaners.model.words import Ids, Words, words_of

NEAR = 8
MEANINGFUL = 4  # letters from which a word says what a text is about, in most languages


def vocabulary(texts: Sequence[str], prose: npt.NDArray[np.bool_], weights: Weights | None = None) -> dict[str, Array]:
    """Named columns, one value a line; ``prose`` marks the lines whose words are the document's own.

    With the ``weights`` of words also the column `lexicon`.
    """
    joined = "\n".join(texts).lower()
    words = words_of(joined)
    flat, owner = meaningful(words)
    out = shared(flat, owner, prose, len(words.known)) | _elsewhere(flat, owner, prose, len(words.known))
    out |= _repeated(joined.split("\n"), words)
    if weights is not None:
        out["lexicon"] = score(words, weights)
    return out | {f"cue_{name}": row for name, row in zip(CUES.kinds, cues(words), strict=True)}


def meaningful(words: Words) -> tuple[Ids, Ids]:
    """The words that say what a line is about, each once a line, and the lines of them."""
    says = np.fromiter(map(len, words.known), dtype=np.int64, count=len(words.known)) >= MEANINGFUL
    return _those(words, says)


def cues(words: Words) -> npt.NDArray[np.float32]:
    """How many different words and phrases of each kind of `CUES` stand on each line, one row a kind."""
    hints = np.zeros(len(words.known), dtype=bool)
    hints[[words.number[word] for word in words.number.keys() & CUES.words.keys()]] = True
    found = np.zeros((len(CUES.kinds), len(words.bounds) - 1), dtype=np.float32)
    flat, owner = _those(words, hints)
    for line, word in zip(owner.tolist(), flat.tolist(), strict=True):
        for kind in CUES.words[words.known[word]]:
            found[kind, line] += 1
    for line, kind, _ in _phrases(words):
        found[kind, line] += 1
    return found


def _those(words: Words, wanted: npt.NDArray[np.bool_]) -> tuple[Ids, Ids]:
    chosen = wanted[words.each]
    return words.each[chosen], words.owner[chosen]


def shared(flat: Ids, owner: Ids, prose: npt.NDArray[np.bool_], known: int) -> dict[str, Array]:
    """What a line's meaningful words (`flat`, of lines `owner`) have in common with the prose."""
    size = len(prose)
    sizes = np.bincount(owner, minlength=size)
    others = _others(flat, owner, prose, known)
    # The first prose is what a document is about; what follows may be another article or its comments.
    prose_tokens = np.where(prose, sizes, 0)
    early = prose & (np.cumsum(prose_tokens) <= max(0.4 * prose_tokens.sum(), 60))
    return {
        "meaningful": sizes.astype(np.float32),
        "shared": _mean(others > 0, owner, size),
        "shared_log": _mean(np.log1p(np.maximum(others, 0)), owner, size),
        "shared_words": np.bincount(owner, weights=(others > 0), minlength=size).astype(np.float32),
        "lead": _mean(_others(flat, owner, early, known) > 0, owner, size),
    }


def _elsewhere(flat: Ids, owner: Ids, prose: npt.NDArray[np.bool_], known: int) -> dict[str, Array]:
    """What a line's meaningful words have in common with all other lines, and with those near it."""
    size = len(prose)
    elsewhere = np.bincount(flat, minlength=known)[flat] - 1
    return {
        "local": _mean(_near(flat, owner), owner, size),
        "elsewhere": _mean(np.log1p(elsewhere), owner, size),
        "off_topic": _mean((_others(flat, owner, prose, known) <= 0) & (elsewhere > 0), owner, size),
    }


def _others(flat: Ids, owner: Ids, among: npt.NDArray[np.bool_], known: int) -> Ids:
    """On how many other lines ``among`` these a word stands."""
    return np.bincount(flat[among[owner]], minlength=known)[flat] - among[owner]


def _mean(values: npt.NDArray[Any], owner: Ids, size: int) -> Array:
    mass = np.bincount(owner, weights=values, minlength=size)
    return (mass / np.maximum(np.bincount(owner, minlength=size), 1)).astype(np.float32)


def _repeated(lines: Sequence[str], words: Words) -> dict[str, Array]:
    """How often the line stands there, and how many lines begin or end as it does."""
    numbers: defaultdict[str, int] = defaultdict(count().__next__)
    same = np.fromiter(map(numbers.__getitem__, lines), dtype=np.int64, count=len(lines))
    # Numbers are given in order of appearance, so a line is the first of its kind where the number is a new height.
    height = np.concatenate(([-1], np.maximum.accumulate(same)[:-1]))
    first, last = words.bounds[:-1], words.bounds[1:] - 1
    worded, paired = first <= last, first < last
    # Two tokens more, so that the lines behind the last word have something to look at.
    ids = np.append(words.ids, (0, 0))
    head, tail, second = (
        np.where(worded, ids[first], 0),
        np.where(worded, ids[last], 0),
        np.where(paired, ids[first + 1], 0),
    )
    _, pair, pairs = np.unique(head * len(words.known) + second, return_inverse=True, return_counts=True)
    out = {
        "repeats": np.bincount(same)[same],
        "is_first": same > height,
        "same_head": worded * np.bincount(head)[head],
        "same_tail": worded * np.bincount(tail)[tail],
        "same_pair": pairs[pair],
    }
    return {name: column.astype(np.float32) for name, column in out.items()}


def _phrases(words: Words) -> set[tuple[int, int, str]]:
    """Every phrase that stands on a line: (line, kind, phrase)."""
    opens = np.zeros(len(words.known), dtype=bool)
    opens[[words.number[word] for word in words.number.keys() & CUES.phrases.keys()]] = True
    places = np.flatnonzero(opens[words.ids[:-1]] & (words.line[1:] == words.line[:-1]))
    found: set[tuple[int, int, str]] = set()
    for first, second, line in zip(
        words.ids[places].tolist(), words.ids[places + 1].tolist(), words.line[places].tolist(), strict=True
    ):
        for phrase, kind in CUES.phrases[words.known[first]].get(words.known[second], ()):
            if phrase.count(" ") == 3 or phrase in words.text(line):  # two words stand there already
                found.add((line, kind, phrase))
    return found


def _near(flat: Ids, owner: Ids) -> npt.NDArray[np.bool_]:
    """Whether each token stands on another line at most `NEAR` lines away."""
    order = np.argsort(flat, kind="stable")
    word, line = flat[order], owner[order]
    close = (word[1:] == word[:-1]) & (line[1:] - line[:-1] <= NEAR)
    found = np.zeros(len(flat), dtype=bool)
    found[order[1:]] |= close
    found[order[:-1]] |= close
    return found
