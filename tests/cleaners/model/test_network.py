"""The network of the judge of text dumps: what it computes, and its file."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.model.network import DILATIONS, Net, dumps, loads

COLUMNS, UNITS = 3, 2


def made(seed: int) -> Net:
    """A network of random weights that 16 bits hold."""
    chance = np.random.RandomState(seed)

    def layer(*shape: int) -> np.ndarray:
        return chance.randn(*shape).astype(np.float16).astype(np.float32)

    return Net(
        mean=layer(COLUMNS),
        deviation=np.abs(layer(COLUMNS)) + 1,
        entry=layer(COLUMNS + 1, UNITS),
        context=layer(2 * UNITS + 1, UNITS),
        convolutions=layer(len(DILATIONS), 3 * UNITS + 1, UNITS),
        hidden=layer(2 * UNITS + 1, UNITS),
        out=layer(UNITS + 1, 1),
    )


def rows(size: int, seed: int = 0) -> np.ndarray:
    return np.random.RandomState(seed).randn(size, COLUMNS).astype(np.float32)


@pytest.mark.parametrize("size", [1, 2, 5, 40])
def test_each_line_hears_those_around_it(size: int) -> None:
    net, lines = made(1), rows(size)

    def relu(values: np.ndarray, matrix: np.ndarray) -> np.ndarray:
        return np.maximum(np.append(values, 1) @ matrix, 0)

    told = [relu(np.clip((line - net.mean) / net.deviation, -4, 4), net.entry) for line in lines]
    whole = relu(np.concatenate((np.mean(told, axis=0), np.max(told, axis=0))), net.context)
    seen = [line + whole for line in told]
    for matrix, reach in zip(net.convolutions, DILATIONS, strict=True):

        def at(place: int, lines: list[np.ndarray] = seen) -> np.ndarray:
            return lines[place] if 0 <= place < size else np.zeros(UNITS)

        seen = [at(i) + relu(np.concatenate((at(i - reach), at(i), at(i + reach))), matrix) for i in range(size)]
    odds = [
        (np.append(relu(np.concatenate(pair), net.hidden), 1) @ net.out).item() for pair in zip(seen, told, strict=True)
    ]
    assert net.raw(lines) == pytest.approx(odds, rel=1e-4, abs=1e-4)


def test_no_lines_have_no_odds() -> None:
    assert made(1).raw(np.zeros((0, COLUMNS), dtype=np.float32)).shape == (0,)


@given(st.integers(0, 50))
def test_a_file_gives_back_the_network(seed: int) -> None:
    net = made(seed)
    facts, read = loads(dumps(net, {"names": ["a", "b", "c"]}))
    assert facts == {"names": ["a", "b", "c"]}
    assert np.array_equal(read.raw(rows(9)), net.raw(rows(9)))


def test_the_same_network_gives_the_same_bytes() -> None:
    assert dumps(made(1), {"x": 1, "y": 2}) == dumps(replace(made(1)), {"y": 2, "x": 1})


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"TAMIS", dumps(made(1), {})[:-40]])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"model file|buffer"):
        loads(data)
