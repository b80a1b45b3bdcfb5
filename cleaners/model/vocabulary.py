"""How a line's words stand to the rest of its document: shared vocabulary, repeated lines, cue words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import count

import numpy as np
import numpy.typing as npt

from cleaners.model.cues import CUES
from cleaners.model.lexicon import Weights, score
from cleaners.model.shapes import Array
from cleaners.model.words import Ids, Words, words_of

NEAR = 8
MEANINGFUL = 4  # letters from which a word says what a text is about, in most languages


def vocabulary(texts: Sequence[str], prose: npt.NDArray[np.bool_], weights: Weights | None = None) -> dict[str, Array]:
    """Named columns, one value a line; ``prose`` marks the lines whose words are the document's own.

    With the ``weights`` of words also the column `lexicon`.
    """
    joined = "\n".join(texts).lower()
    words = words_of(joined)
    hints = np.array([word in CUES.words for word in words.known], dtype=bool)
    says = np.array([len(word) >= MEANINGFUL for word in words.known], dtype=bool)
    # Each word once a line.
    chosen = (hints | says)[words.ids]
    once = np.unique(words.line[chosen] * len(words.known) + words.ids[chosen])
    owner, flat = np.divmod(once, max(len(words.known), 1))
    meant, hinting = says[flat], hints[flat]
    out = _shared(flat[meant], owner[meant], prose, len(words.known))
    out |= _repeated(joined.split("\n"), words)
    cues = np.zeros((len(CUES.kinds), len(texts)), dtype=np.float32)
    for line, word in zip(owner[hinting].tolist(), flat[hinting].tolist(), strict=True):
        for kind in CUES.words[words.known[word]]:
            cues[kind, line] += 1
    for line, kind, _ in _phrases(words):
        cues[kind, line] += 1
    if weights is not None:
        out["lexicon"] = score(words, weights)
    return out | {f"cue_{name}": row for name, row in zip(CUES.kinds, cues, strict=True)}


def _shared(flat: Ids, owner: Ids, prose: npt.NDArray[np.bool_], known: int) -> dict[str, Array]:
    """What a line's meaningful words (`flat`, of lines `owner`) have in common with other lines and with the prose."""
    size = len(prose)
    sizes = np.bincount(owner, minlength=size)
    in_prose = np.bincount(flat[prose[owner]], minlength=known)
    everywhere = np.bincount(flat, minlength=known)
    others = in_prose[flat] - prose[owner]
    elsewhere = everywhere[flat] - 1
    some = np.maximum(sizes, 1)

    def mean(values: npt.NDArray[np.float64]) -> Array:
        return (np.bincount(owner, weights=values, minlength=size) / some).astype(np.float32)

    # The first prose is what a document is about; what follows may be another article or its comments.
    prose_tokens = np.where(prose, sizes, 0)
    early = prose & (np.cumsum(prose_tokens) <= max(0.4 * prose_tokens.sum(), 60))
    lead_others = np.bincount(flat[early[owner]], minlength=known)[flat] - early[owner]
    return {
        "meaningful": sizes.astype(np.float32),
        "shared": mean((others > 0).astype(np.float64)),
        "shared_log": mean(np.log1p(np.maximum(others, 0))),
        "shared_words": np.bincount(owner, weights=(others > 0), minlength=size).astype(np.float32),
        "lead": mean((lead_others > 0).astype(np.float64)),
        "local": mean(_near(flat, owner).astype(np.float64)),
        "elsewhere": mean(np.log1p(elsewhere)),
        "off_topic": mean(((others <= 0) & (elsewhere > 0)).astype(np.float64)),
    }


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
    opens = np.array([word in CUES.phrases for word in words.known], dtype=bool)
    places = np.flatnonzero(opens[words.ids[:-1]] & (words.line[1:] == words.line[:-1]))
    found: set[tuple[int, int, str]] = set()
    for first, second, line in zip(
        words.ids[places].tolist(), words.ids[places + 1].tolist(), words.line[places].tolist(), strict=True
    ):
        for phrase, kind in CUES.phrases[words.known[first]].get(words.known[second], ()):
            if phrase in words.text(line):
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
