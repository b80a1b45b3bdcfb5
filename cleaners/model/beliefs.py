"""What a first opinion on each line says about its neighbours: the second model's features (stacking).

Wolpert, "Stacked generalization", 1992; Cohen and Carvalho, "Stacked sequential learning", 2005.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from cleaners.model.arrays import FAR, ahead, runs, shift, since, smooth, until, window
from cleaners.model.shapes import Array

_REACHES = (1, 3, 8, 25)
_SHIFTS = (1, -1, 2, -2, 3, -3)


def beliefs(first: npt.NDArray[np.float64], words: Array) -> dict[str, Array]:
    """Named columns from the first model's probabilities and the lines' lengths in words."""
    p = first.astype(np.float32)
    size = len(p)
    weight = np.sqrt(words + 1)
    out: dict[str, Array] = {"p": p}
    for by in _SHIFTS:
        out[f"p@{-by:+d}"] = shift(p, by, 0.0)
    rows = np.stack((p, p * weight, weight))
    for reach in _REACHES:
        plain, weighted, mass = window(rows, reach)
        out[f"p~{reach}"] = plain
        out[f"pw~{reach}"] = weighted / np.maximum(mass, 1e-6)
    for reach in (5, 15):
        weighted, mass = ahead(rows[1:], reach)
        out[f"pw>{reach}"] = weighted / np.maximum(mass, 1e-6)
        weighted, mass = ahead(rows[1:, ::-1], reach)
        out[f"pw<{reach}"] = (weighted / np.maximum(mass, 1e-6))[::-1]
    sure = (p > 0.7) & (words >= 8)
    doubtful = (p < 0.3) & (words >= 3)
    believed = p * words
    total = max(float(believed.sum()), 1.0)
    done = np.cumsum(believed)
    out["p_before"] = (done - believed) / total
    out["p_after"] = (total - done) / total
    out["p_words_before"] = np.log1p(done - believed)
    out["p_words_after"] = np.log1p(np.maximum(total - done, 0.0))
    out["since_sure"] = since(shift(sure.astype(np.float32), 1, 0.0) > 0)
    out["until_sure"] = until(shift(sure.astype(np.float32), -1, 0.0) > 0)
    out["since_doubtful"] = since(shift(doubtful.astype(np.float32), 1, 0.0) > 0)
    out["until_doubtful"] = until(shift(doubtful.astype(np.float32), -1, 0.0) > 0)
    out["sure_gap"] = np.minimum(out["since_sure"] + out["until_sure"], FAR)
    out["p_run"] = runs(p > 0.5)
    out["p_dense"] = smooth(believed)
    out["p_dense"] = out["p_dense"] / max(float(out["p_dense"].max()), 1e-6)
    out["doc_p"] = np.full(size, p.mean())
    out["doc_pw"] = np.full(size, total / max(float(words.sum()), 1.0))
    out["doc_content"] = np.full(size, np.log1p(total))
    best = np.maximum.accumulate(np.where(sure, done, 0.0))
    out["words_since_sure"] = np.log1p(np.cumsum(words) - np.maximum.accumulate(np.where(sure, np.cumsum(words), 0.0)))
    out["content_so_far"] = best / total
    return {name: np.asarray(column, dtype=np.float32) for name, column in out.items()}
