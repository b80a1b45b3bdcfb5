"""Publishing: what readers see, what is kept, and what a kill leaves to be mended."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from tamis.cleaners.errors import StopRun
from tamis.warehouse.connection import open_reader, open_writer
from tamis.warehouse.files import paths, publishing, snapshots
from tamis.warehouse.files.publishing import publish
from tests.warehouse import press

COUNT = "SELECT count(*) FROM articles"


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    path = tmp_path / "w.duckdb"
    press.load(path, [press.page(press.prose(1), "a.txt")])
    return path


def more(path: Path, seed: int) -> None:
    press.commit(path, [press.page(press.prose(seed), f"{seed}.txt")])


def shown(path: Path) -> int:
    """How many articles a stock client sees."""
    con = duckdb.connect(str(path), read_only=True)
    try:
        return int(con.execute(COUNT).fetchall()[0][0])
    finally:
        con.close()


def kept(path: Path) -> list[str]:
    return sorted(folder.name for folder in paths.of(path).numbered().values())


def test_readers_see_what_is_committed_once_it_is_published(warehouse: Path) -> None:
    more(warehouse, 2)
    assert (shown(warehouse), publishing.is_behind(warehouse)) == (1, True)
    assert publish(warehouse)
    assert (shown(warehouse), publishing.is_behind(warehouse)) == (2, False)


def test_what_is_published_already_is_not_copied_again(warehouse: Path) -> None:
    before = kept(warehouse)
    with open_writer(warehouse):
        pass
    assert not publish(warehouse)
    assert kept(warehouse) == before


def test_the_one_before_is_kept_and_those_before_that_are_not(warehouse: Path) -> None:
    for seed in range(2, 6):
        more(warehouse, seed)
        publish(warehouse)
    assert kept(warehouse) == ["000004.read-only", "000005.read-only"]
    assert shown(warehouse) == 5
    files = paths.of(warehouse)
    assert files.snapshot is not None
    assert files.snapshot.read_bytes() == files.working.read_bytes(), "the parts that differ were written, no others"


def test_a_snapshot_that_somebody_reads_stays_as_it_is(warehouse: Path) -> None:
    code = (
        "import duckdb, sys; c = duckdb.connect(sys.argv[1], read_only=True); print(); sys.stdin.read();"
        f" print(c.execute('{COUNT}').fetchall())"
    )
    reader = subprocess.Popen(
        [sys.executable, "-c", code, str(warehouse)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "\n"
    for seed in range(2, 6):
        more(warehouse, seed)
        publish(warehouse)
    assert kept(warehouse) == ["000001.read-only", "000004.read-only", "000005.read-only"]
    assert reader.communicate("")[0] == "[(1,)]\n"
    more(warehouse, 6)
    publish(warehouse)
    assert kept(warehouse) == ["000005.read-only", "000006.read-only"]


def test_a_client_without_the_right_to_write_may_only_read(warehouse: Path) -> None:
    files = paths.of(warehouse)
    assert files.snapshot is not None
    assert files.snapshot.stat().st_mode & 0o777 == 0o444
    if os.geteuid() != 0:  # root may do anything
        with pytest.raises(duckdb.IOException, match=r"000001\.read-only.*Permission denied"):
            duckdb.connect(str(warehouse))


def test_what_a_client_wrote_to_a_snapshot_is_replaced_by_the_next(warehouse: Path) -> None:
    files = paths.of(warehouse)
    assert files.snapshot is not None
    files.snapshot.chmod(0o644)
    con = duckdb.connect(str(warehouse))
    con.execute("DELETE FROM documents")
    con.close()
    assert shown(warehouse) == 0
    assert publish(warehouse)
    assert shown(warehouse) == 1


def test_the_log_that_a_killed_client_left_breaks_no_open(warehouse: Path) -> None:
    code = (
        "import duckdb, os, sys; os.chmod(sys.argv[1], 0o644); c = duckdb.connect(sys.argv[1]);"
        " c.execute('CREATE TABLE mine (a INTEGER)'); os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(warehouse)], check=False)
    files = paths.of(warehouse)
    assert files.snapshot is not None
    assert files.snapshot.with_name("w.duckdb.wal").exists()
    with open_reader(warehouse) as con:
        assert con.execute(COUNT).fetchall() == [(1,)]
    warehouse.with_name("w.duckdb.wal").write_bytes(b"the log of a file that is gone")
    assert publish(warehouse)
    with open_reader(warehouse) as con:
        assert con.execute("SELECT * FROM duckdb_tables() WHERE table_name = 'mine'").fetchall() == []
    assert shown(warehouse) == 1


def test_the_name_of_the_database_stays(warehouse: Path) -> None:
    publish(warehouse)
    more(warehouse, 2)
    publish(warehouse)
    assert press.ask(warehouse, "SELECT count(*) FROM w.main.articles") == [(2,)]


@pytest.mark.parametrize("name", ["link", "snapshot"])
def test_a_link_or_a_snapshot_means_its_warehouse(warehouse: Path, name: str) -> None:
    link = warehouse.with_name("link.duckdb")
    link.symlink_to(warehouse)
    other = link if name == "link" else warehouse.resolve()
    assert paths.of(other) == paths.of(warehouse)
    press.load(other, [press.page(press.prose(2), "b.txt")])
    assert shown(warehouse) == 2


def test_a_warehouse_whose_link_was_removed_comes_back(warehouse: Path, caplog: pytest.LogCaptureFixture) -> None:
    warehouse.unlink()
    with pytest.raises(StopRun, match="has not been published yet; publish it with: tamis publish"):
        open_reader(warehouse).__enter__()
    press.load(warehouse, [press.page(press.prose(2), "b.txt")])
    assert shown(warehouse) == 2
    assert "was gone; it comes back from" in caplog.text


def test_a_working_file_that_is_gone_is_not_begun_anew(warehouse: Path) -> None:
    paths.of(warehouse).working.unlink()
    with pytest.raises(StopRun, match=r"working file of .* is gone; bring back what was published"):
        open_writer(warehouse).__enter__()
    assert shown(warehouse) == 1


def test_a_file_put_in_place_of_the_link_is_not_guessed_about(warehouse: Path) -> None:
    own = warehouse.read_bytes()
    warehouse.unlink()
    warehouse.write_bytes(own)
    with pytest.raises(StopRun, match=r"is a file of its own, but there is a working file .* too"):
        open_writer(warehouse).__enter__()
    assert warehouse.read_bytes() == own


def test_what_was_never_published_is_told(tmp_path: Path) -> None:
    with pytest.raises(StopRun, match=r"no warehouse at .*none\.duckdb to publish"):
        publish(tmp_path / "none.duckdb")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_copy_left_is_removed(warehouse: Path) -> None:
    left = paths.of(warehouse).unfinished(2)
    left.mkdir()
    (left / "w.duckdb").write_bytes(b"half a copy")
    more(warehouse, 2)
    assert publish(warehouse)
    assert kept(warehouse) == ["000001.read-only", "000003.read-only"]
    assert snapshots.is_newest(paths.of(warehouse))
