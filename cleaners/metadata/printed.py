"""Authors and publication date as the page itself prints them, from the by-lines that its verdicts name."""

from __future__ import annotations

from collections.abc import Sequence

from tamis.cleaners.bylines import Byline
from tamis.cleaners.dates import PrintedDate
from tamis.cleaners.html.agencies import find_agency, find_credit
from tamis.cleaners.page import Page
from tamis.cleaners.records import DateEvidence, Label, Verdict

_SAID, _BARE = 0.9, 0.7


def printed_title(page: Page, title: int | None) -> str | None:
    """The text of the title's block, without Markdown signs."""
    return page.blocks[title].text.lstrip("# ") if title is not None else None


def printed_authors(page: Page, verdicts: Sequence[Verdict]) -> tuple[str, ...]:
    """Names of the by-lines in order, each once. A by-line in a list of other articles is not this one's."""
    names: list[str] = []
    for verdict in verdicts:
        if verdict.label is Label.BYLINE and verdict.block < max(page.tail, 1) + _AFTER_TEXT:
            byline = page.bylines[verdict.block]
            names += byline.authors if byline else [page.blocks[verdict.block].text]
    return tuple(dict.fromkeys(names))


def printed_agency(page: Page, verdicts: Sequence[Verdict], body: str) -> str | None:
    """The wire service that a by-line, a credit or a dateline of the article names, or its text at either end."""
    signed = (
        page.blocks[v.block].text
        for v in verdicts
        if v.label in (Label.BYLINE, Label.DATELINE, Label.CREDIT) and v.block < max(page.tail, 1) + _AFTER_TEXT
    )
    return find_agency(signed) or find_credit(body)


def printed_date(page: Page, verdicts: Sequence[Verdict], title: int | None) -> DateEvidence | None:
    """The publication date of the by-line nearest to the title, one that says ``published`` before a bare one.

    None where no by-line states a day: dates of events in the text are never taken, nor an update's.
    """
    stated: list[tuple[bool, int, PrintedDate]] = []
    for verdict in verdicts:
        byline = page.bylines[verdict.block] if verdict.label in (Label.BYLINE, Label.DATELINE) else None
        if byline is not None and byline.published is not None and _is_own(page, verdict.block, byline):
            stated.append((not byline.explicit, abs(verdict.block - (title or 0)), byline.published))
    if not stated:
        return None
    bare, _, date = min(stated, key=lambda s: s[:2])
    return DateEvidence(date.at, date.precision, date.zone, "byline", _BARE if bare else _SAID)


_AFTER_TEXT = 3


def _is_own(page: Page, index: int, byline: Byline) -> bool:
    """In the head any dateline is the article's; behind its text only one that says so."""
    return index < page.head or (byline.explicit and index < page.tail + _AFTER_TEXT)
