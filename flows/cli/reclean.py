"""``tamis reclean``: judge stored documents again with the rules of today, and see first what that changes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from tamis.flows.cli import console


def reclean(
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only documents loaded on this day (UTC) or later.")
    ] = None,
    site: Annotated[str | None, typer.Option(help="Only documents of this site: example.org.")] = None,
    rule: Annotated[
        str | None,
        typer.Option(help="Only documents that this rule judged a block of: related.list, or all that begin: related."),
    ] = None,
    topic: Annotated[str | None, typer.Option(help="Only documents that were judged for this topic.")] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write what changes; without it, only show it.")] = False,
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file.")] = None,
    workers: Annotated[int | None, typer.Option(help="How many batches are judged at the same time.")] = None,
) -> None:
    """Judge stored documents again with the rules of today, and show what that changes.

    $ tamis reclean

    $ tamis reclean --rule related --since 2026-11-01 --apply

    Nothing is fetched. With --apply all changes are written together, or none; what stood before is kept and can be
    exported: tamis export --as-of. What a person decided (tamis keep, tamis drop) stays. A document that today's
    rules leave as it is, is not touched.
    """
    from tamis.flows import settings
    from tamis.flows.answers import difference
    from tamis.flows.cli.ingest import progress
    from tamis.flows.rejudging import recleaning
    from tamis.warehouse.rejudging.current_verdicts import Scope

    flags = {"warehouse": warehouse, "workers": workers}
    scope = Scope(since and since.date(), site, rule, topic)
    with progress() as heard:
        result = recleaning.reclean(scope, settings.load(flags), heard, apply=apply)
    for line in difference.text(result):
        console.say(line)
