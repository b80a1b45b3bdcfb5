"""What publishing costs, and what readers cost the writer, at a size of your choice.

    python tests/bench/publishing.py                      100,000 documents
    python tests/bench/publishing.py --documents 2000     a quick look

Prints CPU and wall seconds of each step; compare them within one run.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1] / "warehouse")]

import press

from cleaners import dedup
from warehouse import places, snapshots, store
from warehouse.connection import open_writer
from warehouse.publishing import publish

WORDS = 330  # about 2.3 KB of text
LOAD = 1_000
ROUNDS = 5
READER = """
import duckdb, os, sys, time
while os.getppid() == int(sys.argv[2]):
    con = duckdb.connect(sys.argv[1], read_only=True)
    con.execute("SELECT language, count(*), sum(words) FROM articles GROUP BY ALL").fetchall()
    con.close()
    time.sleep(0.2)
"""


def documents(start: int, number: int) -> Iterator[press.Document]:
    """Made-up pages with one removed block each."""
    for n in range(start, start + number):
        yield press.page(press.prose(n, WORDS), f"{n}.txt", site=f"{n % 500}.example", day=1 + n % 28)


def timed(what: str, work: Callable[[], object]) -> float:
    """Does the work, tells its cost, gives its wall seconds."""
    before, begun = os.times(), time.monotonic()
    work()
    after, wall = os.times(), time.monotonic() - begun
    cpu = sum(after[:4]) - sum(before[:4])
    print(f"{what:58}{cpu:8.2f} CPU s{wall:8.2f} s", flush=True)
    return wall


def load(path: Path, start: int, number: int) -> None:
    """One run: a load in one transaction, in batches as the flows make them, and its publication."""
    with tempfile.TemporaryDirectory() as folder:
        staged = [
            press.stage(Path(folder), f"{at:08d}", list(documents(at, min(LOAD, start + number - at))))
            for at in range(start, start + number, LOAD)
        ]
        with open_writer(path) as con:
            store.load(con, staged, now=press.NOW, versions=press.VERSIONS, relate=dedup.relate, cluster=dedup.cluster)


@contextmanager
def readers(path: Path, number: int) -> Iterator[None]:
    """So many stock clients that ask again and again."""
    asking = [subprocess.Popen([sys.executable, "-c", READER, str(path), str(os.getpid())]) for _ in range(number)]
    try:
        yield
    finally:
        for each in asking:
            each.kill()
            each.wait()


def main() -> None:
    """Loads, publishes, and loads again beside readers."""
    asked = argparse.ArgumentParser(description="what publishing costs, and what readers cost the writer")
    asked.add_argument("--documents", type=int, default=100_000)
    number = asked.parse_args().documents
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "w.duckdb")
        portion = min(number, 20_000)
        for start in range(0, number, portion):
            timed(f"stage and load {portion:,} documents", lambda start=start: load(path, start, portion))  # type: ignore[misc]
        timed("publish: the first copy", lambda: publish(path))
        size = places.of(path).working.stat().st_size
        text = press.ask(path, "SELECT sum(size) FROM raw_documents")[0][0]
        print(f"{'the file, beside the raw text':58}{size / 1e6:8.1f} MB   {int(str(text)) / 1e6:8.1f} MB")
        load(path, number, LOAD)
        timed("publish again: the second copy", lambda: publish(path))
        load(path, number + LOAD, LOAD)
        timed(f"publish {LOAD:,} more: what differs is written", lambda: publish(path))
        timed("publish where nothing is new", lambda: publish(path))
        walls: dict[int, list[float]] = {0: [], 2: []}
        at = number + 2 * LOAD
        for _ in range(ROUNDS):
            for many, took in walls.items():
                with readers(path, many):
                    took.append(timed(f"load {LOAD:,} beside {many} readers", lambda at=at: load(path, at, LOAD)))  # type: ignore[misc]
                publish(path)
                at += LOAD
        alone, beside = (sorted(took)[ROUNDS // 2] for took in walls.values())
        print(f"median load: {alone:.2f} s alone, {beside:.2f} s beside two readers ({beside / alone - 1:+.0%})")
        timed("a whole copy of it all", lambda: snapshots.make(places.of(path)))


if __name__ == "__main__":
    main()
