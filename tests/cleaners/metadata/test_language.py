"""The language of a text is its own; what the page declares is believed only where the first lines agree."""

import pytest

from tamis.cleaners.metadata.language import find_language

FRENCH = "Le conseil municipal a voté mardi soir la fermeture du pont aux camions, dit la maire de la ville. "
ENGLISH = "The council voted on Tuesday evening to close the bridge to all lorries, the mayor of the town said. "


@pytest.mark.parametrize("declared", [None, "fr", "en", "xx"])
def test_what_is_declared_does_not_change_what_is_spoken(declared: str | None) -> None:
    assert find_language(FRENCH * 8, declared) == "fr"
    assert find_language(ENGLISH * 8, declared) == "en"


def test_a_few_words_have_no_language() -> None:
    assert find_language("Le pont", "fr") is None
