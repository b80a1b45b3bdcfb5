"""Words as full-text search keeps them: folded, counted, with their stems."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.dedup.normalise import units
from tamis.cleaners.search import wording
from tamis.cleaners.search.stems import stems


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("fr", ["trafiquant", "trafiquants", "trafiquante"]),
        ("fr", ["criminel", "criminels"]),
        ("en", ["investigating", "investigated", "investigate"]),
        ("es", ["detención", "detenciones"]),
        ("de", ["häuser", "haus", "Hauses".lower()]),
        ("de", ["straße", "strasse", "straßen"]),
        ("de", ["für", "fuer"]),
        ("ar", ["محكمة", "المحكمة", "والمحكمة", "بالمحكمة", "للمحكمة"]),
        ("ar", ["مخدرات", "المخدرات", "المُخدّرات"]),
        ("ar", ["أمن", "الأمن", "امن"]),
    ],
)
def test_forms_of_one_word_share_a_stem(language: str, forms: list[str]) -> None:
    assert frozenset.intersection(*(stems(form, language) for form in forms))


@pytest.mark.parametrize(
    ("language", "one", "other"),
    [("fr", "narcotrafic", "narcotrafiquant"), ("ar", "محكمة", "حكومة"), ("xx", "mot", "mots")],
)
def test_other_words_do_not(language: str, one: str, other: str) -> None:
    assert not stems(one, language) & stems(other, language)


def test_words_are_counted_in_text_and_title() -> None:
    known = wording("L'État", "Un ÉTAT, un e\u0301tat.", "fr")
    words = {term: word for term, word, _ in known.forms}
    counts = {words[t]: (n, m) for t, n, m in zip(known.terms, known.in_text, known.in_title, strict=True)}
    assert counts == {"etat": (2, 1), "un": (2, 0), "l": (0, 1)}
    assert known.length == 4
    assert list(known.terms) == sorted(known.terms)


def test_a_page_without_title_language_or_words() -> None:
    assert wording(None, "", None).terms == ()
    assert {stem for *_, stem in wording(None, "mots", None).forms} == {":mots"}


@given(st.text())
def test_every_folded_word_is_kept(text: str) -> None:
    words = units(text.lower())
    known = wording(None, text, "fr")
    assert {word for _, word, _ in known.forms} == set(words)
    assert known.length == len(words)


@given(st.text(), st.text())
def test_places_are_those_of_the_words(title: str, text: str) -> None:
    headed, written = units(title.lower()), units(text.lower())
    known = wording(title, text, "fr")
    words = {term: word for term, word, _ in known.forms}
    places = iter(known.places)
    stands = {
        next(places): words[term]
        for term, n, m in zip(known.terms, known.in_text, known.in_title, strict=True)
        for _ in range(n + m)
    }
    assert stands == dict(enumerate(headed)) | dict(enumerate(written, start=len(headed) + 1))
    assert next(places, None) is None


def test_words_that_begin_alike_are_neighbours() -> None:
    known = wording(None, "portail a ports porc é zone port", "fr")
    words = {term: word for term, word, _ in known.forms}
    beginnings = [words[term][:4] for term in known.terms]
    assert beginnings == ["a", "e", "porc", "port", "port", "port", "zone"]
