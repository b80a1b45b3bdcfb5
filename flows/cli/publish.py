"""``tamis publish``: have readers see what was committed last."""

from __future__ import annotations

from typing import Annotated

import typer

from tamis.flows.cli import console


def publish(
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file to publish.")] = None,
) -> None:
    """Have readers see what was committed last; every run does this at its end.

    $ tamis publish

    For a warehouse that a killed run or an older tamis left behind: it is brought to the schema of this tamis.
    Whoever reads is not disturbed.
    """
    from tamis.flows import settings, steps
    from tamis.warehouse.files import publishing

    file = settings.load({"warehouse": warehouse}).warehouse
    console.say(f"{file}: {'published' if publishing.upgrade(file, steps.catch_up_search) else 'is published already'}")
