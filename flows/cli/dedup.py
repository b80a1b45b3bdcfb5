"""``tamis dedup``: a filter that tells which texts are one article, without a warehouse."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tamis.flows.cli import console


def dedup(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="JSON Lines, gzipped or not; - or nothing reads standard input.")
    ] = None,
    as_jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read one JSON object a line and write one a line, in order.")
    ] = False,
) -> None:
    """Tell which texts are one article, without a warehouse: JSON Lines in, the cluster of each out.

    $ tamis dedup --jsonl < texts.jsonl > clusters.jsonl

    $ tamis dedup --jsonl a.jsonl.gz b.jsonl

    A line needs "id" and "text"; "url", "published" (a day) and "site" are optional, and help. It is answered by
    "id", "cluster" (the id of the article that stands for all), "canonical" (whether it is that one), "relation"
    (exact, version, syndicated, near; contained for a part of a digest), "of" (the id it relates to) and "score"
    (the share of the shorter text that stands in the longer).
    """
    from tamis.flows import deduplicating, settings
    from tamis.flows import filter as cleaning

    if not as_jsonl:
        raise typer.BadParameter("texts come as JSON Lines; say so with --jsonl")
    chosen = paths or [cleaning.STDIN]
    cleaning.check(chosen)
    code = console.OK
    for answer in deduplicating.answers(chosen, settings.load().max_bytes, console.log):
        code = console.REJECTED if answer.rejected else code
        console.emit(answer.line)
    raise typer.Exit(code)
