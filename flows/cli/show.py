"""``tamis show``: read one article, and see what was removed from it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cli import console
from flows.cli.why import DOC_HELP

MOST_REMOVED = "SELECT document FROM removals GROUP BY document ORDER BY count(*) DESC, document LIMIT 1"


def show(
    doc: Annotated[
        str | None, typer.Argument(help=f"{DOC_HELP} Without it, the one that most was removed from.")
    ] = None,
    warehouse: Annotated[Path | None, typer.Option("--warehouse", "-w", help="The DuckDB file to ask.")] = None,
) -> None:
    """Read one article as it now stands, and see what was removed from it and why.

    $ tamis show

    $ tamis show bf2f3f4b
    """
    from cleaners.errors import StopRun
    from flows import article, settings
    from warehouse import queries
    from warehouse.connection import open_reader

    file = settings.load({"warehouse": warehouse}).warehouse
    with open_reader(file) as con:
        chosen = doc or next((str(row[0]) for row in con.execute(MOST_REMOVED).fetchall()), None)
        if chosen is None:
            raise StopRun(f"nothing was removed from any document in {file}; name the document to show")
        explanation = queries.why(con, chosen)
    console.show(*article.heading(explanation))
    if explanation.article is not None:
        console.show("", explanation.article.text, "", *article.removals(explanation))
    if doc is None and explanation.article is not None:
        console.show("", "try next:", *_queries(explanation.article.title or "", warehouse))


def _queries(title: str, warehouse: Path | None) -> list[str]:
    """Three commands that show what the warehouse can be asked, one of them about this article's subject."""
    word = max("".join(c if c.isalnum() else " " for c in title).split(), key=len, default="the")
    queries = (
        "SELECT published_on, title, words FROM articles ORDER BY published_on",
        "SELECT label, count(*) AS blocks, any_value(text) AS example FROM removals GROUP BY label",
        f"SELECT document, title FROM articles WHERE text ILIKE '%{word}%'",  # noqa: S608 - shown, never run
    )
    return [console.command(f'sql "{query}"', warehouse) for query in queries]
