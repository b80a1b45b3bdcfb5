"""Query results as a table for the eye, as CSV that is safe in a spreadsheet, or as JSON."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from itertools import islice

from tamis.flows.answers.layout import Answer, Expanded

Row = Sequence[object]

SHOWN_ROWS = 200
SHOWN_CHARACTERS = 300
# A spreadsheet runs a cell that begins so as a formula (OWASP, CSV injection); some take full-width signs for these.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "|", "%", "＝", "＋", "－", "＠")


def table(names: Sequence[str], rows: Iterable[Row], *, expanded: bool = False) -> tuple[Answer | Expanded, bool]:
    """The first rows as a table or, ``expanded``, as lists; and whether there are more rows than it shows."""
    found = list(islice(rows, SHOWN_ROWS + 1))
    written = [[_written(cell) for cell in row] for row in found[:SHOWN_ROWS]]
    more = len(found) > SHOWN_ROWS
    if expanded:
        return Expanded(names, written), more
    numbers = {place for row in found for place, cell in enumerate(row) if isinstance(cell, int | float | Decimal)}
    shown = [[_shortened(cell) for cell in row] for row in written]
    return Answer(names, shown, frozenset(numbers)), more


def csv_lines(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """CSV with every cell quoted; text that a spreadsheet would run gets an apostrophe before it."""
    yield _csv_line(names)
    for row in rows:
        yield _csv_line([_harmless(cell) for cell in row])


def json_lines(names: Sequence[str], rows: Iterable[Row]) -> Iterator[str]:
    """One JSON array of objects, a row a line."""
    yield "["
    before = ""
    for row in rows:
        if before:
            yield before + ","
        before = json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False, default=plain)
    if before:
        yield before
    yield "]"


Lines = Callable[[Sequence[str], Iterable[Row]], Iterator[str]]
LINES: dict[str, Lines] = {"csv": csv_lines, "json": json_lines}


def _csv_line(cells: Sequence[object]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL, lineterminator="").writerow(cells)
    return line.getvalue()


def _harmless(cell: object) -> str:
    written = _written(cell)
    is_text = not isinstance(cell, int | float | Decimal)
    return f"'{written}" if is_text and written.startswith(FORMULA) else written


def _written(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, list | dict | tuple):
        return json.dumps(cell, ensure_ascii=False, default=plain)
    return str(plain(cell))


def plain(value: object) -> object:
    """A value that JSON has no form for, in the one that reads best."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if isinstance(value, int | float) else str(value)


def _shortened(text: str) -> str:
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
