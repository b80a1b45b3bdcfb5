"""Extraction beside the peers that a user would pick, in one run: quality and CPU time a page, as a table.

    python -m tests.bench.extraction [--sample N] [--unseen FILE]

Reads the development sets of the benchmark folder (`TAMIS_BENCH`), article pages only, and their own score. Each page
goes through every extractor one after the other in this one process, so that all meet the same machine. Peers that are
not installed are left out, and named: `pip install '.[peers]'` installs them (rs-trafilatura has wheels for Python
3.12 on Linux only).

The shipped judge was trained on these very pages. `--unseen` takes the probabilities that
`python -m tests.quality.train_html --check --save FILE` leaves, by models that saw no page of the site, and adds the
row that is honest to compare.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.metadata
import json
import logging
import pickle
import platform
import runpy
import statistics
import time
import warnings
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from selectolax.lexbor import LexborHTMLParser

from tamis.cleaners.clean import clean
from tamis.cleaners.decode import decode
from tamis.cleaners.html import extract as html_extract
from tamis.cleaners.html import judge
from tamis.cleaners.html.html_page import HtmlPage
from tamis.cleaners.records import CleanDocument, RawDocument
from tests.quality import dumps

Extract = Callable[[bytes, str, str], str]
SETS = {"wcxb-dev": "words", "fundus-dev": "words", "trafilatura-eval": "segments"}
UNSEEN = "tamis, sites unseen"
WARM_UP = f"<html><body><article><h1>Title</h1>{'<p>A plain paragraph of text.</p>' * 30}</article></body></html>"


def tamis(body: bytes, _html: str, url: str) -> str:
    """The text as `tamis clean` gives it, from the bytes on; a refused page is an empty text."""
    outcome = clean(RawDocument(body, "page.html", "text/html", url))
    return outcome.text if isinstance(outcome, CleanDocument) else ""


def visible(_body: bytes, html: str, _url: str) -> str:
    """All the visible text, which is what any extractor is measured against."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(["script", "style", "noscript", "template", "head"])
    return tree.body.text(separator="\n") if tree.body else ""


def _trafilatura(**options: bool) -> Extract:
    import trafilatura

    return lambda _body, html, url: trafilatura.extract(html, url=url, include_comments=False, **options) or ""


def _rs_trafilatura() -> Extract:
    import rs_trafilatura

    return lambda _body, html, url: rs_trafilatura.extract(html, url=url).main_content or ""


def _resiliparse() -> Extract:
    from resiliparse.extract.html2text import extract_plain_text

    return lambda _body, html, _url: extract_plain_text(html, main_content=True, comments=False)


def _readability() -> Extract:
    from readability import Document

    return lambda body, html, url: visible(body, Document(html).summary(html_partial=True), url)


def _justext() -> Extract:
    import justext
    from py3langid import classify

    names = {"fr": "French", "en": "English", "ar": "Arabic", "es": "Spanish", "de": "German", "it": "Italian"}

    def extract(body: bytes, html: str, url: str) -> str:
        language = classify(visible(body, html, url)[:5000])[0]
        words = justext.get_stoplist(names.get(language, "English"))
        return "\n".join(
            p.text for p in justext.justext(html.encode(), words, encoding="utf-8") if not p.is_boilerplate
        )

    return extract


def _newspaper() -> Extract:
    from newspaper import Article
    from tldextract.tldextract import TLD_EXTRACTOR

    TLD_EXTRACTOR.suffix_list_urls = ()  # else every page waits for a list from the network

    def extract(_body: bytes, html: str, url: str) -> str:
        article = Article(url or "https://example.org/", fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return str(article.text)

    return extract


PEERS: Mapping[str, tuple[str, Callable[[], Extract]]] = {
    "trafilatura": ("trafilatura", _trafilatura),
    "trafilatura, fast": ("trafilatura", lambda: _trafilatura(fast=True)),
    "trafilatura, recall": ("trafilatura", lambda: _trafilatura(favor_recall=True)),
    "rs-trafilatura": ("rs-trafilatura", _rs_trafilatura),
    "resiliparse": ("resiliparse", _resiliparse),
    "readability-lxml": ("readability-lxml", _readability),
    "jusText": ("justext", _justext),
    "newspaper4k": ("newspaper4k", _newspaper),
}


def extractors() -> tuple[dict[str, Extract], list[str]]:
    """(what is installed, ready to use; a line for each peer: its version, or that it is missing)."""
    ready: dict[str, Extract] = {"tamis": tamis}
    said = []
    for name, (package, make) in PEERS.items():
        try:
            ready[name] = make()
            said.append(f"{package} {importlib.metadata.version(package)}")
        except ImportError:
            said.append(f"{package} is not installed")
    return {**ready, "all visible text": visible}, list(dict.fromkeys(said))


class Unseen:
    """`clean` with the probabilities that models gave which saw no page of the site."""

    def __init__(self, path: Path) -> None:
        self._judged = {name: (first + second) / 2 for name, first, second in pickle.loads(path.read_bytes())}
        self._of: np.ndarray | None = None

    def text(self, page: str, body: bytes, url: str) -> str:
        """The text of the page so named."""
        self._of = self._judged[page]
        shipped = html_extract.probabilities
        html_extract.probabilities = self._probabilities
        try:
            return tamis(body, "", url)
        finally:
            html_extract.probabilities = shipped

    def _probabilities(self, page: HtmlPage) -> judge.Probabilities:
        everywhere = np.zeros(len(page.blocks))
        everywhere[judge.candidates(page.blocks)] = self._of
        return everywhere


def measure(
    bench: Path, name: str, sample: int, ready: Mapping[str, Extract], unseen: Unseen | None
) -> tuple[list[dict[str, Any]], dict[str, dict[str, str]], dict[str, list[float]]]:
    """(gold rows, texts by extractor and page, CPU milliseconds by extractor)."""
    rows = [json.loads(line) for line in (bench / name / "gold.jsonl").open(encoding="utf-8")]
    rows = [row for row in rows if row.get("page_type", "article") == "article"]
    rows = rows[:: max(1, len(rows) // sample)] if sample else rows
    texts: dict[str, dict[str, str]] = defaultdict(dict)
    cost: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        body = gzip.decompress((bench / name / row["file"]).read_bytes())
        url = row.get("url") or ""
        html = decode(body, "text/html").text
        for extractor, extract in ready.items():
            before = time.process_time()
            try:
                texts[extractor][row["id"]] = extract(body, html, url)
            except Exception:
                texts[extractor][row["id"]] = ""
            cost[extractor].append(1000 * (time.process_time() - before))
        if unseen is not None:
            texts[UNSEEN][row["id"]] = unseen.text(f"{name}/{row['id']}", body, url)
    return rows, texts, cost


def main() -> None:
    """Print the table, best words F1 first."""
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--sample", type=int, default=0, help="at most about so many pages of each set (0: all)")
    ask.add_argument("--unseen", type=Path, help="out-of-fold probabilities of tests.quality.train_html")
    args = ask.parse_args()
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    bench = dumps.folder()
    ready, versions = extractors()
    for extract in ready.values():  # what is loaded once is no cost of a page
        extract(WARM_UP.encode(), WARM_UP, "https://example.org/")
    unseen = Unseen(args.unseen) if args.unseen else None
    score = runpy.run_path(str(bench / "score.py"))["score"]
    cells: dict[str, list[str]] = defaultdict(list)
    cost: dict[str, list[float]] = defaultdict(list)
    rank: dict[str, float] = {}
    pages = []
    for name, figure in SETS.items():
        rows, texts, spent = measure(bench, name, args.sample, ready, unseen)
        pages.append(f"{name} {len(rows)}")
        for extractor, found in texts.items():
            got, _ = score(rows, found)
            rank.setdefault(extractor, got[figure]["f1"])
            cells[extractor].append(f"{got[figure]['f1']:.3f}")
            if figure == "words":
                cells[extractor].append(f"{100 * got['lost']:.1f} %")
            cost[extractor] += spent.get(extractor, [])
    print(f"Python {platform.python_version()}; {'; '.join(versions)}; pages: {', '.join(pages)}\n")
    print("| | wcxb-dev, words F1 | words lost | fundus-dev, words F1 | words lost | trafilatura-eval, segments F1 "
          "| CPU ms a page, mean | median |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|")
    for extractor in sorted(rank, key=lambda each: -rank[each]):
        spent = cost[extractor]
        times = [f"{statistics.mean(spent):.0f}", f"{statistics.median(spent):.0f}"] if spent else ["", ""]
        print(f"| {extractor} | {' | '.join([*cells[extractor], *times])} |", flush=True)


if __name__ == "__main__":
    main()
