"""``tamis clean``: a filter from raw pages to clean text, without a warehouse."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamis.flows.cli import console

if TYPE_CHECKING:
    from tamis.cleaners.records import CleanDocument


def clean(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Files and folders; - or nothing reads standard input.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write one JSON object a document.")] = False,
    as_jsonl: Annotated[
        bool, typer.Option("--jsonl", help="Read one JSON object a line and write one a line, in order.")
    ] = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show each removed block in its place, and what it was.")
    ] = False,
) -> None:
    """Clean pages without a warehouse: raw text or HTML in, clean text out.

    $ tamis clean page.html

    $ curl -s https://example.org/article | tamis clean --explain

    $ tamis clean --jsonl < pages.jsonl > clean.jsonl

    With --jsonl a line needs "id" and "text" or "html"; "url", "fetched_at", "media_type" are optional.
    """
    from tamis.cleaners.records import Rejection
    from tamis.flows import filter as cleaning
    from tamis.flows import settings
    from tamis.flows.answers import render

    if sum((as_json, as_jsonl, explain)) > 1:
        raise typer.BadParameter("--json, --jsonl and --explain exclude each other; choose one")
    chosen = paths or [cleaning.STDIN]
    cleaning.check(chosen)
    limits = settings.load()
    named = (cleaning.lines if as_jsonl else cleaning.documents)(chosen, limits.max_bytes)
    show = _explained if explain else _text
    code = console.OK
    for identity, outcome in cleaning.outcomes(named, limits):
        rejected = isinstance(outcome, Rejection)
        code = console.REJECTED if rejected else code
        if as_json or as_jsonl:
            console.emit(render.as_json(identity, outcome))
        elif isinstance(outcome, Rejection):
            console.log(f"rejected {identity}: {outcome.reason}: {outcome.detail}")
        else:
            show(outcome)
    raise typer.Exit(code)


def _text(document: CleanDocument) -> None:
    console.emit(document.text)


def _explained(document: CleanDocument) -> None:
    from tamis.flows.answers import render

    console.show(*render.explained(document))
