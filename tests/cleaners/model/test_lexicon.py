"""What the weights of words make of a line."""

from __future__ import annotations

import numpy as np
import pytest

from tamis.cleaners.dumps.features import LEXICAL, columns, matrix
from tamis.cleaners.model.lexicon import score
from tamis.cleaners.model.words import words_of

WEIGHTS = {"cookies": -2.0, "said": 1.0}


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["cookies", "she said"], [-2.0, 2**-0.5]),
        (["unheard of words", "cookies cookies cookies cookies"], [0.0, -4.0]),
        (["…", "cookies said"], [0.0, -(2**-0.5)]),
    ],
)
def test_a_line_scores_its_words_over_the_root_of_its_length(lines: list[str], expected: list[float]) -> None:
    assert score(words_of("\n".join(lines)), WEIGHTS) == pytest.approx(expected)


def test_the_columns_of_words_come_with_their_weights_only() -> None:
    lines = ["We use cookies.", "The mayor said so on Monday."]
    assert not set(LEXICAL) & set(columns(lines, [False, False]))
    assert set(LEXICAL) <= set(columns(lines, [False, False], WEIGHTS))


def test_a_language_of_unknown_words_says_nothing() -> None:
    rows = matrix(["Ny bro åpnet i går.", "Les mer"], [False, False], LEXICAL, WEIGHTS)
    assert (rows == 0).all()


def test_one_line_has_no_neighbours() -> None:
    assert np.isfinite(matrix(["We use cookies."], [False], LEXICAL, WEIGHTS)).all()
