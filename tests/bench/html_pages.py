"""CPU time a page of `clean`, beside `trafilatura.extract` in the same run.

    python -m tests.bench.html_pages [STRIDE]

The pages are every STRIDE-th (16) of each development set in `TAMIS_BENCH`, or the repository's own fixtures where
that folder is absent. One process, one thread; the two take turns page by page, so that a busy machine slows both.
"""

from __future__ import annotations

import gzip
import json
import statistics
import sys
import time
from collections.abc import Callable, Iterator

import trafilatura

from tamis.cleaners.clean import clean
from tamis.cleaners.records import RawDocument
from tests.bench.speed import ROOT, read
from tests.quality.dumps import folder

SETS = ("wcxb-dev", "trafilatura-eval", "fundus-dev")
STRIDE = 16
WARM_UP = 5


def main() -> None:
    """Print median and mean of both, and the ratio of the means."""
    found = list(pages(int(sys.argv[1]) if len(sys.argv) > 1 else STRIDE)) or list(fixtures())
    ways: dict[str, Callable[[RawDocument], object]] = {
        "tamis": clean,
        "trafilatura": lambda page: trafilatura.extract(page.body, include_comments=False),
    }
    spent: dict[str, list[float]] = {name: [] for name in ways}
    for number, page in enumerate(found[:WARM_UP] + found):
        for name, way in ways.items():
            begun = time.process_time()
            way(page)
            if number >= WARM_UP:
                spent[name].append(1e3 * (time.process_time() - begun))
    print(f"{len(found)} pages, mean {statistics.mean(len(page.body) for page in found) / 1e3:.0f} KB\n")
    print(f"{'ms CPU a page':<16}{'median':>8}{'mean':>8}")
    for name, times in spent.items():
        print(f"{name:<16}{statistics.median(times):>8.1f}{statistics.mean(times):>8.1f}")
    print(f"\ntamis takes {sum(spent['tamis']) / sum(spent['trafilatura']):.2f} of trafilatura's time")


def pages(stride: int) -> Iterator[RawDocument]:
    """Every ``stride``-th article of the development sets; none where they are not here."""
    for name in SETS:
        gold = folder() / name / "gold.jsonl"
        rows = [json.loads(line) for line in gold.open(encoding="utf-8")] if gold.exists() else []
        for row in rows[::stride]:
            if row.get("page_type", "article") == "article":
                body = gzip.decompress((gold.parent / row["file"]).read_bytes())
                yield RawDocument(body, f"{name}/{row['id']}", "text/html", row["url"])


def fixtures() -> Iterator[RawDocument]:
    """The pages of the repository's tests."""
    for path in sorted((ROOT / "tests/pages").glob("**/*.html*")):
        yield RawDocument(read(path), path.name, "text/html")


if __name__ == "__main__":
    main()
