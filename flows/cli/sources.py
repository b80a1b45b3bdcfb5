"""``tamis sources``: where a topic's news comes from: add, list, check, import, export."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamis.flows.cli import console

if TYPE_CHECKING:
    from collections.abc import Callable

HELP = "Where a topic's news comes from: feeds, sitemaps, searches; add, list, check, import, export."
Topic = Annotated[Path, typer.Argument(metavar="TOPIC", help="The topic's folder.")]


def add(
    folder: Topic,
    urls: Annotated[list[str], typer.Argument(help="Addresses; a search has {query} in it.")],
    kind: Annotated[
        str | None, typer.Option(help="feed, jsonfeed, sitemap, search, page, urls, gdelt, warc, auto.")
    ] = None,
    name: Annotated[str, typer.Option(help="What to call it.")] = "",
    language: Annotated[str, typer.Option(help="Its language, such as fr.")] = "",
) -> None:
    """Add sources to the topic's sources.toml.

    $ tamis sources add seeds https://example.org/feed.xml --kind feed --name Example

    $ tamis sources add seeds 'https://example.org/search?q={query}&format=rss'

    Without a kind it is told by what comes, each time anew. A feed that is called one is only sent when it changed.
    """
    from tamis.flows.fetching.records import Source
    from tamis.flows.following import subject

    new = [Source(kind or ("search" if "{query}" in url else "auto"), url, name, language) for url in urls]
    added = subject.add(folder, new)
    console.log(f"added {len(added)} to {folder / subject.LISTS[0]}, {len(new) - len(added)} known before")


def list_(folder: Topic) -> None:
    """List the topic's sources: kind, address, name.

    $ tamis sources list seeds

    How they do stands in the warehouse: tamis sql "FROM sources_health".
    """
    from tamis.flows.following import subject

    for source in subject.sources(folder):
        console.say(f"{source.kind:<9} {source.url}  {source.name}".rstrip())


def check(folder: Topic) -> None:
    """Ask each source once and say what it has; the exit code is 1 where one fails. Nothing is written.

    $ tamis sources check seeds
    """
    from dataclasses import replace

    from tamis.flows import settings
    from tamis.flows.following import run, subject
    from tamis.flows.following.ranking import Memory
    from tamis.flows.following.records import Asked
    from tamis.flows.following.session import open_session
    from tamis.flows.following.summary import name

    followed = subject.load(folder, settings.load())
    asked = replace(Asked(), at_once=True)
    with open_session(followed.settings) as session:
        plan = run.discover(session, followed, asked, [], Memory())
    failed = 0
    for visit in plan.visits:
        failed += visit.state.error_streak
        state = "fails" if visit.state.error_streak else "ok"
        console.say(f"{state:<6}{visit.listed:>6} addresses, {visit.chosen} worth fetching  {name(visit)}")
        for problem in visit.problems:
            console.say(f"      {problem}")
    raise typer.Exit(console.REJECTED if failed else console.OK)


def import_(
    folder: Topic, file: Annotated[Path, typer.Argument(help="A list: .toml, .opml, .csv, or one address a line.")]
) -> None:
    """Add the sources of a list to the topic's sources.toml.

    $ tamis sources import seeds subscriptions.opml
    """
    from tamis.flows.fetching import lists
    from tamis.flows.following import subject

    given = lists.load(file)
    added = subject.add(folder, given)
    console.log(f"added {len(added)} of {len(given)} to {folder / subject.LISTS[0]}")


def export(
    folder: Topic, file: Annotated[Path, typer.Argument(help="The file to write: .opml, .csv or .toml.")]
) -> None:
    """Write the topic's sources as a list that feed readers (OPML), spreadsheets (CSV) or tamis (TOML) read.

    $ tamis sources export seeds sources-of-mine.opml
    """
    from tamis.cleaners.errors import StopRun
    from tamis.flows import topics
    from tamis.flows.fetching import lists
    from tamis.flows.following import subject

    write = lists.WRITERS.get(file.suffix.lower())
    if write is None:
        raise StopRun(f"{file}: no such form of list; give a name that ends in {', '.join(lists.WRITERS)}")
    found = subject.sources(folder)
    topics.write(file, write(found))
    console.log(f"wrote {len(found)} sources to {file}")


VERBS: dict[str, Callable[..., None]] = {"add": add, "list": list_, "check": check, "import": import_, "export": export}
