"""A small convolutional network over the lines of a document, evaluated for all of them at once with numpy alone.

Residual layers of dilated convolutions (Yu and Koltun, "Multi-scale context aggregation by dilated convolutions",
2016) see fifteen lines to either side; the mean and the maximum over all lines tell what document it is.

File (`packed`): the header holds the `shapes` of the arrays and what the network was made of; weights have 16 bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from tamis.cleaners.model.model_file import Kinds, pack, unpack

Array = npt.NDArray[np.float32]

DILATIONS = (1, 2, 4, 8)
WIDEST = 4.0  # standard deviations from the mean beyond which a column says no more
_SMALL = 1 << 18  # multiplications up to which OpenBLAS wakes no further threads, which then wait busily for more
_NAME = b"TAMIS-NET-1\n"
_ARRAYS = {
    **dict.fromkeys(("mean", "deviation"), "<f4"),
    **dict.fromkeys(("entry", "context", "convolutions", "hidden", "out"), "<f2"),
}


@dataclass(frozen=True, slots=True)
class Net:
    """``mean`` and ``deviation`` are of each column in training; the last row of a layer's matrix is its bias.

    ``convolutions`` holds for each of `DILATIONS` the matrices of the line above, the line itself and the line below,
    one under the other.
    """

    mean: Array
    deviation: Array
    entry: Array
    context: Array
    convolutions: Array
    hidden: Array
    out: Array

    def raw(self, rows: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """Log-odds of each line of one document; ``rows`` are all its lines, columns in the training's order."""
        if not len(rows):
            return np.zeros(0)
        told = _relu(np.clip((rows - self.mean) / self.deviation, -WIDEST, WIDEST), self.entry)
        seen = told + _relu(np.concatenate((told.mean(axis=0), told.max(axis=0)))[None], self.context)
        for matrix, reach in zip(self.convolutions, DILATIONS, strict=True):
            seen = seen + _relu(_three(seen, reach), matrix)
        both = _relu(np.concatenate((seen, told), axis=1), self.hidden)
        return _linear(both, self.out).ravel().astype(np.float64)


def dumps(net: Net, facts: Mapping[str, Any]) -> bytes:
    """Write the file's bytes: a function of its arguments alone."""
    arrays = {name: getattr(net, name).astype(kind) for name, kind in _ARRAYS.items()}
    shapes = {name: array.shape for name, array in arrays.items()}
    return pack(_NAME, {**facts, "shapes": shapes}, list(arrays.values()))


def loads(data: bytes) -> tuple[dict[str, Any], Net]:
    """Read (facts, net). Raises ValueError where the bytes are no such file or are cut short."""
    header, arrays = unpack(_NAME, data, _kinds)
    shapes = header.pop("shapes")
    shaped = [array.reshape(shapes[name]).astype(np.float32) for name, array in zip(_ARRAYS, arrays, strict=True)]
    return header, Net(*shaped)


def _kinds(header: Mapping[str, Any]) -> Kinds:
    return [(kind, prod(header["shapes"][name])) for name, kind in _ARRAYS.items()]


def _three(seen: Array, reach: int) -> Array:
    """Each line beside those ``reach`` further up and down; beyond the document there is nothing."""
    nothing = np.zeros((reach, seen.shape[1]), dtype=np.float32)
    padded = np.concatenate((nothing, seen, nothing))
    return np.concatenate((padded[: len(seen)], seen, padded[2 * reach :]), axis=1)


def _linear(values: Array, layer: Array) -> Array:
    """Every line times the matrix, a few lines at a time: each product is small enough for one thread."""
    several = max(_SMALL // layer.size, 1)
    products = [values[start : start + several] @ layer[:-1] for start in range(0, len(values), several)]
    summed: Array = np.concatenate(products) + layer[-1]
    return summed


def _relu(values: Array, layer: Array) -> Array:
    return np.maximum(_linear(values, layer), 0)
