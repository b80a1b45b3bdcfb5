import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.model.forest import Forest, dumps, loads

# Two trees of depth 2 over two features: worked out by hand.
FOREST = Forest(
    features=np.array([0, 0, 1], dtype=np.uint16),
    borders=np.array([0.0, 1.0, 0.5], dtype=np.float32),
    questions=np.array([[0, 2], [1, 2]], dtype=np.uint16),
    leaves=np.array([[1, 2, 3, 4], [10, 20, 30, 40]], dtype=np.int16),
    bias=0.5,
    scale=0.1,
)


@pytest.mark.parametrize(
    ("row", "leaves"),
    [
        ((-1, 0), 1 + 10),
        ((0.5, 0), 2 + 10),
        ((2, 0), 2 + 20),
        ((-1, 1), 3 + 30),
        ((0.5, 1), 4 + 30),
        ((2, 1), 4 + 40),
    ],
)
def test_each_answer_is_a_bit_of_the_leaf(row: tuple[float, float], leaves: int) -> None:
    assert FOREST.raw(np.array([row], dtype=np.float32)) == pytest.approx([leaves * 0.1 + 0.5])


def test_a_value_on_the_border_is_not_above_it() -> None:
    assert FOREST.raw(np.array([[0.0, 0.5]], dtype=np.float32)) == pytest.approx([1.6])


@given(st.integers(0, 700))
def test_rows_do_not_depend_on_how_many_come_along(size: int) -> None:
    rows = np.random.RandomState(0).randn(size, 2).astype(np.float32)
    one_by_one = [float(FOREST.probability(row[None])[0]) for row in rows]
    assert FOREST.probability(rows).tolist() == one_by_one


def test_a_file_gives_back_the_forest() -> None:
    header, (read,) = loads(dumps(["a", "b"], [FOREST], {"data": "abc"}))
    rows = np.random.RandomState(1).randn(50, 2).astype(np.float32)
    assert (header["names"], header["data"]) == (["a", "b"], "abc")
    assert np.array_equal(read.raw(rows), FOREST.raw(rows))


def test_the_same_forest_gives_the_same_bytes() -> None:
    assert dumps(["a"], [FOREST], {"x": 1, "y": 2}) == dumps(["a"], [FOREST], {"y": 2, "x": 1})


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04", dumps(["a"], [FOREST], {}) + b"x", dumps(["a"], [FOREST], {})[:-3]]
)
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"model file|buffer"):
        loads(data)
