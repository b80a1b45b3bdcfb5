"""Dumps cut into blocks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.blocks import MAX_LINE, cut, unglue
from tamis.cleaners.errors import SkipDocument
from tamis.cleaners.normalise import normalise
from tamis.cleaners.records import Kind, Reason


@pytest.mark.parametrize(
    ("line", "pieces"),
    [
        (
            "Nadia Perrin - 12 juin 2023Culture - Le festival",
            ["Nadia Perrin - 12 juin 2023", "Culture - Le festival"],
        ),
        ("Nadia Perrin - 12 juin 2023Le festival", ["Nadia Perrin - 12 juin 2023", "Le festival"]),
        ("12.06.2023Kultur", ["12.06.2023", "Kultur"]),
        ("C’est complexe.Questions fréquentes", ["C’est complexe.", "Questions fréquentes"]),
        ("La loi est votée.Lire aussi : le port", ["La loi est votée.", "Lire aussi : le port"]),
        ("Le site exemple.fr a publié Node.js", ["Le site exemple.fr a publié Node.js"]),
        ("Le 12 juin 2023 à Rabat", ["Le 12 juin 2023 à Rabat"]),
    ],
)
def test_glued_lines_come_apart(line: str, pieces: list[str]) -> None:
    assert unglue(line) == pieces


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("- un", Kind.LIST_ITEM),
        ("• un", Kind.LIST_ITEM),
        ("2) deux", Kind.LIST_ITEM),
        ("| a | b |", Kind.TABLE),
        ("## Titre", Kind.HEADING),
        ("> dit-il", Kind.QUOTE),
        ("- ", Kind.LINE),
        ("Il dit", Kind.LINE),
        ("2024", Kind.LINE),
    ],
)
def test_forms(line: str, kind: Kind) -> None:
    assert cut(line)[0].kind is kind


def test_a_block_knows_its_line_and_the_gap_above() -> None:
    blocks = cut("Titre\n\nPremier paragraphe\nSecond")
    assert [(b.line, b.blank_before) for b in blocks] == [(1, False), (3, True), (4, False)]


def test_a_data_file_is_refused_with_its_line() -> None:
    with pytest.raises(SkipDocument, match="line 2 has") as error:
        cut("Titre\n" + "x" * (MAX_LINE + 1))
    assert error.value.reason is Reason.LINE_TOO_LONG


@given(st.text())
def test_no_character_is_lost_or_added(text: str) -> None:
    text = normalise(text)
    assert "".join("".join(b.text.split()) for b in cut(text)) == "".join(text.split())
