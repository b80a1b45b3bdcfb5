"""The file of a model: a line that names it, a JSON header behind its length (4 bytes), arrays; all little endian."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

Kinds = Iterable[tuple[str, int]]
"""The type and the length of each array, in order."""


def pack(name: bytes, header: Mapping[str, Any], arrays: Sequence[npt.NDArray[Any]]) -> bytes:
    """Write the file's bytes: a function of its arguments alone."""
    told = json.dumps(header, sort_keys=True).encode()
    return b"".join([name, len(told).to_bytes(4, "little"), told, *(array.tobytes() for array in arrays)])


def unpack(name: bytes, data: bytes, kinds: Callable[[dict[str, Any]], Kinds]) -> tuple[dict[str, Any], list[Any]]:
    """Read (header, arrays); ``kinds`` tells from the header what the arrays are.

    Raises ValueError where the bytes are no such file or are cut short.
    """
    if not data.startswith(name):
        raise ValueError(f"not a model file of tamis (its first line is not {name.decode().strip()}): retrain it")
    at = len(name) + 4
    size = int.from_bytes(data[len(name) : at], "little")
    header: dict[str, Any] = json.loads(data[at : at + size])
    at += size
    arrays = []
    for kind, count in kinds(header):
        arrays.append(np.frombuffer(data, dtype=kind, count=count, offset=at))
        at += arrays[-1].nbytes
    if at != len(data):
        raise ValueError(f"model file of {len(data)} bytes, its header says {at}: it is damaged, retrain it")
    return header, arrays
