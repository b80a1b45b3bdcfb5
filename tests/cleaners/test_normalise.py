"""One form of text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.normalise import normalise


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("visite\xa0?\u202f", "visite ?"),
        ("e\u0301te\u0301", "été"),
        ("co\u00adopé\u200bration", "coopération"),
        ("\ufeffTitre", "Titre"),
        ("nom\0bre", "nombre"),
        ("👩\u200d👧", "👩\u200d👧"),
        ("\u200fالرباط\u200e", "الرباط"),
        ("  a   b  ", "a b"),
    ],
)
def test_form(before: str, after: str) -> None:
    assert normalise(before) == after


@given(st.text())
def test_twice_is_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.text())
def test_letters_and_digits_survive(text: str) -> None:
    kept = [c for c in unicodedata.normalize("NFC", text) if c.isalnum()]
    assert [c for c in normalise(text) if c.isalnum()] == kept
