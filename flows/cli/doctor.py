"""``tamis doctor``: examine the settings and the warehouse, and mend what can be mended without risk."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamis.flows.cli import console

if TYPE_CHECKING:
    from tamis.warehouse.doctor import Finding


def doctor(
    topics: Annotated[list[Path] | None, typer.Argument(help="Topic folders to examine as well.")] = None,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended without risk.")] = False,
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file to examine.")] = None,
) -> None:
    """Examine the settings and the warehouse: files, locks, every column, every invariant.

    $ tamis doctor

    $ tamis doctor seeds --repair

    The exit code is 1 where there are problems (left, with --repair). Repairing deletes nothing that was
    committed: a damaged file is kept beside the one that takes its place.
    """
    from tamis.flows import examining, settings
    from tamis.warehouse.doctor import Level

    chosen = settings.load({"warehouse": warehouse})
    found = [_told(each) for each in examining.examine(chosen, topics or [])]
    if repair and any(each.level is not Level.FINE for each in found):
        mended = [_told(each) for each in examining.mend(chosen)]
        if mended:
            console.say("\nafter the repair:")
            found = [_told(each) for each in examining.examine(chosen, topics or [])]
    raise typer.Exit(console.REJECTED if any(each.level is Level.PROBLEM for each in found) else console.OK)


def _told(finding: Finding) -> Finding:
    console.say(f"{finding.level:<9}{finding.what}")
    if finding.remedy:
        console.say(f"{'':<9}-> {finding.remedy}")
    return finding
