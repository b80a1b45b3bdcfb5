"""The hash by which a block is known on other pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.blockhash import block_hash


@pytest.mark.parametrize(
    "other", ["LIRE AUSSI :  tout le dossier", " Lire\u00a0aussi : tout\nle dossier\t", "lire aussi : Tout le dossier"]
)
def test_case_and_spacing_do_not_count(other: str) -> None:
    assert block_hash(other) == block_hash("Lire aussi : tout le dossier")


def test_the_hash_never_changes_since_warehouses_keep_it() -> None:
    assert block_hash("Suivez-nous sur les réseaux") == 451579042514898952


@given(st.text(), st.text())
def test_other_words_have_another_hash(one: str, two: str) -> None:
    same = one.casefold().split() == two.casefold().split()
    assert (block_hash(one) == block_hash(two)) == same
