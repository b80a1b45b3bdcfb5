"""Trains the judge of text dumps, writes `text.model` and `text.net`; with --check, prints its figures.

    python -m tests.quality.train_text [--check] [--out FILE]

Needs the optional extra `train` (CatBoost, which brings SciPy, and PyTorch) and the benchmark folder (`TAMIS_BENCH`).
One thread, fixed seeds: the same data, versions and kind of processor give the same bytes. All figures are out of fold,
no site in training and test.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import itertools
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import catboost
import numpy as np
import numpy.typing as npt

from tamis.cleaners.dumps import judge
from tamis.cleaners.model import forest, network
from tests.quality import dumps, pages, train_lexicon, train_net
from tests.quality.train_lexicon import Lexicon

FOLDS = 5
MODEL = Path(__file__).parents[2] / "cleaners/dumps/text.model"
Rows = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Recipe:
    trees: int
    rate: float
    seed: int
    columns: float
    ridge: float


RECIPE = Recipe(trees=800, rate=0.075, seed=1, columns=0.12, ridge=15)


@dataclass(frozen=True)
class Examples:
    """All lines of all dumps: `parts` says which lines are whose, `whole` which dumps have a label for each line."""

    rows: Rows
    target: npt.NDArray[np.int64]
    weight: npt.NDArray[np.float64]
    fold: npt.NDArray[np.int64]
    parts: tuple[slice, ...]
    whole: npt.NDArray[np.bool_]
    lexicon: Lexicon


def examples(found: Sequence[dumps.Dump]) -> Examples:
    """Features, targets and weights of the dumps' lines, and the words' weights as learnt from all of them.

    A line's features know only what words say on other sites.
    """
    bounds = np.cumsum([0] + [len(d.blocks) for d in found])
    target = np.concatenate([(d.labels == dumps.CONTENT).astype(np.int64) for d in found])
    weight = np.concatenate([weights(d) for d in found])
    fold_of = dumps.folds(found, FOLDS)
    fold = np.repeat(fold_of, np.diff(bounds))
    counted = weight > 0
    said = train_lexicon.counts(found, counted)
    learn = partial(train_lexicon.learn, said, target[counted], weight[counted])
    elsewhere = [learn(fold[counted] != number).weights for number in range(FOLDS)]
    return Examples(
        rows=np.concatenate([judge.rows(d.blocks, elsewhere[own]) for d, own in zip(found, fold_of, strict=True)]),
        target=target,
        weight=weight,
        fold=fold,
        parts=tuple(slice(a, b) for a, b in itertools.pairwise(bounds)),
        whole=np.array([d.source != "segments" for d in found]),
        lexicon=learn(np.ones(counted.sum(), dtype=bool)),
    )


def weights(d: dumps.Dump) -> npt.NDArray[np.float64]:
    """Weigh long lines more, as the figures do; French most, then what is not the one big English set."""
    scarce = {"fr": 4.0, "ar": 2.0}.get(d.lang, {"wcxb": 1.0, "segments": 2.0}.get(d.source, 1.5))
    weight: npt.NDArray[np.float64] = scarce * np.sqrt(d.words + 2) / np.sqrt(max(60, len(d.blocks)))
    return np.where(d.labels == dumps.UNCLEAR, 0.0, weight)


def fit(
    rows: Rows, target: npt.NDArray[np.int64], weight: npt.NDArray[np.float64], recipe: Recipe = RECIPE
) -> catboost.CatBoostClassifier:
    """A forest of oblivious trees, grown on the rows that have a weight."""
    model = catboost.CatBoostClassifier(
        iterations=recipe.trees,
        learning_rate=recipe.rate,
        random_seed=recipe.seed,
        depth=6,
        border_count=48,
        rsm=recipe.columns,
        l2_leaf_reg=recipe.ridge,
        bootstrap_type="Bernoulli",
        subsample=0.6,
        boosting_type="Plain",
        thread_count=1,
        allow_writing_files=False,
        verbose=0,
    )
    counted = weight > 0
    model.fit(rows[counted], target[counted], sample_weight=weight[counted])
    return model


def learnt(data: Examples, weight: npt.NDArray[np.float64]) -> tuple[forest.Forest, network.Net]:
    """Both models of the judge; lines of no weight teach them nothing."""
    taught = [part for part, whole in zip(data.parts, data.whole, strict=True) if whole and weight[part].any()]
    grown = exported(fit(data.rows, data.target, weight))
    return grown, train_net.fit(data.rows, data.target, weight, taught)


def out_of_fold(data: Examples) -> npt.NDArray[np.float64]:
    """Each line's probability by models that have seen no page of its site."""
    judged = np.zeros(len(data.rows))
    for fold in range(FOLDS):
        test = data.fold == fold
        grown, trained = learnt(data, np.where(test, 0, data.weight))
        for part in data.parts:
            if test[part].any():
                judged[part] = judge.together(grown, trained, data.rows[part])
        print(f"fold {fold + 1} of {FOLDS}", flush=True)
    return judged


def exported(model: catboost.CatBoostClassifier) -> forest.Forest:
    """A trained forest as the evaluator's arrays, its leaves rounded to 16 bits."""
    with tempfile.TemporaryDirectory() as place:
        model.save_model(f"{place}/model.json", format="json")
        tree = json.loads(Path(place, "model.json").read_text())
    questions = [
        [(s["float_feature_index"], np.float32(s["border"])) for s in t["splits"]] for t in tree["oblivious_trees"]
    ]
    borders = sorted({question for row in questions for question in row})
    place_of = {question: place for place, question in enumerate(borders)}
    depth = max(map(len, questions))
    # A tree that stopped early repeats its values: the missing answers then make no difference.
    leaves = np.array([np.tile(t["leaf_values"], 1 << (depth - len(t["splits"]))) for t in tree["oblivious_trees"]])
    scale, (bias,) = tree["scale_and_bias"]
    step = float(np.abs(leaves).max()) * scale / 32767
    return forest.Forest(
        features=np.array([feature for feature, _ in borders], dtype=np.uint16),
        borders=np.array([border for _, border in borders], dtype=np.float32),
        questions=np.array(
            [[place_of[q] for q in row] + [0] * (depth - len(row)) for row in questions], dtype=np.uint16
        ),
        leaves=np.round(leaves * scale / step).astype(np.int16),
        bias=float(bias),
        scale=step,
    )


def report(found: Sequence[dumps.Dump], judged: npt.NDArray[np.float64], parts: Sequence[slice]) -> None:
    """Prints the figures of the judge alone, and of the whole way (rules, title, judge) as `tamis clean` goes it."""
    ways: dict[str, Callable[[dumps.Dump, npt.NDArray[np.float64]], npt.NDArray[np.bool_]]] = {
        "judge alone": lambda d, likely: judge.keep(d.blocks, likely),
        "whole way": dumps.cleaned,
    }
    for name, way in ways.items():
        kept = {d.id: way(d, judged[part]) for d, part in zip(found, parts, strict=True)}
        print(name)
        for style, lang in [*itertools.product(dumps.STYLES, (None, "fr")), (None, None)]:
            chosen = [d for d in found if style in (None, d.style) and lang in (None, d.lang)]
            got = dumps.figures(chosen, [kept[d.id] for d in chosen])
            print(
                f"{style or 'all':8s} {lang or 'all':4s} dumps {got.dumps:4d}  F1 {got.f1:.4f}  lost {got.lost:.4f}"
                f" (by the judge {got.lost_by_judge:.4f})  badly hurt {got.badly_hurt:.3f}"
            )


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--check", action="store_true", help="also train out of fold and print the figures")
    ask.add_argument("--out", type=Path, default=MODEL)
    ask.add_argument("--save", type=Path, help="where to leave the out-of-fold probabilities (npy)")
    args = ask.parse_args()
    bench = dumps.folder()
    found = dumps.read(bench / "text-dumps/dev.jsonl.gz")
    measured = len(found)
    found += pages.labelled(bench) + pages.by_segments(bench)
    data = examples(found)
    grown, trained = learnt(data, data.weight)
    facts = {
        "data": dumps.digest(
            bench / "text-dumps/dev.jsonl.gz",
            bench / "trafilatura-eval/gold.jsonl",
            Path(__file__).with_name("labels.toml"),
        ),
        "lines": int((data.weight > 0).sum()),
        **{name: importlib.metadata.version(name) for name in ("catboost", "torch")},
    }
    words = {"lexicon": data.lexicon.numbers, "lexicon_step": data.lexicon.step}
    files = {
        args.out: forest.dumps(judge.NAMES, [grown], facts | words),
        args.out.with_suffix(".net"): network.dumps(trained, facts | {"names": judge.NAMES}),
    }
    for path, content in files.items():
        path.write_bytes(content)
        print(f"{path}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}", flush=True)

    if args.check:
        judged = out_of_fold(data)
        report(found[:measured], judged, data.parts[:measured])
        if args.save:
            np.save(args.save, judged)


if __name__ == "__main__":
    main()
