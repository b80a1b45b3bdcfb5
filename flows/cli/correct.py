"""``tamis accept`` and ``tamis title``: a person knows better than the rules what a document is and says of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from tamis.flows.cli import console
from tamis.flows.cli.decide import Because, Doc, Warehouse, tell


def accept(doc: Doc, because: Because = "", warehouse: Warehouse = None) -> None:
    """Accept a page that was rejected: it is a document for good, whatever the rules say of it.

    $ tamis accept bf2f3f4b

    $ tamis accept page.html --because "short, but the whole of the report"

    It is cleaned like any other page; if the rules leave none of its text, all of it is kept, and tamis drop takes out
    what is none. Later recleans keep it. tamis undo takes that back. What cannot be read at all cannot be accepted.
    """
    from tamis.flows import settings
    from tamis.flows.rejudging import correcting

    outcome = correcting.accept(doc, because, settings.load({"warehouse": warehouse}))
    tell("decided", outcome)
    console.show("", "next:", console.command(f"show {outcome.document}", warehouse))


def title(
    doc: Doc,
    words: Annotated[str | None, typer.Argument(metavar="[TITLE]", help="The right title.")] = None,
    author: Annotated[
        list[str] | None, typer.Option(help="The right author; once for each. An empty one: it has none.")
    ] = None,
    date: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The day on which it was published.")
    ] = None,
    because: Because = "",
    warehouse: Warehouse = None,
) -> None:
    """Correct the title, the authors or the date of a document.

    $ tamis title bf2f3f4b "Le port rouvre après la tempête"

    $ tamis title page.html --author "A. Autrice" --author "B. Auteur" --date 2026-03-14 --because "printed edition"

    Later recleans keep it. The column by_hand of articles and exports names the fields that were corrected, and
    published_source of a corrected date is person. tamis undo takes it back.
    """
    from tamis.flows import settings
    from tamis.flows.rejudging import correcting

    correction = correcting.Correction(words, tuple(author) if author else None, date and date.date())
    tell("corrected", correcting.correct(doc, correction, because, settings.load({"warehouse": warehouse})))
