"""The same warehouse on a lake: the same rows, views and macros; turns, conflicts, and several machines at once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tamis.cleaners.errors import RetryLater, StopRun
from tamis.warehouse import migrations, queries, storage
from tamis.warehouse.address import Lake
from tamis.warehouse.connection import open_reader, open_writer
from tests.lake import writing
from tests.lake.server import plain
from tests.warehouse import loading, press

LOADS = 20
DUPLICATES = ("common_hashes", "duplicate_pairs", "memberships", "sketches")
SAME_IN_ANY_ORDER = ("raw_documents", "documents", "blocks", "rejections", *DUPLICATES)


def ask(address: Lake, query: str) -> list[tuple[object, ...]]:
    with open_reader(address) as con:
        return con.execute(query).fetchall()


def start(address: Lake, *arguments: int) -> subprocess.Popen[str]:
    root = Path(__file__).parents[2]
    said = f"ducklake:postgres:{address.catalog}?data={address.data}"
    command = [sys.executable, "-m", "tests.lake.writing", said, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root, env={**os.environ, "PYTHONPATH": "."})


def test_a_lake_holds_what_a_file_holds(address: Lake, tmp_path: Path) -> None:
    file = tmp_path / "w.duckdb"
    assert not storage.is_there(address)
    for corpus in (loading.corpus()[:2], loading.corpus()[1:], loading.corpus()[1:]):
        assert press.load(address, *corpus) == press.load(file, *corpus)
    assert storage.is_there(address)
    assert press.contents(address) == press.contents(file)
    with open_reader(Lake(address.catalog)) as con:  # the catalog knows where the data is
        for grain in press.GRAIN.items():
            table, key = grain[0], ", ".join(grain[1])
            assert con.execute(f"SELECT {key} FROM {table} GROUP BY ALL HAVING count(*) > 1").fetchall() == [], table
        views = [script.name.removesuffix(".sql") for script in migrations.scripts(migrations.SQL / "views")]
        with open_reader(file) as other:
            for view in views:
                assert queries_of(con, view) == queries_of(other, view), view
        document, source = con.execute("SELECT document, source FROM articles LIMIT 1").fetchall()[0]
        assert con.execute("FROM why(?)", [source]).fetchall()
        assert queries.why(con, document).article is not None
        assert con.execute("FROM on_topic('harbours')").fetchall() == []
        comment = "SELECT comment FROM duckdb_columns() WHERE table_name = 'documents' AND column_name = 'document'"
        assert con.execute(comment).fetchall() != [(None,)]
        assert queries.status(con, address).documents == 50


def queries_of(con: duckdb.DuckDBPyConnection, view: str) -> list[str]:
    found = con.execute(f"SELECT COLUMNS(lambda c: c NOT IN {press.OF_THE_CLOCK}) FROM {view}").fetchall()
    return sorted(map(repr, found))


def test_two_processes_load_at_once_while_a_third_reads(address: Lake, tmp_path: Path) -> None:
    file = tmp_path / "w.duckdb"
    for load in writing.corpus(LOADS):
        press.load(file, load)
    snapshots = set()
    with start(address, LOADS, 0, 2) as one, start(address, LOADS, 1, 2) as two:
        while one.poll() is None or two.poll() is None:
            if storage.is_there(address):
                with open_reader(address) as con:
                    status = queries.status(con, address)
                    members = con.execute("SELECT count(*) FROM memberships").fetchall()[0][0]
                assert status.raw == status.documents + sum(status.rejected.values())
                assert members == status.documents
                snapshots.add(status.raw)
        assert [writer.communicate()[0].count("loaded") for writer in (one, two)] == [LOADS // 2, LOADS // 2]
    assert len(snapshots) > 2, "the reader saw nothing of what happened"
    both = [press.contents(each, SAME_IN_ANY_ORDER, without=["run"]) for each in (address, file)]
    assert both[0] == both[1]
    assert ask(address, "SELECT count(*) FROM runs") == [(LOADS,)]


def test_whoever_writes_is_named_and_delays_no_reader(address: Lake) -> None:
    press.load(address, [press.page(press.prose(1), "1.txt")])
    with open_writer(address) as con:
        con.execute("BEGIN")
        con.execute("DELETE FROM documents")
        with pytest.raises(RetryLater, match=rf"is being written by tamis, process {os.getpid()} on "):
            press.load(address, [press.page(press.prose(2), "2.txt")], wait=0.3)
        assert ask(address, "SELECT count(*) FROM articles") == [(1,)]
        con.execute("ROLLBACK")
    press.load(address, [press.page(press.prose(2), "2.txt")])
    assert ask(address, "SELECT count(*) FROM articles") == [(2,)]


def test_a_topic_is_followed_by_one_process_at_a_time(address: Lake) -> None:
    with storage.turn(address, "watch-harbours", "harbours is being followed"):
        with storage.turn(address, "watch-storms", "storms is being followed"):
            pass
        with (
            pytest.raises(RetryLater, match=r"harbours is being followed by tamis, process"),
            storage.turn(address, "watch-harbours", "harbours is being followed"),
        ):
            pass
    with storage.turn(address, "watch-harbours", "harbours is being followed"):
        pass


def meddling(address: Lake, times: int, tries: list[int]) -> Callable[[duckdb.DuckDBPyConnection], None]:
    """Work whose rows another program changes while it is done, ``times`` times."""

    def work(con: duckdb.DuckDBPyConnection) -> None:
        con.execute("UPDATE memberships SET relation = 'near' WHERE relation = 'exact'")
        tries.append(len(tries))
        if len(tries) <= times:
            other = plain(address)
            other.execute("UPDATE memberships SET link_other = link_other")
            other.close()

    return work


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storage, "PAUSES", (0.0, 0.0))


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("times", [1, 2])
def test_a_write_that_met_a_conflict_is_done_again_as_a_whole(address: Lake, times: int) -> None:
    press.load(address, [press.page(press.prose(1), f"{n}.txt") for n in range(2)])
    tries: list[int] = []
    storage.write(address, meddling(address, times, tries))
    assert len(tries) == times + 1
    assert ask(address, "SELECT relation FROM memberships ORDER BY ALL") == [("near",), (None,)]


@pytest.mark.usefixtures("impatient")
def test_a_conflict_without_end_is_said(address: Lake) -> None:
    press.load(address, [press.page(press.prose(1), f"{n}.txt") for n in range(2)])
    with pytest.raises(RetryLater, match="was changed by another program meanwhile; run again"):
        storage.write(address, meddling(address, 99, []))
    assert ask(address, "SELECT relation FROM memberships ORDER BY ALL") == [("exact",), (None,)]


def test_a_killed_load_leaves_nothing_and_no_lock(address: Lake, tmp_path: Path) -> None:
    done = start(address, 6, 0, 1)
    assert done.stdout is not None
    assert [done.stdout.readline() for _ in range(2)] == ["loaded\n"] * 2
    killer = threading.Timer(0.7, done.send_signal, [signal.SIGKILL])
    killer.start()
    done.communicate()
    counts = "SELECT (SELECT count(*) FROM load_runs), count(*) FROM documents ANTI JOIN memberships USING (document)"
    runs, orphans = ask(address, counts)[0]
    assert orphans == 0
    assert 2 <= int(str(runs)) < 6
    for load in writing.corpus(6):
        press.load(address, load)
        press.load(tmp_path / "w.duckdb", load)
    assert press.contents(address, SAME_IN_ANY_ORDER) == press.contents(tmp_path / "w.duckdb", SAME_IN_ANY_ORDER)


FORBIDDEN = (
    "DELETE FROM documents",
    "CREATE TABLE mine AS SELECT 1",
    "FROM read_text('/etc/hostname')",
    "COPY (SELECT 1) TO '{home}/out.csv'",
    "ATTACH '{home}/other.duckdb'",
    "INSTALL spatial",
    "SET enable_external_access = true",
    "CALL postgres_execute('__ducklake_metadata_warehouse', 'DROP TABLE ducklake_table')",
)


def test_a_reader_can_only_read_the_lake(address: Lake, tmp_path: Path) -> None:
    press.load(address, [press.page(press.prose(1), "1.txt")])
    for query in FORBIDDEN:
        with open_reader(address) as con, pytest.raises(duckdb.Error):
            con.execute(query.format(home=tmp_path)).fetchall()
    assert ask(address, "SELECT count(*) FROM articles") == [(1,)]


def test_a_lake_of_a_newer_tamis_is_refused(address: Lake) -> None:
    with open_writer(address) as con:
        con.execute("INSERT INTO migrations VALUES (9999, '9999_later.sql', 'x', now() :: TIMESTAMP, '9')")
    for opened in (open_reader, open_writer):
        with pytest.raises(StopRun, match=r"written by a newer tamis \(schema 9999"), opened(address):
            pass


def test_data_that_is_gone_is_said(address: Lake) -> None:
    press.load(address, [press.page(press.prose(n), f"{n}.txt") for n in range(30)])
    for file in Path(str(address.data)).rglob("*.parquet"):
        file.unlink()
    with (
        pytest.raises(RetryLater, match="and its data can be reached"),
        open_reader(address) as con,
    ):
        con.execute("SELECT text FROM documents").fetchall()


def test_what_is_wrong_with_a_lake_is_said_with_the_remedy(address: Lake, tmp_path: Path) -> None:
    def said(of: Lake, opened: Callable[..., object] = open_writer) -> str:
        with pytest.raises((StopRun, RetryLater)) as error, opened(of):  # type: ignore[attr-defined]
            pass
        assert "geheim" not in str(error.value)
        return f"{error.type.__name__}: {error.value}"

    nowhere = Lake(f"host={tmp_path} dbname=x password=geheim", str(tmp_path))
    assert "StopRun: there is no warehouse at ducklake:postgres:" in said(address, open_reader)
    assert "append ?data=/shared/folder" in said(Lake(address.catalog))
    assert f"StopRun: the lake's folder {tmp_path}/absent is not there; mount it" in said(
        Lake(address.catalog, f"{tmp_path}/absent")
    )
    assert "cannot be opened" in said(nowhere)
    assert "password=***" in said(nowhere)
    assert "RetryLater" in said(Lake("host=127.0.0.1 port=1 dbname=x password=geheim connect_timeout=2"))
    with open_writer(address):
        pass
    assert "does not match existing data path" in said(Lake(address.catalog, f"{tmp_path}/elsewhere"))
    Path(str(address.data)).rename(tmp_path / "unmounted")
    assert "is not there; mount it" in said(Lake(address.catalog))
