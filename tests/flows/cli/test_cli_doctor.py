"""``tamis doctor``, ``publish`` and ``status`` on a warehouse of the seeds."""

from __future__ import annotations

from pathlib import Path
from subprocess import CompletedProcess

import pytest

from tamis.warehouse.connection import open_writer
from tamis.warehouse.files import paths
from tests.flows.conftest import in_process, untouched


def tamis(*arguments: object) -> CompletedProcess[str]:
    done = in_process([*map(str, arguments)], b"", Path.cwd(), untouched(Path.cwd()))
    return CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(scope="module")
def warehouse(tmp_path_factory: pytest.TempPathFactory, seeds: Path) -> Path:
    path = tmp_path_factory.mktemp("doctor") / "w.duckdb"
    done = tamis("ingest", seeds, "-w", path)
    assert done.returncode == 0, done.stderr
    return path


def test_a_sound_warehouse(warehouse: Path) -> None:
    done = tamis("doctor", "-w", warehouse)
    assert (done.returncode, done.stderr) == (0, "")
    assert "5 raw documents, every column read" in done.stdout
    assert "not published" not in tamis("status", "-w", warehouse).stdout
    assert "is published already" in tamis("publish", "-w", warehouse).stdout


def test_a_kill_before_publishing_is_told_and_mended(warehouse: Path) -> None:
    with open_writer(warehouse) as con:
        con.execute("UPDATE load_runs SET repeated = repeated + 1")
    assert "something newer" in tamis("status", "-w", warehouse).stdout
    assert tamis("doctor", "-w", warehouse).returncode == 1
    done = tamis("doctor", "--repair", "-w", warehouse)
    assert done.returncode == 0
    assert "mended   what was committed last is published" in done.stdout
    assert tamis("doctor", "-w", warehouse).returncode == 0


def test_what_a_killed_run_had_staged_is_removed(warehouse: Path) -> None:
    dead = warehouse.with_name(".w.duckdb.staging") / "run-dead"
    dead.mkdir()
    (dead / "alive").touch()
    assert "1 runs were killed and left" in tamis("doctor", "-w", warehouse).stdout
    assert "what 1 killed runs had staged is removed" in tamis("doctor", "--repair", "-w", warehouse).stdout
    assert not dead.exists()


def test_topic_folders_are_examined(warehouse: Path, tmp_path: Path) -> None:
    done = tamis("doctor", tmp_path, "-w", warehouse)
    assert done.returncode == 0
    assert f"{tmp_path} has no topic yet" in done.stdout


def test_a_name_that_is_none_is_not_made(tmp_path: Path) -> None:
    done = tamis("publish", "-w", tmp_path / "none.duckdb")
    assert done.returncode == 2
    assert "there is no warehouse at" in done.stderr
    assert not paths.exists(tmp_path / "none.duckdb")
