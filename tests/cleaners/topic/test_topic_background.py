"""The packaged word frequencies."""

from __future__ import annotations

import lzma

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.cleaners.topic import background
from tamis.cleaners.topic.counting import share
from tamis.cleaners.vocabulary import LANGUAGES

words = st.text(st.characters(categories=("Ll", "Lo")), min_size=1, max_size=12)


def test_every_language_is_there() -> None:
    assert set(background.languages()) == set(LANGUAGES)


@pytest.mark.parametrize(
    ("language", "common", "rarer"),
    [("fr", "le", "maroc"), ("en", "the", "morocco"), ("es", "el", "marruecos"), ("de", "und", "marokko"),
     ("ar", "في", "المغرب")],
)  # fmt: skip
def test_frequencies_are_plausible(language: str, common: str, rarer: str) -> None:
    listed = background.background(language)
    assert listed[common] > 0.01
    assert background.FLOOR < listed[rarer] < 1e-3


def test_a_language_that_is_not_packaged_is_empty() -> None:
    assert background.background("xx") == {}
    assert share(["maroc"], "xx") == pytest.approx(sum(share(["maroc"], each) for each in LANGUAGES) / len(LANGUAGES))


def test_a_beginning_has_the_share_of_its_words() -> None:
    listed = background.background("fr")
    expected = sum(frequency for word, frequency in listed.items() if word.startswith("marocain"))
    assert share(["marocain*"], "fr") == pytest.approx(expected + background.FLOOR)


@settings(max_examples=20)  # packing takes 70 ms, however few words there are
@given(st.dictionaries(words, st.floats(1e-8, 0.09), min_size=1))
def test_packing_keeps_words_and_magnitudes(frequencies: dict[str, float]) -> None:
    head, listed, steps = lzma.decompress(background.pack({"xx": frequencies})).decode().split("\n")
    unpacked = dict(background.unpack(listed, steps))
    assert head == f"xx {len(frequencies)}"
    assert unpacked == pytest.approx(frequencies, rel=0.13)
