"""``tamis watch``: follow a topic: ask its sources, fetch what is worth it, keep what is on topic."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamis.flows.cli import console

if TYPE_CHECKING:
    from datetime import timedelta

    from tamis.flows.following.records import Asked
    from tamis.flows.following.subject import Subject


def watch(
    folder: Annotated[
        Path, typer.Argument(metavar="TOPIC", help="The topic's folder, with its seed texts and sources.")
    ],
    once: Annotated[bool, typer.Option("--once", help="One run, which is what happens without --every.")] = False,
    every: Annotated[
        str | None, typer.Option(help="Run again and again, so long after the last start: 30m, 6h.")
    ] = None,
    since: Annotated[str, typer.Option(help="Leave out what its source dates earlier: 6h, 2d, 4w.")] = "30d",
    now: Annotated[bool, typer.Option("--now", help="Ask all sources, those that are not due as well.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only ask the sources, and say what would be fetched, and why.")
    ] = False,
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file to load into.")] = None,
) -> None:
    """Follow a topic: ask its sources, fetch what is worth it by its title, keep what is on topic by its text.

    $ tamis watch seeds --dry-run

    $ tamis watch seeds

    $ tamis watch seeds --every 30m

    Sites must be able to reach you: set your mail address, or a page about you, as TAMIS_CONTACT. The topic is
    learnt from the seed texts where it was not yet. A run that is killed goes on where it was when it is started
    again. Only one run at a time follows a topic (exit code 75).
    """
    from tamis.cleaners.errors import StopRun
    from tamis.flows import settings
    from tamis.flows.following import subject
    from tamis.flows.following.durations import read_span
    from tamis.flows.following.records import Asked

    if every and (once or dry_run):
        raise StopRun("--every goes neither with --once nor with --dry-run")
    chosen = settings.load({"warehouse": warehouse})
    asked, pause = Asked(read_span(since), at_once=now), read_span(every) if every else None
    followed = subject.load(folder, chosen)
    if dry_run:
        _preview(followed, asked)
    elif pause is None:
        _follow(followed, asked)
    else:
        _again_and_again(folder, followed, asked, pause)


def _preview(followed: Subject, asked: Asked) -> None:
    from tamis.flows.following import run, summary
    from tamis.flows.following.session import open_session

    with open_session(followed.settings) as session:
        plan, troubles = run.preview(followed, asked, session)
    for line in summary.preview(plan, troubles):
        console.say(line)


def _follow(followed: Subject, asked: Asked) -> None:
    from tamis.flows.following import run, summary
    from tamis.flows.following.session import open_session

    with open_session(followed.settings) as session:
        result = run.follow(followed, asked, session)
    for line in summary.text(result):
        console.say(line)


def _again_and_again(folder: Path, followed: Subject, asked: Asked, pause: timedelta) -> None:
    """Until Ctrl-C; the folder is read again each time, and whoever holds the turn or the warehouse is waited for."""
    import time

    from tamis.cleaners.errors import RetryLater
    from tamis.flows.following import subject

    while True:
        begun = time.monotonic()
        try:
            _follow(followed, asked)
        except RetryLater as error:
            console.log(f"{error}; the next run is in {pause}")
        time.sleep(max(0.0, pause.total_seconds() - (time.monotonic() - begun)))
        followed = subject.load(folder, followed.settings)
