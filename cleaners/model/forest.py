"""Oblivious decision trees from a small binary file, evaluated for all rows at once with numpy alone.

In an oblivious tree every node of a level asks the same question (Kohavi, "Bottom-up induction of oblivious
read-once decision graphs", 1994; Prokhorenkova et al., "CatBoost", 2018), so a tree of depth d is d questions
and a table of 2^d values, and a row's leaf is the number written by its d answers.

File (`packed`): the header holds `names`, and per forest `trees`, `depth`, `borders`, `bias`, `scale`; then for each
forest come the feature of each border (uint16), the borders (float32), the questions of each tree (uint16, an index
into the borders) and the leaf values (int16, times `scale`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from tamis.cleaners.model.model_file import Kinds, pack, unpack

MAGIC = b"TAMIS-FOREST-1\n"
_ROWS = 256  # rows at a time: keeps the working set in the processor's cache


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees of one depth: `features` and `borders` are the questions, `questions` says who asks which."""

    features: npt.NDArray[np.uint16]
    borders: npt.NDArray[np.float32]
    questions: npt.NDArray[np.uint16]
    leaves: npt.NDArray[np.int16]
    bias: float
    scale: float

    def raw(self, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Sum the trees for each row (log-odds for a classifier); columns in the training's order."""
        out = np.empty(len(rows), dtype=np.float64)
        offsets = (np.arange(len(self.leaves)) * self.leaves.shape[1])[:, None]
        values, borders, levels = self.leaves.ravel(), self.borders[:, None], self.questions.T
        for start in range(0, len(rows), _ROWS):
            part = np.ascontiguousarray(rows[start : start + _ROWS].T)
            answers = (part.take(self.features, axis=0) > borders).view(np.uint8)
            leaf = answers.take(levels[-1], axis=0)
            for level in levels[-2::-1]:
                leaf += leaf
                leaf += answers.take(level, axis=0)
            # 65,536 trees of 16 bits fit into 32.
            out[start : start + _ROWS] = values.take(leaf + offsets).sum(axis=0, dtype=np.int32)
        return out * self.scale + self.bias

    def probability(self, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Give the logistic function of `raw`."""
        odds: npt.NDArray[np.float64] = 1.0 / (1.0 + np.exp(-self.raw(rows)))
        return odds


def dumps(names: Sequence[str], forests: Sequence[Forest], facts: Mapping[str, Any]) -> bytes:
    """Write the file's bytes: a function of its arguments alone."""
    shapes = [
        {
            "trees": len(f.leaves),
            "depth": f.questions.shape[1],
            "borders": len(f.borders),
            "bias": f.bias,
            "scale": f.scale,
        }
        for f in forests
    ]
    arrays = [
        array.astype(kind)
        for f in forests
        for array, kind in ((f.features, "<u2"), (f.borders, "<f4"), (f.questions, "<u2"), (f.leaves, "<i2"))
    ]
    return pack(MAGIC, {**facts, "names": list(names), "forests": shapes}, arrays)


def loads(data: bytes) -> tuple[dict[str, Any], tuple[Forest, ...]]:
    """Read (header, forests). Raises ValueError where the bytes are no such file or are cut short."""
    header, arrays = unpack(MAGIC, data, _kinds)
    forests = []
    for number, shape in enumerate(header["forests"]):
        features, borders, questions, leaves = arrays[4 * number : 4 * number + 4]
        trees, depth = shape["trees"], shape["depth"]
        forests.append(
            Forest(
                features,
                borders,
                questions.reshape(trees, depth),
                leaves.reshape(trees, 1 << depth),
                shape["bias"],
                shape["scale"],
            )
        )
    return header, tuple(forests)


def _kinds(header: Mapping[str, Any]) -> Kinds:
    for shape in header["forests"]:
        trees, depth, borders = shape["trees"], shape["depth"], shape["borders"]
        yield from (("<u2", borders), ("<f4", borders), ("<u2", trees * depth), ("<i2", trees << depth))
