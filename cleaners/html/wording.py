"""What the text of each block of a page says of it, as numbers: signs, vocabulary, and where the prose stands.

The few columns of `cleaners.dumps.features` that the judge of HTML hears; it knows more of a block from its place.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tamis.cleaners.model.arrays import since, smooth
from tamis.cleaners.model.cues import CUES
from tamis.cleaners.model.shapes import (
    ALNUM,
    BRACKET,
    CLASSES,
    LOWER,
    OTHER,
    QUOTE,
    SEPARATOR,
    SPACE,
    TERMINAL,
    UPPER,
    Array,
)
from tamis.cleaners.model.word_use import cues, meaningful, shared
from tamis.cleaners.model.words import Words

PROSE_WORDS = 15
_SHORT = 8
_SINCE = ("related", "share", "subscription", "comment", "byline", "author")
_HINTS = ("calendar", "reader", "speaker", "question")
_TELLING = [number for number, kind in enumerate(CUES.kinds) if kind not in _HINTS]
_MARKS = [CUES.kinds.index(kind) for kind in _SINCE]
_PERSONAL = [CUES.kinds.index("speaker"), CUES.kinds.index("reader")]


def columns(texts: Sequence[str], words: Words, sizes: Array) -> dict[str, Array]:
    """All features of a page's texts by name, with their ``words`` numbered and their ``sizes`` in words."""
    line = _signs(texts, sizes)
    prose = (
        (sizes >= PROSE_WORDS)
        & ((line["closed"] > 0) | (sizes >= 2 * PROSE_WORDS))
        & (line["uncapitalised"] > 0.4 * (line["capitalised"] > 0))
    )
    hints = cues(words)
    total = hints[_TELLING].sum(axis=0)
    root = np.maximum(np.sqrt(sizes), 1)
    line |= {
        "words": sizes,
        "cue_any": np.minimum(total / root, 3),
        "cue_share": total / np.maximum(sizes, 1),
        "personal": hints[_PERSONAL].sum(axis=0) / root,
    }
    line |= shared(*meaningful(words), prose, len(words.known))
    signs = line.pop("signs")
    return line | _sections(hints[_MARKS], sizes, prose) | _prose(line, prose) | _page(line, prose, signs)


def _signs(texts: Sequence[str], sizes: Array) -> dict[str, Array]:
    """Capitals, and what the texts begin and end with."""
    joined = "\n".join(texts) + "\n"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    classes = CLASSES[np.minimum(codes, 0xFFFF)]
    ends = np.flatnonzero(codes == ord("\n"))
    starts = np.append(0, ends[:-1] + 1)
    first, last, before = classes[starts], classes[ends - 1], classes[np.maximum(ends - 2, starts)]
    letters = (classes & ALNUM) != 0
    begins = np.flatnonzero(letters[1:] & ~letters[:-1]) + 1
    if letters[0]:
        begins = np.append(0, begins)
    of_line = np.searchsorted(ends, begins)
    counts = {
        name: np.bincount(of_line, weights=(classes[begins] & flag) != 0, minlength=len(ends)) / np.maximum(sizes, 1)
        for name, flag in (("capitalised", UPPER), ("uncapitalised", LOWER))
    }
    closed = ((last & TERMINAL) != 0) | (
        ((last & (QUOTE | BRACKET)) != 0) & ((before & (TERMINAL | QUOTE | SPACE)) != 0)
    )
    return {**counts, "closed": closed, "signs": (first & (SEPARATOR | BRACKET | OTHER)) != 0}


def _sections(hints: Array, sizes: Array, prose: npt.NDArray[np.bool_]) -> dict[str, Array]:
    """How far back the last short line of each kind stands, and how much prose has come since."""
    marks = (hints > 0) & (sizes <= _SHORT)
    done = np.cumsum(sizes * prose)
    after = np.log1p(done - np.maximum.accumulate(np.where(marks, done, 0.0), axis=1))
    back = since(marks)
    return {f"since_{kind}": row for kind, row in zip(_SINCE, back, strict=True)} | {
        f"prose_since_{kind}": row for kind, row in zip(_SINCE, after, strict=True)
    }


def _prose(line: dict[str, Array], prose: npt.NDArray[np.bool_]) -> dict[str, Array]:
    """How much of the page and of its prose has been read, and how dense that is."""
    written = line["words"] * prose
    done, read = np.cumsum(written), np.cumsum(line["words"])
    dense = smooth(written * (0.5 + line["shared"]))
    return {
        "words_part": read / max(float(read[-1]), 1.0),
        "prose_before": (done - written) / max(float(done[-1]), 1.0),
        "prose_words_before": np.log1p(done - written),
        "dense": dense / max(float(dense.max()), 1e-6),
    }


def _page(line: dict[str, Array], prose: npt.NDArray[np.bool_], signs: Array) -> dict[str, Array]:
    """What kind of page it is: the same value for each of its blocks."""
    words = line["words"]
    facts = {
        "doc_prose": prose.mean(),
        "doc_prose_words": words[prose].sum() / max(float(words.sum()), 1.0),
        "doc_median": np.median(words),
        "doc_cues": line["cue_any"].mean(),
        "doc_signs": signs.mean(),
        "doc_closed": line["closed"].mean(),
        "doc_long_median": np.median(words[prose]) if prose.any() else 0.0,
    }
    return {name: np.full(len(words), value, dtype=np.float32) for name, value in facts.items()}
