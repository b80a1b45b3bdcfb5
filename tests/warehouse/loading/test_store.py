"""Loads: what comes in, what a repeated load leaves alone, and that a failing one leaves no trace."""

from __future__ import annotations

from pathlib import Path

import pytest

from tamis.cleaners import dedup
from tamis.cleaners.records import MissingBody, RawDocument, Reason, Rejection
from tamis.warehouse import queries
from tamis.warehouse.connection import open_reader, open_writer
from tamis.warehouse.loading import rows, store
from tests.warehouse import press


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    return tmp_path / "w.duckdb"


def corpus() -> list[press.Document]:
    """Three articles, a cut copy and an exact copy of the first, and two documents that are none."""
    first = press.prose(1)
    return [
        press.page(first, "a.txt", site="a.example", day=3),
        press.page(press.prose(2), "b.txt", site="b.example", day=4),
        press.page(press.prose(3), "c.txt"),
        press.page(first[: len(first) * 2 // 3], "cut.txt", site="c.example", day=5),
        press.page(first, "copy.txt", site="d.example", day=6),
        press.refused("picture.png"),
        press.refused("empty.txt", Reason.EMPTY),
    ]


def test_what_came_in_is_counted(warehouse: Path) -> None:
    counts = press.load(warehouse, corpus())
    assert (counts.read, counts.new, counts.unchanged, counts.repeated) == (7, 5, 0, False)
    assert counts.rejected == {"binary": 1, "empty": 1}
    assert counts.duplicates == {"exact": 1, "near": 1}
    assert counts.removed == {"related": 5}
    assert press.ask(warehouse, "SELECT source FROM articles ORDER BY source") == [("a.txt",), ("b.txt",), ("c.txt",)]


def test_the_same_load_again_adds_no_row_anywhere(warehouse: Path) -> None:
    first = press.load(warehouse, corpus())
    rows, contents = press.counts(warehouse), press.contents(warehouse)
    again = press.load(warehouse, corpus())
    assert press.counts(warehouse) == rows
    assert press.contents(warehouse) == contents
    assert (again.run, again.new, again.unchanged, again.repeated) == (first.run, 0, 5, True)
    assert again.rejected == first.rejected
    assert press.ask(warehouse, "SELECT repeated FROM runs") == [(1,)]


def test_documents_that_the_flow_skipped_make_the_same_run(warehouse: Path) -> None:
    first = press.load(warehouse, corpus())
    rows = press.counts(warehouse)
    again = press.load(warehouse, skipped=[raw.key for raw, _ in corpus()])
    assert (again.run, again.read, again.unchanged) == (first.run, 7, 5)
    assert press.counts(warehouse) == rows


def test_a_skipped_document_must_be_there(warehouse: Path) -> None:
    with pytest.raises(ValueError, match="skipped that the warehouse does not hold: 00ff"):
        press.load(warehouse, corpus(), skipped=["00ff"])


def test_a_larger_load_adds_only_what_is_new(warehouse: Path) -> None:
    press.load(warehouse, corpus()[:3])
    counts = press.load(warehouse, corpus())
    assert (counts.read, counts.new, counts.unchanged) == (7, 2, 3)
    assert press.counts(warehouse)["load_runs"] == 2


def test_a_large_portion_behind_one_that_adds_nothing(
    warehouse: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DuckDB 2.0 does not find what a large insert adds behind one of no rows, be it documents or hashes."""
    monkeypatch.setattr(store, "PORTION", 1)
    known = press.page(press.prose(0), "known.txt")
    press.load(warehouse, [known])
    texts = [press.prose(number, 270) for number in range(1, 2 * rows.GROUP)]
    texts.append(texts[0][: len(texts[0]) * 2 // 3])
    many = [press.page(text, f"{number}.txt") for number, text in enumerate(texts)]
    batches = [press.stage(tmp_path, "a", [known]), press.stage(tmp_path, "b", many)]
    with open_writer(warehouse) as con:
        counts = store.load(con, batches, now=press.NOW, versions={}, relate=dedup.relate, cluster=dedup.cluster)
    assert (counts.new, counts.unchanged) == (len(many), 1)
    assert counts.duplicates == {"near": 1}


def test_a_rejected_document_that_comes_again_is_not_added(warehouse: Path) -> None:
    press.load(warehouse, [press.refused("picture.png")])
    raw, _ = press.refused("picture.png")
    better = press.page(press.prose(9), "picture.png")[1]
    counts = press.load(warehouse, [(raw, Rejection(raw.key, Reason.NO_TEXT, "now for another reason"))])
    assert counts.rejected == {"binary": 1}
    assert better.raw_key != raw.key
    assert press.counts(warehouse)["documents"] == 0


def test_the_first_of_two_equal_documents_counts(warehouse: Path) -> None:
    raw, clean = press.page(press.prose(1), "a.txt")
    twin = (RawDocument(body=raw.body, source="b.txt"), clean)
    counts = press.load(warehouse, [(raw, clean), twin], [twin])
    assert (counts.read, counts.new, counts.unchanged) == (3, 1, 2)
    assert press.ask(warehouse, "SELECT source FROM raw_documents") == [("a.txt",)]


def test_a_document_too_large_to_read_keeps_its_size_and_address(warehouse: Path) -> None:
    raw = RawDocument(body=b"", source="huge.txt", missing=MissingBody("ab" * 32, 50_000_000))
    press.load(warehouse, [(raw, Rejection(raw.key, Reason.TOO_LARGE, "50,000,000 bytes"))])
    assert press.ask(warehouse, "SELECT raw_key, size, body FROM raw_documents") == [("ab" * 32, 50_000_000, None)]


def test_the_bytes_are_kept_as_they_came(warehouse: Path) -> None:
    body = bytes(range(256)) * 3
    raw = RawDocument(body=body, source="bytes.bin", http={"content-type": "text/html"})
    press.load(warehouse, [(raw, Rejection(raw.key, Reason.BINARY, "bytes"))])
    rows = press.ask(warehouse, "SELECT body, size, http['content-type'] FROM raw_documents")
    assert rows == [(body, 768, "text/html")]


def test_a_load_that_fails_leaves_no_trace(warehouse: Path, tmp_path: Path) -> None:
    press.load(warehouse, corpus()[:2])
    before = press.contents(warehouse)
    batch = press.stage(tmp_path, "b", corpus())

    def broken(candidates: object) -> list[dedup.DuplicatePair]:  # type: ignore[name-defined]
        raise RuntimeError("judging failed")

    with open_writer(warehouse) as con, pytest.raises(RuntimeError, match="judging failed"):
        store.load(con, [batch], now=press.NOW, versions=press.VERSIONS, relate=broken, cluster=dedup.cluster)
    assert press.contents(warehouse) == before


def test_one_connection_can_load_again_after_a_failure(warehouse: Path, tmp_path: Path) -> None:
    good = press.stage(tmp_path, "good", corpus())
    (tmp_path / "torn").mkdir()
    with open_writer(warehouse) as con:
        options = {"now": press.NOW, "versions": {}, "relate": dedup.relate, "cluster": dedup.cluster}
        with pytest.raises(FileNotFoundError):
            store.load(con, [good, tmp_path / "torn"], **options)  # type: ignore[arg-type]
        assert store.load(con, [good], **options).new == 5  # type: ignore[arg-type]


def test_folder_names_are_no_patterns(tmp_path: Path) -> None:
    folder = tmp_path / "it's [a] *folder* $1; DROP TABLE documents"
    batch = press.stage(folder, "b'0", corpus())
    with open_writer(folder / "w'1.duckdb") as con:
        counts = store.load(con, [batch], now=press.NOW, versions={}, relate=dedup.relate, cluster=dedup.cluster)
    assert counts.new == 5


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A warehouse of two loads, the second with a template; it is only read."""
    path = tmp_path_factory.mktemp("loaded") / "w.duckdb"
    press.load(path, corpus())
    press.load(path, [press.page(press.prose(1), f"{n}.txt", site="t.example") for n in range(7)], corpus())
    return path


@pytest.mark.parametrize("table", press.GRAIN)
def test_the_grain_of_each_table(loaded: Path, table: str) -> None:
    key = ", ".join(press.GRAIN[table])
    assert press.ask(loaded, f"SELECT {key} FROM {table} GROUP BY ALL HAVING count(*) > 1") == []


def test_every_table_has_a_stated_grain(loaded: Path) -> None:
    assert {name for (name,) in press.ask(loaded, "SELECT table_name FROM duckdb_tables()")} == set(press.GRAIN)


@pytest.mark.parametrize(
    "orphans",
    [
        "FROM documents ANTI JOIN raw_documents USING (raw_key)",
        "FROM rejections ANTI JOIN raw_documents USING (raw_key)",
        "FROM raw_documents ANTI JOIN (SELECT raw_key FROM documents UNION ALL SELECT raw_key FROM rejections)"
        " USING (raw_key)",
        "FROM rejections SEMI JOIN documents USING (raw_key)",
        "FROM blocks ANTI JOIN documents USING (document)",
        "FROM sketches ANTI JOIN documents USING (document)",
        "FROM memberships ANTI JOIN documents USING (document)",
        "FROM documents ANTI JOIN memberships USING (document)",
        "FROM memberships AS a ANTI JOIN memberships AS b ON b.document = a.cluster AND b.cluster = b.document",
        "FROM duplicate_pairs ANTI JOIN documents USING (document)",
        "FROM raw_documents ANTI JOIN load_runs USING (run)",
    ],
)
def test_no_row_stands_alone(loaded: Path, orphans: str) -> None:
    assert press.ask(loaded, orphans) == []


def test_known_documents_are_those_cleaned_or_rejected(warehouse: Path) -> None:
    press.load(warehouse, corpus())
    keys = [raw.key for raw, _ in corpus()]
    with open_reader(warehouse) as con:
        assert queries.known(con, [*keys, "no such key"]) == set(keys)
        assert queries.known(con, []) == set()
