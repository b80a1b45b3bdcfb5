"""Duplicates beside datatrove, datasketch and rensa, in one run: quality on the labelled set, and what they cost.

    python -m tests.bench.duplicates [--documents 10000] [--methods tamis,rensa] [--budget 1000] [--quality]

Needs the peers, best in an environment of their own (xxhash 4 breaks datatrove):

    python -m venv peers && peers/bin/pip install duckdb pyarrow numpy "xxhash<4" "datatrove[processing]" spacy \
        datasketch rensa
    PYTHONPATH=. peers/bin/python -m tests.bench.duplicates --quality

Each method runs in a process of its own, on one thread: datatrove's MinHash with its defaults (14 buckets of 8),
datasketch and rensa with 128 permutations of five-word shingles, verified at 0.5, tamis as it
comes. Sketching and all of it are counted in CPU seconds, memory is the peak of the process. The cost is of made-up
documents of 400 words, one in ten a cut copy; `--quality` is of the held-out half of the labelled set (`TAMIS_BENCH`).
Sizes should ascend: a method that would cost more CPU seconds than `--budget`, by what a document cost it at the size
before, is not run, and the line says so.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
METHODS = ("tamis", "datatrove", "datasketch", "rensa")
PERMUTATIONS = 128
VERIFIED = 0.5
WORD = re.compile(r"\w+")
Row = dict[str, Any]
Clusters = tuple[dict[str, str], float]  # the cluster of each document, and the CPU seconds that sketching took


def rows(corpus: Path) -> Iterator[Row]:
    """The documents of a file of JSON Lines."""
    with corpus.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def by_tamis(corpus: Path, folder: Path) -> Clusters:
    """Clusters as `tamis dedup` makes them."""
    from datetime import date

    from tamis.cleaners import dedup
    from tamis.cleaners.relations import Origin
    from tamis.warehouse.duplicates import temporary

    spent, portion = 0.0, []
    with temporary.opened() as con:
        for row in rows(corpus):
            begun = time.process_time()
            hashes = dedup.sketch(row["text"])
            spent += time.process_time() - begun
            day = date.fromisoformat(row["published"]) if row.get("published") else None
            origin = Origin(row.get("url"), row.get("site"))
            portion.append(temporary.Sketched(row["id"], row["text"], hashes, origin, day))
            if len(portion) == 1000:
                temporary.add(con, portion)
                portion = []
        temporary.add(con, portion)
        places = temporary.placements(con, dedup.relate, dedup.cluster)
        return {place.document: place.cluster for place in places}, spent


def by_datatrove(corpus: Path, folder: Path) -> Clusters:
    """Clusters of datatrove's MinHash pipeline with its defaults: signatures, buckets, clusters."""
    import numpy as np
    from datatrove.data import Document
    from datatrove.pipeline.dedup import MinhashDedupBuckets, MinhashDedupCluster, MinhashDedupSignature

    signatures, buckets, found = (str(folder / name) for name in ("signatures", "buckets", "clusters"))
    ids = [row["id"] for row in rows(corpus)]
    begun = time.process_time()
    MinhashDedupSignature(signatures).run(Document(text=row["text"], id=row["id"]) for row in rows(corpus))
    spent = time.process_time() - begun
    for bucket in range(14):
        MinhashDedupBuckets(signatures, buckets).run(rank=bucket, world_size=14)
    MinhashDedupCluster(buckets, found, save_cluster_id=True).run()
    files = list(Path(found).glob("*.clusters"))
    numbered = np.fromfile(files[0], "<u4").reshape(-1, 2).tolist() if files else []
    return {name: name for name in ids} | {ids[place]: f"#{number}" for place, number in numbered}, spent


def by_datasketch(corpus: Path, folder: Path) -> Clusters:
    """Clusters of what datasketch's index finds and its signatures verify."""
    from datasketch import MinHash, MinHashLSH

    index, known, spent, pairs = MinHashLSH(threshold=VERIFIED, num_perm=PERMUTATIONS), {}, 0.0, []
    for row in rows(corpus):
        begun = time.process_time()
        sketch = MinHash(num_perm=PERMUTATIONS)
        sketch.update_batch([shingle.encode() for shingle in _shingles(row["text"])])
        spent += time.process_time() - begun
        pairs += [(row["id"], other) for other in index.query(sketch) if sketch.jaccard(known[other]) >= VERIFIED]
        index.insert(row["id"], sketch)
        known[row["id"]] = sketch
    return _joined(list(known), pairs), spent


def by_rensa(corpus: Path, folder: Path) -> Clusters:
    """Clusters of what rensa's index finds and its signatures verify."""
    from rensa import RMinHash, RMinHashLSH

    index, names, known, spent, pairs = RMinHashLSH(VERIFIED, PERMUTATIONS, 32), [], [], 0.0, []
    for row in rows(corpus):
        begun = time.process_time()
        sketch = RMinHash(PERMUTATIONS, 42)
        sketch.update(_shingles(row["text"]))
        spent += time.process_time() - begun
        near = [other for other in index.query(sketch) if sketch.jaccard(known[other]) >= VERIFIED]
        pairs += [(row["id"], names[other]) for other in near]
        index.insert(len(names), sketch)
        names.append(row["id"])
        known.append(sketch)
    return _joined(names, pairs), spent


def _shingles(text: str) -> list[str]:
    words = WORD.findall(text.lower())
    return sorted({" ".join(words[start : start + 5]) for start in range(max(1, len(words) - 4))})


def _joined(names: list[str], pairs: list[tuple[str, str]]) -> dict[str, str]:
    """The connected components of the pairs."""
    root = {name: name for name in names}

    def find(name: str) -> str:
        while root[name] != name:
            root[name] = root[root[name]]
            name = root[name]
        return name

    for one, two in pairs:
        root[find(one)] = find(two)
    return {name: find(name) for name in names}


BY: dict[str, Callable[[Path, Path], Clusters]] = {
    "tamis": by_tamis,
    "datatrove": by_datatrove,
    "datasketch": by_datasketch,
    "rensa": by_rensa,
}


def measure(method: str, corpus: Path, answer: Path) -> None:
    """Runs one method in this process and writes its clusters and its costs."""
    with tempfile.TemporaryDirectory() as folder:
        clusters, sketching = BY[method](corpus, Path(folder))
    used = resource.getrusage(resource.RUSAGE_SELF)
    cost = {"sketching": sketching, "cpu": used.ru_utime + used.ru_stime, "memory": used.ru_maxrss / 1024}
    answer.write_text(json.dumps({"clusters": clusters, **cost}))


def measured(method: str, corpus: Path) -> Row:
    """What a process of its own found and cost."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        command = [sys.executable, "-m", "tests.bench.duplicates", "--child", method, str(corpus), str(answer)]
        quiet = {"OMP_NUM_THREADS": "1", "DATATROVE_COLORIZE_LOGS": "0", "LOGURU_LEVEL": "ERROR", "PYTHONHASHSEED": "0"}
        done = subprocess.run(command, cwd=ROOT, env=os.environ | quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            sys.exit(f"{method} failed:\n{done.stderr[-2000:]}")
        return json.loads(answer.read_text())


def made_up(path: Path, documents: int) -> None:
    """Writes documents of 400 words from a vocabulary in which few words are frequent, as in any language."""
    chance = random.Random(1)
    vocabulary = ["".join(chance.choices("abcdefghijklmnoprstu", k=chance.randint(2, 9))) for _ in range(30_000)]
    weights = [1 / (place + 10) for place in range(len(vocabulary))]
    total, cumulative = 0.0, []
    for weight in weights:
        total += weight
        cumulative.append(total)
    recent: list[str] = []
    with path.open("w", encoding="utf-8") as out:
        for number in range(documents):
            if number % 10 == 9:
                text = " ".join(chance.choice(recent).split()[: chance.randint(150, 350)])
            else:
                text = " ".join(chance.choices(vocabulary, cum_weights=cumulative, k=400))
                recent = [*recent[-999:], text]
            site = f"s{number % 300}.example"
            out.write(json.dumps({"id": str(number), "text": text, "site": site}) + "\n")


def labelled(path: Path) -> list[Any]:
    """Writes the held-out half of the labelled set and gives its pages."""
    from tests.quality import dumps
    from tests.quality.duplicates import halves
    from tests.quality.republished import republish

    pages = republish(halves(dumps.folder())["held out"], seed=1, held_out=True)
    with path.open("w", encoding="utf-8") as out:
        for page in pages:
            out.write(json.dumps(asdict(page), default=str) + "\n")
    return pages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, action="append", help="how many for the cost; may be repeated")
    parser.add_argument("--methods", default=",".join(METHODS))
    parser.add_argument("--budget", type=float, default=float("inf"), help="CPU seconds that a method may cost a size")
    parser.add_argument("--quality", action="store_true")
    parser.add_argument("--child", nargs=3, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.child:
        measure(chosen.child[0], Path(chosen.child[1]), Path(chosen.child[2]))
        return
    methods = chosen.methods.split(",")
    peers = [f"{name} {importlib.metadata.version(name)}" for name in (*methods, "duckdb", "numpy") if name != "tamis"]
    print(f"Python {sys.version.split()[0]}, {', '.join(peers)}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder) / "corpus.jsonl"
        if chosen.quality:
            _print_quality(methods, corpus)
        each: dict[str, float] = {}
        for documents in chosen.documents or ([] if chosen.quality else [10_000]):
            made_up(corpus, documents)
            _print_cost(methods, corpus, documents, chosen.budget, each)


def _print_quality(methods: list[str], corpus: Path) -> None:
    from tests.quality.duplicates import figures

    pages = labelled(corpus)
    print(f"\n| {len(pages):,} labelled pages | pair P | pair R | pair F1 | cluster F1 |\n|---|---|---|---|---|")
    for method in methods:
        got = figures(pages, measured(method, corpus)["clusters"])
        print(
            f"| {method} | {got.precision:.3f} | {got.recall:.3f} | {got.f1:.3f} | {got.cluster_f1:.3f} |", flush=True
        )


def _print_cost(methods: list[str], corpus: Path, documents: int, budget: float, each: dict[str, float]) -> None:
    """Runs the methods that keep within ``budget``; ``each`` is what a document cost them, before and then here."""
    print(
        f"\n| {documents:,} documents | sketching, ms each | all, CPU s | peak MB | clusters |\n|---|---|---|---|---|"
    )
    for method in methods:
        expected = documents * each.get(method, 0.0)
        if expected > budget:
            print(f"| {method} | not run: about {expected:,.0f} CPU s by the size before | | | |", flush=True)
            continue
        got = measured(method, corpus)
        each[method] = got["cpu"] / documents
        members: dict[str, int] = defaultdict(int)
        for cluster in got["clusters"].values():
            members[cluster] += 1
        several = sum(size > 1 for size in members.values())
        sketching = got["sketching"] / documents * 1000
        print(f"| {method} | {sketching:.2f} | {got['cpu']:.1f} | {got['memory']:.0f} | {several:,} |", flush=True)


if __name__ == "__main__":
    main()
