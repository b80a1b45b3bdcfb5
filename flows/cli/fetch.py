"""``tamis fetch``: fetch and load single addresses, typed or from a list."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tamis.flows.cli import console

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tamis.flows.fetching.wanted import WantedPages

STDIN = "-"


def fetch(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="ADDRESS|FILE...", help="Addresses of pages; lists of them (lines, CSV, OPML); - is standard input."
        ),
    ],
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file to load into.")] = None,
) -> None:
    """Fetch pages as a polite guest, clean them and load them, each known by its address.

    $ tamis fetch https://example.org/article.html

    $ tamis fetch urls.csv more.txt https://example.org/another.html

    $ grep -o 'https://[^ ]*' notes.txt | tamis fetch -

    robots.txt, crawl delays and reservations of rights are obeyed. A page that was fetched before is only sent
    again where it has changed, and is then one more version of it. The exit code is 1 where a page did not come
    or could not be cleaned.
    """
    from tamis.flows import settings
    from tamis.flows.following import run
    from tamis.flows.following.session import open_session
    from tamis.flows.following.subject import Subject

    urls = _addresses(what)
    chosen = settings.load({"warehouse": warehouse})
    with open_session(chosen) as session:
        if len(urls) > 1:
            console.log(f"fetching {len(urls):,} addresses, each host at its pace")
        result, ended = run.fetch_addresses(Subject(chosen), urls, session)
    for state in ended:
        detail = f": {state.detail}" if state.detail else ""
        console.say(f"{state.status:<20}{state.url}{detail}")
    for refused in result.refused:
        console.say(f"{refused.reason:<20}{refused.source}: {refused.detail}")
    missed = [state for state in ended if state.raw_key is None or state.failures]
    came = len(ended) - len(missed)
    console.log(f"{came:,} of {len(ended):,} came, {result.documents:,} new documents; in {result.warehouse}")
    raise typer.Exit(console.REJECTED if missed or result.refused else console.OK)


def _addresses(given: list[str]) -> list[str]:
    """The addresses that are meant, each once. Raises StopRun naming everything that is neither address nor list."""
    from tamis.cleaners.errors import StopRun
    from tamis.flows.fetching import addresses

    found: list[str] = []
    wrong: list[str] = []
    for each in given:
        if each != STDIN and addresses.is_address(each):
            found.append(each)
        elif each != STDIN and not Path(each).is_file():
            wrong.append(_neither(each))
        else:
            found += _listed(each)
    if wrong:
        raise StopRun("nothing was fetched:\n" + "\n".join(f"  - {line}" for line in wrong))
    return list(dict.fromkeys(found))


def _listed(name: str) -> Iterator[str]:
    """The pages of a list. Raises StopRun where it names only sources of pages."""
    from tamis.cleaners.errors import StopRun

    wanted = _read(name)
    if wanted.sources:
        said = f"{name}: {len(wanted.sources):,} of its addresses are feeds or searches, which a topic follows"
        remedy = console.command(f"sources import TOPIC {console.quoted(name)}", None).strip()
        if not wanted.pages:
            raise StopRun(f"{said}: {remedy}")
        console.log(f"{said} and which are left out here; to follow them: {remedy}")
    yield from wanted.pages


def _read(name: str) -> WantedPages:
    from tamis.flows.fetching import lists, wanted

    if name != STDIN:
        return wanted.load(Path(name))
    if sys.stdin.isatty():
        console.log("type addresses, one a line, and end with Ctrl-D")
    return wanted.read(sys.stdin.buffer.read(lists.MOST_BYTES), "standard input")


def _neither(given: str) -> str:
    """What to say of an argument that is neither an address nor a file."""
    from tamis.flows.fetching import addresses

    guess = f"https://{given}"
    host = given.partition("/")[0]
    if "://" not in given and "." in host.strip(".") and "/" in given and addresses.is_address(guess):
        return f"{given} is neither an address nor a file; did you mean {guess}?"
    return f"{given} is neither an http(s) address nor a file; correct it"
