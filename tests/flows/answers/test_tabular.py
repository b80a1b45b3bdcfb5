"""What leaves the warehouse: CSV that no spreadsheet runs, JSON that reads back, a table that says when it cuts."""

from __future__ import annotations

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tamis.flows.answers import tabular

ROWS = [(1, None), (2, "x")]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM", "\tx", "\rx", "|cmd", "%x"])
def test_text_that_a_spreadsheet_would_run_gets_an_apostrophe(start: str) -> None:
    lines = list(tabular.csv_lines(["a", "b"], [(start, "harmless")]))
    assert lines == ['"a","b"', f'"\'{start}","harmless"']


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        (-1, "-1"),
        (Decimal("-1.50"), "-1.5"),
        (None, ""),
        (date(2025, 8, 27), "2025-08-27"),
        (datetime(2025, 8, 27, 9, 30), "2025-08-27T09:30:00"),
        (["é", "=x"], '["é", "=x"]'),
        ({"a": 1}, '{"a": 1}'),
        (b"\x00\xff", "AP8="),
        (True, "True"),
    ],
)
def test_values_in_csv(cell: object, written: str) -> None:
    (row,) = csv.reader(list(tabular.csv_lines(["a"], [(cell,)]))[1:])
    assert row == [written]


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_csv_reads_back_and_nothing_in_it_runs(rows: list[tuple[str, str]]) -> None:
    written = "\n".join(tabular.csv_lines(["a", "b"], rows))
    back = list(csv.reader(io.StringIO(written, newline="")))[1:]
    assert [[cell.removeprefix("'") for cell in row] for row in back] == [
        [cell.removeprefix("'") for cell in row] for row in rows
    ]
    assert not any(cell.startswith(tabular.FORMULA) for row in back for cell in row)


@pytest.mark.parametrize("rows", [[], ROWS[:1], ROWS])
def test_json_is_one_array_of_objects(rows: list[tuple[object, object]]) -> None:
    written = "\n".join(tabular.json_lines(["a", "b"], rows))
    assert json.loads(written) == [{"a": a, "b": b} for a, b in rows]


def test_a_table_tells_that_there_is_more() -> None:
    many = [(number, "x" * 1000) for number in range(tabular.SHOWN_ROWS + 1)]
    table, more = tabular.table(["n", "text"], many)
    assert more
    assert len(table.rows) == tabular.SHOWN_ROWS
    out = Console(width=1000, file=io.StringIO())
    out.print(table)
    assert "x" * tabular.SHOWN_CHARACTERS not in out.file.getvalue()  # type: ignore[attr-defined]
    assert tabular.table(["n", "text"], many[:-1])[1] is False


def test_markup_in_a_cell_is_shown_not_obeyed() -> None:
    table, _ = tabular.table(["a"], [("[red]x[/red]",)])
    out = Console(width=100, file=io.StringIO())
    out.print(table)
    assert "[red]x[/red]" in out.file.getvalue()  # type: ignore[attr-defined]
