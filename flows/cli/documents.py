"""``tamis list`` and ``tamis rejected``: what the warehouse holds, and what was kept aside and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tamis.flows.cli import console

if TYPE_CHECKING:
    from tamis.warehouse.listing import RejectionList

Limit = Annotated[int, typer.Option(min=1, help="How many at most.")]
Warehouse = Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file to ask.")]


def list(  # noqa: A001 - the name of the verb
    site: Annotated[str | None, typer.Option(help="Only documents of this site: example.org.")] = None,
    topic: Annotated[str | None, typer.Option(help="Only documents that were found to be on this topic.")] = None,
    refused: Annotated[bool, typer.Option("--rejected", help="The rejected documents instead.")] = False,
    limit: Limit = 20,
    warehouse: Warehouse = None,
) -> None:
    """List the documents, the last published first.

    $ tamis list

    $ tamis list --site example.org --limit 100

    Duplicates are listed too. The ids, or any beginning of a title, are what tamis show, why, keep and drop take.
    """
    from tamis.flows import settings
    from tamis.flows.answers import listing as answer
    from tamis.warehouse import listing
    from tamis.warehouse.connection import open_reader

    wish = listing.Wish(limit, site, topic)
    with open_reader(settings.load({"warehouse": warehouse}).warehouse) as con:
        if refused:
            _show_rejected(listing.rejected(con, wish), warehouse)
            return
        found = listing.documents(con, wish)
    if not found.rows:
        console.show("no documents", "", "next:", console.command("ingest FOLDER", warehouse))
        return
    console.show(*answer.documents(found))
    console.show("", "next:", console.command(f"show {found.rows[0].document}", warehouse))


def rejected(
    reason: Annotated[
        str | None, typer.Argument(help="Only documents rejected for this reason; without it, how many for which.")
    ] = None,
    limit: Limit = 20,
    warehouse: Warehouse = None,
) -> None:
    """List the documents that were rejected, with the reason and what was found.

    $ tamis rejected

    $ tamis rejected paywall_teaser

    A page that is an article after all comes back with tamis accept.
    """
    from tamis.cleaners.records import Reason
    from tamis.flows import settings
    from tamis.flows.answers import listing as answer
    from tamis.warehouse import listing
    from tamis.warehouse.connection import open_reader

    with open_reader(settings.load({"warehouse": warehouse}).warehouse) as con:
        if reason is not None:
            _show_rejected(listing.rejected(con, listing.Wish(limit), reason), warehouse)
            return
        counted = listing.reasons(con)
    if not counted:
        console.show("no document was rejected")
        return
    console.show(*answer.reasons(counted))
    doubtful = next((each for each in counted if Reason(each.reason).is_a_judgement), counted[0])
    console.show("", "next:", console.command(f"rejected {doubtful.reason}", warehouse))


def _show_rejected(found: RejectionList, warehouse: str | None) -> None:
    from tamis.cleaners.records import Reason
    from tamis.flows.answers import listing as answer

    if not found.rows:
        console.show("no document was rejected")
        return
    console.show(*answer.rejected(found))
    first = found.rows[0]
    verbs = ("why", "accept") if Reason(first.reason).is_a_judgement else ("why",)
    console.show("", "next:", *(console.command(f"{verb} {first.document}", warehouse) for verb in verbs))
