"""How a line's words stand to the rest of its document: shared vocabulary, repeated lines, cue words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from cleaners.model.cues import CUES, WORD
from cleaners.model.shapes import Array

NEAR = 8
MEANINGFUL = 4  # letters from which a word says what a text is about, in most languages


def vocabulary(texts: Sequence[str], prose: npt.NDArray[np.bool_]) -> dict[str, Array]:
    """Named columns, one value a line; ``prose`` marks the lines whose words are the document's own."""
    size = len(texts)
    lowered = [text.lower() for text in texts]
    tokens = [WORD.findall(text) for text in lowered]
    cues = np.zeros((len(CUES.kinds), size), dtype=np.float32)
    for line, words in enumerate(tokens):
        for kind in CUES.hits(words):
            cues[kind, line] += 1

    ids: dict[str, int] = {}
    keep = [{w for w in words if len(w) >= MEANINGFUL} for words in tokens]
    flat = np.array([ids.setdefault(w, len(ids)) for words in keep for w in sorted(words)], dtype=np.int64)
    sizes = np.array([len(words) for words in keep], dtype=np.int64)
    owner = np.repeat(np.arange(size), sizes)
    in_prose = np.bincount(flat[prose[owner]], minlength=len(ids)) if len(flat) else np.zeros(0, dtype=np.int64)
    everywhere = np.bincount(flat, minlength=len(ids))
    others = in_prose[flat] - prose[owner]
    elsewhere = everywhere[flat] - 1
    some = np.maximum(sizes, 1)

    def mean(values: npt.NDArray[np.float64]) -> Array:
        return (np.bincount(owner, weights=values, minlength=size) / some).astype(np.float32)

    # The first prose is what a document is about; what follows may be another article or its comments.
    prose_tokens = np.where(prose, sizes, 0)
    early = prose & (np.cumsum(prose_tokens) <= max(0.4 * prose_tokens.sum(), 60))
    in_lead = np.bincount(flat[early[owner]], minlength=len(ids)) if len(flat) else np.zeros(0, dtype=np.int64)
    lead_others = in_lead[flat] - early[owner]
    repeats = Counter(lowered)
    first_seen: dict[str, int] = {}
    is_first = np.array([first_seen.setdefault(text, i) == i for i, text in enumerate(lowered)], dtype=np.float32)
    heads = Counter(words[0] if words else "" for words in tokens)
    tails = Counter(words[-1] if words else "" for words in tokens)
    pairs = Counter(" ".join(words[:2]) for words in tokens)
    out = {
        "meaningful": sizes.astype(np.float32),
        "shared": mean((others > 0).astype(np.float64)),
        "shared_log": mean(np.log1p(np.maximum(others, 0))),
        "shared_words": np.bincount(owner, weights=(others > 0), minlength=size).astype(np.float32),
        "lead": mean((lead_others > 0).astype(np.float64)),
        "local": mean(_near(flat, owner).astype(np.float64)),
        "elsewhere": mean(np.log1p(elsewhere)),
        "off_topic": mean(((others <= 0) & (elsewhere > 0)).astype(np.float64)),
        "repeats": np.array([repeats[text] for text in lowered], dtype=np.float32),
        "is_first": is_first,
        "same_head": np.array([heads[w[0]] if w else 0 for w in tokens], dtype=np.float32),
        "same_tail": np.array([tails[w[-1]] if w else 0 for w in tokens], dtype=np.float32),
        "same_pair": np.array([pairs[" ".join(w[:2])] for w in tokens], dtype=np.float32),
    }
    for name, row in zip(CUES.kinds, cues, strict=True):
        out[f"cue_{name}"] = row
    return out


def _near(flat: npt.NDArray[np.int64], owner: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Whether each token stands on another line at most `NEAR` lines away."""
    order = np.argsort(flat, kind="stable")
    word, line = flat[order], owner[order]
    close = (word[1:] == word[:-1]) & (line[1:] - line[:-1] <= NEAR)
    found = np.zeros(len(flat), dtype=bool)
    found[order[1:]] |= close
    found[order[:-1]] |= close
    return found
