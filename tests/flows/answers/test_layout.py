"""What a table looks like on a screen of any width: no number cut, no line wider than the screen."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from tamis.flows.answers.layout import Answer, Expanded, Listing, fitted, widths_within, wrapped

ROWS = [
    ("7", "widget", "widget.font_size", "0.97", "A"),
    ("112", "related", "related.read_also", "0.90", "Lire aussi : le port rouvre après la tempête et les grues"),
]
NAMES = ("block", "what it is", "rule", "sure", "text")
WIDE = "港が再開 le port rouvre"


def printed(thing: object, width: int) -> list[str]:
    out = io.StringIO()
    Console(file=out, width=width, highlight=False, markup=False, emoji=False).print(thing)
    return [line.rstrip() for line in out.getvalue().splitlines()]


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
def test_what_is_fixed_is_never_cut(width: int) -> None:
    lines = printed(Listing(NAMES, ROWS, frozenset({"block", "sure"})), width)
    assert max(map(cell_len, lines)) <= width
    said = "\n".join(lines)
    for row in ROWS:
        assert all(cell in said for cell in row[:4])


def test_a_wide_screen_has_a_line_for_each_row() -> None:
    lines = printed(Listing(NAMES, ROWS), 80)
    assert len(lines) == 3
    assert lines[2].endswith("…")


def test_a_narrow_screen_has_the_text_below() -> None:
    assert len(printed(Listing(NAMES, ROWS), 50)) == 4


@pytest.mark.parametrize("width", [40, 60, 80, 160])
def test_a_row_of_a_query_is_a_line(width: int) -> None:
    names = ("document", "title", "published_on", "text", "source")
    rows = [("a6e219158d261124", WIDE * 3, "2026-03-02", "Le port\nrouvre " * 30, "seiten/1.txt")] * 3
    lines = printed(Answer(names, rows), width)
    assert max(map(cell_len, lines)) <= width
    assert sum(line.startswith("a6e219158d261124") for line in lines) == 3
    hidden = "\n".join(lines[5:]).replace("\n", " ")
    assert all(name in lines[0] or name in hidden for name in names)


def test_an_expanded_row_has_all_of_its_cells() -> None:
    lines = printed(Expanded(("title", "text"), [("Le port", "rouvre " * 40)]), 60)
    assert max(map(cell_len, lines)) <= 60
    assert " ".join(lines).count("rouvre") == 40


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("  new                     5", ["  new                     5"]),
        (
            "blocks removed  50   related 25, widget 10, image 8",
            ["blocks removed  50   related 25, widget", " " * 21 + "10, image 8"],
        ),
        (
            '  tamis sql "SELECT title, published_on FROM articles"',
            ['  tamis sql "SELECT title, published_on FROM articles"'],
        ),
        ("one two three four five six seven eight nine", ["one two three four five six seven eight", "  nine"]),
    ],
)
def test_a_line_is_wrapped_at_words_below_its_note(line: str, lines: list[str]) -> None:
    assert list(wrapped(line, 40)) == lines


@given(st.text(), st.integers(1, 80))
def test_a_fitted_text_fits(text: str, width: int) -> None:
    assert cell_len(fitted(text, width)) <= width


@given(st.integers(20, 200), st.lists(st.integers(0, 300), min_size=1, max_size=12))
def test_columns_fit_into_the_room(room: int, wanted: list[int]) -> None:
    widths = widths_within(room, wanted)
    assert widths
    assert sum(widths) + 2 * (len(widths) - 1) <= room
    assert all(width <= most for width, most in zip(widths, wanted, strict=False))
