"""``tamis why``: what was removed from a document, by which rule, or why it was rejected."""

from __future__ import annotations

from typing import Annotated

import typer

from tamis.flows.cli import console

DOC_HELP = "The beginning of a document's title, file name, address or id, as long as no other begins so."


def why(
    doc: Annotated[str, typer.Argument(help=DOC_HELP)],
    all_blocks: Annotated[bool, typer.Option("--all", help="List all blocks, those that were kept as well.")] = False,
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file to ask.")] = None,
) -> None:
    """Tell what was removed from a document, by which rule, or why it was rejected.

    $ tamis why bf2f3f4b

    $ tamis why "le port rouvre"

    $ tamis why page.html --all --warehouse corpus.duckdb

    What should not have been removed comes back with tamis keep, and goes with tamis drop.
    """
    from tamis.flows import settings
    from tamis.flows.answers import article
    from tamis.warehouse import queries
    from tamis.warehouse.connection import open_reader

    with open_reader(settings.load({"warehouse": warehouse}).warehouse) as con:
        explanation = queries.why(con, doc, all_blocks=all_blocks)
    console.show(*article.heading(explanation))
    if explanation.article is not None:
        console.show("", *article.removals(explanation))
