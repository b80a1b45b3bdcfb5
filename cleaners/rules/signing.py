"""By-lines and datelines: who wrote it and when belongs to the metadata, not to the text."""

from __future__ import annotations

from collections.abc import Iterator

from tamis.cleaners.bylines import Byline, is_name
from tamis.cleaners.page import Page
from tamis.cleaners.records import Label, Verdict

_CHRONICLE = 3


def find(page: Page) -> Iterator[Verdict]:
    """Verdicts ``byline.*`` and ``dateline.*``.

    A line that says ``Par …`` or ``Publié le …`` is one wherever it stands; a bare date only in the page's head
    or behind its last paragraph, and not where several divide the text, for then they head a chronicle's entries.
    """
    dividing = sum(_is_bare(byline) for byline in page.bylines[: page.tail]) >= _CHRONICLE
    for block in page.open:
        byline = page.bylines[block.index]
        if byline is None:
            continue
        head = page.prose[0] if dividing and page.prose else page.head
        outside = block.index < head or block.index >= page.tail
        if outside or (byline.explicit and not _is_one_word(byline)) or (byline.authors and not byline.explicit):
            yield _verdict(block.index, byline)
            yield from _names_beside(page, block.index)


def _is_one_word(byline: Byline) -> bool:
    """``By type`` is a subheading more often than a by-line, unless it stands where by-lines do or has a date."""
    dated = byline.published or byline.updated or byline.time
    return not dated and all(" " not in author for author in byline.authors)


def _is_bare(byline: Byline | None) -> bool:
    return byline is not None and not byline.explicit and not byline.authors


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
