"""``tamis search``: find articles by their words."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated

import typer

from tamis.flows.cli import console
from tamis.flows.cli.sql import Format

DAY = ["%Y-%m-%d"]


def search(
    query: Annotated[str, typer.Argument(help="Words, in any form and without accents if you like.")],
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file to ask.")] = None,
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, help="Show so many articles.")] = 10,
    since: Annotated[datetime | None, typer.Option(formats=DAY, help="Published on this day or later.")] = None,
    until: Annotated[datetime | None, typer.Option(formats=DAY, help="Published on this day or before.")] = None,
    site: Annotated[str | None, typer.Option(help="Of this site or its subdomains.")] = None,
    language: Annotated[str | None, typer.Option(help="In this language: fr, en, ar, es, de...")] = None,
    form: Annotated[Format, typer.Option("--format", "-f", help="How articles are written.")] = Format.TABLE,
) -> None:
    """Find the articles that have all these words, the best first.

    $ tamis search "narcotrafic port"

    $ tamis search '"crime organisé" -football' --since 2026-01-01 --site example.org

    $ tamis search 'extrad*' --limit 1000 --format csv > found.csv

    A word finds its other forms too, and words that begin like it after them. "In quotes" a phrase is found as it
    stands, -word leaves articles out, begin* finds all that begins so. In SQL: FROM search('narcotrafic port').
    """
    from tamis.flows import settings
    from tamis.flows.answers import hits, tabular
    from tamis.warehouse.connection import open_reader

    wanted = hits.Wanted(limit, since and since.date(), until and until.date(), site, language)
    with open_reader(settings.load({"warehouse": warehouse}).warehouse) as con:
        found = hits.find(con, query, wanted)
    if form is not Format.TABLE:
        for line in tabular.LINES[form.value](hits.COLUMNS, found.rows):
            console.emit(line)
    elif found.rows:
        console.show(hits.table(found, styled=sys.stdout.isatty()))
    if not found.rows:
        console.log("no article has all of these words; try fewer, or how one begins: narco*")
    elif found.total > len(found.rows):
        console.log(f"the best {len(found.rows)} of {found.total} articles; --limit shows more")
