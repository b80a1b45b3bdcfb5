"""``tamis site``: what sites print on all of their pages, and a person's word on it."""

from __future__ import annotations

from typing import Annotated

import typer

from tamis.flows.cli import console

Ids = list[str] | None


def site(
    name: Annotated[str | None, typer.Argument(metavar="SITE", help="A site, such as example.org.")] = None,
    veto: Annotated[Ids, typer.Option(metavar="ID", help="This block is never template; keep it.")] = None,
    pin: Annotated[Ids, typer.Option(metavar="ID", help="This block is always template; remove it.")] = None,
    forget: Annotated[Ids, typer.Option(metavar="ID", help="Take back what was decided on this block.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also blocks that repeat and are no template.")] = False,
    warehouse: Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file.")] = None,
) -> None:
    """List what sites repeat on their pages, and say what is template and what is not.

    $ tamis site

    $ tamis site example.org

    $ tamis site example.org --veto 3f2a --pin 91bc --pin 07d1

    Blocks that are template of a site are removed from its new pages. A decision stays, whatever is learnt later.
    """
    from tamis.flows import settings
    from tamis.flows.answers import templates

    file = settings.load({"warehouse": warehouse}).warehouse
    decided = {"vetoed": veto or [], "pinned": pin or [], None: forget or []}
    if name is None:
        if any(decided.values()):
            raise typer.BadParameter("name the site too: tamis site SITE --veto ID")
        console.show(templates.sites(file))
        return
    number = templates.decide(file, name, decided)
    console.show(templates.blocks(file, name, everything=everything))
    if number:
        console.log(f"decided on {number}; new pages of {name} are cleaned so. For those that are there:")
        console.log(console.command(f"reclean --site {name}", warehouse).strip())
