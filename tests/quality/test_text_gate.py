"""The quality gate of text dumps: the shipped judge on the development set must stay at or above its floors.

What it measures is the judge as shipped, which has seen these dumps in training: a guard against changes of
features, evaluator or decision, not an estimate of quality (that is out of fold, in the model's card).
"""

from __future__ import annotations

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest

from tamis.cleaners.dumps import judge
from tamis.cleaners.records import Block
from tests.quality import dumps

FLOORS_FILE = Path(__file__).with_name("text_floors.toml")
FLOORS = tomllib.loads(FLOORS_FILE.read_text()) if FLOORS_FILE.exists() else {"groups": {}}
DATA = dumps.folder() / "text-dumps/dev.jsonl.gz"
GOLD = dumps.folder().parent / "gold/seeds.json"
SEEDS = Path(__file__).parents[2] / "seeds"

pytestmark = pytest.mark.gate

needs_data = pytest.mark.skipif(
    not DATA.exists(), reason=f"the development dumps are not here ({DATA}); set TAMIS_BENCH to their folder"
)


def measure() -> dict[str, dumps.Figures]:
    """The figures of what `tamis clean` does (rules, title, judge), by style and of the French dumps apart."""
    found = dumps.read(DATA)
    kept = {d.id: dumps.cleaned(d, judge.probabilities(d.blocks)) for d in found}
    groups = {
        f"{style}-{lang}" if lang else style: [d for d in found if d.style == style and lang in (None, d.lang)]
        for style in dumps.STYLES
        for lang in (None, "fr")
    }
    return {name: dumps.figures(group, [kept[d.id] for d in group]) for name, group in groups.items()}


@pytest.fixture(scope="module")
def measured() -> dict[str, dumps.Figures]:
    return measure()


@needs_data
def test_the_floors_were_measured_on_this_data() -> None:
    assert FLOORS["data"] == dumps.digest(DATA)


@needs_data
@pytest.mark.parametrize("group", sorted(FLOORS["groups"]))
def test_the_shipped_judge_stays_above_its_floors(group: str, measured: dict[str, dumps.Figures]) -> None:
    floor, got = FLOORS["groups"][group], measured[group]
    assert got.f1 >= floor["f1"]
    assert got.lost_by_judge <= floor["lost_by_judge"]
    assert got.badly_hurt <= floor["badly_hurt"]


@pytest.mark.skipif(not GOLD.exists(), reason=f"the seeds' gold labels are not here ({GOLD})")
@pytest.mark.parametrize("number", range(5))
def test_the_judge_keeps_what_must_stay_of_the_seeds(number: int) -> None:
    document = json.loads(GOLD.read_text())["documents"][number]
    labels = {line["line"]: line["label"] for line in document["lines"]}
    path = next(SEEDS.rglob(document["file"]))
    lines = path.read_text(encoding="utf-8").split("\n")
    blocks = [Block(index=0, text=line.strip(), line=n) for n, line in enumerate(lines, 1) if line.strip()]
    kept = judge.keep(blocks, judge.probabilities(blocks))
    precious = np.array([labels.get(block.line) == "keep" for block in blocks])
    words = np.array([len(block.text.split()) for block in blocks])
    assert words[precious & ~kept].sum() <= 0.01 * words[precious].sum()
