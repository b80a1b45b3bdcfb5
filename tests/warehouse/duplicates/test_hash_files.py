"""Lots of sorted hashes tell what looking through all sketches tells, and are no loss when they are gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tamis.warehouse.connection import open_writer
from tamis.warehouse.duplicates import hash_file, hash_files, invalidation, sketches
from tamis.warehouse.files import paths
from tamis.warehouse.migrations import transaction
from tests.warehouse import press

sites = st.sampled_from([None, "a.example", "b.example", "c.example"])
hashes = st.sampled_from([*range(12), 2**61, 2**64 - 1])  # few, so that many documents share them


@pytest.fixture(autouse=True)
def small_lots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hash_files, "LEAST", 4)
    monkeypatch.setattr(hash_file, "_PART", 3)
    monkeypatch.setattr(sketches, "_DEAR", 0)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with open_writer(tmp_path_factory.mktemp("lots") / "w.duckdb") as con:
        yield con


def pages(first: int, last: int) -> list[press.Document]:
    return [press.page(press.prose(seed), f"{seed}.txt") for seed in range(first, last)]


def files(warehouse: Path) -> set[str]:
    return {file.name for file in Path(f"{paths.of(warehouse).working}.lots").iterdir()}


def named(warehouse: Path) -> list[tuple[object, ...]]:
    with open_writer(warehouse) as con:
        return con.execute("SELECT file, first, last FROM sketch_lots ORDER BY first").fetchall()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(st.lists(st.tuples(sites, st.sets(hashes, min_size=1)), max_size=9), max_size=5),
    asked=st.dictionaries(hashes, st.none() | st.sets(sites.filter(bool), min_size=1)),
    gone=st.sets(st.integers(1, 45)),
)
def test_asking_tells_who_has_a_hash(
    empty: duckdb.DuckDBPyConnection,
    batches: list[list[tuple[str | None, set[int]]]],
    asked: dict[int, set[str] | None],
    gone: set[int],
) -> None:
    """Of any site, or of those that are named beside it."""
    for table in ("sketched_documents", "sketch_lots"):
        empty.execute(f"DELETE FROM {table}")
    stored: list[tuple[str | None, set[int]]] = []
    for batch in batches:
        for site, each in batch:
            stored.append((site, each))
            number = len(stored)
            row = [number, str(number), site, 10 + number, 20 + number, len(each), sorted(each)]
            empty.execute("INSERT INTO sketched_documents VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        hash_files.settle(empty)
    empty.execute("DELETE FROM sketched_documents WHERE number IN (SELECT unnest($1 :: INTEGER[]))", [list(gone)])
    empty.execute("CREATE OR REPLACE TEMP TABLE asked_hashes (site UBIGINT, hash UBIGINT)")
    for value, names in asked.items():
        for name in names or [None]:
            empty.execute("INSERT INTO asked_hashes VALUES (coalesce(md5_number_lower($1), 0), $2)", [name, value])
    empty.execute(invalidation._NO_HITS)
    sketches.ask(empty)
    wanted = [
        (number, site, value, 10 + number, 20 + number)
        for number, (site, each) in enumerate(stored, 1)
        for value in each & asked.keys()
        if number not in gone and (asked[value] is None or site in (asked[value] or ()))
    ]
    found = (
        "SELECT h.number, s.site, h.hash, h.text_hash, h.page FROM hits AS h"
        " JOIN sketched_documents AS s ON s.number = h.number AND coalesce(md5_number_lower(s.site), 0) = h.site"
    )
    assert sorted(empty.execute(found).fetchall(), key=str) == sorted(wanted, key=str)
    assert empty.execute("SELECT count(*) FROM hits").fetchall() == [(len(wanted),)]
    made = empty.execute("SELECT first, last FROM sketch_lots ORDER BY first").fetchall()
    sizes = [last - first + 1 for first, last in made]
    assert sizes == sorted(set(sizes), reverse=True)  # so that there are no more than the logarithm of what is stored
    assert len(stored) - sum(sizes) < hash_files.LEAST


def test_what_was_removed_is_not_found_and_its_number_not_given_again(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    press.load(warehouse, pages(0, 4))
    with open_writer(warehouse) as con, transaction(con):
        con.execute("CREATE TEMP TABLE changing AS SELECT document FROM documents")
        sketches.forget(con)
    press.load(warehouse, pages(4, 6))
    assert press.ask(warehouse, "SELECT number FROM sketched_documents ORDER BY ALL") == [(5,), (6,)]


@pytest.mark.parametrize("left", [None, b"as an older tamis wrote it"])
def test_a_lost_lot_is_made_anew_and_was_not_missed(tmp_path: Path, left: bytes | None) -> None:
    warehouse = tmp_path / "w.duckdb"
    press.load(warehouse, pages(0, 8))
    ((file, first, last),) = named(warehouse)
    assert (first, last) == (1, 8)
    lost = Path(f"{paths.of(warehouse).working}.lots", str(file))
    lost.unlink() if left is None else lost.write_bytes(left)
    press.load(warehouse, [press.page(press.prose(3)[:500], "cut.txt")])
    assert press.ask(warehouse, "SELECT count(*) FROM duplicates") == [(1,)]
    ((again, *_),) = named(warehouse)
    assert files(warehouse) == {again} != {file}


def test_a_load_that_was_rolled_back_leaves_nothing_that_counts(tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    press.load(warehouse, pages(0, 2))
    with suppress(ZeroDivisionError), open_writer(warehouse) as con, transaction(con):
        con.execute("INSERT INTO sketched_documents SELECT 2 + n, n, NULL, n, n, 1, [n] FROM range(1, 9) AS r (n)")
        hash_files.settle(con)
        assert files(warehouse)
        raise ZeroDivisionError
    assert named(warehouse) == []
    press.load(warehouse, [*pages(2, 5), press.page(press.prose(1)[:500], "cut.txt")])
    assert files(warehouse) == {file for file, _, _ in named(warehouse)}
    assert press.ask(warehouse, "SELECT count(*) FROM duplicates") == [(1,)]


def test_a_database_that_is_no_file_has_no_lots() -> None:
    with duckdb.connect() as con:
        assert hash_files.of(con) is None
    asked = np.array([1], np.uint64)
    assert len(hash_files.HashFiles(Path("nowhere")).having(asked, asked)) == 0
