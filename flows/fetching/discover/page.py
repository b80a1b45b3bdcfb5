"""A page's own feeds and sitemaps: those its head links to, and those its site's robots.txt names."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace

from selectolax.lexbor import LexborHTMLParser

from tamis.cleaners.decode import decode
from tamis.cleaners.errors import SkipDocument
from tamis.cleaners.html.guard import check_markup
from tamis.cleaners.normalise import printable
from tamis.cleaners.records import RawDocument
from tamis.flows.fetching import addresses, rights, robots
from tamis.flows.fetching.aside import aside
from tamis.flows.fetching.discover import feeds, jsonfeed, sitemaps
from tamis.flows.fetching.discover.kind import Fetch, Found, Kind, leading
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Fetched, Refusal, Refused, Source

MOST_LINKS = 20
_TYPES = {
    "application/rss+xml": "feed",
    "application/atom+xml": "feed",
    "application/rdf+xml": "feed",
    "application/feed+json": "jsonfeed",
}
_KINDS: dict[str, Kind] = {"feed": feeds.discover, "jsonfeed": jsonfeed.discover, "sitemap": sitemaps.discover}


async def follow(raw: RawDocument, source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:
    """The candidates of all feeds and sitemaps that a fetched page and its site name."""
    try:
        named = await sources_of(raw, fetch)
    except SkipAddress as error:
        yield Refused(source.url, error.reason, error.detail)
        return
    if not named:
        yield Refused(source.url, Refusal.UNREADABLE, "neither the page nor robots.txt names a feed or a sitemap")
    for each in named:
        async for found in _KINDS[each.kind](replace(each, name=source.name, language=source.language), ask, fetch):
            yield found


discover = leading(follow)
"""The candidates of all feeds and sitemaps that the page at ``source.url`` and its site name."""


async def sources_of(raw: RawDocument, fetch: Fetch) -> list[Source]:
    """The feeds and sitemaps that a page and its site's robots.txt name, each once and 20 at most.

    Raises SkipAddress (``hostile_markup``, ``unreadable``).
    """
    named = await aside(linked, raw)
    outcome = await fetch(addresses.parse(raw.url or "").origin + robots.PATH, whole=True)
    if isinstance(outcome, Fetched):
        named += await aside(listed, outcome.raw)
    return _distinct(named)


def linked(raw: RawDocument) -> list[Source]:
    """The first feeds and sitemaps that the head of a page links to. Raises SkipAddress."""
    return _distinct(links(raw))


def listed(raw: RawDocument) -> list[Source]:
    """The first sitemaps that a robots.txt names."""
    return _distinct(Source("sitemap", url) for url in robots.sitemaps(raw.body) if addresses.is_address(url))


def _distinct(named: Iterable[Source]) -> list[Source]:
    return list({source.url: source for source in named}.values())[:MOST_LINKS]


def links(raw: RawDocument) -> Iterator[Source]:
    """The feeds and sitemaps that the head of a page links to. Raises SkipAddress."""
    try:
        html = decode(raw.body, raw.http.get("content-type", "")).text
        check_markup(html)
    except SkipDocument as error:
        hostile = error.reason.value == Refusal.HOSTILE_MARKUP.value
        reason = Refusal.HOSTILE_MARKUP if hostile else Refusal.UNREADABLE
        raise SkipAddress(reason, error.detail) from error
    for link in LexborHTMLParser(rights.without_options(html)).css("link[rel][href]"):
        given = {name: (value or "").strip() for name, value in link.attributes.items()}
        kind = _kind(given["rel"].lower().split(), given.get("type", "").lower())
        url = addresses.link(given["href"], raw.url) if kind and len(given["href"]) <= addresses.LONGEST else None
        if kind and url:
            yield Source(kind, url, printable(given.get("title", "")))


def _kind(relations: list[str], media_type: str) -> str | None:
    if "sitemap" in relations:
        return "sitemap"
    return _TYPES.get(media_type) if "alternate" in relations else None
