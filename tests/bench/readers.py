"""Whether readers ever fail, see half a run or hold up the writer: 100 runs beside two readers that ask in a loop.

    PYTHONPATH=. python -m tests.bench.readers                       into a warehouse of 5,000 documents
    PYTHONPATH=. python -m tests.bench.readers --documents 100000

Two cores have to be shared whoever reads, so the same is measured beside the same two readers while they ask as much
of a copy that nobody writes, in turn, five runs at a time. What is left between the two is what readers of the very
warehouse cost its writer: locks, waiting, copies that cannot be used up. A run is opening, loading a batch, closing and
publishing; CPU is that of all its threads and of the process that copies.

A reader is a stock client that opens the path anew each time and checks that all tables belong to one state, no older
than the one before. Ends with 1 where one failed, saw half a run, or hardly met the writer. Afterwards the same two ask
of the copy, which may be written, without the flag ``read_only``: what publishing for clients without it would come to.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tamis.cleaners import dedup
from tamis.warehouse.connection import open_writer
from tamis.warehouse.files import paths
from tamis.warehouse.files.publishing import publish
from tamis.warehouse.loading import store
from tests.bench.load import LENGTH, NOW, cpu, stage
from tests.bench.scale_corpus import REMOVED, Corpus

RUNS, SIZE, AT_ONCE = 100, 20, 5
TABLES = ("raw_documents", "documents", "memberships", "articles", "blocks", "indexed_documents")
READER = """
import duckdb, json, os, pathlib, sys, time
folder, size, tables, before, parent = pathlib.Path(sys.argv[1]), *map(json.loads, sys.argv[2:])
met = {}
while not (folder / "stop").exists() and os.getppid() == parent:
    name = (folder / "asked").read_text()
    con = duckdb.connect(str(folder / name), read_only=True, config={"threads": 1})
    runs, = con.execute("SELECT count(*) FROM load_runs").fetchall()[0]
    rows = [con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in tables]
    con.execute("SELECT site, count(*), sum(length(text)) FROM articles GROUP BY ALL").fetchall()
    con.close()
    states = met.setdefault(name, [])
    assert rows == [was + runs * size * each for was, each in before], f"half a run: {runs} runs, {rows} rows"
    assert not states or states[-1] <= runs, "went back"
    states.append(runs)
    time.sleep(0.1)
print(json.dumps({"met": met, "cpu": time.process_time()}))
"""


PLAIN = """
import duckdb, json, sys, time
opened, refused, end = 0, 0, time.monotonic() + float(sys.argv[2])
while time.monotonic() < end:
    try:
        con = duckdb.connect(sys.argv[1], config={"threads": 1})
        con.execute("SELECT site, count(*), sum(length(text)) FROM articles GROUP BY ALL").fetchall()
        con.close()
        opened += 1
    except duckdb.IOException:
        refused += 1
    time.sleep(0.1)
print(json.dumps([opened, refused]))
"""
PLAIN_SECONDS = 10


def main() -> int:
    """Print the figures; 1 where a reader failed or saw half a run."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--documents", type=int, default=5_000)
    asked.add_argument("--runs", type=int, default=RUNS)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as home:
        path, copy = Path(home) / "written.duckdb", Path(home) / "copy.duckdb"
        corpus = Corpus(length=LENGTH, copies=0.0)
        batches = [stage(Path(home) / "staged", corpus, 0, (n * SIZE, SIZE)) for n in range(2 * options.runs)]
        with open_writer(path) as con:
            corpus.store(con, 0, options.documents)
            before = [con.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0] for table in TABLES]
        publish(path)
        shutil.copyfile(paths.of(path).working, copy)
        readers = [_reader(Path(home), before) for _ in range(2)]
        spent = run(path, copy, batches)
        (Path(home) / "stop").touch()
        failed = report(spent, readers, options.runs)
        without_flag(copy)
        return failed


def run(path: Path, copy: Path, batches: list[Path]) -> dict[str, list[tuple[float, float]]]:
    """CPU and wall seconds of each run, by what was read beside it."""
    spent: dict[str, list[tuple[float, float]]] = {path.name: [], copy.name: []}
    for at in range(0, len(batches), 2 * AT_ONCE):
        turns = [path, copy] if at // (2 * AT_ONCE) % 2 else [copy, path]
        for turn, which in enumerate(turns):
            _ask(which)
            for batch in batches[at + turn * AT_ONCE :][:AT_ONCE]:
                used, begun = cpu(), time.perf_counter()
                with open_writer(path) as con:
                    store.load(
                        con, [batch], now=NOW, versions={"bench": "1"}, relate=dedup.relate, cluster=dedup.cluster
                    )
                publish(path)
                spent[which.name].append((cpu() - used, time.perf_counter() - begun))
    return spent


def report(spent: dict[str, list[tuple[float, float]]], readers: list[subprocess.Popen[str]], runs: int) -> int:
    """Prints what runs cost and what readers saw."""
    medians = {}
    for which, costs in spent.items():
        medians[which] = [statistics.median(each) for each in zip(*costs, strict=True)]
        used, wall = medians[which]
        print(f"{len(costs)} runs, two read {which:20} median {used:6.3f} CPU s {wall:6.3f} s", flush=True)
    more = [here / apart - 1 for here, apart in zip(*medians.values(), strict=True)]
    print(f"what readers of the warehouse itself cost its writer: {more[0]:+.1%} CPU, {more[1]:+.1%} wall time")
    failed = 0
    for reader in readers:
        said, complaint = reader.communicate(timeout=120)
        found = json.loads(said) if reader.returncode == 0 else {"met": {}, "cpu": 0.0}
        states = found["met"].get("written.duckdb", [])
        print(
            f"a reader opened it {len(states)} times and saw {len(set(states))} states of it, {found['cpu']:.1f} CPU s"
        )
        if reader.returncode or len(set(states)) < runs // 10:
            failed = 1
            print(complaint or "it hardly met the writer", file=sys.stderr)
    return failed


def without_flag(copy: Path) -> None:
    """Prints how two clients fare that open one file as if to write it."""
    clients = [
        subprocess.Popen(
            [sys.executable, "-c", PLAIN, str(copy), str(PLAIN_SECONDS)], stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    answers = [json.loads(client.communicate(timeout=120)[0]) for client in clients]
    opened, refused = map(sum, zip(*answers, strict=True))
    print(
        f"without the read-only flag two clients of one file opened it {opened} times and were refused {refused} times"
    )


def _ask(which: Path) -> None:
    """Has the readers ask of ``which`` from now on."""
    unfinished = which.with_name("next")
    unfinished.write_text(which.name)
    unfinished.replace(which.with_name("asked"))


def _reader(home: Path, before: list[int]) -> subprocess.Popen[str]:
    _ask(home / "copy.duckdb")
    rows_each = [1, 1, 1, 1, LENGTH + REMOVED + 2, 1]
    arguments = (SIZE, TABLES, list(zip(before, rows_each, strict=True)))
    return subprocess.Popen(
        [sys.executable, "-c", READER, str(home), *map(json.dumps, arguments), str(os.getpid())],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
