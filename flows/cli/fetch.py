"""``tamis fetch``: fetch and load single addresses."""

from __future__ import annotations

from typing import Annotated

import typer

from tamis.flows.cli import console


def fetch(
    urls: Annotated[list[str], typer.Argument(help="Addresses of pages.")],
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file to load into.")] = None,
) -> None:
    """Fetch pages as a polite guest, clean them and load them, each known by its address.

    $ tamis fetch https://example.org/article.html

    robots.txt, crawl delays and reservations of rights are obeyed. A page that was fetched before is only sent
    again where it has changed, and is then one more version of it. The exit code is 1 where a page did not come
    or could not be cleaned.
    """
    from tamis.flows import settings
    from tamis.flows.following import run
    from tamis.flows.following.session import open_session
    from tamis.flows.following.subject import Subject

    chosen = settings.load({"warehouse": warehouse})
    with open_session(chosen) as session:
        result, ended = run.fetch_addresses(Subject(chosen), urls, session)
    for state in ended:
        detail = f": {state.detail}" if state.detail else ""
        console.say(f"{state.status:<20}{state.url}{detail}")
    for refused in result.refused:
        console.say(f"{refused.reason:<20}{refused.source}: {refused.detail}")
    missed = [state for state in ended if state.raw_key is None or state.failures]
    raise typer.Exit(console.REJECTED if missed or result.refused else console.OK)
