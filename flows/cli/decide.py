"""``tamis keep``, ``tamis drop``, ``tamis undo``: a person knows better than the rules what a block is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from tamis.flows.cli import console
from tamis.flows.cli.why import DOC_HELP

if TYPE_CHECKING:
    from tamis.flows.rejudging.applying import Outcome

BLOCK_HELP = "Blocks: numbers as tamis why --all shows them (3, 5-9), or the beginning of a text."

Doc = Annotated[str, typer.Argument(help=DOC_HELP)]
Blocks = Annotated[list[str], typer.Argument(metavar="BLOCK...", help=BLOCK_HELP)]
Because = Annotated[str, typer.Option(help="Why, for whoever reads it later.")]
Alike = Annotated[
    bool, typer.Option("--all-like-it", help="All blocks of this document that have the same words, not that one only.")
]
Warehouse = Annotated[str | None, typer.Option("--warehouse", "-w", help="The DuckDB file.")]


def keep(doc: Doc, blocks: Blocks, alike: Alike = False, because: Because = "", warehouse: Warehouse = None) -> None:
    """Keep blocks that were removed: they are content of this document from now on.

    $ tamis keep bf2f3f4b 3 5-9

    $ tamis keep page.html "« Nous avons perdu" --because "a quote, no teaser"

    The document is judged again at once with the decision; every later reclean keeps it too. A block is known by its
    words, and by how many blocks of the same words stand before it: it may move in the page.
    """
    from tamis.cleaners.records import Label
    from tamis.flows import settings
    from tamis.flows.rejudging import deciding

    ask = deciding.DecisionRequest(doc, tuple(blocks), because, alike)
    tell("kept", deciding.decide(ask, Label.CONTENT, settings.load({"warehouse": warehouse})))


def drop(
    doc: Doc,
    blocks: Blocks,
    label: Annotated[str, typer.Option("--as", help="What they are: related, caption, advert...")] = "other",
    alike: Alike = False,
    because: Because = "",
    warehouse: Warehouse = None,
) -> None:
    """Drop blocks that were kept: they are no content of this document from now on.

    $ tamis drop bf2f3f4b 12 --as caption

    $ tamis drop page.html "Cet article vous a plu" --because "an appeal of the site"

    The document is judged again at once with the decision; every later reclean keeps it too.
    """
    from tamis.cleaners.errors import StopRun
    from tamis.cleaners.records import Label
    from tamis.flows import settings
    from tamis.flows.rejudging import deciding

    kinds = [each.value for each in Label if each.is_boilerplate]
    if label not in kinds:
        raise StopRun(f"--as {label}: no such kind of block; one of {', '.join(kinds)}")
    ask = deciding.DecisionRequest(doc, tuple(blocks), because, alike)
    tell("dropped", deciding.decide(ask, Label(label), settings.load({"warehouse": warehouse})))


def undo(
    doc: Doc,
    blocks: Annotated[list[str] | None, typer.Argument(metavar="[BLOCK...]", help=BLOCK_HELP)] = None,
    title: Annotated[bool, typer.Option("--title", help="The title that was corrected.")] = False,
    author: Annotated[bool, typer.Option("--author", help="The authors that were corrected.")] = False,
    date: Annotated[bool, typer.Option("--date", help="The date that was corrected.")] = False,
    accepted: Annotated[bool, typer.Option("--accept", help="That the document was accepted.")] = False,
    warehouse: Warehouse = None,
) -> None:
    """Withdraw what tamis keep, drop, accept and title decided: about some blocks or fields, or all of the document.

    $ tamis undo bf2f3f4b

    $ tamis undo bf2f3f4b 12

    $ tamis undo bf2f3f4b --title
    """
    from tamis.flows import settings
    from tamis.flows.rejudging import deciding

    asked = {"title": title, "authors": author, "published": date, "accepted": accepted}
    fields = [name for name, is_asked in asked.items() if is_asked]
    request = deciding.DecisionRequest(doc, tuple(blocks or ()))
    tell("left to the rules", deciding.undo(request, settings.load({"warehouse": warehouse}), fields))


def tell(what: str, outcome: Outcome) -> None:
    """Says what was decided on, what that changed, and which blocks are like those that were decided on."""
    from tamis.flows.answers import difference

    for text in outcome.told:
        console.say(f"{what}: {difference.shortened(text)}")
    if outcome.others:
        numbers = ", ".join(map(str, outcome.others))
        console.say(f"left as they are: other blocks of the same words ({numbers}); --all-like-it takes them too")
    if outcome.difference is None:
        console.say(f"{outcome.document} stays as it is")
        return
    for line in difference.example(outcome.difference):
        console.say(line)
