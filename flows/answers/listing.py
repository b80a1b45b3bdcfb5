"""Lists of documents and of rejected ones: what is typed further keeps its width, the text is cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tamis.flows.answers.difference import shortened
from tamis.flows.answers.layout import Listing
from tamis.warehouse.listing import DocumentList, ReasonCount, RejectionList


def documents(found: DocumentList) -> Iterator[Listing | str]:
    """The documents, and how many there are beside those shown."""
    rows = [
        (each.document, str(each.published_on or ""), each.site or "", each.title or "(no title)")
        for each in found.rows
    ]
    yield Listing(("id", "date", "site", "title"), rows)
    undated = f"; {found.undated:,} without a date come last" if found.undated else ""
    yield ""
    yield f"{_counted(len(found.rows), found.total, 'documents')}{undated}"


def rejected(found: RejectionList) -> Iterator[Listing | str]:
    """The rejected documents with their reasons, and how many there are beside those shown."""
    rows = [
        (each.document, str(each.loaded_on), each.reason, f"{each.source}: {shortened(each.detail)}")
        for each in found.rows
    ]
    yield Listing(("id", "loaded", "reason", "where it came from, and what was found"), rows)
    yield ""
    yield _counted(len(found.rows), found.total, "rejected documents")


def reasons(found: Sequence[ReasonCount]) -> Iterator[Listing | str]:
    """How many documents were rejected for which reason."""
    rows = [(each.reason, f"{each.documents:,}", shortened(each.example)) for each in found]
    yield Listing(("reason", "documents", "for example"), rows, frozenset({"documents"}))
    yield ""
    yield f"{sum(each.documents for each in found):,} rejected documents"


def _counted(shown: int, total: int, what: str) -> str:
    return f"{total:,} {what}" if shown == total else f"{shown:,} of {total:,} {what}; --limit {total} shows all"
