"""Clusters: stars around the canonical document, whatever the order of pairs and documents."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.dedup import cluster
from tamis.cleaners.dedup.clusters import canonical_order
from tamis.cleaners.relations import Contender, DuplicatePair, Relation

DAYS = st.sampled_from([None, date(2026, 3, 1), date(2026, 3, 2)])


def pair(one: str, two: str, relation: Relation = Relation.NEAR) -> DuplicatePair:
    return DuplicatePair(one, two, relation, 40, 0.8, 0.6, 0.9, "…")


def clusters(pairs: list[DuplicatePair], contenders: list[Contender]) -> dict[str, str]:
    return {each.document: each.cluster for each in cluster(pairs, contenders)}


def test_the_earliest_day_is_canonical_then_the_longest_text_then_the_key() -> None:
    undated = Contender("a", None, 900)
    late, early = Contender("b", date(2026, 3, 2), 900), Contender("c", date(2026, 3, 1), 10)
    longer, twin = Contender("d", date(2026, 3, 1), 20), Contender("e", date(2026, 3, 1), 20)
    ranked = sorted([undated, late, early, twin, longer], key=canonical_order)
    assert [each.document for each in ranked] == ["d", "e", "c", "b", "a"]


def test_a_long_chain_is_not_one_cluster() -> None:
    names = [f"{n:02}" for n in range(9)]
    chain = [pair(one, two) for one, two in pairwise(names)]
    found = clusters(chain, [Contender(name, date(2026, 3, 1 + int(name)), 10) for name in names])
    assert found == {name: names[int(name) // 2 * 2] for name in names}


def test_equal_texts_stand_as_one() -> None:
    """``c`` is near to ``b`` only, but ``b`` has the words of ``a``, the canonical document."""
    contenders = [Contender(name, date(2026, 3, day), 10) for name, day in (("a", 1), ("b", 2), ("c", 3))]
    found = {each.document: each for each in cluster([pair("a", "b", Relation.EXACT), pair("c", "b")], contenders)}
    assert {each.cluster for each in found.values()} == {"a"}
    assert [found[name].relation for name in "abc"] == [None, Relation.EXACT, Relation.NEAR]
    assert found["c"].link == pair("c", "b")


def test_a_teaser_comes_over_the_text_it_was_cut_from() -> None:
    """The canonical ``a`` has an opening of its own, so the teaser ``c`` only stands inside it; ``b`` has both."""
    contenders = [Contender(name, date(2026, 3, day), 10) for name, day in (("a", 1), ("b", 2), ("c", 3))]
    bridge = pair("c", "b")
    inside = pair("c", "a", Relation.CONTAINED)
    found = {each.document: each for each in cluster([pair("b", "a"), bridge, inside], contenders)}
    assert {each.cluster for each in found.values()} == {"a"}
    assert found["c"].link == bridge
    assert clusters([pair("b", "a"), bridge], contenders)["c"] == "c"
    assert clusters([pair("b", "a"), pair("c", "b", Relation.UPDATE), inside], contenders)["c"] == "c"


def test_the_agency_s_own_page_is_canonical() -> None:
    copy = Contender("a", date(2026, 3, 1), 900, "lecourrier.example", "Reuters")
    own = Contender("b", date(2026, 3, 2), 10, "reuters.com", "Reuters")
    about = Contender("c", date(2026, 3, 3), 10, "reuters.com", None)
    assert sorted([about, copy, own], key=canonical_order) == [own, copy, about]


def test_versions_and_agency_copies_are_members() -> None:
    contenders = [Contender(name, date(2026, 3, day), 10) for name, day in (("a", 1), ("b", 2), ("c", 3))]
    pairs = [pair("a", "b", Relation.VERSION), pair("c", "a", Relation.SYNDICATED)]
    found = {each.document: each.relation for each in cluster(pairs, contenders)}
    assert found == {"a": None, "b": Relation.VERSION, "c": Relation.SYNDICATED}


def test_a_part_of_a_digest_is_no_member() -> None:
    contenders = [Contender("a", None, 10), Contender("b", None, 20)]
    assert clusters([pair("a", "b", Relation.CONTAINED)], contenders) == {"a": "a", "b": "b"}


def test_pairs_of_unknown_documents_are_left_aside() -> None:
    assert clusters([pair("a", "z")], [Contender("a", None, 10)]) == {"a": "a"}
    assert cluster([], []) == []


NAMES = "abcdefgh"
PAIRS = st.builds(pair, st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from(Relation)).filter(
    lambda drawn: drawn.document != drawn.other
)


@given(
    st.lists(PAIRS, max_size=14, unique_by=lambda drawn: frozenset((drawn.document, drawn.other))),
    st.lists(st.tuples(DAYS, st.integers(1, 3)), min_size=len(NAMES), max_size=len(NAMES)),
    st.randoms(use_true_random=False),
)
def test_clusters_are_stars_in_any_order(
    pairs: list[DuplicatePair], drawn: list[tuple[date | None, int]], shuffle: object
) -> None:
    contenders = [Contender(name, day, length) for name, (day, length) in zip(NAMES, drawn, strict=True)]
    found = cluster(pairs, contenders)
    assert [each.document for each in found] == list(NAMES)
    by_name = {each.document: each for each in contenders}
    for each in found:
        centre = by_name[each.cluster]
        assert (each.relation is None) == (each.document == each.cluster) == (each.link is None)
        assert canonical_order(centre) <= canonical_order(by_name[each.document])
        assert each.link is None or each.link in pairs
    shuffle.shuffle(pairs)  # type: ignore[attr-defined]
    shuffle.shuffle(contenders)  # type: ignore[attr-defined]
    assert cluster(pairs, contenders) == found
