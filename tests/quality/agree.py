"""Labels pages of the benchmark's HTML without a hand: where the HTML judge and trafilatura agree on a line.

    python -m tests.quality.agree

Writes `agreed.toml`, in the format of `labels.toml`: a line that both keep is content, one that neither keeps is
boilerplate, the others are unclear. Pages on which the two differ much are left out, and of the pages in German,
which are most, two in three. The required and forbidden segments of the set's own gold overrule both.
"""

from __future__ import annotations

import itertools
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import trafilatura

from cleaners.clean import clean
from cleaners.records import CleanDocument, Label, RawDocument
from tests.quality import dumps, pages

AGREED = Path(__file__).with_name("agreed.toml")
_ALIKE = 0.8
_MIN_WORDS = 80
_SHORT = 3
_MANY, _ONE_IN = "de", 3


def main() -> None:
    bench = dumps.folder()
    by_hand = set(tomllib.loads(Path(__file__).with_name("labels.toml").read_text()))
    measured = {dump.site for dump in dumps.read(bench / "text-dumps/dev.jsonl.gz")}
    entries, left_out = [], itertools.count()
    for page in map(json.loads, (bench / "trafilatura-eval/gold.jsonl").open()):
        if page["id"] in by_hand or dumps.site(page["url"]) in measured:
            continue
        entry = _entry(page, pages.html(bench, page["file"]))
        if entry and (entry["lang"] != _MANY or next(left_out) % _ONE_IN == 0):
            entries.append(f"[{page['id']}]\n" + "".join(f'{key} = "{value}"\n' for key, value in entry.items()))
    header = "# Written by agree.py; lines as in labels.toml.\n"
    AGREED.write_text(header + "".join(entries))
    print(f"{AGREED}: {len(entries)} pages")


def _entry(page: dict[str, Any], html: str) -> dict[str, str] | None:
    """The page's labels as line ranges, or None where the two readers differ too much."""
    document = clean(RawDocument(html.encode(), page["id"], "text/html")) if len(html) <= pages.HUGE else None
    if not isinstance(document, CleanDocument):
        return None
    judged = zip(document.blocks, document.verdicts, strict=True)
    return entry(
        page,
        pages.visible(html),
        [block.text for block, verdict in judged if verdict.label is Label.CONTENT],
        (trafilatura.extract(html, include_comments=False) or "").split("\n"),
        document.title or "",
        document.language or "",
    )


def entry(
    page: dict[str, Any], lines: Sequence[str], ours: Sequence[str], theirs: Sequence[str], title: str, lang: str
) -> dict[str, str] | None:
    """Labels of the lines by what the two readers kept."""
    bags = [Counter(dumps.WORD.findall(" ".join(kept).lower())) for kept in (ours, theirs)]
    total = sum(bag.total() for bag in bags)
    if bags[0].total() < _MIN_WORDS or 2 * (bags[0] & bags[1]).total() < _ALIKE * total:
        return None
    readers = [_Reader(kept) for kept in (ours, theirs)]
    labels = [_label(line, page, readers, title) for line in lines]
    found = {"lang": lang}
    for key, value in (("title", dumps.TITLE), ("content", dumps.CONTENT), ("unclear", dumps.UNCLEAR)):
        ranges = _ranges(number for number, label in enumerate(labels) if label == value)
        found |= {key: ranges} if ranges else {}
    return found


class _Reader:
    """What one reader kept of a page."""

    def __init__(self, kept: Sequence[str]) -> None:
        folded = [pages.folded(line) for text in kept for line in text.split("\n")]
        self.lines = set(folded)
        self.text = f" {' '.join(folded)} "

    def has(self, folded: str) -> bool:
        return folded in self.lines or (len(folded.split()) > _SHORT and f" {folded} " in self.text)


def _label(line: str, page: dict[str, Any], readers: Sequence[_Reader], title: str) -> int:
    folded = pages.folded(line)
    said = pages.by_segment(line, page)
    if said != dumps.UNCLEAR:
        return said
    if not folded:
        return dumps.UNCLEAR
    if folded == pages.folded(title):
        return dumps.TITLE
    kept = [reader.has(folded) for reader in readers]
    return dumps.CONTENT if all(kept) else dumps.UNCLEAR if any(kept) else dumps.BOILERPLATE


def _ranges(numbers: Iterable[int]) -> str:
    runs = [
        [number for _, number in run]
        for _, run in itertools.groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])
    ]
    return ",".join(f"{run[0]}-{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)


if __name__ == "__main__":
    main()
