"""``tamis show``: read one article, and see what was removed from it."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from tamis.flows.cli import console
from tamis.flows.cli.why import DOC_HELP

if TYPE_CHECKING:
    from tamis.warehouse.queries import Article

MOST_REMOVED = "SELECT document FROM removals GROUP BY document ORDER BY count(*) DESC, document LIMIT 1"


def show(
    doc: Annotated[
        str | None, typer.Argument(help=f"{DOC_HELP} Without it, the one that most was removed from.")
    ] = None,
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file to ask.")] = None,
) -> None:
    """Read one article as it now stands, and see what was removed from it and why.

    $ tamis show

    $ tamis show bf2f3f4b

    $ tamis show "le port rouvre"
    """
    from rich.text import Text

    from tamis.cleaners.errors import StopRun
    from tamis.flows import settings
    from tamis.flows.answers import article
    from tamis.warehouse import queries
    from tamis.warehouse.connection import open_reader

    file = settings.load({"warehouse": warehouse}).warehouse
    with open_reader(file) as con:
        chosen = doc or next((str(row[0]) for row in con.execute(MOST_REMOVED).fetchall()), None)
        if chosen is None:
            raise StopRun(f"nothing was removed from any document in {file}; name the document to show")
        explanation = queries.why(con, chosen)
    console.show(*article.heading(explanation))
    if explanation.article is not None:
        console.show("", Text(explanation.article.text), "", *article.removals(explanation))
    if doc is None and explanation.article is not None:
        console.show("", "try next:", *_queries(explanation.article, warehouse))


def _queries(article: Article, warehouse: str | None) -> list[str]:
    """Three commands to go on with, two of them about this article."""
    queries = (
        f"search {shlex.quote(_telling_word(article))}",
        f"why {article.document[:8]} --all",
        'sql "SELECT label, count(*) AS blocks FROM removals GROUP BY label"',
    )
    return [console.command(query, warehouse) for query in queries]


def _telling_word(article: Article) -> str:
    """The longest word of the title that stands in the text too, or else of the text."""
    text = article.text.casefold()
    in_both = [word for word in _words(article.title or "") if word.casefold() in text]
    return max(in_both or _words(article.text), key=len, default="")


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in text).split()
