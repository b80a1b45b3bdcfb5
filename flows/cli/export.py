"""``tamis export``: the articles as files, with a data card."""

from __future__ import annotations

from datetime import datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tamis.flows.cli import console


class Form(StrEnum):
    """How articles are written."""

    PARQUET = "parquet"
    JSONL = "jsonl"
    CSV = "csv"
    TEXT = "text"


def export(
    target: Annotated[Path, typer.Argument(help="A file (.parquet, .jsonl, .csv), or a folder.")],
    form: Annotated[Form | None, typer.Option("--format", "-f", help="How articles are written.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only articles on this topic.")] = None,
    since: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only articles published on this day or later.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Only articles published on this day or earlier.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Only articles in this language: fr, en, ar.")] = None,
    site: Annotated[str | None, typer.Option(help="Only articles of this site: example.org.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"],
            help="The corpus as it stood at the end of this day, or at this moment (UTC).",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what is there even if it is no export.")] = False,
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file to export.")] = None,
) -> None:
    """Write the articles to a file or a folder, with a data card beside them.

    $ tamis export corpus.parquet

    $ tamis export corpus/ --format text --language fr --since 2026-01-01

    $ tamis export cited.jsonl --as-of 2026-11-01

    The card (Markdown and JSON) says what was selected, what was left out and why, by which versions, and what the
    sites say of their rights. The same state gives the same bytes.
    """
    from tamis.flows import exporting, settings
    from tamis.warehouse.exporting import Selection

    moment = as_of
    if as_of is not None and as_of.time() == time.min:
        moment = datetime.combine(as_of.date(), time.max)
    where = exporting.target(target, form.value if form else None)
    selection = Selection(topic, since and since.date(), until and until.date(), language, site, moment)
    facts = exporting.export(where, selection, settings.load({"warehouse": warehouse}), force=force)
    console.say(f"{facts.articles:,} articles, {facts.words:,} words in {target}; about them: {where.card}")
