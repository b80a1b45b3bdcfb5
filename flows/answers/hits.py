"""What a search found: asked of the warehouse, and laid out for the eye."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    import duckdb

COLUMNS = ("document", "score", "title", "published_on", "site", "language", "snippet", "url")
_MARK = re.compile(r"\*\*(.+?)\*\*")

# The place counts all that is found, so that the second query makes snippets for those that are shown.
_CHOSEN = """
SELECT document, place, count(*) OVER () AS total
FROM (SELECT *, row_number() OVER (ORDER BY score DESC, document) AS place FROM search($query, snippets := 0))
WHERE ($since IS NULL OR published_on >= $since) AND ($until IS NULL OR published_on <= $until)
AND ($site IS NULL OR site = $site OR ends_with(site, '.' || $site)) AND ($language IS NULL OR language = $language)
ORDER BY place
LIMIT $most
"""
_SHOWN = """
SELECT document, score, title, published_on, site, language, snippet, url
FROM search($query, snippets := $snippets)
WHERE document IN (SELECT unnest($documents :: VARCHAR[]))
ORDER BY score DESC, document
"""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which of the articles that a query finds are wanted; ``site`` takes its subdomains with it."""

    most: int
    since: date | None = None
    until: date | None = None
    site: str | None = None
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Hits:
    """The best of the articles that were found, as COLUMNS, and how many there are in all."""

    rows: Sequence[tuple[object, ...]]
    total: int


def find(con: duckdb.DuckDBPyConnection, query: str, wanted: Wanted) -> Hits:
    """The best ``wanted`` articles for ``query``, as the macro ``search`` takes it."""
    values = {name: getattr(wanted, name) for name in ("most", "since", "until", "site", "language")}
    chosen = con.execute(_CHOSEN, {"query": query, **values}).fetchall()
    if not chosen:
        return Hits((), 0)
    shown = {"documents": [document for document, *_ in chosen], "snippets": chosen[-1][1]}
    return Hits(con.execute(_SHOWN, {"query": query, **shown}).fetchall(), int(chosen[0][2]))


def table(hits: Hits, *, styled: bool) -> Table:
    """Each article with its day, site, name and snippet; where nothing can be ``styled``, ** marks the words."""
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for document, _, title, published_on, site, language, snippet, _ in hits.rows:
        origin = " · ".join(str(each) for each in (site, language, document) if each)
        grid.add_row(str(published_on or ""), Text(str(title or "(no title)"), style="bold"))
        grid.add_row("", _marked(str(snippet or ""), styled=styled))
        grid.add_row("", Text(origin, style="dim"), end_section=True)
        grid.add_row("", "")
    return grid


def _marked(snippet: str, *, styled: bool) -> Text:
    if not styled:
        return Text(snippet)
    parts = _MARK.split(snippet)  # every second one stood between marks
    return Text.assemble(*((part, "bold yellow") if place % 2 else part for place, part in enumerate(parts)))
