"""By-lines and datelines: who wrote it and when belongs to the metadata, not to the text."""

from __future__ import annotations

from collections.abc import Iterator

from cleaners.bylines import Byline, is_name
from cleaners.page import Page
from cleaners.records import Label, Verdict


def find(page: Page) -> Iterator[Verdict]:
    """Verdicts ``byline.*`` and ``dateline.*``.

    A line that says ``Par …`` or ``Publié le …`` is one wherever it stands; a bare date only in the page's head
    or behind its last paragraph, for in between it may be a subheading of a chronicle.
    """
    for block in page.blocks:
        byline = page.bylines[block.index]
        if byline is None:
            continue
        outside = block.index < page.head or block.index >= page.tail
        if byline.explicit or byline.authors or outside:
            yield _verdict(block.index, byline)
            yield from _names_beside(page, block.index)


def _verdict(index: int, byline: Byline) -> Verdict:
    label = Label.BYLINE if byline.authors else Label.DATELINE
    form = "explicit" if byline.explicit else "dated" if byline.authors else "bare"
    return Verdict(index, label, f"{label}.{form}", 1.0 if byline.explicit else 0.9, _detail(byline))


def _detail(byline: Byline) -> str:
    if byline.time is not None:
        return f"states a time ({byline.time[0]:02d}:{byline.time[1]:02d}) but no day"
    return ""


def _names_beside(page: Page, index: int) -> Iterator[Verdict]:
    """A name alone on the line above or below a dateline in the head is the author's."""
    if index >= page.head:
        return
    for beside in (index - 1, index + 1):
        if 0 < beside < len(page.blocks) and is_name(page.blocks[beside].text):
            yield Verdict(beside, Label.BYLINE, "byline.beside_date", 0.8, "a name beside the date")
