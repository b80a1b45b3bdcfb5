"""One form of text."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.normalise import normalise, printable, whole


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


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Titre \ud83d\ude00 du jour", "Titre 😀 du jour"),
        ("Titre \ud83d du jour", "Titre \ufffd du jour"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("Le port\x1b[31m rouvre\x1b[0m", "Le port rouvre"),
        ("\x1b]0;autre titre\x07Le port rouvre", "Le port rouvre"),
        ("Le port \u202eervuor", "Le port ervuor"),
        ("L\x92ouverture du port", "L’ouverture du port"),
        ("Le\u00adport\u200b\nrouvre", "Leport rouvre"),
    ],
)
def test_what_is_printable_fits_into_any_file_and_any_terminal(written: str, kept: str) -> None:
    assert printable(written) == kept


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_came_in_can_be_written(text: str) -> None:
    printable(text).encode()
    normalise(text).encode()
    assert whole(text).encode("utf-16-le").decode("utf-16-le") == whole(text)
