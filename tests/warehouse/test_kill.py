"""``kill -9`` at any moment of a load or of a judging again, then the same again: the tables as after one clean run."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType

import loading
import press
import rejudging

from warehouse.connection import open_writer

MOMENTS = 8


def start(warehouse: Path, program: ModuleType = loading) -> subprocess.Popen[str]:
    """A child that has begun to write into ``warehouse``."""
    child = subprocess.Popen(
        [sys.executable, str(Path(str(program.__file__))), str(warehouse)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    return child


def test_a_killed_load_can_simply_be_run_again(tmp_path: Path) -> None:
    clean = tmp_path / "clean.duckdb"
    begun = time.monotonic()
    with start(clean) as child:
        child.communicate()
    took = time.monotonic() - begun
    wanted = press.contents(clean)
    assert wanted["documents"]

    killed_amid = 0
    for moment in range(MOMENTS):
        warehouse = tmp_path / f"{moment}.duckdb"
        with start(warehouse) as child:
            time.sleep(took * 0.7 * moment / MOMENTS)  # the first one, which was timed, is the slowest
            child.send_signal(signal.SIGKILL)
            printed, _ = child.communicate()
        killed_amid += "loaded" not in printed
        if warehouse.exists():
            with open_writer(warehouse) as con:
                documents = con.execute("SELECT count(*) FROM documents").fetchall()[0][0]
            assert documents in (0, len(wanted["documents"])), "half a load is to be seen"
        press.load(warehouse, *loading.corpus())
        assert press.contents(warehouse) == wanted, f"killed after {moment}/{MOMENTS} of the load"
    assert killed_amid >= MOMENTS // 2, "the moments come too late to test anything"


def test_a_killed_judging_again_leaves_all_or_nothing(tmp_path: Path) -> None:
    before, clean = tmp_path / "before.duckdb", tmp_path / "clean.duckdb"
    press.load(before, *loading.corpus())
    stood = press.contents(before)
    shutil.copyfile(before, clean)
    begun = time.monotonic()
    with start(clean, rejudging) as child:
        child.communicate()
    took = time.monotonic() - begun
    wanted = press.contents(clean)
    assert wanted["former_documents"]

    killed_amid = 0
    for moment in range(MOMENTS):
        warehouse = tmp_path / f"{moment}.duckdb"
        shutil.copyfile(before, warehouse)
        with start(warehouse, rejudging) as child:
            time.sleep(took * 0.7 * moment / MOMENTS)
            child.send_signal(signal.SIGKILL)
            printed, _ = child.communicate()
        killed_amid += "loaded" not in printed
        with open_writer(warehouse):
            pass  # what a writer left in its log goes into the file
        if press.contents(warehouse) != wanted:
            assert press.contents(warehouse) == stood, f"half of it is to be seen, killed after {moment}/{MOMENTS}"
            rejudging.judge_again(warehouse, *rejudging.changed_corpus())
            assert press.contents(warehouse) == wanted
    assert killed_amid >= MOMENTS // 2, "the moments come too late to test anything"
