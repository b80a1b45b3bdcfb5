"""What publishing costs, and what readers cost the writer, at a size of your choice.

    python tests/bench/publishing.py                      100,000 documents
    python tests/bench/publishing.py --documents 2000     a quick look

Prints CPU and wall seconds of each step; compare them within one run.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[2]), str(Path(__file__).parents[1] / "warehouse")]

import press  # noqa: E402

from cleaners import dedup  # noqa: E402
from warehouse import places, store  # noqa: E402
from warehouse.connection import open_writer  # noqa: E402
from warehouse.publishing import publish  # noqa: E402

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
    """Does the work, tells its cost, gives its CPU seconds (with those of the processes it waited for)."""
    before, begun = os.times(), time.monotonic()
    work()
    after, wall = os.times(), time.monotonic() - begun
    cpu = sum(after[:4]) - sum(before[:4])
    print(f"{what:58}{cpu:8.2f} CPU s{wall:8.2f} s", flush=True)
    return cpu


def load(path: Path, start: int, number: int, what: str = "", *, then_publish: bool = False) -> float:
    """One run: a load in one transaction, in batches as the flows make them. Only what holds the file is timed."""

    def run() -> None:
        with open_writer(path) as con:
            store.load(con, staged, now=press.NOW, versions=press.VERSIONS, relate=dedup.relate, cluster=dedup.cluster)
        if then_publish:
            publish(path)

    with tempfile.TemporaryDirectory() as folder:
        staged = [
            press.stage(Path(folder), f"{at:08d}", list(documents(at, min(LOAD, start + number - at))))
            for at in range(start, start + number, LOAD)
        ]
        return timed(what or f"load {number:,} documents", run)


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
            load(path, start, portion)
        timed("publish: the first copy", lambda: publish(path))
        size = places.of(path).working.stat().st_size
        text = press.ask(path, "SELECT sum(size) FROM raw_documents")[0][0]
        print(f"{'the file, beside the raw text':58}{size / 1e6:8.1f} MB   {int(str(text)) / 1e6:8.1f} MB")
        load(path, number, LOAD)
        timed("publish: the second copy", lambda: publish(path))
        load(path, number + LOAD, LOAD)
        timed("publish: what differs from the one before the last", lambda: publish(path))
        timed("publish where nothing is new", lambda: publish(path))
        compare(path, number + 2 * LOAD)


def compare(path: Path, start: int) -> None:
    """The same work alone and beside readers, in turn. By CPU: who gets a core is not what is asked."""
    costs: dict[int, list[float]] = {0: [], 2: []}
    for _ in range(ROUNDS):
        for many, cost in costs.items():
            with readers(path, many):
                cost.append(load(path, start, LOAD, f"load and publish beside {many} readers", then_publish=True))
            start += LOAD
    alone, beside = (statistics.median(cost) for cost in costs.values())
    print(f"median: {alone:.2f} CPU s alone, {beside:.2f} beside two readers ({beside / alone - 1:+.1%})")


if __name__ == "__main__":
    main()
