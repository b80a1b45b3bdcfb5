"""The quality gate of HTML pages: `clean`, as the command runs it, must stay at or above its floors.

The shipped model has seen these pages, so the floors guard against breakage; how well it does on pages never
seen is in the card (cleaners/html/README.md).
"""

from __future__ import annotations

import gzip
import json
import runpy
import tomllib
from pathlib import Path

import pytest

from tamis.cleaners.clean import clean
from tamis.cleaners.records import CleanDocument, RawDocument
from tests.quality import dumps

FLOORS_FILE = Path(__file__).with_name("html_floors.toml")
FLOORS = tomllib.loads(FLOORS_FILE.read_text()) if FLOORS_FILE.exists() else {"data": {}, "f1": {}}
pytestmark = pytest.mark.gate

SETS = {"wcxb-dev": "words", "fundus-dev": "words", "trafilatura-eval": "segments"}


def gold(name: str) -> Path:
    """The gold texts of a set; skips the test that asks where they are not here."""
    path = dumps.folder() / name / "gold.jsonl"
    if not path.exists():
        pytest.skip(f"{path.parent} is not here: set TAMIS_BENCH to the folder of the development sets")
    return path


def measure(path: Path) -> float:
    """F1 of what `clean` makes of the articles of a set, in the figure of that set (`SETS`)."""
    rows = [json.loads(line) for line in path.open(encoding="utf-8")]
    rows = [row for row in rows if row.get("page_type", "article") == "article"]
    texts = {}
    for row in rows:
        body = gzip.decompress((path.parent / row["file"]).read_bytes())
        found = clean(RawDocument(body, row["file"], "text/html", row["url"]))
        texts[row["id"]] = found.text if isinstance(found, CleanDocument) else ""
    got, _ = runpy.run_path(str(dumps.folder() / "score.py"))["score"](rows, texts)
    return float(got[SETS[path.parent.name]]["f1"])


@pytest.mark.parametrize("name", SETS)
def test_the_floor_was_measured_on_this_data(name: str) -> None:
    assert FLOORS["data"][name] == dumps.digest(gold(name))


@pytest.mark.parametrize("name", SETS)
def test_pages_come_out_no_worse_than_their_floor(name: str) -> None:
    assert measure(gold(name)) >= FLOORS["f1"][name]
