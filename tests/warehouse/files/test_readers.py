"""A reader that asks in a loop, in a process of its own, while a writer loads: no failure, no half of a run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.warehouse import press

RUNS = (6, pytest.param(40, marks=pytest.mark.gate))  # a hundred, beside what they cost: python -m tests.bench.readers
SIZE = 3

# A stock client: it opens the path anew each time, as a dashboard does, and prints what it sees when it changes.
READER = """
import duckdb, pathlib, sys, time
stop = pathlib.Path(sys.argv[1]).with_name("stop")
opened = 0
while not stop.exists():
    con = duckdb.connect(sys.argv[1], read_only=True)
    runs = con.execute("SELECT count(*) FROM load_runs").fetchall()[0][0]
    rows = [con.execute(f"SELECT count(*) FROM {t}").fetchall()[0][0]
            for t in ("raw_documents", "documents", "memberships", "articles")]
    blocks = con.execute("SELECT count(*) FROM blocks").fetchall()[0][0]
    con.close()
    assert rows == [runs * SIZE] * 4 and blocks == 2 * runs * SIZE, (runs, rows, blocks)
    opened += 1
    print(opened, runs, flush=True)
    time.sleep(0.05)
"""


@pytest.mark.parametrize("runs", RUNS)
def test_readers_never_fail_and_never_see_half_a_run(tmp_path: Path, runs: int) -> None:
    path = tmp_path / "w.duckdb"
    press.load(path, batch(0))
    code = READER.replace("SIZE", str(SIZE))
    readers = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for run in range(1, runs):
        press.load(path, batch(run))
    path.with_name("stop").touch()
    for reader in readers:
        lines = reader.communicate(timeout=60)[0].splitlines()
        assert reader.returncode == 0
        seen = [int(line.split()[1]) for line in lines]
        assert seen == sorted(seen)
        assert len(set(seen)) > runs // 10, "it hardly met the writer"


def batch(run: int) -> list[press.Document]:
    return [press.page(press.prose(SIZE * run + n), f"{run}-{n}.txt") for n in range(SIZE)]
