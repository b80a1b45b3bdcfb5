"""Lists of documents and of rejected ones as tables: what is typed further keeps its width, the text wraps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from tamis.flows.answers.difference import shortened
from tamis.warehouse.listing import DocumentList, ReasonCount, RejectionList

_SITE = 24  # characters


def documents(found: DocumentList) -> Iterator[Table | str]:
    """The documents, and how many there are beside those shown."""
    table = _table(("id", "date", "site"), "title")
    for each in found.rows:
        title = Text(each.title) if each.title else Text("(no title)", style="dim")
        table.add_row(each.document, str(each.published_on or ""), Text(each.site or ""), title)
    yield table
    undated = f"; {found.undated:,} without a date come last" if found.undated else ""
    yield f"{_counted(len(found.rows), found.total, 'document')}{undated}"


def rejected(found: RejectionList) -> Iterator[Table | str]:
    """The rejected documents with their reasons, and how many there are beside those shown."""
    table = _table(("id", "loaded", "reason"), "what was found")
    for each in found.rows:
        told = Text.assemble(shortened(each.detail), "\n", (each.source, "dim"))
        table.add_row(each.document, str(each.loaded_on), Text(each.reason), told)
    yield table
    yield _counted(len(found.rows), found.total, "rejected document")


def reasons(found: Sequence[ReasonCount]) -> Iterator[Table | str]:
    """How many documents were rejected for which reason."""
    table = _table(("reason", "documents"), "for example")
    table.columns[1].justify = "right"
    for each in found:
        table.add_row(Text(each.reason), f"{each.documents:,}", Text(shortened(each.example)))
    yield table
    total = sum(each.documents for each in found)
    yield _counted(total, total, "rejected document")


def _table(fixed: Iterable[str], text: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for name in fixed:
        is_site = name == "site"  # the only one that gives way
        table.add_column(name, no_wrap=not is_site, overflow="fold", max_width=_SITE if is_site else None)
    table.add_column(text, overflow="fold", ratio=1)
    return table


def _counted(shown: int, total: int, what: str) -> str:
    what = what if total == 1 else f"{what}s"
    return f"{total:,} {what}" if shown == total else f"{shown:,} of {total:,} {what}; --limit {total} shows all"
