"""A document's lines as arrays: each line seen from its neighbours, by shifts, windows and running counts."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from tamis.cleaners.model.shapes import Array

FAR = 60.0  # lines from which on a distance says no more


def shift(column: Array, by: int, fill: float = -1.0) -> Array:
    """Give the column (or each of several, one a row) as seen from ``by`` lines further up (negative: down)."""
    out = np.full_like(column, fill)
    if by > 0:
        out[..., by:] = column[..., :-by]
    else:
        out[..., :by] = column[..., -by:]
    return out


def window(columns: Array, reach: int) -> Array:
    """Mean over the lines within ``reach``, the line itself left out, of one column or of each row."""
    total = _running(columns)
    here = np.arange(columns.shape[-1])
    low, high = np.maximum(here - reach, 0), np.minimum(here + reach + 1, len(here))
    mean: Array = (total[..., high] - total[..., low] - columns) / np.maximum(high - low - 1, 1)
    return mean.astype(np.float32)


def ahead(columns: Array, reach: int) -> Array:
    """Mean over the next ``reach`` lines, the line itself left out, of one column or of each row."""
    total = _running(columns)
    here = np.arange(columns.shape[-1])
    high = np.minimum(here + reach + 1, len(here))
    mean: Array = (total[..., high] - total[..., here + 1]) / np.maximum(high - here - 1, 1)
    return mean.astype(np.float32)


def _running(columns: Array) -> Array:
    total = np.zeros((*columns.shape[:-1], columns.shape[-1] + 1))
    np.cumsum(columns, axis=-1, dtype=np.float64, out=total[..., 1:])
    return total


def since(mask: npt.NDArray[np.bool_]) -> Array:
    """Lines since the mask, or each row of it, was last true (0 on such a line), `FAR` at most."""
    here = np.arange(mask.shape[-1])
    last = np.maximum.accumulate(np.where(mask, here, -int(FAR)), axis=-1)
    return np.minimum(here - last, FAR).astype(np.float32)


def until(mask: npt.NDArray[np.bool_]) -> Array:
    """Lines until the mask is next true (0 on such a line), `FAR` at most."""
    return since(mask[::-1])[::-1]


def smooth(column: Array, keep: float = 0.8) -> Array:
    """Exponential average from both sides."""
    reach = 20
    kernel = keep ** np.abs(np.arange(-reach, reach + 1))
    return np.convolve(column, kernel, mode="full")[reach : reach + len(column)].astype(np.float32)


def runs(mask: npt.NDArray[np.bool_]) -> Array:
    """Length of the unbroken run of true or false lines around each line, negative where it is false."""
    edges = np.flatnonzero(np.diff(mask.astype(np.int8))) + 1
    bounds = np.concatenate(([0], edges, [len(mask)]))
    lengths = np.diff(bounds)
    signs = np.where(mask[bounds[:-1]], 1.0, -1.0)
    return np.repeat(np.minimum(lengths, FAR) * signs, lengths).astype(np.float32)
