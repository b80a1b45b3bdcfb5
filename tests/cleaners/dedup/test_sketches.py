"""Sketches: the same for ever, a fixed fraction of the text, never empty for a text with a word in it."""

from __future__ import annotations

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.dedup import sketch
from tamis.cleaners.dedup.normalise import units
from tamis.cleaners.dedup.shingles import FLOOR, FRACTION, SHINGLE, VERSION, shingles

LIMIT = 2**64 // FRACTION
NUMBERS = " ".join(str(number) for number in range(4000))


def test_the_hashes_never_change_without_the_version() -> None:
    """Stored sketches must stay comparable: whoever changes these values must raise VERSION, and sketch again."""
    assert VERSION == "fracminhash-5-8-1"
    assert sketch("Le conseil municipal a voté") == (12802577983756685544,)
    digest = hashlib.sha256(repr(sketch(NUMBERS)).encode()).hexdigest()[:16]
    assert digest == "8e80bb9f766261d7"


def test_a_long_text_keeps_its_fraction() -> None:
    kept = sketch(NUMBERS)
    assert max(kept) < LIMIT
    assert 0.9 < len(kept) * FRACTION / (4000 - SHINGLE + 1) < 1.1


def test_a_short_text_keeps_its_smallest_hashes() -> None:
    hashes = sorted(set(shingles(units(" ".join(NUMBERS.split()[:60]))).tolist()))
    assert sketch(" ".join(NUMBERS.split()[:60])) == tuple(hashes[:FLOOR])


def test_texts_under_one_shingle_are_told_apart() -> None:
    texts = ["", "un", "un deux", "deux un", "un deux trois", "un deux trois quatre"]
    assert [len(sketch(text)) for text in texts] == [0, 1, 1, 1, 1, 1]
    assert len({sketch(text) for text in texts}) == len(texts)


@given(st.lists(st.sampled_from(["un", "deux", "trois", "quatre", "cinq", "six", "sept"]), max_size=300), st.data())
def test_a_part_of_a_text_is_in_the_sketch_of_the_whole(words: list[str], data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(words)))
    end = data.draw(st.integers(start, len(words)))
    if end - start < SHINGLE:
        return
    part = {value for value in sketch(" ".join(words[start:end])) if value < LIMIT}
    assert part <= set(sketch(" ".join(words)))


@given(st.text())
def test_a_sketch_is_sorted_and_without_repetition(text: str) -> None:
    kept = sketch(text)
    assert list(kept) == sorted(set(kept))
    assert bool(kept) == bool(units(text))
