"""The features of the block judge: what a line looks like, what it says, and above all where it stands.

Everything is relative to the document itself, so that a language or a site never seen still makes sense. The
columns come in one fixed order (`NAMES`); a document is worked on as a whole, by array shifts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from tamis.cleaners.model import lexicon
from tamis.cleaners.model.arrays import FAR, ahead, runs, shift, since, smooth, until, window
from tamis.cleaners.model.cues import CUES
from tamis.cleaners.model.lexicon import Weights
from tamis.cleaners.model.shapes import Array, shapes
from tamis.cleaners.model.word_use import vocabulary

Columns = dict[str, Array]

PROSE_WORDS = 15
_SHIFTED = (
    "words",
    "closed",
    "capitalised",
    "shared",
    "cue_any",
    "prose",
    "digits",
    "repeats",
    "blank_before",
    "separators",
    "dated",
    "starts_sign",
    "uncapitalised",
    "local",
    "name",
    "headline",
)
_AVERAGED = (
    "log_words",
    "prose",
    "closed",
    "cue_any",
    "capitalised",
    "shared",
    "short",
    "repeats",
    "uncapitalised",
    "dated",
    "asks",
    "personal",
    "local",
    "lead",
    "name",
    "headline",
    "code",
)
_FAR_SHIFTED = ("words", "closed", "cue_any", "shared")
_SIDED = ("prose", "log_words", "cue_any", "closed", "shared")
_SINCE = (
    "related",
    "share",
    "subscription",
    "newsletter",
    "legal",
    "comment",
    "navigation",
    "byline",
    "tags",
    "author",
)
_HINTS = ("calendar", "reader", "speaker", "question")
_WINDOWS = (2, 6, 20)


def columns(texts: Sequence[str], blank_before: Sequence[bool], weights: Weights | None = None) -> Columns:
    """All features of a document's lines by name. Lines must not be empty nor hold newlines.

    With the ``weights`` of words also those of `LEXICAL`.
    """
    line = shapes(texts)
    words = line["words"]
    line["flow"] = flowing = _flow(line)
    prose = (
        (flowing >= PROSE_WORDS)
        & ((line["closed"] > 0) | (words >= 2 * PROSE_WORDS) | (flowing > words))
        & (line["uncapitalised"] > 0.4 * (line["capitalised"] > 0))
    )
    line |= vocabulary(texts, prose, weights)
    line["dated"] = (line["cue_calendar"] + line["date"] + line["clock"] > 0) & (words <= 12)
    line["asks"] = line["ends_question"] * (words <= 20)
    line["name"] = (
        (words >= 2) & (words <= 4) & (line["capitalised"] > 0.99) & (line["digits"] == 0) & (line["closed"] == 0)
    )
    line["headline"] = (words >= 5) & (words <= 20) & (line["closed"] == 0) & (line["ends_colon"] == 0)
    line["personal"] = (line["cue_speaker"] + line["cue_reader"]) / np.maximum(np.sqrt(words), 1)
    line = {name: column.astype(np.float32) for name, column in line.items()}
    line["blank_before"] = np.asarray(blank_before, dtype=np.float32)
    line["blank_after"] = np.append(line["blank_before"][1:], np.float32(1.0))
    line["log_words"] = np.log1p(words)
    line["prose"] = prose.astype(np.float32)
    line["short"] = (words <= 6).astype(np.float32)
    total = sum(
        (line[f"cue_{kind}"] for kind in CUES.kinds if kind not in _HINTS),
        np.zeros_like(words),
    )
    line["cue_any"] = np.minimum(total / np.maximum(np.sqrt(words), 1), 3).astype(np.float32)
    line["cue_share"] = total / np.maximum(words, 1)
    if weights is not None:
        line |= lexicon.columns(line["lexicon"], words, line["prose"])
    return line | _neighbours(line) | _sections(line) | _place(line) | _document(line) | _likeness(line)


def _flow(line: Columns) -> Array:
    """Words of the paragraph a line belongs to, where paragraphs are broken into lines of even width."""
    ends_open = (line["closed"] == 0) & (line["ends_colon"] == 0) & (line["words"] >= 4)
    goes_on = ends_open[:-1] & (
        (line["starts_lower"][1:] > 0) | ((line["sentences"][:-1] > 0) & (line["words"][1:] >= 4))
    )
    paragraph = np.concatenate(([0], np.cumsum(~goes_on)))
    totals = np.bincount(paragraph, weights=line["words"])
    return totals[paragraph].astype(np.float32)


def _neighbours(line: Columns) -> Columns:
    out: Columns = {}
    near, far = _rows(line, _SHIFTED), _rows(line, _FAR_SHIFTED)
    for by in (1, -1, 2, -2, 3, -3):
        names, rows = (_SHIFTED, near) if abs(by) < 3 else (_FAR_SHIFTED, far)
        out |= zip((f"{name}@{-by:+d}" for name in names), shift(rows, by), strict=True)
    averaged = _rows(line, _AVERAGED)
    means = [window(averaged, reach) for reach in _WINDOWS]
    for place, name in enumerate(_AVERAGED):
        out |= {f"{name}~{reach}": mean[place] for reach, mean in zip(_WINDOWS, means, strict=True)}
    sided = _rows(line, _SIDED)
    for name, back, on in zip(_SIDED, ahead(sided[:, ::-1], 5)[:, ::-1], ahead(sided, 5), strict=True):
        out[f"{name}<5"], out[f"{name}>5"] = back, on
    return out


def _rows(line: Columns, names: Sequence[str]) -> Array:
    return np.stack([line[name] for name in names])


def _sections(line: Columns) -> Columns:
    """How far back the last short line of each kind stands, and how much prose has come since."""
    out: Columns = {}
    prose_words = np.cumsum(line["words"] * line["prose"])
    for kind in _SINCE:
        mask = (line[f"cue_{kind}"] > 0) & (line["words"] <= 8)
        out[f"since_{kind}"] = since(mask)
        here = np.maximum.accumulate(np.where(mask, prose_words, 0.0))
        out[f"prose_since_{kind}"] = np.log1p(prose_words - here)
        if kind in ("related", "share", "subscription", "byline", "legal"):
            out[f"until_{kind}"] = until(mask)
    return {name: column.astype(np.float32) for name, column in out.items()}


def _place(line: Columns) -> Columns:
    """Where the line stands in the document and, above all, to its prose."""
    size = len(line["words"])
    here = np.arange(size, dtype=np.float32)
    prose = line["prose"] > 0
    written = line["words"] * line["prose"]
    total = max(float(written.sum()), 1.0)
    done = np.cumsum(written)
    dense = smooth(written * (0.5 + line["shared"]))
    unbroken = runs(line["prose"] > 0)
    gap_back, gap_on = (
        since(shift(line["prose"], 1, 0.0) > 0) + 1,
        until(shift(line["prose"], -1, 0.0) > 0) + 1,
    )
    words = line["words"]
    all_done = np.cumsum(words)
    return {
        "from_top": np.log1p(here),
        "from_end": np.log1p(size - 1 - here),
        "part": here / max(size - 1, 1),
        "words_part": (all_done / max(float(all_done[-1]), 1.0)).astype(np.float32),
        "prose_before": ((done - written) / total).astype(np.float32),
        "prose_words_before": np.log1p(done - written).astype(np.float32),
        "prose_words_after": np.log1p(np.maximum(total - done, 0)).astype(np.float32),
        "since_prose": gap_back.astype(np.float32),
        "until_prose": gap_on.astype(np.float32),
        "gap": np.minimum(gap_back + gap_on, FAR).astype(np.float32),
        "dense": (dense / max(float(dense.max()), 1e-6)).astype(np.float32),
        "run": unbroken,
        "longest_near": np.log1p(np.maximum(shift(words, 1, 0), shift(words, -1, 0))).astype(np.float32),
        "inside": ((np.cumsum(prose) > 0) & (np.cumsum(prose[::-1])[::-1] > 0)).astype(np.float32),
    }


def _document(line: Columns) -> Columns:
    """Tell what kind of document it is: the same value on each of its lines."""
    words = line["words"]
    size = len(words)
    total = max(float(words.sum()), 1.0)
    facts = {
        "doc_lines": np.log1p(size),
        "doc_prose": float(line["prose"].mean()),
        "doc_prose_words": float((words * line["prose"]).sum()) / total,
        "doc_words": np.log1p(total),
        "doc_median": float(np.median(words)),
        "doc_cues": float(line["cue_any"].mean()),
        "doc_blank": float(line["blank_before"].mean()),
        "doc_repeats": float((line["repeats"] > 1).mean()),
        "doc_signs": float(line["starts_sign"].mean()),
        "doc_closed": float(line["closed"].mean()),
        "doc_long_median": float(np.median(words[line["prose"] > 0])) if line["prose"].any() else 0.0,
    }
    return {name: np.full(size, value, dtype=np.float32) for name, value in facts.items()}


def _likeness(line: Columns) -> Columns:
    """Lines of one shape: how many in the document, and whether near ones are among them (lists, teasers)."""
    buckets = np.minimum(np.log2(line["words"] + 1), 7).round()
    shape = (
        buckets
        + 8 * line["closed"]
        + 16 * (line["digits"] > 0)
        + 32 * (line["capitalised"] > 0.6)
        + 64 * (line["cue_any"] > 0.3)
        + 128 * line["starts_sign"]
        + 256 * line["ends_colon"]
    )
    _, inverse, counts = np.unique(shape, return_inverse=True, return_counts=True)
    size = len(shape)
    near = np.zeros(size, dtype=np.float32)
    out = {"same_shape": (counts[inverse] / size).astype(np.float32)}
    for by in (1, 2, 3, 4):
        same = (shift(shape, by) == shape).astype(np.float32) + (shift(shape, -by) == shape)
        out[f"shape@{by}"] = same
        near += same
    out["shape_near"] = near
    drift = np.abs(line["log_words"] - shift(line["log_words"], 1)) + np.abs(
        line["log_words"] - shift(line["log_words"], -1)
    )
    out["even"] = drift.astype(np.float32)
    return out


def matrix(
    texts: Sequence[str],
    blank_before: Sequence[bool],
    wanted: Sequence[str] | None = None,
    weights: Weights | None = None,
) -> npt.NDArray[np.float32]:
    """Features of a document's lines, one row a line, columns as ``wanted`` or in the order of `NAMES`."""
    wanted = NAMES if wanted is None else wanted
    if not texts:
        return np.zeros((0, len(wanted)), dtype=np.float32)
    named = columns(texts, blank_before, weights)
    return np.stack([named[name] for name in wanted]).T


NAMES: tuple[str, ...] = tuple(columns(["A line.", "Another one"], [False, True]))
LEXICAL: tuple[str, ...] = tuple(name for name in columns(["A line."], [False], {}) if name not in NAMES)
