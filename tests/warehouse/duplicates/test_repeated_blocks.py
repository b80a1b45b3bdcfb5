"""What becomes a site's template: few words sooner than many, never by copies or versions of one article."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tamis.cleaners.records import Block, CleanDocument, Kind, Label, Verdict
from tamis.warehouse import site_memory
from tamis.warehouse.connection import open_writer
from tests.warehouse import press
from tests.warehouse.duplicates.test_changes import rewrite

SHORT = "Suivez toute l'actualité du port"
LONG = press.prose(700, 30)


def page(
    number: int, block: str, *, text: int | None = None, url: str | None = None, sure: bool = False
) -> press.Document:
    """A page of a.example with ``block`` on it, kept by the judge, surely or not."""
    body = press.prose(number if text is None else text)
    raw, clean = press.page(body, f"{number}.txt", site="a.example", url=url)
    assert isinstance(clean, CleanDocument)
    blocks = (*clean.blocks, Block(2, block, Kind.PARAGRAPH, 3))
    verdict = Verdict(2, Label.CONTENT, "judge", 0.95 if sure else 0.6)
    return raw, replace(clean, text=f"{body}\n\n{block}", blocks=blocks, verdicts=(*clean.verdicts, verdict))


def learnt(warehouse: Path) -> set[int]:
    with open_writer(warehouse) as con:
        return set(site_memory.templates(con, ["a.example"]).get("a.example", ()))


@pytest.mark.parametrize(
    ("pages", "is_template"),
    [
        ([page(n, SHORT) for n in range(2)], False),
        ([page(n, SHORT) for n in range(3)], True),
        ([page(n, LONG) for n in range(3)], False),
        ([page(n, LONG) for n in range(4)], True),
        ([page(n, LONG, sure=True) for n in range(7)], False),
        ([page(n, LONG, sure=True) for n in range(8)], True),
        ([page(n, "Pros") for n in range(9)], False),
        ([page(n, SHORT, text=1) for n in range(9)], False),
        ([page(n, SHORT, url="https://a.example/1") for n in range(9)], False),
    ],
    ids=["two", "three", "prose on 3", "prose on 4", "content on 7", "content on 8", "a word", "copies", "versions"],
)
def test_what_is_learnt(pages: list[press.Document], is_template: bool, tmp_path: Path) -> None:
    press.load(tmp_path / "w.duckdb", pages)
    assert bool(learnt(tmp_path / "w.duckdb")) is is_template


def test_batches_are_no_matter_and_what_goes_is_forgotten(tmp_path: Path) -> None:
    pages, warehouse = [page(n, SHORT) for n in range(5)], tmp_path / "w.duckdb"
    press.load(tmp_path / "once.duckdb", pages)
    press.load(warehouse, pages[:2])
    press.load(warehouse, pages[2:])
    assert press.contents(warehouse, ["site_blocks"]) == press.contents(tmp_path / "once.duckdb", ["site_blocks"])
    assert learnt(warehouse)
    rewrite(warehouse, [raw.key[:16] for raw, _ in pages[:3]], [])
    assert not learnt(warehouse)


def test_a_decision_outlives_what_is_learnt(tmp_path: Path) -> None:
    warehouse, (value,) = tmp_path / "w.duckdb", {Block(0, SHORT).hash}
    press.load(warehouse, [page(n, SHORT) for n in range(2)])
    for decision, wanted in (("pinned", {value}), ("vetoed", set()), (None, set())):
        with open_writer(warehouse) as con:
            assert site_memory.decide(con, "a.example", [f"{value:016x}"[:6]], decision, press.NOW) == [value]
        assert learnt(warehouse) == wanted
    with open_writer(warehouse) as con:
        site_memory.decide(con, "a.example", [f"{value:016x}"], "vetoed", press.NOW)
    press.load(warehouse, [page(n, SHORT) for n in range(2, 6)])
    assert learnt(warehouse) == set()
