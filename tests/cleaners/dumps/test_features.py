import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.dumps.features import NAMES, columns, matrix

LINES = st.lists(
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), min_size=1, max_size=80).filter(
        str.strip
    ),
    max_size=12,
)


def value(name: str, *lines: str) -> list[float]:
    return [round(float(x), 4) for x in columns(lines, [False] * len(lines))[name]]


@given(LINES)
def test_any_lines_give_finite_numbers_in_the_order_of_the_names(lines: list[str]) -> None:
    rows = matrix(lines, [False] * len(lines))
    assert rows.shape == (len(lines), len(NAMES))
    assert np.isfinite(rows).all()


@given(LINES)
def test_the_words_are_those_of_the_score(lines: list[str]) -> None:
    other = re.compile("[\u0e00-\u0e7f\u3040-\u30ff\u4e00-\u9fff\U00010000-\U0010ffff]")
    narrow = [line for line in lines if not other.search(line)]
    if narrow:
        assert value("words", *narrow) == [len(re.findall(r"\w+", line)) for line in narrow]


@pytest.mark.parametrize(
    ("name", "lines", "expected"),
    [
        ("closed", ("Il l'a dit.", "« Il l'a dit. »", "Accueil", "Il l'a dit :"), [1, 1, 0, 0]),
        ("image", ("/fit-in/300x200/photo.jpg", "![x](y)", "Il y a 2 photos."), [1, 1, 0]),
        ("date", ("12/03/2024", "le 3 mai 2019", "page 12"), [2, 1, 0]),
        ("clock", ("à 14h51", "14:51", "14 hommes"), [1, 1, 0]),
        ("copyright", ("© 2024", "Le Monde"), [1, 0]),
        ("repeats", ("Suivre", "Autre", "suivre"), [2, 1, 2]),
        ("starts_lower", ("donc", "Donc"), [1, 0]),
        ("glued", ("27 août 2025Politique", "Le 27 août"), [1, 0]),
        ("from_top", ("a b", "c d"), [0, round(float(np.log(2)), 4)]),
    ],
)
def test_what_a_line_looks_like(name: str, lines: tuple[str, ...], expected: list[float]) -> None:
    assert value(name, *lines) == expected


def test_lines_broken_in_mid_sentence_flow_into_one_paragraph() -> None:
    broken = (
        "The mayor said on Monday that the bridge",
        "would be closed to all traffic until the",
        "end of the month.",
        "Menu",
    )
    flow = value("flow", *broken)
    assert flow[0] == flow[1] == flow[2] == 20
    assert flow[3] == 1


def test_vocabulary_is_shared_with_the_prose_of_other_lines_only() -> None:
    prose = "The council will close the old harbour bridge to lorries from Monday as its cables have rusted."
    shared = value("shared", prose, "Why the harbour bridge rusted", "Pasta recipes tonight")
    assert shared[0] == 0
    assert shared[1] > 0.6
    assert shared[2] == 0
