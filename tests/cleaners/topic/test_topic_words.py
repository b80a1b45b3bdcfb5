"""Terms find words across case, accents, plain inflection and Arabic clitics, and no others."""

from __future__ import annotations

import pytest

from tamis.cleaners.topic.matching import matcher
from tamis.cleaners.topic.words import elements, forms, sentences, words

FINDS = [
    ("marocain", "MAROCAINES"),
    ("français", "l'ambassadrice Francaise"),
    ("sécurité", "Securités"),
    ("narcotrafi*", "narcotrafiquants"),
    ("crime organisé", "le crime organisé"),
    ("crime organisé", "crimes organisés"),
    ("mandat d'arrêt", "un mandat d’arrêt européen"),
    ("interior minist*", "Interior Ministers met"),
    ("المغرب", "والمغرب"),
    ("المغرب", "للمغرب"),
    ("المغرب", "المغربية"),
    ("فرنسا", "الفرنسي"),
    ("فرنسا", "بفرنسا"),
    ("باريس", "لباريس"),
    ("الأمن", "الامني"),
    ("أمن", "بالأمن"),
    ("الدار البيضاء", "بالدار البيضاء"),
    ("Straßburg", "STRASSBURG Straßburg"),
]
LEAVES = [
    ("France", "franchir"),
    ("Paris", "pari"),
    ("Paris", "parisien"),
    ("marocain", "Maroc"),
    ("crime organisé", "organisé"),
    ("crime organisé", "crime mal organisé"),
    ("المغرب", "مغارب"),
    ("باريس", "اريس"),
    ("or", "ore"),
]


def found(term: str, text: str) -> bool:
    return any(matcher([(term, term)]).find(words(text)))


@pytest.mark.parametrize(("term", "text"), FINDS)
def test_a_term_finds(term: str, text: str) -> None:
    assert found(term, text)


@pytest.mark.parametrize(("term", "text"), LEAVES)
def test_a_term_leaves(term: str, text: str) -> None:
    assert not found(term, text)


def test_a_match_tells_its_place() -> None:
    assert list(matcher([("crime organisé", 7)]).find(words("le crime organisé !"))) == [(1, 3, 7)]


def test_a_term_without_words_finds_nothing() -> None:
    assert elements("*—!") == ()
    assert list(matcher([("—", 1)]).find(["a", "b"])) == []


def test_a_very_long_word_has_few_forms() -> None:
    assert len(forms("x" * 10_000)) < 40


def test_sentences_are_cut_at_full_stops_and_lines() -> None:
    assert sentences("Un. Deux !\nTrois ? « Quatre. » Cinq") == ["Un.", "Deux !", "Trois ?", "« Quatre.", "Cinq"]
