"""The HTML judge on the development pages, through `extract`: floors that may only rise.

The shipped model has seen these pages, so the floors guard against breakage; how well it does on pages never
seen is in the card (cleaners/html/README.md).
"""

import gzip
import json
import runpy

import pytest

from cleaners.decode import decode
from cleaners.html.extract import extract
from cleaners.records import Label
from tests.quality import dumps

FLOORS = {
    "wcxb-dev": ("words", 0.960),
    "fundus-dev": ("words", 0.970),
    "trafilatura-eval": ("segments", 0.942),
}


@pytest.mark.parametrize(("name", "figure", "floor"), [(n, *f) for n, f in FLOORS.items()], ids=FLOORS.keys())
def test_floor(name: str, figure: str, floor: float) -> None:
    bench = dumps.folder()
    if not (bench / name).is_dir():
        pytest.skip(f"{bench / name} is not here: set TAMIS_BENCH to the folder of the development sets")
    rows = [json.loads(line) for line in (bench / name / "gold.jsonl").open(encoding="utf-8")]
    rows = [row for row in rows if row.get("page_type", "article") == "article"]
    texts = {}
    for row in rows:
        found = extract(
            decode(gzip.decompress((bench / name / row["file"]).read_bytes()), "text/html").text, row["url"]
        )
        content = (b.text for b, v in zip(found.blocks, found.verdicts, strict=True) if v.label is Label.CONTENT)
        texts[row["id"]] = "\n\n".join(content)
    got, _ = runpy.run_path(str(bench / "score.py"))["score"](rows, texts)
    assert got[figure]["f1"] >= floor
