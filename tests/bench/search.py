"""What loads and full-text search cost: documents a second, file size, queries. Run from the repository's root:

python -m tests.bench.search [--documents 100000] [--a-load N] [--staged FOLDER]

The texts are made up: pronounceable words whose frequencies follow Zipf and Mandelbrot, and that come again
within a text as words do. All processors make them (about 4 ms each), nothing is cleaned; a FOLDER keeps them for the
next time. Queries run as a stock client asks them and are the best of seven. CPU is that of this process.
"""

from __future__ import annotations

import argparse
import itertools
import multiprocessing
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
import numpy as np

from tamis.cleaners import dedup
from tamis.cleaners.records import Block, CleanDocument, DateEvidence, Kind, Label, RawDocument, Verdict
from tamis.cleaners.search import wording
from tamis.warehouse.connection import open_writer
from tamis.warehouse.files import paths
from tamis.warehouse.loading import staging, store

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


def load(path: Path, *loads: list[Path]) -> None:
    """Loads of some batches each, one after the other."""
    versions = {"tamis": "bench"}
    for batches in loads:
        with open_writer(path) as con:
            con.execute("SET threads = 2")
            store.load(con, batches, now=NOW, versions=versions, relate=dedup.relate, cluster=dedup.cluster)


def cost(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds that ``work`` takes, and CPU seconds."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - cpu


def report(what: str, documents: int, work: Callable[[], object]) -> None:
    """Does ``work`` and prints what it cost."""
    wall, cpu = cost(work)
    print(f"{what}: {documents} documents in {wall:.1f} s, {documents / wall:.0f} a second", end="; ")
    print(f"CPU {cpu:.1f} s, {documents / cpu:.0f} a second", flush=True)


def queries(words: list[str], text: str) -> dict[str, str]:
    """One query of each kind; ``words`` are by frequency, ``text`` is one of the corpus."""
    rare, common, frequent, everywhere = (words[place] for place in (6000, 700, 40, 3))
    spoken = text.replace(".", " ").split()
    return {
        "a rare word": rare,
        "a common word": common,
        "a frequent word": frequent,
        "a word nearly all have": everywhere,
        "three words": f"{common} {words[300]} {words[900]}",
        "three frequent words": f"{frequent} {words[30]} {words[20]}",
        "a prefix": f"{common[:4]}*",
        "a short prefix": f"{frequent[:2]}*",
        "a phrase": '"{}"'.format(" ".join(spoken[20:23])),
        "a phrase of frequent words": f'"{frequent} {words[30]}"',
        "a word, not another": f"{common} -{words[300]}",
        "a frequent word, not another": f"{frequent} -{words[30]}",
        "a word that nothing has": "xylophages",
    }


def answer(file: Path, words: list[str]) -> None:
    """Prints what queries cost, as a stock client asks them."""
    con = duckdb.connect(str(file), read_only=True)
    ((text,),) = con.execute("SELECT sum(strlen(text)) / 1e6 FROM documents").fetchall()
    print(f"text {text:.0f} MB, file {file.stat().st_size / 1e6:.0f} MB; DuckDB {duckdb.__version__}\n")
    ((sample,),) = con.execute("SELECT min(text) FROM documents WHERE length(text) > 600").fetchall()
    print("| query | articles | ms | CPU ms |\n|---|---|---|---|")
    for name, query in queries(words, sample).items():
        ask = partial(con.execute, "FROM search($q) LIMIT 20", {"q": query})
        costs = [cost(lambda: ask().fetchall()) for _ in range(7)]  # noqa: B023
        wall, cpu = (min(each) * 1000 for each in zip(*costs, strict=True))
        ((found,),) = con.execute("SELECT count(*) FROM search($q)", {"q": query}).fetchall()
        print(f"| {name} | {found:,} | {wall:.0f} | {cpu:.0f} |", flush=True)
    con.close()


def staged(folder: Path, words: list[str], lots: list[tuple[int, int]]) -> list[Path]:
    """The batches of ``lots`` in ``folder``; those that are not there are made."""
    missing = [lot for lot in lots if not (folder / f"{lot[0]:06d}").exists()]
    with multiprocessing.Pool() as workers:
        workers.map(partial(stage, folder, words), missing, chunksize=1)
    return [folder / f"{seed:06d}" for seed, _ in lots]


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="What loads and full-text search cost.")
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--a-load", type=int, help="documents a load, where the corpus is to come bit by bit")
    parser.add_argument("--staged", type=Path, help="folder that keeps the staged corpus for the next time")
    asked = parser.parse_args()
    size = asked.documents
    step = max(1, (asked.a_load or size) // BATCH)
    words = vocabulary(random.Random(7))
    lots = [(start // BATCH, min(BATCH, size - start)) for start in range(0, size, BATCH)]
    with tempfile.TemporaryDirectory() as home:
        path = Path(home) / "tamis.duckdb"
        *batches, more = staged(asked.staged or Path(home) / "staged", words, [*lots, (len(lots), BATCH)])
        portions = [batches[start : start + step] for start in range(0, len(batches), step)]
        report("loaded", size, lambda: load(path, *portions))
        report("more", BATCH, lambda: load(path, [more]))
        answer(paths.of(path).working, words)


if __name__ == "__main__":
    main()
