"""Batches are bounded, a bad document stops nothing, and dead runs are tidied up after, living ones are not."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from tamis.cleaners.records import RawDocument
from tamis.flows import steps
from tamis.flows.reading import sources
from tamis.flows.settings import Settings
from tamis.flows.steps import Batch, Report
from tests.flows.conftest import article, tables

NOW = datetime(2025, 9, 1, 12)


def raws(count: int, size: int = 10) -> list[RawDocument]:
    return [RawDocument(body=bytes(size), source=str(n)) for n in range(count)]


@pytest.mark.parametrize(
    ("documents", "size", "lengths"),
    [
        (raws(0), 3, []),
        (raws(3), 3, [3]),
        (raws(7), 3, [3, 3, 1]),
        (raws(5, 20 * 1024 * 1024), 100, [2, 2, 1]),
        (raws(150), 500, [16, 32, 64, 38]),
    ],
)
def test_a_batch_is_bounded_in_documents_and_bytes(documents: list[RawDocument], size: int, lengths: list[int]) -> None:
    batches = list(steps.batches(documents, size))
    assert [len(batch.items) for batch in batches] == lengths
    assert sorted(batch.name for batch in batches) == [batch.name for batch in batches]


class Waiting:
    """A batch that is cleaned when it is asked for; it counts how many are under way."""

    under_way = 0
    most = 0

    def __init__(self, batch: Batch) -> None:
        self.report = Report(len(batch.items), None, (), (), {})
        Waiting.under_way += 1
        Waiting.most = max(Waiting.most, Waiting.under_way)

    def result(self) -> Report:
        Waiting.under_way -= 1
        return self.report


def test_no_more_batches_are_held_than_allowed() -> None:
    Waiting.under_way = Waiting.most = 0
    reports = list(steps.clean_all(steps.batches(raws(20), 2), Waiting, at_once=3))
    assert [report.read for report in reports] == [2] * 10
    assert Waiting.most == 3


def load(folder: Path, warehouse: Path, size: int) -> steps.LoadCounts:
    chosen = Settings(warehouse=warehouse, batch_size=size)
    with steps.staging_folder(warehouse) as staging:
        batches = steps.batches(sources.read([folder], chosen.max_bytes), size)
        reports = [steps.clean_batch(batch, staging, chosen) for batch in batches]
        return steps.load(reports, chosen, NOW)


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    folder = tmp_path / "pages"
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.txt").write_text(article(number))
    (folder / "again.txt").write_text(article(3))
    (folder / "nothing.txt").write_text("\n")
    return folder


def test_how_a_folder_is_cut_into_batches_changes_nothing(pages: Path, tmp_path: Path) -> None:
    counts = [load(pages, tmp_path / f"{size}.duckdb", size) for size in (1, 3, 100)]
    assert {(c.read, c.new, c.unchanged, sum(c.rejected.values())) for c in counts} == {(7, 5, 1, 1)}
    first, second, third = (tables(tmp_path / f"{size}.duckdb") for size in (1, 3, 100))
    assert first == second == third
    assert len(first["documents"]) == 5


def test_what_is_known_is_not_cleaned_again_and_its_rejection_is_told_again(pages: Path, tmp_path: Path) -> None:
    warehouse = tmp_path / "w.duckdb"
    load(pages, warehouse, 3)
    before = tables(warehouse)
    chosen = Settings(warehouse=warehouse)
    (batch,) = steps.batches(sources.read([pages], chosen.max_bytes), 100)
    with steps.staging_folder(warehouse) as staging:
        report = steps.clean_batch(batch, staging, chosen)
    assert (report.read, report.staged, len(report.skipped)) == (7, None, 7)
    assert [Path(refused.source).name for refused in report.refused] == ["nothing.txt"]
    counts = load(pages, warehouse, 3)
    assert (counts.new, counts.unchanged, counts.rejected) == (0, 6, {"empty": 1})
    assert tables(warehouse) == before


ABANDON = """
import os, sys
from pathlib import Path
from tamis.flows import steps
with steps.staging_folder(Path(sys.argv[1])) as folder:
    (folder / "000001").mkdir()
    print(folder, flush=True)
    os.kill(os.getpid(), 9)
"""


def test_leftovers_of_a_dead_run_go_those_of_a_living_one_stay(tmp_path: Path, environment: dict[str, str]) -> None:
    warehouse = tmp_path / "w.duckdb"
    killed = subprocess.run(
        [sys.executable, "-c", ABANDON, warehouse], env=environment, capture_output=True, text=True, check=False
    )
    dead = Path(killed.stdout.strip())
    assert dead.is_dir()
    with steps.staging_folder(warehouse) as living:
        assert not dead.exists()
        with steps.staging_folder(warehouse) as second:
            assert living.is_dir()
            assert second != living
        assert not second.exists()
    assert not living.exists()
