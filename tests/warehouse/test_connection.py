"""Opening a warehouse: who waits for whom, what is refused in which words, and that nothing is harmed by it."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from tamis.cleaners.errors import RetryLater, StopRun
from tamis.warehouse.connection import open_reader, open_working_reader, open_writer
from tamis.warehouse.files import paths, snapshots
from tamis.warehouse.files.publishing import publish
from tests.warehouse import press

ROOT = Path(__file__).parents[2]


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "w.duckdb"
    press.load(path, [press.page(press.prose(1), "a.txt")])
    return path


@contextmanager
def another_process(code: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that runs ``code`` on ``path``, has said it is ready, and ends when its input does."""
    program = textwrap.dedent(code) + "\nprint('ready', flush=True)\nimport sys\nsys.stdin.read()"
    child = subprocess.Popen(
        [sys.executable, "-c", program, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    try:
        yield child
    finally:
        child.communicate()


WRITER = """
    import sys
    from pathlib import Path
    from tamis.warehouse.connection import open_writer
    held = open_writer(Path(sys.argv[1]))
    con = held.__enter__()
"""
# A client without the flag for reading only, run by somebody who may write the file: root, for one.
SHELL = "import duckdb, os, sys; os.chmod(sys.argv[1], 0o644); con = duckdb.connect(sys.argv[1])"


def test_a_second_writer_is_told_who_holds_the_warehouse(warehouse: Path) -> None:
    with (
        another_process(WRITER, warehouse) as holder,
        pytest.raises(RetryLater, match=rf"w\.duckdb is being written by process {holder.pid} .*run again"),
        open_writer(warehouse, wait=0.2),
    ):
        pass
    with open_writer(warehouse, wait=0.2):
        pass


def test_a_second_writer_waits_for_the_first_and_says_so(warehouse: Path, caplog: pytest.LogCaptureFixture) -> None:
    with another_process(WRITER, warehouse) as holder:
        threading.Timer(1.5, holder.stdin.close).start()
        with open_writer(warehouse, wait=30) as con:
            assert con.execute("SELECT count(*) FROM documents").fetchall() == [(1,)]
        holder.stdin = None
    assert [record.getMessage().partition("; waiting for it, up to ")[0] for record in caplog.records] == [
        f"w.duckdb is being written by process {holder.pid} (-c {warehouse})"
    ]


def test_readers_do_not_wait_for_a_writer(warehouse: Path) -> None:
    with another_process(WRITER, warehouse):
        assert press.seen(warehouse, ["documents"])["documents"]
        with open_reader(warehouse, wait=0) as con:
            assert con.execute("SELECT count(*) FROM articles").fetchall() == [(1,)]


@pytest.mark.parametrize("open_it", [open_writer, open_working_reader])
def test_a_shell_that_holds_the_working_file_is_named(warehouse: Path, open_it: object) -> None:
    with (
        another_process(SHELL, paths.of(warehouse).working) as holder,
        pytest.raises(RetryLater, match=rf"is open in process {holder.pid} .*close it there"),
        open_it(warehouse, wait=0.2),
    ):
        pass


def test_a_shell_that_writes_to_what_was_published_is_in_nobodys_way(warehouse: Path) -> None:
    with another_process(SHELL, warehouse):
        with open_reader(warehouse, wait=0) as con:
            assert con.execute("SELECT count(*) FROM articles").fetchall() == [(1,)]
        press.load(warehouse, [press.page(press.prose(2), "b.txt")])
        assert press.ask(warehouse, "SELECT count(*) FROM articles") == [(2,)]


def test_one_process_sees_what_is_published_while_it_reads(warehouse: Path) -> None:
    with open_reader(warehouse) as before:
        press.load(warehouse, [press.page(press.prose(2), "b.txt")])
        with open_reader(warehouse) as after:
            counted = [con.execute("SELECT count(*) FROM articles").fetchall()[0][0] for con in (before, after)]
    assert counted == [1, 2]


def test_readers_do_not_shut_each_other_out(warehouse: Path) -> None:
    reader = "import duckdb, sys; con = duckdb.connect(sys.argv[1], read_only=True)"
    with another_process(reader, warehouse), open_reader(warehouse, wait=0) as con:
        assert con.execute("SELECT count(*) FROM articles").fetchall() == [(1,)]


def foreign_database(path: Path) -> None:
    con = duckdb.connect(str(path))
    con.execute("CREATE TABLE invoices (number INTEGER)")
    con.close()


def newer_schema(path: Path) -> None:
    with open_writer(path) as con:
        con.execute("INSERT INTO migrations VALUES (999, '999_tomorrow.sql', 'x', now() :: TIMESTAMP, '9.9')")
    snapshots.make(paths.of(path))


def edited_migration(path: Path) -> None:
    with open_writer(path) as con:
        con.execute("UPDATE migrations SET sha256 = 'another' WHERE version = 2")
    snapshots.make(paths.of(path))


def files(folder: Path) -> dict[str, bytes]:
    """Every file in a folder, except for locks."""
    found = (file for file in folder.rglob("*") if file.is_file() and file.suffix != ".lock")
    return {str(file.relative_to(folder)): file.read_bytes() for file in found}


@pytest.mark.parametrize("open_it", [open_writer, open_reader])
@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda path: path.write_text("une page de journal " * 1000), "is not a DuckDB database; give another file"),
        (foreign_database, r"database of another program \(it has invoices\)"),
        (newer_schema, r"written by a newer tamis \(schema 999, 999_tomorrow.sql\); upgrade tamis"),
        (edited_migration, "another edition of migration 002_documents.sql"),
    ],
)
def test_what_is_no_warehouse_is_refused_unharmed(tmp_path: Path, make: object, message: str, open_it: object) -> None:
    path = tmp_path / "w.duckdb"
    make(path)  # type: ignore[operator]
    before = files(tmp_path)
    with pytest.raises(StopRun, match=message), open_it(path, wait=0):  # type: ignore[operator]
        pass
    assert files(tmp_path) == before


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with (
        pytest.raises(StopRun, match=r"cannot make the folder .*file/data for the warehouse"),
        open_writer(tmp_path / "file" / "data" / "w.duckdb"),
    ):
        pass


def test_a_missing_warehouse_is_made_by_a_writer_and_explained_to_a_reader(tmp_path: Path) -> None:
    path = tmp_path / "new" / "w.duckdb"
    with pytest.raises(StopRun, match=r"no warehouse at .*tamis ingest PATH --warehouse"), open_reader(path):
        pass
    with open_writer(path):
        pass
    with pytest.raises(StopRun, match="has not been published yet"), open_reader(path):
        pass
    publish(path)
    with open_reader(path) as con:
        assert con.execute("SELECT count(*) FROM articles").fetchall() == [(0,)]


def test_what_a_kill_left_while_making_a_warehouse_is_no_hindrance(tmp_path: Path) -> None:
    path = tmp_path / "w.duckdb"
    path.touch()
    unfinished = paths.of(path).working.with_name("new.duckdb")
    unfinished.parent.mkdir()
    unfinished.write_bytes(b"half a file")
    unfinished.with_name("new.duckdb.wal").write_bytes(b"half a log")
    press.load(path, [press.page(press.prose(1), "a.txt")])
    assert press.ask(path, "SELECT count(*) FROM articles") == [(1,)]


def test_the_log_of_a_lost_warehouse_is_named(tmp_path: Path) -> None:
    Path(tmp_path, "w.duckdb.wal").write_bytes(b"log")
    with (
        pytest.raises(StopRun, match=r"w\.duckdb\.wal belongs to a warehouse that is gone"),
        open_writer(tmp_path / "w.duckdb"),
    ):
        pass


def test_two_names_of_one_warehouse_share_its_lock(warehouse: Path) -> None:
    link = warehouse.with_name("link.duckdb")
    link.symlink_to(warehouse)
    with another_process(WRITER, link), pytest.raises(RetryLater), open_writer(warehouse, wait=0):
        pass


secret = "a variable of this program"


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('{file}')",
        "SELECT * FROM read_text('{file}')",
        "SELECT * FROM '{file}'",
        "SELECT * FROM glob('/*')",
        "SELECT * FROM secret",
        "COPY (SELECT 1) TO '{file}.out'",
        "EXPORT DATABASE '{file}.folder'",
        "ATTACH '{file}.duckdb'",
        "INSTALL httpfs",
        "LOAD '{file}'",
        "SET enable_external_access = true",
        "SET python_enable_replacements = true",
        "SET memory_limit = '90%'",
        "RESET lock_configuration",
        "DELETE FROM documents",
        "CREATE TABLE mine (a INTEGER)",
        "DROP VIEW articles",
    ],
)
def test_sql_typed_by_a_user_stays_inside(warehouse: Path, tmp_path: Path, statement: str) -> None:
    file = tmp_path / "file.csv"
    file.write_text("a,b\n1,2\n")
    before = sorted(tmp_path.iterdir())
    with open_reader(warehouse) as con, pytest.raises(duckdb.Error):
        con.execute(statement.format(file=file)).fetchall()
    assert sorted(tmp_path.iterdir()) == before
