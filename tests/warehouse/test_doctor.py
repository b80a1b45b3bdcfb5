"""What the doctor finds, and what it mends without harm."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tamis.cleaners.errors import StopRun
from tamis.warehouse import doctor, invariants
from tamis.warehouse.connection import open_writer
from tamis.warehouse.doctor import Level
from tamis.warehouse.files import paths
from tests.warehouse import press, releases

SOURCES = "SELECT source FROM articles ORDER BY ALL"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a sound warehouse of two loads; it is only copied."""
    folder = tmp_path_factory.mktemp("sound")
    press.load(folder / "w.duckdb", [press.page(press.prose(1), "a.txt")])
    press.load(folder / "w.duckdb", [press.page(press.prose(2), "b.txt"), press.refused("c.png")])
    return folder


@pytest.fixture
def warehouse(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "mine", symlinks=True) / "w.duckdb"


def problems(path: Path) -> str:
    return "\n".join(each.what for each in doctor.examine(path) if each.level is Level.PROBLEM)


def write(*statements: str) -> Callable[[Path], None]:
    def work(path: Path) -> None:
        with open_writer(path) as con:
            for statement in statements:
                con.execute(statement)

    return work


def garble(path: Path) -> None:
    path.chmod(0o644)
    whole = bytearray(path.read_bytes())
    for start in range(3 * 4096, len(whole), 4096):
        whole[start : start + 64] = os.urandom(64)
    path.write_bytes(whole)


def garble_working(path: Path) -> None:
    garble(paths.of(path).working)


def garble_snapshot(path: Path) -> None:
    snapshot = paths.of(path).snapshot
    assert snapshot is not None
    kept = snapshot.stat()
    garble(snapshot)
    os.utime(snapshot, ns=(kept.st_atime_ns, kept.st_mtime_ns))  # as a bad disk does it


def lose_working(path: Path) -> None:
    paths.of(path).working.unlink()


def commit_only(path: Path) -> None:
    press.commit(path, [press.page(press.prose(3), "d.txt")])


def stray_log(path: Path) -> None:
    path.with_name(f"{path.name}.wal").write_bytes(b"log")


def lose_link(path: Path) -> None:
    path.unlink()


def go_back(path: Path) -> None:
    """As after a log that was cut: an older file, beside the ledger of today."""
    files = paths.of(path)
    before = files.working.read_bytes()
    commit_only(path)
    files.working.write_bytes(before)


def test_a_sound_warehouse_has_no_problem(warehouse: Path) -> None:
    before = {file: file.stat().st_mtime_ns for file in warehouse.parent.rglob("*") if file.is_file()}
    assert {each.level for each in doctor.examine(warehouse)} == {Level.FINE}
    assert {file: file.stat().st_mtime_ns for file in warehouse.parent.rglob("*") if file.is_file()} == before
    assert list(doctor.mend(warehouse)) == []


@pytest.mark.parametrize(
    ("harm", "problem", "sources"),
    [
        (garble_working, "working.duckdb", ["a.txt", "b.txt"]),
        (lose_working, "working file", ["a.txt", "b.txt"]),
        (go_back, "documents are lost: 4 raw documents were committed", ["a.txt", "b.txt"]),
        (garble_snapshot, "what readers open is damaged", ["a.txt", "b.txt"]),
        (commit_only, "readers do not see the newest state", ["a.txt", "b.txt", "d.txt"]),
        (lose_link, "readers find nothing", ["a.txt", "b.txt"]),
        (stray_log, "w.duckdb.wal is the log of a file that is gone", ["a.txt", "b.txt"]),
    ],
)
def test_what_can_be_mended_is_mended(
    warehouse: Path, harm: Callable[[Path], None], problem: str, sources: list[str]
) -> None:
    harm(warehouse)
    assert problem in problems(warehouse)
    mended = list(doctor.mend(warehouse))
    assert {each.level for each in mended} == {Level.MENDED}
    assert problems(warehouse) == ""
    assert [source for (source,) in press.ask(warehouse, SOURCES)] == sources
    press.load(warehouse, [press.page(press.prose(3), "d.txt")])
    assert len(press.ask(warehouse, SOURCES)) == 3


def test_a_damaged_file_is_kept_when_another_takes_its_place(warehouse: Path) -> None:
    garble_working(warehouse)
    damaged = paths.of(warehouse).working.read_bytes()
    list(doctor.mend(warehouse))
    kept = list(paths.of(warehouse).folder.glob("working.duckdb.2*"))
    assert [file.read_bytes() for file in kept] == [damaged]


def test_where_nothing_sound_is_left_nothing_is_done(warehouse: Path) -> None:
    garble_working(warehouse)
    garble_snapshot(warehouse)
    with pytest.raises(StopRun, match="bring back a backup, or ingest again"):
        list(doctor.mend(warehouse))


@pytest.mark.parametrize(
    ("harm", "sentence"),
    [
        ("INSERT INTO blocks SELECT * FROM blocks", "blocks has one row per document, block"),
        ("INSERT INTO memberships SELECT * FROM memberships", "memberships has one row per document"),
        ("DELETE FROM rejections", "each raw document is in documents or in rejections"),
        ("DELETE FROM raw_documents WHERE source = 'c.png'", "has its raw document"),
        ("UPDATE blocks SET document = 'nobody'", "is of a document that is there"),
        ("DELETE FROM blocks WHERE block = 0", "numbered from 0 without a gap"),
        ("DELETE FROM sketched_documents", "as many sketch hashes as it says"),
        ("DELETE FROM memberships", "belongs to one cluster"),
        ("UPDATE load_runs SET new = 99", "no run claims more documents"),
        ("DELETE FROM load_runs", "came with a run that is on record"),
        ("INSERT INTO page_versions VALUES ('x', 1, 'none', now() :: TIMESTAMP, false, [])", "is a raw document"),
    ],
)
def test_what_no_run_leaves_behind_is_found(warehouse: Path, harm: str, sentence: str) -> None:
    with open_writer(warehouse) as con:
        con.execute(harm)
        assert sentence in "\n".join(each.sentence for each in invariants.broken(con))


def test_the_doctor_knows_the_grain_of_every_table(warehouse: Path) -> None:
    tables = press.ask(warehouse, "SELECT table_name FROM duckdb_tables()")
    assert {name for (name,) in tables} == invariants.GRAIN.keys()


def test_an_older_schema_is_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    releases.build(path, min(releases.VERSIONS))
    assert "it has schema 9" in problems(path)
    list(doctor.mend(path))
    assert problems(path) == ""


def test_no_warehouse_is_no_problem(tmp_path: Path) -> None:
    assert [each.level for each in doctor.examine(tmp_path / "w.duckdb")] == [Level.NOTE]
    assert list(doctor.mend(tmp_path / "w.duckdb")) == []
    assert list(tmp_path.iterdir()) == []
