"""A document of the warehouse as a person reads it: the article, and what was removed from it and why."""

from __future__ import annotations

from collections.abc import Iterator

from rich.text import Text

from tamis.flows.answers.layout import Listing
from tamis.warehouse.queries import Article, Explanation, Removal

SHOWN_CHARACTERS = 160


def heading(explanation: Explanation) -> Iterator[Text]:
    """What the document is: title, by-line, where it came from, and its standing among duplicates."""
    article = explanation.article
    if article is None:
        yield Text(f"{explanation.document} was rejected: {explanation.rejected}", style="bold")
        yield Text(explanation.detail)
    else:
        yield Text(article.title or "(no title found)", style="bold")
        yield Text(" · ".join(_facts(article)), style="dim")
        if not article.is_canonical:
            yield Text(f"a duplicate ({article.relation}) of {article.cluster}")
    yield from (Text(decision) for decision in explanation.by_hand)
    yield Text(f"{explanation.document} · {explanation.source}", style="dim")


def removals(explanation: Explanation) -> Iterator[Text | Listing]:
    """The removed blocks in page order, those that a person kept among them, each with its kind, rule and certainty."""
    count = sum(removal.label not in ("content", "title") for removal in explanation.removals)
    yield Text(f"{count} blocks were removed from it:" if count else "nothing was removed from it", style="bold")
    if explanation.removals:
        yield Listing(
            ("block", "what it is", "rule", "sure", "text"),
            [tuple(_row(removal)) for removal in explanation.removals],
            right=frozenset({"block", "sure"}),
        )


def _facts(article: Article) -> Iterator[str]:
    if article.published_on:
        yield f"{article.published_on} (from {article.published_source})"
    else:
        yield "no date found"
    if article.authors:
        yield ", ".join(article.authors)
    if article.site:
        yield article.site
    yield f"{article.language or 'language unknown'}, {article.words:,} words"
    yield from article.more


def _row(removal: Removal) -> Iterator[str]:
    text = " ".join(removal.text.split())
    shown = text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
    yield from (str(removal.block), removal.label, removal.rule, f"{removal.confidence:.2f}", shown)
