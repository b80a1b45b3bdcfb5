"""What a load costs by the size of the warehouse: CPU seconds (all threads) and peak memory.

    python tests/bench/duplicates_scale.py [--new 1000] [--folder KEPT] 10000 100000 1000000

Each line loads the same new documents, one of four a copy, into a copy of a warehouse with that many documents, in
a process of its own, from opening the file to closing it. ``join`` is the part that finds candidates among the stored
documents, ``compare`` the one that reads and compares their texts. With size 0 it is a first load.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from tamis.cleaners import dedup
from tamis.warehouse.connection import open_writer
from tamis.warehouse.duplicates import candidates, clusters, hash_files, invalidation
from tamis.warehouse.files import paths
from tamis.warehouse.files.paths import Files
from tamis.warehouse.loading import staging, store
from tamis.warehouse.migrations import transaction
from tests.bench.scale_corpus import Corpus, Document

NOW = datetime(2026, 3, 1)
ORIGINALS = 2_000
PORTION = 50_000
COLUMNS = ("stored", "new", "pairs", "CPU s", "join s", "compare s", "rows s", "peak MB", "file MB")


def main() -> None:
    """Print one line a size."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", nargs="+", type=int)
    parser.add_argument("--new", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="Keep the stored warehouses here and use those that are there.")
    asked = parser.parse_args()
    print("".join(f"{column:>10}" for column in COLUMNS))
    with tempfile.TemporaryDirectory() as passing:
        folder = asked.folder or Path(passing)
        batches = stage(Path(passing), [CORPUS.new(n, ORIGINALS) for n in range(asked.new)])
        for size in asked.sizes:
            stored = make(folder, size)
            trial = Path(passing) / "trial.duckdb"
            shutil.copytree(stored.folder, paths.of(trial).folder, dirs_exist_ok=True)
            command = [sys.executable, __file__, "--load", str(trial), *map(str, batches)]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
            figures = {"stored": size, **json.loads(done.stdout)}
            print("".join(f"{figures[column]:>10,}" for column in COLUMNS), flush=True)


def stage(folder: Path, documents: list[Document], size: int = 200) -> list[Path]:
    """The documents as staged batches."""
    paths = []
    for start in range(0, len(documents), size):
        raws, cleaned = zip(*documents[start : start + size], strict=True)
        sketches = {each.key: dedup.sketch(each.text) for each in cleaned}
        paths.append(staging.stage(folder, f"b{start:08}", raws, cleaned, sketches))
    return paths


def make(folder: Path, size: int) -> Files:
    """A warehouse with so many documents."""
    path = folder / f"stored-{size}.duckdb"
    if paths.of(path).working.exists():
        return paths.of(path)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as passing, open_writer(path) as con:
        con.execute("SET memory_limit = '4GB'")  # what is common is counted in all sketches at once
        if size:
            load(con, stage(Path(passing), [CORPUS.original(n) for n in range(ORIGINALS)]))
        for start in range(ORIGINALS, size, PORTION):
            CORPUS.store(con, start, min(PORTION, size - start))
        con.execute(
            "DELETE FROM common_hashes; INSERT INTO common_hashes"
            " SELECT site, hash FROM sketches WHERE site IS NOT NULL GROUP BY ALL HAVING count(*) >= $template"
            " UNION ALL SELECT NULL, hash FROM sketches GROUP BY hash HAVING count(*) >= $stock",
            {"template": candidates.LIMITS.template, "stock": candidates.LIMITS.stock_phrase},
        )
        with transaction(con):
            hash_files.settle(con)
    return paths.of(path)


def load(con: Any, batches: list[Path]) -> None:
    """Loads staged batches as a run does it."""
    store.load(con, batches, now=NOW, versions={"bench": "1"}, relate=dedup.relate, cluster=dedup.cluster)


def measure(warehouse: Path, batches: list[Path]) -> dict[str, Any]:
    """Loads the batches and gives the figures of it."""
    spent: dict[str, float] = {}

    def timed(part: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def timing(*args: Any, **kwargs: Any) -> Any:
            begun = time.process_time()
            try:
                return work(*args, **kwargs)
            finally:
                spent[part] = spent.get(part, 0.0) + time.process_time() - begun

        return timing

    with tempfile.TemporaryDirectory() as passing, open_writer(Path(passing) / "w.duckdb") as con:
        load(con, batches[:1])  # what Python imports on the way is no cost of the load
    invalidation.touch = timed("join", invalidation.touch)
    candidates.find = timed("join", candidates.find)
    clusters.update = timed("duplicates", clusters.update)
    begun = time.process_time()
    with open_writer(warehouse) as con:
        load(con, batches)
        asked = "SELECT (SELECT count(*) FROM fresh), count(*) FROM duplicate_pairs"
        new, pairs = con.execute(asked).fetchall()[0]
    total = time.process_time() - begun
    return {
        "new": new,
        "pairs": pairs,
        "CPU s": round(total, 2),
        "join s": round(spent["join"], 3),
        "compare s": round(spent["duplicates"] - spent["join"], 3),
        "rows s": round(total - spent["duplicates"], 3),
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "file MB": paths.of(warehouse).working.stat().st_size // 2**20,
    }


CORPUS = Corpus()

if __name__ == "__main__":
    if sys.argv[1:2] == ["--load"]:
        print(json.dumps(measure(Path(sys.argv[2]), [Path(batch) for batch in sys.argv[3:]])))
    else:
        main()
