"""``tamis ingest``: read, clean and load documents, and say what came of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from tamis.flows.cli import console

_ADDRESS = re.compile(r"^(https?):/+", re.IGNORECASE)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders to read.")],
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file to load into.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="How many documents are cleaned together.")] = None,
    workers: Annotated[int | None, typer.Option(help="How many batches are cleaned at the same time.")] = None,
) -> None:
    """Read, clean and load text dumps, HTML and JSON Lines, gzipped or not.

    $ tamis ingest pages/

    $ tamis ingest dump.jsonl.gz article.html --warehouse corpus.duckdb

    Addresses, and lists of them, are for tamis fetch.

    A document that is there already is not read in again: running twice adds nothing. One that cannot be
    cleaned is kept aside with its reason, and the exit code is 1.
    """
    from tamis.flows import run, settings
    from tamis.flows.answers import summary

    _refuse_addresses(paths, warehouse)
    flags = {"warehouse": warehouse, "batch_size": batch_size, "workers": workers}
    chosen = settings.load(flags)
    with progress() as heard:
        result = run.ingest(paths, chosen, heard)
    for line in summary.text(result):
        console.say(line)
    if result.counts:
        console.show("", "next:", console.command("show", warehouse), console.command("status", warehouse))
    raise typer.Exit(console.REJECTED if summary.rejected(result) else console.OK)


def _refuse_addresses(paths: list[Path], warehouse: str | None) -> None:
    """Raises StopRun where a path is an address, or a list of addresses, with the command that takes it."""
    from tamis.cleaners.errors import StopRun
    from tamis.flows.fetching import wanted

    said = []
    for path in paths:
        if (address := _ADDRESS.sub(r"\1://", str(path))) != str(path):  # a path has no two slashes in a row
            said.append(f"{address} is an address, and ingest reads files: {_instead('fetch', address, warehouse)}")
        elif found := wanted.load_list(path):
            if found.pages:
                what = f"a list of {len(found.pages):,} addresses"
                said.append(f"{path} is {what}; to fetch the pages: {_instead('fetch', str(path), warehouse)}")
            else:
                what = f"a list of {len(found.sources):,} feeds or searches"
                said.append(f"{path} is {what}; to follow them: {_instead('sources import TOPIC', str(path), None)}")
    if said:
        raise StopRun("nothing was read:\n" + "\n".join(f"  - {line}" for line in said))


def _instead(verb: str, what: str, warehouse: str | None) -> str:
    return console.command(f"{verb} {console.quoted(what)}", warehouse).strip()


@contextmanager
def progress() -> Iterator[Callable[[int], None]]:
    """Inside, a count of the cleaned documents, on standard error while a person watches."""
    if not console.watched():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.completed} documents read"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda cleaned: bar.advance(task, cleaned)
