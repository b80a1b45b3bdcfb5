"""What full-text search costs: load with and without it, file size, queries, additions. Run from the repository's root:

python tests/bench/search.py [DOCUMENTS] [DOCUMENTS A LOAD, for the same corpus loaded bit by bit]

The texts are made up: pronounceable words whose frequencies follow Zipf and Mandelbrot, and that come again
within a text as words do. CPU seconds of this process, one thread; times of queries are the best of five.
"""

from __future__ import annotations

import itertools
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pyarrow.parquet as pq

from cleaners import dedup
from cleaners.records import Block, CleanDocument, DateEvidence, Kind, Label, RawDocument, Verdict
from cleaners.search import wording
from warehouse import staging, store
from warehouse.connection import open_writer

VOCABULARY = 300_000
BATCH = 1000
NOW = datetime(2026, 3, 1)
ONSETS = "b c d f g j l m n p r s t v br ch cl cr dr fl fr gr pl pr qu tr vr".split()  # noqa: SIM905
NUCLEI = "a e i o u é è ou oi ai an en in on eau eu".split()  # noqa: SIM905
ENDINGS = ["", "", "", "s", "e", "es", "r", "ment", "tion", "tions", "ique", "iques", "eur", "euse", "ité"]


def vocabulary(chance: random.Random) -> list[str]:
    """Words from the most to the least frequent; the frequent ones are short."""
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        syllables = 1 + (len(words) > 300) + (len(words) > 20_000) + (chance.random() < 0.25)
        word = "".join(chance.choice(ONSETS) + chance.choice(NUCLEI) for _ in range(syllables))
        words.setdefault(word + (chance.choice(ENDINGS) if syllables > 1 else ""))
    return list(words)


def corpus(words: list[str], seed: int) -> Iterator[tuple[RawDocument, CleanDocument]]:
    """Articles without end, of about 2.3 KB, a block a paragraph."""
    chance = random.Random(seed)
    weights = np.cumsum(1 / (np.arange(1, len(words) + 1) + 2.7) ** 1.07)
    draws = np.random.default_rng(seed)
    for number in itertools.count():
        size = max(40, int(chance.lognormvariate(5.52, 0.5)))
        tokens = [words[place] for place in np.searchsorted(weights, draws.random(size) * weights[-1])]
        for place in range(1, size):
            if chance.random() < 0.25:
                tokens[place] = tokens[chance.randrange(place)]
        paragraphs = [" ".join(tokens[start : start + 60]) + "." for start in range(0, len(tokens), 60)]
        text = "\n\n".join(paragraphs)
        title = " ".join(chance.sample(tokens, 8)).capitalize()
        raw = RawDocument(body=f"{title}\n{text}".encode(), source=f"{seed}-{number}.txt")
        clean = CleanDocument(
            raw.key, text, tuple(Block(at, each, Kind.PARAGRAPH, at + 2) for at, each in enumerate(paragraphs)),
            tuple(Verdict(at, Label.CONTENT, "judge") for at in range(len(paragraphs))), title=title,
            published=DateEvidence(NOW - timedelta(days=number % 700), "day", None, "byline", 0.8), language="fr",
            site=f"site{number % 50}.example", versions={"rules": "1"},
        )  # fmt: skip
        yield raw, clean


def stage(folder: Path, words: list[str], lot: tuple[int, int]) -> Path:
    """A batch of the seed and size that ``lot`` says, with its sketches and words."""
    seed, size = lot
    raws, cleans = zip(*itertools.islice(corpus(words, seed), size), strict=True)
    sketches = {each.key: dedup.sketch(each.text) for each in cleans}
    wordings = {each.key: wording(each.title, each.text, each.language) for each in cleans}
    return staging.stage(folder, f"{seed:06d}", raws, cleans, sketches, wordings)


def load(path: Path, batches: list[Path]) -> None:
    """One load of all the batches."""
    with open_writer(path) as con:
        con.execute("SET threads = 1")
        store.load(con, batches, now=NOW, versions={"tamis": "bench"}, relate=dedup.relate, cluster=dedup.cluster)


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds that ``work`` takes."""
    start = time.process_time()
    work()
    return time.process_time() - start


def answer(path: Path, words: list[str], size: int) -> None:
    """Prints what queries cost, as a stock client asks them."""
    con = duckdb.connect(str(path), read_only=True, config={"threads": 1})
    rare, common, frequent = words[6000], words[700], words[40]
    sample = con.execute("SELECT text FROM documents WHERE length(text) > 600 LIMIT 1").fetchall()[0][0].split()
    queries = {
        "a rare word": rare,
        "a common word": common,
        "a frequent word": frequent,
        "three words": f"{common} {words[300]} {words[900]}",
        "a common prefix": common[:4] + "*",
        "a phrase": f'"{" ".join(sample[20:23])}"',
        "a word, not another": f"{common} -{words[300]}",
        "no such word": "xylophages",
    }
    for name, query in queries.items():
        for what in ("document, score", "*"):
            ask = partial(con.execute, f"SELECT {what} FROM search($q) LIMIT 20", {"q": query})
            seconds = min(cpu(lambda: ask().fetchall()) for _ in range(5))  # noqa: B023
            ((found,),) = con.execute("SELECT count(*) FROM search($q)", {"q": query}).fetchall()
            print(f"  {name:<20} {what:<16} {found:>7} articles {seconds * 1000:>7.0f} ms")
    con.close()


def main() -> None:
    """Print the figures."""
    size = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    chance = random.Random(7)
    words = vocabulary(chance)
    documents = corpus(words, chance)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        staged = [stage(folder, f"{start:06d}", min(BATCH, size - start), documents) for start in range(0, size, BATCH)]
        more = stage(folder, "more", BATCH, documents)
        for place, kind in ((1, "without search"), (0, "with search")):
            path = folder / f"{kind}.duckdb"
            batches = [each[place] for each in staged]
            portions = [batches]
            if len(sys.argv) > 2:
                step = max(1, int(sys.argv[2]) // BATCH)
                portions = [batches[start : start + step] for start in range(0, len(batches), step)]
            seconds = cpu(lambda: [load(path, portion) for portion in portions])  # noqa: B023
            print(f"{kind}: {size} documents in {seconds:.1f} s, {size / seconds:.0f} a second", end=", ")
            print(f"{path.stat().st_size / 1e6:.0f} MB", end=", ")
            print(f"{BATCH} more in {cpu(lambda: load(path, [more[place]])):.2f} s", flush=True)  # noqa: B023
        con = duckdb.connect(str(path), read_only=True)
        print("text:", con.execute("SELECT sum(strlen(text)) / 1e6 FROM documents").fetchall()[0][0], "MB;", end=" ")
        print(
            con.execute(
                "SELECT count(*), count(DISTINCT term) FROM (FROM postings UNION ALL FROM recent_postings)"
            ).fetchall()
        )
        con.close()
        answer(path, words, size)


if __name__ == "__main__":
    main()
