"""Full disks, folders and files without rights, damaged files: a clear message, and the warehouse is unharmed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import duckdb
import pytest

from tamis.cleaners.errors import StopRun
from tamis.warehouse import migrations
from tamis.warehouse.connection import open_reader, open_writer
from tamis.warehouse.files import ledger, paths
from tamis.warehouse.files.publishing import publish
from tests.warehouse import press


def mount(folder: Path, options: str) -> None:
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip("may not mount a small file system here")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A folder of 24 MB on a disk of its own."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("only root may mount a small file system")
    mount(folder, "size=24m")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(folder: Path, leave: int) -> Path:
    """A file that leaves only so many bytes of the disk free."""
    ballast = folder / "ballast"
    free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
    ballast.write_bytes(bytes(free - leave))
    return ballast


def many(seed: int) -> list[press.Document]:
    return [press.page(press.prose(seed + n, 2000), f"{seed + n}.txt") for n in range(150)]


SOURCES = "SELECT source FROM articles ORDER BY ALL"


def test_a_disk_that_is_full_while_loading_loses_nothing(small: Path) -> None:
    path = small / "w.duckdb"
    press.load(path, [press.page(press.prose(1), "a.txt")])
    ballast = fill(small, 300_000)
    with pytest.raises(StopRun, match=r"could not be written: .*[Nn]o space left.*make room in .* and run again"):
        press.load(path, many(1000))
    assert press.seen(path, ["documents"])["documents"][0].count("a.txt") == 1
    ballast.unlink()
    press.load(path, [press.page(press.prose(2), "b.txt")])
    assert press.ask(path, SOURCES) == [("a.txt",), ("b.txt",)]


def test_a_disk_that_is_full_while_publishing_leaves_readers_what_they_had(small: Path) -> None:
    path = small / "w.duckdb"
    press.load(path, [press.page(press.prose(1), "a.txt")])
    press.commit(path, [press.page(press.prose(2), "b.txt")])
    ballast = fill(small, 300_000)
    with pytest.raises(StopRun, match=r"could not be published \(No space left on device\); what was loaded is safe"):
        publish(path)
    con = duckdb.connect(str(path), read_only=True)
    assert con.execute(SOURCES).fetchall() == [("a.txt",)]
    con.close()
    ballast.unlink()
    publish(path)
    assert press.ask(path, SOURCES) == [("a.txt",), ("b.txt",)]


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[Path]:
    """A folder with a warehouse in it, in which nothing can be changed."""
    folder = tmp_path / "folder"
    folder.mkdir()
    if os.geteuid() == 0:
        mount(folder, "size=64m")
    press.load(folder / "w.duckdb", [press.page(press.prose(1), "a.txt")])
    if os.geteuid() == 0:
        subprocess.run(["mount", "-o", "remount,ro", str(folder)], check=True)
    else:
        folder.chmod(0o500)
    try:
        yield folder
    finally:
        if os.geteuid() == 0:
            subprocess.run(["umount", "-l", str(folder)], check=True)
        else:
            folder.chmod(0o700)


def test_a_read_only_folder_can_be_read_and_is_named_to_writers(read_only: Path) -> None:
    path = read_only / "w.duckdb"
    with open_reader(path) as con:
        assert con.execute(SOURCES).fetchall() == [("a.txt",)]
    with pytest.raises(
        StopRun, match=r"cannot write beside the warehouse \(.*w\.duckdb\.lock\): (Read-only|Permission)"
    ):
        open_writer(path).__enter__()
    with pytest.raises(StopRun, match=r"cannot make the folder|cannot write beside"):
        open_writer(read_only / "new" / "w.duckdb").__enter__()


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:6000])


def garble(file: Path) -> None:
    whole = bytearray(file.read_bytes())
    for start in range(3 * 4096, len(whole), 4096):
        whole[start : start + 64] = os.urandom(64)
    file.write_bytes(whole)


@pytest.mark.parametrize("damage", [cut, garble])
@pytest.mark.parametrize("first_edition", [False, True])
def test_a_damaged_file_is_refused_and_left_as_it_is(
    tmp_path: Path, damage: Callable[[Path], None], first_edition: bool
) -> None:
    path = tmp_path / "w.duckdb"
    press.load(path, [press.page(press.prose(1), "a.txt")])
    file = paths.of(path).working
    if first_edition:
        path.unlink()
        file.rename(path)
        subprocess.run(["rm", "-r", str(paths.of(path).folder)], check=True)
        file = path
    damage(file)
    before = file.read_bytes()
    with pytest.raises(StopRun, match=r"w(orking)?.duckdb"):
        open_writer(path).__enter__()
    assert file.read_bytes() == before
    if not first_edition:
        assert press.seen(path, ["documents"])["documents"], "readers go on"


def test_a_log_that_was_cut_does_not_pass_for_a_small_warehouse(tmp_path: Path) -> None:
    """DuckDB opens it without a word; the ledger knows better."""
    path = tmp_path / "w.duckdb"
    press.load(path, [press.page(press.prose(1), "a.txt")])
    files = paths.of(path)
    before = files.working.read_bytes()
    press.commit(path, [press.page(press.prose(2), "b.txt")])
    files.working.write_bytes(before)
    with pytest.raises(StopRun, match=r"has lost documents: 2 raw documents were committed by .*, 1 are left"):
        open_writer(path).__enter__()
    assert files.working.read_bytes() == before


def test_the_ledger_adds_what_came_to_what_it_knows(tmp_path: Path) -> None:
    """It does not read all keys anew; a transaction that was rolled back leaves no trace in it."""
    path = tmp_path / "w.duckdb"
    for number in range(3):
        press.load(path, [press.page(press.prose(number), f"{number}.txt")])
        with open_writer(path) as con, suppress(ZeroDivisionError), migrations.transaction(con):
            con.execute("INSERT INTO raw_documents SELECT * REPLACE ('f' || raw_key AS raw_key) FROM raw_documents")
            raise ZeroDivisionError
    with open_writer(path) as con:
        known, whole = ledger.last(paths.of(path).ledger), ledger.entry(con)
    assert known is not None
    assert ledger.entry_of(known) == ledger.entry_of(whole)
    assert whole.raw_documents == 3


def test_the_last_whole_line_of_the_ledger_counts(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    press.load(path, [press.page(press.prose(1), "a.txt")])
    files = paths.of(path)
    whole = ledger.last(files.ledger)
    with files.ledger.open("a") as file:
        file.write('{"at": "2026-')
    assert ledger.last(files.ledger) == whole
    assert whole is not None
    assert (whole.raw_documents, whole.load_runs, whole.schema) == (1, 1, migrations.newest())
    press.load(path, [press.page(press.prose(2), "b.txt")])
    after = ledger.last(files.ledger)
    assert after is not None
    assert after.raw_documents == 2
