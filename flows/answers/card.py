"""The data card of an export: what it holds, what was left out of it and why, and whose texts they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tamis.cleaners import __version__
from tamis.warehouse.columns import EXPORTED
from tamis.warehouse.exporting import Facts, Selection

MADE_BY = "tamis export"
LICENCE = (
    "The texts belong to their publishers and authors. This export grants no right to them: what may be done with them"
    " depends on the law where you are (in the EU, articles 3 and 4 of Directive 2019/790 on text and data mining) and"
    " on what each site says; see the reservations of rights below. Pass on no text that you have no licence for; lists"
    " of addresses and hashes (url, raw_key) let others rebuild the corpus from the sources.",
    "The data card, the metadata and the selection may be used under CC0 1.0 as far as we have rights in them.",
)
LIMITS = (
    "Removed blocks are kept in the warehouse with the rule that removed each: FROM removals, FROM why('DOC').",
    "Dates, languages and authors are read from the pages, each with its evidence; none is the time of the crawl.",
    "A spreadsheet may cut cells of more than 32,767 characters; cells of CSV that it would run as formulas have an"
    " apostrophe before them.",
)
_TALLIES = {
    "languages": ("Languages", "articles"),
    "years": ("Years", "articles"),
    "sites": ("Sites", "articles"),
    "sources": ("Sources that named them first", "articles"),
    "removed": ("Removed blocks, by kind", "blocks"),
    "rules": ("Removed blocks, by rule", "blocks"),
    "by_hand": ("Blocks decided on by hand", "blocks"),
    "corrected": ("Corrected by hand", "articles"),
    "duplicates": ("Duplicates left out, by relation", "documents"),
    "rejected": ("Rejected documents of the whole warehouse, by reason", "documents"),
    "reserved": ("Rights to text and data mining", "articles"),
    "rights": ("What the sites say of it", "articles"),
    "versions": ("What judged the articles", "articles"),
}


@dataclass(frozen=True, slots=True)
class Data:
    """One exported file, or all texts of a folder together: name, size in bytes and SHA-256."""

    name: str
    size: int
    sha256: str


def as_json(data: Sequence[Data], form: str, selection: Selection, facts: Facts) -> str:
    """The card for programs."""
    card: dict[str, Any] = {
        "made_by": MADE_BY,
        "version": __version__,
        "schema": facts.schema,
        "format": form,
        "data": [{"name": each.name, "bytes": each.size, "sha256": each.sha256} for each in data],
        "as_of": selection.as_of and selection.as_of.isoformat(),
        "state": facts.state.isoformat(),
        "filters": selection.filters,
        "articles": facts.articles,
        "words": facts.words,
        "published": {"first": _day(facts.first_day), "last": _day(facts.last_day)},
        "documents_in_warehouse": facts.documents,
        **facts.tallies,
        "columns": {column.name: column.comment for column in EXPORTED},
        "licence": list(LICENCE),
        "limits": list(LIMITS),
    }
    return json.dumps(card, ensure_ascii=False, indent=2) + "\n"


def as_markdown(data: Sequence[Data], form: str, selection: Selection, facts: Facts) -> str:
    """The card for people."""
    return "\n".join(_markdown(data, form, selection, facts)) + "\n"


def _markdown(data: Sequence[Data], form: str, selection: Selection, facts: Facts) -> Iterator[str]:
    yield f"# {facts.articles:,} articles, {facts.words:,} words"
    yield ""
    asked = ", ".join(f"{name} {value}" for name, value in selection.filters.items()) or "all articles"
    moment = f", as of {selection.as_of:%Y-%m-%d %H:%M:%S} UTC" if selection.as_of else ""
    yield f"Exported by tamis {__version__} (schema {facts.schema}) as {form}: {asked}{moment}."
    changed = f"{facts.state:%Y-%m-%d at %H:%M:%S} UTC"
    yield f"The warehouse last changed on {changed}; it holds {facts.documents:,} clean documents."
    if facts.first_day:
        yield f"Published from {facts.first_day} to {facts.last_day}."
    yield ""
    yield from _table(("file", "bytes", "SHA-256"), [(each.name, f"{each.size:,}", each.sha256) for each in data])
    yield "## Licence"
    yield ""
    yield from (f"{paragraph}\n" for paragraph in LICENCE)
    for name, (heading, unit) in _TALLIES.items():
        if facts.tallies[name]:
            yield f"## {heading}"
            yield ""
            yield from _table(("", unit), _counted(facts.tallies[name]))
    yield "## Columns"
    yield ""
    yield from _table(("column", "what it says"), [(column.name, column.comment) for column in EXPORTED])
    yield "## To know"
    yield ""
    yield from (f"- {limit}" for limit in LIMITS)


def _counted(tally: Mapping[str, int]) -> list[tuple[str, str]]:
    return [(name, f"{number:,}") for name, number in tally.items()]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    for row in (head, ["---"] * len(head), *rows):
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
    yield ""


def _day(day: object) -> str | None:
    return str(day) if day else None
