"""``tamis status``: what the warehouse holds, and which settings are in force."""

from __future__ import annotations

from typing import Annotated

import typer

from tamis.flows.cli import console


def status(
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file to ask.")] = None,
    show_settings: Annotated[
        bool, typer.Option("--settings", help="Show the settings in force and where each was set.")
    ] = False,
) -> None:
    """Tell what the warehouse holds: documents, duplicates, what was removed, the last run.

    $ tamis status

    $ tamis status --settings
    """
    from tamis.flows import settings
    from tamis.flows.answers import holdings

    flags = {"warehouse": warehouse}
    chosen = settings.load(flags)
    if show_settings:
        for name, origin in settings.origins(flags).items():
            console.say(f"{name:<18}{getattr(chosen, name)!s:<24}  {origin}")
        return
    from tamis.warehouse import queries
    from tamis.warehouse.connection import open_reader
    from tamis.warehouse.files import publishing

    with open_reader(chosen.warehouse) as con:
        found = queries.status(con, chosen.warehouse)
    for line in holdings.lines(found):
        console.say(line)
    if publishing.is_behind(chosen.warehouse):
        console.say("not published    something newer: a run is under way, or was killed (then: tamis publish)")
