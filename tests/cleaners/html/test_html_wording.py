"""What the judge of HTML hears of a block's words."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.html.wording import columns
from tamis.cleaners.model.shapes import Array
from tamis.cleaners.model.words import words_of

PROSE = (
    "The council of the town voted on Monday to repair the old bridge over the river before the winter comes.",
    "Engineers said the bridge, which the town built a century ago, may carry lorries again by the end of the year.",
)
TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n"), min_size=1), max_size=8)


def heard(*texts: str) -> dict[str, Array]:
    words = words_of("\n".join(texts).lower())
    return columns(texts, words, np.diff(words.bounds).astype(np.float32))


def value(name: str, *texts: str) -> list[float]:
    return [round(float(x), 3) for x in heard(*texts)[name]]


@given(TEXTS.filter(bool))
def test_any_texts_give_one_finite_number_each(texts: list[str]) -> None:
    for column in heard(*texts).values():
        assert column.shape == (len(texts),)
        assert np.isfinite(column).all()


def test_capitals_are_counted_by_words() -> None:
    assert value("capitalised", "Le Monde en bref", "menu") == [0.5, 0.0]
    assert value("uncapitalised", "Le Monde en bref", "menu") == [0.5, 1.0]


def test_words_of_the_prose_are_shared_with_it() -> None:
    on_topic, off_topic = value("shared", *PROSE, "Bridge over the river", "Subscribe now")[2:]
    assert on_topic > 0.9
    assert off_topic == 0.0


def test_a_section_begins_with_its_heading() -> None:
    assert value("since_comment", *PROSE, "Comments", "I like it.")[2:] == [0.0, 1.0]
    assert value("prose_words_before", *PROSE)[0] == 0.0
