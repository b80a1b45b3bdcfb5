"""How well duplicates are told from pages that look alike, on labelled sets made from the development texts.

    python -m tests.quality.duplicates [--held-out] [--seed N] [--worst N]

Needs the benchmark folder (`TAMIS_BENCH`).
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from tamis.cleaners import dedup
from tamis.cleaners.relations import Origin
from tamis.warehouse.duplicates import temporary
from tests.quality import dumps
from tests.quality.press import Page, Story, words
from tests.quality.republished import republish

FEWEST_WORDS = 80


def stories(bench: Path) -> list[Story]:
    """The distinct development texts of articles that are long enough to be changed, by address."""
    found: dict[str, Story] = {}
    for name in ("wcxb-dev", "fundus-dev"):
        for line in (bench / name / "gold.jsonl").open(encoding="utf-8"):
            row = json.loads(line)
            if row.get("page_type", "article") == "article":
                found.setdefault(row["url"], Story(row["url"], row.get("title") or "", row["text"]))
    with gzip.open(bench / "text-dumps/dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            url = row["url"] or f"https://unknown.example/{row['id']}"
            found.setdefault(url, Story(url, row["title"] or "", row["text"] or ""))
    by_text = {" ".join(story.text.split()): story for story in found.values()}
    return sorted((s for s in by_text.values() if words(s.text) >= FEWEST_WORDS), key=lambda story: story.url)


def halves(bench: Path) -> dict[str, list[Story]]:
    """The stories that may be tuned on, and those that may not."""
    found = stories(bench)
    return {
        "development": [story for story in found if not story.held_out],
        "held out": [story for story in found if story.held_out],
    }


def clusters(pages: Sequence[Page]) -> dict[str, str]:
    """The cluster of each page, as a warehouse makes them."""
    texts = [_sketched(page) for page in pages]
    with temporary.opened() as con:
        temporary.add(con, texts)
        return {place.document: place.cluster for place in temporary.placements(con, dedup.relate, dedup.cluster)}


def _sketched(page: Page) -> temporary.Sketched:
    origin = Origin(page.url, page.site)
    return temporary.Sketched(page.id, page.text, dedup.sketch(page.text), origin, page.published)


@dataclass(frozen=True)
class Figures:
    """Precision, recall and F1 of pairs, F1 of whole clusters, and by kind the share found or taken."""

    precision: float
    recall: float
    f1: float
    cluster_f1: float
    found: Mapping[str, float]
    taken: Mapping[str, float]


def figures(pages: Sequence[Page], found: Mapping[str, str]) -> Figures:
    """How ``found``, a cluster for each page, agrees with the articles they are.

    A copy is found when it is in the cluster of its story's own page; a page that only looks alike is taken
    when it shares a cluster with any other article. Cluster F1 counts clusters of several that are right whole.
    """
    article = {page.id: page.article for page in pages}
    right, got = _pairs(article), _pairs(found)
    whole, made = _groups(article), _groups(found)
    story = {page.article: page.id for page in pages if page.kind == "story"}
    mixed = {page for group in made if len({article[page] for page in group}) > 1 for page in group}
    copies, alike = defaultdict(list), defaultdict(list)
    for page in pages:
        if page.article in story and page.kind != "story":
            copies[page.kind].append(found[page.id] == found[story[page.article]])
        elif page.article not in story:
            alike[page.kind].append(page.id in mixed)
    precision, recall = len(right & got) / max(1, len(got)), len(right & got) / max(1, len(right))
    return Figures(
        precision,
        recall,
        _f1(precision, recall),
        _f1(len(whole & made) / max(1, len(made)), len(whole & made) / max(1, len(whole))),
        {kind: sum(hits) / len(hits) for kind, hits in sorted(copies.items())},
        {kind: sum(hits) / len(hits) for kind, hits in sorted(alike.items())},
    )


def _groups(named: Mapping[str, str]) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = defaultdict(set)
    for page, name in named.items():
        groups[name].add(page)
    return {frozenset(group) for group in groups.values() if len(group) > 1}


def _pairs(named: Mapping[str, str]) -> set[tuple[str, str]]:
    return {pair for group in _groups(named) for pair in combinations(sorted(group), 2)}


def _f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def confused(pages: Sequence[Page], found: Mapping[str, str]) -> Counter[tuple[str, str, str]]:
    """What was taken together wrongly (``false``) and what was not found (``missed``), by the kinds of the two."""
    kind, article = {p.id: p.kind for p in pages}, {p.id: p.article for p in pages}
    right, got = _pairs(article), _pairs(found)
    return Counter(
        [("false", *sorted((kind[a], kind[b]))) for a, b in got - right]
        + [("missed", *sorted((kind[a], kind[b]))) for a, b in right - got]
    )


def shown(got: Figures) -> Iterable[str]:
    """The figures as lines of text."""
    yield f"pairs P {got.precision:.4f} R {got.recall:.4f} F1 {got.f1:.4f}, clusters F1 {got.cluster_f1:.4f}"
    yield "found  " + ", ".join(f"{kind} {share:.3f}" for kind, share in got.found.items())
    yield "taken  " + ", ".join(f"{kind} {share:.3f}" for kind, share in got.taken.items())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--held-out", action="store_true", help="the half that nothing was tuned on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--worst", type=int, default=0, help="also the most frequent confusions")
    chosen = parser.parse_args()
    half = halves(dumps.folder())["held out" if chosen.held_out else "development"]
    pages = republish(half, chosen.seed, chosen.held_out)
    print(f"{len(half)} stories, {len(pages)} pages: {dict(Counter(page.kind for page in pages))}")
    found = clusters(pages)
    print("\n".join(shown(figures(pages, found))))
    for confusion, count in confused(pages, found).most_common(chosen.worst):
        print(f"{count:>5} {' '.join(confusion)}")


if __name__ == "__main__":
    main()
