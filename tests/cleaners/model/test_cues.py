import tomllib
from importlib import resources

import numpy as np
import pytest

from tamis.cleaners.model.cues import CUES, parse
from tamis.cleaners.model.word_use import vocabulary

LANGUAGES = ("fr", "en", "ar", "es", "de")


def kinds(line: str) -> set[str]:
    said = vocabulary([line], np.array([False]))
    return {kind for kind in CUES.kinds if said[f"cue_{kind}"][0]}


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("à lire aussi", "related"),
        ("you may also like", "related"),
        ("اقرأ أيضا", "related"),
        ("también te puede interesar", "related"),
        ("lesen sie auch", "related"),
        ("partager sur facebook", "share"),
        ("déjà abonné", "subscription"),
        ("politique de confidentialité", "legal"),
        ("laisser un commentaire", "comment"),
        ("5 min de lecture", "reading"),
    ],
)
def test_a_line_is_known_by_its_words(line: str, kind: str) -> None:
    assert kind in kinds(line)


def test_a_phrase_is_matched_as_whole_words() -> None:
    assert "related" in kinds("read more here")
    assert "related" not in kinds("read much more")
    assert "related" not in kinds("bread more")


def test_words_of_no_kind_hint_at_nothing() -> None:
    assert kinds("le préfet a décidé de condamner la passerelle") == set()


def test_an_entry_without_a_word_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"\[share\] en"):
        parse('[share]\nen = ["—"]')


def test_every_kind_speaks_the_five_languages() -> None:
    table = tomllib.loads(resources.files("tamis.cleaners.model").joinpath("cues.toml").read_text(encoding="utf-8"))
    assert {kind: [lang for lang in LANGUAGES if not found.get(lang)] for kind, found in table.items()} == {
        kind: [] for kind in table
    }
