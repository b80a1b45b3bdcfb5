"""``tamis sql``: ask the warehouse, read-only."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from tamis.flows.cli import console


class Format(StrEnum):
    """How rows are written."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


def sql(
    query: Annotated[str, typer.Argument(help="One SQL statement; - reads it from standard input.")],
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file to ask.")] = None,
    form: Annotated[Format, typer.Option("--format", "-f", help="How rows are written.")] = Format.TABLE,
    expanded: Annotated[bool, typer.Option("--expanded", "-x", help="Show each row as a list.")] = False,
) -> None:
    """Ask the warehouse in SQL, read-only.

    $ tamis sql "SELECT title, published_on, words FROM articles ORDER BY published_on"

    $ tamis sql "SELECT label, count(*) FROM removals GROUP BY label" --format csv > removed.csv

    Views: articles, removals, duplicates, timeline, noise_by_site, runs. Macros: why('DOC'), search('WORDS'),
    similar('DOC'). A table shows 200 rows, a line each, and cuts cells to their column; -x shows each row as a list,
    csv and json write everything. In csv, text that a spreadsheet would run as a formula gets an apostrophe before it.
    """
    import duckdb

    from tamis.cleaners.errors import StopRun
    from tamis.flows import settings
    from tamis.flows.answers import tabular
    from tamis.warehouse.connection import open_reader

    text = sys.stdin.read() if query == "-" else query
    with open_reader(settings.load({"warehouse": warehouse}).warehouse, any_schema=True) as con:
        try:
            con.execute(text)
            names = [column[0] for column in con.description or []]
            rows = (row for page in iter(lambda: con.fetchmany(1000), []) for row in page)
            if form is Format.TABLE:
                shown, more = tabular.table(names, rows, expanded=expanded)
                console.show(shown)
                if more:
                    console.log("there are more rows; --format csv or json writes them all")
                return
            for line in tabular.LINES[form.value](names, rows):
                console.emit(line)
        except duckdb.Error as error:
            raise StopRun(f"SQL: {str(error).strip()}") from error
