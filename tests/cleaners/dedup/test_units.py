"""What counts as the same word, in which script, and that quoting finds it again in the original text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.dedup.normalise import passage, units

MIXED = st.text(st.sampled_from("aé œÉ'’-.,\n\u00a0ßﬁİ١٢ىيأا\u064e日本テスト\u0e01\u0301\u00ad½"), max_size=40)


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("L’été à Noël", "L'ETE A NOEL"),
        ("un cœur, une sœur", "un coeur une soeur"),
        ("re\u0301colte", "récolte"),
        ("co\u00adopé\u200bration", "coopération"),
        ("la ﬁn", "la fin"),
        ("Die Straße", "die strasse"),
        ("أُسرةٌ إلى الأمام", "اسره الي الامام"),
        ("کتاب ۱۲۳ ١٢٣", "كتاب 123 123"),
        ("« Oui », dit-il.", "oui dit il"),
    ],
)
def test_what_software_changes_by_itself_is_folded(text: str, same: str) -> None:
    assert units(text) == units(same)


@pytest.mark.parametrize(
    ("text", "count"),
    [("trois petits mots", 3), ("日本語の文", 5), ("ภาษาไทย", 7), ("GPT 4 は 速い", 5), ("", 0), ("— … !", 0)],
)
def test_a_unit_is_a_word_or_a_character_where_no_spaces_are_written(text: str, count: int) -> None:
    assert len(units(text)) == count


@given(MIXED | st.text(max_size=40), st.integers(0, 10), st.integers(0, 10))
def test_a_passage_has_the_units_it_was_asked_for(text: str, start: int, length: int) -> None:
    whole = units(text)
    quoted = units(passage(text, start, start + length, limit=10_000))
    wanted = whole[start : start + length]
    # A word of the original can have several units: the first and the last word are quoted whole.
    assert any(quoted[at : at + len(wanted)] == wanted for at in range(len(quoted) - len(wanted) + 1))


def test_a_passage_ends_at_a_word() -> None:
    assert passage("Le maire\n a  dit  oui.", 1, 4) == "maire a dit"
    assert passage("Le maire a dit oui.", 0, 5, limit=12) == "Le maire a"
    assert passage("速い電車が来た", 1, 4) == "い電車"
