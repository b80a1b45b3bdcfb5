"""Duplicates do not depend on the order of arrival or on batches: through a real DuckDB file."""

from __future__ import annotations

import shutil
import tempfile
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tamis.warehouse.duplicates import candidates, hash_files, sketches
from tests.warehouse import press

DUPLICATES = ("common_hashes", "duplicate_pairs", "memberships", "sketches")
PARAGRAPHS = [press.prose(seed, 24) for seed in range(7)]

Drawn = tuple[list[int], str | None, int | None, str | None]

# Few paragraphs on few sites, so that copies, cuts, templates and stock phrases all come up in a dozen documents.
pages = st.tuples(
    st.lists(st.integers(0, len(PARAGRAPHS) - 1), min_size=1, max_size=4, unique=True),
    st.sampled_from([None, "a.example", "b.example"]),
    st.sampled_from([None, 1, 2]),
    st.sampled_from([None, None, "https://a.example/1", "https://a.example/2"]),
)


@pytest.fixture(autouse=True)
def low_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that a handful of documents reach."""
    monkeypatch.setattr(candidates, "LIMITS", candidates.ComparisonLimits(template=3, stock_phrase=6))
    monkeypatch.setattr(hash_files, "LEAST", 4)
    monkeypatch.setattr(sketches, "_DEAR", 0)


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty warehouse to copy, since making one takes longer than loading a dozen documents."""
    path = tmp_path_factory.mktemp("empty") / "w.duckdb"
    press.load(path)
    return path


arrivals = given(
    drawn=st.lists(pages, min_size=2, max_size=14),
    shuffle=st.randoms(use_true_random=False),
    cuts=st.sets(st.integers(1, 13), max_size=4),
)


@settings(max_examples=5, suppress_health_check=[HealthCheck.function_scoped_fixture])
@arrivals
def test_any_order_and_any_batches_end_the_same(
    empty: Path, drawn: list[Drawn], shuffle: Random, cuts: set[int]
) -> None:
    end_the_same(empty, drawn, shuffle, cuts)


@pytest.mark.gate
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@arrivals
def test_many_orders_and_batches_end_the_same(empty: Path, drawn: list[Drawn], shuffle: Random, cuts: set[int]) -> None:
    end_the_same(empty, drawn, shuffle, cuts)


def end_the_same(empty: Path, drawn: list[Drawn], shuffle: Random, cuts: set[int]) -> None:
    """Loads the documents at once, and shuffled in parts; compares what became of them."""
    documents = [
        press.page("\n".join(PARAGRAPHS[p] for p in parts), f"{number}.txt", site=site, day=day, url=url)
        for number, (parts, site, day, url) in enumerate(drawn)
    ]
    with tempfile.TemporaryDirectory() as folder:
        at_once, in_parts = Path(folder, "once.duckdb"), Path(folder, "parts.duckdb")
        for each in (at_once, in_parts):
            shutil.copyfile(empty, each)
        press.commit(at_once, documents)
        shuffle.shuffle(documents)
        borders = [0, *sorted(cut for cut in cuts if cut < len(documents)), len(documents)]
        for start, end in pairwise(borders):
            press.commit(in_parts, documents[start:end])
        assert press.contents(in_parts, DUPLICATES) == press.contents(at_once, DUPLICATES)


def test_the_limits_are_reached_by_such_documents(tmp_path: Path) -> None:
    """Else the property above would hold for want of anything that can break it."""
    documents = [
        press.page("\n".join([PARAGRAPHS[0], PARAGRAPHS[n]]), f"{n}.txt", site="a.example") for n in range(1, 7)
    ]
    press.load(tmp_path / "w.duckdb", documents)
    rows = press.ask(tmp_path / "w.duckdb", "SELECT site IS NULL, count(*) > 0 FROM common_hashes GROUP BY ALL")
    assert sorted(rows) == [(False, True), (True, True)]


def test_a_template_that_is_learnt_later_parts_what_it_had_joined(tmp_path: Path) -> None:
    template = press.prose(100, 80)
    pages = [
        press.page(f"{template} {press.prose(seed, 20)}", f"{seed}.txt", site="a.example") for seed in range(101, 105)
    ]
    warehouse = tmp_path / "w.duckdb"
    press.load(warehouse, pages[:2])
    assert press.ask(warehouse, "SELECT relation FROM duplicates") == [("near",)]
    press.load(warehouse, pages[2:])
    assert press.ask(warehouse, "SELECT relation FROM duplicates") == []
    assert press.ask(warehouse, "SELECT count(*) FROM articles") == [(4,)]


def same_in_parts(folder: Path, *parts: list[press.Document]) -> bool:
    """Whether loading the parts one after the other ends as loading them at once."""
    press.commit(folder / "once.duckdb", [page for part in parts for page in part])
    for part in parts:
        press.commit(folder / "parts.duckdb", part)
    once, in_parts = (press.contents(folder / name, DUPLICATES) for name in ("once.duckdb", "parts.duckdb"))
    return once == in_parts


def test_a_stock_phrase_that_is_learnt_later_parts_what_it_had_joined(tmp_path: Path) -> None:
    phrase = press.prose(300, 160)
    pages = [press.page(f"{phrase} {press.prose(seed, 40)}", f"{seed}.txt") for seed in range(301, 308)]
    press.load(tmp_path / "w.duckdb", pages[:2])
    assert press.ask(tmp_path / "w.duckdb", "SELECT relation FROM duplicates") == [("near",)]
    assert same_in_parts(tmp_path, pages[:2], pages[2:])
    assert press.ask(tmp_path / "parts.duckdb", "SELECT relation FROM duplicates") == []


def test_a_copy_with_a_smaller_key_takes_over_the_pairs_of_its_text(tmp_path: Path) -> None:
    text = press.prose(400)
    copies = sorted((press.page(text, f"{n}.txt") for n in range(3)), key=lambda page: page[0].key)
    cut = press.page(text[: len(text) * 2 // 3], "cut.txt")
    assert same_in_parts(tmp_path, [copies[2], cut], [copies[1]], [copies[0]])
    relations = "SELECT relation, count(*) FROM duplicate_pairs GROUP BY ALL ORDER BY ALL"
    assert press.ask(tmp_path / "parts.duckdb", relations) == [("exact", 2), ("near", 1)]
    assert press.ask(tmp_path / "parts.duckdb", "SELECT count(*) FROM articles") == [(1,)]


def test_versions_of_one_address_are_no_template(tmp_path: Path) -> None:
    text = press.prose(200, 150)
    pages = [
        press.page(f"{text} {press.prose(seed, 10)}", f"{seed}.txt", site="a.example", url="https://a.example/story")
        for seed in range(201, 206)
    ]
    press.load(tmp_path / "w.duckdb", pages)
    assert press.ask(tmp_path / "w.duckdb", "SELECT count(*) FROM articles") == [(1,)]
