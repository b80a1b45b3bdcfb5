"""What a load costs, step by step: from batches staged on disk to a committed warehouse, then published.

    PYTHONPATH=. python -m tests.bench.load                     100,000 documents of 2.4 KB, in batches of 500
    PYTHONPATH=. python -m tests.bench.load --documents 5000    a quick look
    ... --copies 0.1      one of ten is an edited, cut or plain copy of another document; by default none is
    ... --folder KEPT     keeps what was staged there, or uses what is

The documents are made up (``scale_corpus``) and never see the cleaner; all processors make them, about 3 ms each.
``CPU`` is of all threads of the process; ``busiest`` of the thread that had most to do, step by step: what the wall
time comes to where the cores are free and the disk is no hindrance. Only the wall time suffers from work beside it.
Needs Linux, which tells the time of each thread.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import re
import resource
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import duckdb

from tamis.cleaners import dedup
from tamis.cleaners.search import wording
from tamis.warehouse import migrations, site_memory
from tamis.warehouse.connection import open_writer
from tamis.warehouse.duplicates import candidates, clusters, invalidation
from tamis.warehouse.files import paths
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.loading import staging, store
from tamis.warehouse.search import index
from tests.bench.scale_corpus import Corpus

BATCH = 500  # documents, as the settings have it
NOW = datetime(2026, 3, 1)
LENGTH = 5  # paragraphs, which is about 2.4 KB
_INTO = re.compile(r"\s*INSERT INTO (raw_documents|documents|blocks|rejections|sketched_documents)\b")


@dataclass
class Meter:
    """CPU, busiest and wall seconds by step; the time of a step within another one is that one's own."""

    spent: dict[str, list[float]] = field(default_factory=lambda: defaultdict(lambda: [0.0, 0.0, 0.0]))
    under_way: list[str] = field(default_factory=list)
    since: tuple[dict[int, float], float, float] = ({}, 0.0, 0.0)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Inside, time is spent on the step ``name``."""
        self._settle()
        self.under_way.append(name)
        try:
            yield
        finally:
            self._settle()
            self.under_way.pop()

    def watch(self, owner: Any, function: str, name: str) -> None:
        """Counts each call of a function as the step ``name``."""
        work = getattr(owner, function)

        def watched(*args: Any, **kwargs: Any) -> Any:
            with self.step(name):
                return work(*args, **kwargs)

        setattr(owner, function, watched)

    def _settle(self) -> None:
        now = (_threads(), time.process_time(), time.perf_counter())
        if self.under_way:
            busiest = max(spent - self.since[0].get(thread, 0.0) for thread, spent in now[0].items())
            passed = (now[1] - self.since[1], busiest, now[2] - self.since[2])
            spent = self.spent[self.under_way[-1]]
            spent[:] = (so_far + more for so_far, more in zip(spent, passed, strict=True))
        self.since = now


def _threads() -> dict[int, float]:
    """CPU seconds of each thread of this process."""
    found: dict[int, float] = {}
    for thread in map(int, os.listdir("/proc/self/task")):
        with suppress(OSError):  # it has ended
            found[thread] = time.clock_gettime(~thread << 3 | 6)  # as pthread_getcpuclockid has it
    return found


@dataclass
class Metered:
    """A connection whose inserts of staged rows are steps of their own."""

    con: duckdb.DuckDBPyConnection
    meter: Meter

    def execute(self, statement: str, *parameters: Any) -> duckdb.DuckDBPyConnection:
        """What the connection does."""
        into = _INTO.match(statement)
        with self.meter.step(into[1] if into else self.meter.under_way[-1]):
            return self.con.execute(statement, *parameters)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.con, name)


def stage(folder: Path, corpus: Corpus, originals: int, lot: tuple[int, int]) -> Path:
    """One batch, with its sketches and words; the first ``originals`` are those that others copy."""
    start, size = lot
    made = [corpus.original(n) if n < originals else corpus.new(n, originals) for n in range(start, start + size)]
    raws, cleans = zip(*made, strict=True)
    sketches = {each.key: dedup.sketch(each.text) for each in cleans}
    wordings = {each.key: wording(each.title, each.text, each.language) for each in cleans}
    return staging.stage(folder, f"{start:09d}", raws, cleans, sketches, wordings)


def load(meter: Meter, path: Path, batches: list[Path]) -> int:
    """One run: what ``flows.steps.load`` does. Gives the documents that came in."""
    with meter.step("open and close, with a checkpoint"), open_writer(path) as con:
        metered: Any = Metered(con, meter)
        with meter.step("commit"), migrations.transaction(con), meter.step("the rest"):
            counts = store.add(
                metered, batches, now=NOW, versions={"bench": "1"}, relate=dedup.relate, cluster=dedup.cluster
            )
    return counts.new


def watched() -> Meter:
    """A meter of the steps of a load."""
    meter = Meter()
    for function in ("read", "read_all"):
        meter.watch(staging, function, "read what was staged")
    meter.watch(index, "append", "words and postings")
    meter.watch(clusters, "update", "duplicates: texts, clusters")
    meter.watch(invalidation, "touch", "duplicates: touched, common hashes")
    meter.watch(candidates, "find", "duplicates: candidates")
    meter.watch(dedup, "relate", "duplicates: compare")
    meter.watch(site_memory, "learn", "site memory")
    meter.watch(store, "_count", "counts")
    return meter


def report(what: str, documents: int, spent: dict[str, list[float]]) -> None:
    """Prints the steps, and what they come to."""
    total = [sum(times) for times in zip(*spent.values(), strict=True)]
    print(f"\n{f'{what}: {documents:,} documents':40}{'CPU s':>9}{'busiest':>9}{'wall s':>9}")
    for name, times in [*sorted(spent.items(), key=lambda step: -step[1][0]), ("all", total)]:
        print(f"  {name:38}" + "".join(f"{seconds:9.2f}" for seconds in times))
    print(f"  {'documents a second':38}" + "".join(f"{documents / seconds:9,.0f}" for seconds in total), flush=True)


def timed(what: str, work: Callable[[], object]) -> None:
    """Does the work, prints its cost with that of the processes it waited for."""
    before, begun = cpu(), time.perf_counter()
    work()
    print(f"  {what:38}{cpu() - before:9.2f}{'':9}{time.perf_counter() - begun:9.2f}", flush=True)


def cpu() -> float:
    """CPU seconds of this process and of those that it waited for."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def staged(folder: Path, corpus: Corpus, size: int) -> list[Path]:
    """The batches of a corpus of that size and, last, two more."""
    lots = [(start, min(BATCH, size - start)) for start in range(0, size, BATCH)]
    lots += [(size, BATCH), (size + BATCH, BATCH)]
    missing = [lot for lot in lots if not (folder / f"{lot[0]:09d}").exists()]
    with multiprocessing.Pool() as workers:
        workers.map(partial(stage, folder, corpus, int(size * corpus.copies)), missing, chunksize=1)
    return [folder / f"{start:09d}" for start, _ in lots]


def main() -> None:
    """Print the figures."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--documents", type=int, default=100_000)
    asked.add_argument("--copies", type=float, default=0.0)
    asked.add_argument("--folder", type=Path, help="keep what is staged here")
    options = asked.parse_args()
    size, corpus = options.documents, Corpus(length=LENGTH, copies=options.copies)
    with tempfile.TemporaryDirectory() as passing:
        home = options.folder or Path(passing)
        *batches, one, two = staged(home / f"{size}-{options.copies}", corpus, size)
        print(f"staged: {sum(staging.size(batch) for batch in batches) / 1e6:,.0f} MB", flush=True)
        meter = watched()
        with tempfile.TemporaryDirectory(dir=home) as trial:
            measure(meter, Path(trial) / "w.duckdb", {"first load": batches, "one more batch": [one], "another": [two]})


def measure(meter: Meter, path: Path, loads: dict[str, list[Path]]) -> None:
    """Loads one after the other, each published: by two whole copies, then by what differs from the first of them."""
    load(meter, path.with_name("warm.duckdb"), loads["another"])  # what Python imports on the way is no cost of a load
    for what, batches in loads.items():
        meter.spent.clear()
        report(what, load(meter, path, batches), meter.spent)
        timed("publish", partial(publish, path))
    with duckdb.connect(str(path), read_only=True) as con:
        ((raw, text, pairs),) = con.execute(
            "SELECT (SELECT sum(size) FROM raw_documents), sum(strlen(text)), (SELECT count(*) FROM duplicate_pairs)"
            " FROM documents"
        ).fetchall()
    file = paths.of(path).working.stat().st_size
    print(f"\nraw text {raw / 1e6:,.0f} MB, clean text {text / 1e6:,.0f} MB, file {file / 1e6:,.0f} MB", end="")
    print(f" ({file / raw:.2f} of the raw text); {pairs:,} pairs", end="")
    print(f"; peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:,} MB")


if __name__ == "__main__":
    main()
