"""What learning a site's template from its other pages would take out of the development dumps, by rule.

    python tests/quality/site_memory.py

Each page is judged with what the other pages of its site teach (leave one out). "kept" is what the judge left.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tamis.cleaners.records import Label
from tamis.cleaners.verdicts import judge_dump
from tamis.warehouse.site_memory import LEARNING, SURE, Learning
from tests.quality import dumps

RULES = (
    Learning(least_words=1, short=2, long=2, content=2.0),
    Learning(short=2, long=2, content=2.0),
    Learning(short=2, long=3, content=2.0),
    Learning(short=3, long=3, content=2.0),
    Learning(short=3, long=4, content=2.0),
    Learning(short=2, long=3),
    LEARNING,
    replace(LEARNING, content_articles=5),
)


@dataclass(frozen=True)
class Seen:
    """A block of a page: what it is known by, its words, what it is, and what the judge said."""

    hash: int
    words: int
    gold: bool
    kept: bool
    sure: bool
    text: str


Page = list[Seen]


def read() -> dict[tuple[str, str], list[Page]]:
    """The labelled pages of each site and style that has at least three."""
    sites: dict[tuple[str, str], dict[str, Page]] = defaultdict(dict)
    for dump in dumps.read(dumps.folder() / "text-dumps/dev.jsonl.gz"):
        verdicts = judge_dump(dump.blocks).verdicts
        sites[dump.style, dump.site][dump.id] = [
            Seen(
                block.hash, len(block.text.split()), bool(label == dumps.CONTENT), verdict.label is Label.CONTENT,
                verdict.label is Label.CONTENT and verdict.confidence >= SURE, block.text,
            )
            for block, label, verdict in zip(dump.blocks, dump.labels, verdicts, strict=True)
            if label in (dumps.CONTENT, dumps.BOILERPLATE) and verdict.label is not Label.TITLE
        ]  # fmt: skip
    return {name: list(pages.values()) for name, pages in sites.items() if len(pages) >= 3}


def taken(pages: Sequence[Page], rule: Learning) -> Iterable[Seen]:
    """The kept blocks of each page that the others show to be template."""
    carried: Counter[int] = Counter()
    surely: Counter[int] = Counter()
    for page in pages:
        carried.update({seen.hash for seen in page})
        surely.update({seen.hash for seen in page if seen.sure})
    for page in pages:
        own = {seen.hash for seen in page if seen.sure}
        for seen in page:
            articles = carried[seen.hash] - 1
            enough = rule.short if seen.words <= rule.short_words else rule.long
            content = articles and (surely[seen.hash] - (seen.hash in own)) / articles >= rule.content
            if (
                seen.kept
                and seen.words >= rule.least_words
                and articles >= max(enough, rule.content_articles if content else 0)
            ):
                yield seen


def main() -> None:
    """Print what each rule takes of the boilerplate and of the content that the judge kept."""
    sites = read()
    everything = [seen for pages in sites.values() for page in pages for seen in page if seen.kept]
    there = {gold: sum(seen.words for seen in everything if seen.gold == gold) for gold in (False, True)}
    print(f"{len(sites)} sites, {sum(map(len, sites.values()))} pages")
    print(f"kept: {there[False]} words of boilerplate, {there[True]} of content")
    print(f"{'least':>6}{'short':>6}{'long':>6}{'content':>9}{'articles':>9}  boilerplate  content taken")
    for rule in RULES:
        found = [seen for pages in sites.values() for seen in taken(pages, rule)]
        part = {gold: sum(seen.words for seen in found if seen.gold == gold) / there[gold] for gold in (False, True)}
        print(
            f"{rule.least_words:>6}{rule.short:>6}{rule.long:>6}{rule.content:>9}{rule.content_articles:>9}"
            f"{part[False]:>12.1%}{part[True]:>14.3%}"
        )


if __name__ == "__main__":
    main()
