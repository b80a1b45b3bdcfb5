"""What a first opinion on each line says about its neighbours: the second model's features (stacking).

Wolpert, "Stacked generalization", 1992; Cohen and Carvalho, "Stacked sequential learning", 2005.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tamis.cleaners.model.arrays import runs, shift, smooth, until, window
from tamis.cleaners.model.shapes import Array

_REACHES = (1, 3, 8)
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
    sure = (p > 0.7) & (words >= 8)
    believed = p * words
    done, read = np.cumsum(believed), np.cumsum(words)
    total = max(float(done[-1]), 1.0)
    dense = smooth(believed)
    return out | {
        "p_before": (done - believed) / total,
        "until_sure": until(np.append(sure[1:], False)),
        "p_run": runs(p > 0.5),
        "p_dense": dense / max(float(dense.max()), 1e-6),
        "doc_p": np.full(size, p.mean()),
        "doc_pw": np.full(size, total / max(float(read[-1]), 1.0)),
        "doc_content": np.full(size, np.log1p(total)),
        "words_since_sure": np.log1p(read - np.maximum.accumulate(np.where(sure, read, 0.0))),
        "content_so_far": np.maximum.accumulate(np.where(sure, done, 0.0)) / total,
    }
