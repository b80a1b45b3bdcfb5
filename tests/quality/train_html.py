"""Trains the judge of HTML blocks, writes `cleaners/html/html.model`; with --check, its honest figures.

    python -m tests.quality.train_html [--check] [--out FILE]

Needs the optional extra `train` (CatBoost) and the benchmark folder (`TAMIS_BENCH`). One thread, fixed seeds:
the same data and versions give the same bytes. All figures are out of fold, no site in training and test.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import pickle
import runpy
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tamis.cleaners.html import judge
from tamis.cleaners.html.blocks import HtmlBlock
from tamis.cleaners.html.extract import captions, is_title
from tamis.cleaners.html.tree import Tree, plant, tokens
from tamis.cleaners.model import forest
from tests.quality import dumps, html_pages
from tests.quality.html_pages import Example
from tests.quality.train_text import Recipe, exported, fit

FOLDS = 4
MODEL = Path(__file__).parents[2] / "cleaners/html/html.model"
FIRST = Recipe(trees=420, rate=0.1, seed=1, columns=0.25, ridge=5)
SECOND = Recipe(trees=420, rate=0.08, seed=2, columns=0.25, ridge=5)
FEWEST_SITES = 6
Rows = npt.NDArray[np.float32]


@dataclass
class Case:
    """An example with the blocks worth judging, their targets and weights (0: not learnt from)."""

    example: Example
    chosen: list[int]
    blocks: list[HtmlBlock]
    tree: Tree | None
    target: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]
    fold: int
    rows: Rows


def case(example: Example) -> Case:
    """What is learnt from an example: the words of long blocks count more, as they do in the figures."""
    chosen = judge.candidates(example.page.blocks)
    blocks = [example.page.blocks[place] for place in chosen]
    share = example.share[chosen] if len(example.share) else example.share
    words = np.array([block.words for block in blocks], dtype=np.float64)
    clear = (share >= 0) & ((share <= 0.25) | (share >= 0.6))
    weight = np.sqrt(words + 2) / (np.sqrt(max(60, len(blocks))) if example.whole else 5)
    if example.set == "fundus-dev":
        weight *= 2.5
    if not example.whole and example.row.get("text"):
        weight[:] = 0  # next to nothing of the gold stands in the page: a script brings it
    number = int(hashlib.sha256(example.site.encode()).hexdigest(), 16) % FOLDS
    return Case(
        example,
        chosen,
        blocks,
        plant(blocks) if blocks else None,
        (share >= 0.5).astype(np.int64),
        np.where(clear, weight, 0.0),
        number,
        np.zeros((0, 0), dtype=np.float32),
    )


class Names:
    """How much of what stands under each class or id is content, site by site."""

    def __init__(self, cases: Sequence[Case]) -> None:
        self.share: dict[str, dict[str, float]] = defaultdict(dict)
        by_site: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(lambda: [0.0, 0.0]))
        known: dict[str, tuple[str, ...]] = {}
        for c in cases:
            table = by_site[c.example.site]
            for block, target, weight in zip(c.blocks, c.target, c.weight, strict=True):
                if weight:
                    names = {block.inner, *(element.names for element in block.owner.path[:-1])}
                    for token in {t for n in names for t in known.setdefault(n, tokens(n))}:
                        table[token][0] += weight
                        table[token][1] += weight * target
        for site, table in by_site.items():
            for token, (weight, content) in table.items():
                self.share[token][site] = content / weight
        self.prior = float(sum((c.weight * c.target).sum() for c in cases) / sum(c.weight.sum() for c in cases))
        self.total = {token: sum(found.values()) for token, found in self.share.items() if len(found) >= FEWEST_SITES}

    def table(self, without: str = "") -> dict[str, float]:
        """Log-odds by token; as if the site ``without`` were not known, for the pages of that site."""
        table = {}
        for token, total in self.total.items():
            found = self.share[token]
            own = found.get(without)
            sites = len(found) - (own is not None)
            table[token] = round(judge.log_odds(sites, total - (own or 0.0), self.prior), 2)
        return table


def with_rows(cases: Sequence[Case], names: Names) -> None:
    """Give each case its first features, its own site's labels unseen by what the names speak for."""
    plain = names.table()
    touched = defaultdict(list)
    for token in names.total:
        for site in names.share[token]:
            touched[site].append(token)
    for c in cases:
        own = dict(plain)
        for token in touched[c.example.site]:
            found = names.share[token]
            rest = names.total[token] - found[c.example.site]
            own[token] = round(judge.log_odds(len(found) - 1, rest, names.prior), 2)
        if c.blocks and c.tree is not None:
            c.rows = judge.first_rows(c.blocks, c.tree, c.example.page, judge.opinion_of(own))


def grown(cases: Sequence[Case], rows: Sequence[Rows], recipe: Recipe) -> forest.Forest:
    """A forest from what is clear in these cases."""
    parts = [(r, c.target, c.weight) for c, r in zip(cases, rows, strict=True) if len(r)]
    table, target, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
    return exported(fit(table, target, weight, recipe))


def out_of_fold(cases: Sequence[Case], rows: Sequence[Rows], recipe: Recipe) -> list[npt.NDArray[np.float64]]:
    """Each block's probability by a forest that has seen no page of its site."""
    judged = [np.zeros(len(r)) for r in rows]
    for fold in range(FOLDS):
        chosen = [i for i, c in enumerate(cases) if c.fold != fold]
        trained = grown([cases[i] for i in chosen], [rows[i] for i in chosen], recipe)
        for i, c in enumerate(cases):
            if c.fold == fold and len(rows[i]):
                judged[i] = trained.probability(rows[i])
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
    return judged


def second(cases: Sequence[Case], opinions: Sequence[npt.NDArray[np.float64]]) -> list[Rows]:
    """The second forest's features."""
    return [
        judge.second_rows(c.rows, opinion, c.blocks, c.tree) if c.tree is not None else c.rows
        for c, opinion in zip(cases, opinions, strict=True)
    ]


def report(
    bench: Path, cases: Sequence[Case], judged: Sequence[npt.NDArray[np.float64]], choice: judge.HtmlThresholds
) -> None:
    """Prints the figures of each set, by the benchmark's own score, titles and captions taken out as `extract` does."""
    score = runpy.run_path(str(bench / "score.py"))["score"]
    for name in html_pages.SETS:
        texts, rows = {}, []
        for c, p in zip(cases, judged, strict=True):
            if c.example.set == name:
                everywhere = np.zeros(len(c.example.page.blocks))
                everywhere[c.chosen] = p
                blocks = c.example.page.blocks
                kept = judge.keep(c.example.page, everywhere, choice)
                set_apart = captions(blocks, kept.tolist())
                texts[c.example.row["id"]] = "\n".join(
                    b.text
                    for index, b in enumerate(blocks)
                    if kept[index] and index not in set_apart and not is_title(c.example.page, b)
                )
                rows.append(c.example.row)
        got, _ = score(rows, texts)
        shown = [f"{name:16s} {choice.threshold:.2f} {choice.long_threshold:.2f}"]
        if "words" in got:
            shown.append(
                "words F1 {f1:.4f} P {precision:.4f} R {recall:.4f}".format(**got["words"])
                + f" lost {got['lost']:.4f} shingles {got['shingles']['f1']:.4f}"
            )
        if "segments" in got:
            shown.append("segments F1 {f1:.4f} P {precision:.4f} R {recall:.4f}".format(**got["segments"]))
        print("  ".join(shown), flush=True)


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--check", action="store_true", help="also judge out of fold by both forests, print the figures")
    ask.add_argument("--out", type=Path, default=MODEL)
    ask.add_argument("--save", type=Path, help="where to leave the out-of-fold probabilities (pickle)")
    args = ask.parse_args()
    bench = dumps.folder()
    cases = [case(example) for name in html_pages.SETS for example in html_pages.read(bench, name)]
    print(
        f"{len(cases)} pages, {sum(len(c.blocks) for c in cases)} blocks,"
        f" {sum((c.weight > 0).sum() for c in cases)} labelled",
        flush=True,
    )
    names = Names(cases)
    with_rows(cases, names)
    first_rows = [c.rows for c in cases]
    opinions = out_of_fold(cases, first_rows, FIRST)
    second_rows = second(cases, opinions)
    if args.save:
        args.save.write_bytes(pickle.dumps([(c.example.id, o) for c, o in zip(cases, opinions, strict=True)]))
    report(bench, cases, opinions, judge.HtmlThresholds())
    if args.check:
        judged = out_of_fold(cases, second_rows, SECOND)
        both = [(o + j) / 2 for o, j in zip(opinions, judged, strict=True)]
        for threshold in (0.3, 0.5):
            report(bench, cases, both, judge.HtmlThresholds(threshold=threshold, long_threshold=threshold))
        report(bench, cases, both, judge.HtmlThresholds())
        if args.save:
            args.save.write_bytes(
                pickle.dumps([(c.example.id, o, j) for c, o, j in zip(cases, opinions, judged, strict=True)])
            )
    forests = [grown(cases, first_rows, FIRST), grown(cases, second_rows, SECOND)]
    data = [bench / name / "gold.jsonl" for name in html_pages.SETS]
    facts = {
        "catboost": importlib.metadata.version("catboost"),
        "data": dumps.digest(*data, Path(__file__).with_name("labels.toml")),
        "tokens": names.table(),
    }
    args.out.write_bytes(forest.dumps(judge.NAMES, forests, facts))
    print(f"{args.out}: {args.out.stat().st_size} bytes, sha256 {hashlib.sha256(args.out.read_bytes()).hexdigest()}")


if __name__ == "__main__":
    main()
