"""Source kinds: each a plain function from a source to candidates; ``KINDS`` is the registry."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import timedelta

from tamis.cleaners.errors import StopRun
from tamis.flows.fetching.discover import auto, feeds, gdelt, jsonfeed, page, search, sitemaps, urls, warc
from tamis.flows.fetching.discover.kind import Fetch, Found, Kind
from tamis.flows.fetching.records import Ask, Candidate, Source

KINDS: Mapping[str, Kind] = {
    "auto": auto.discover,
    "feed": feeds.discover,
    "gdelt": gdelt.discover,
    "jsonfeed": jsonfeed.discover,
    "page": page.discover,
    "search": search.discover,
    "sitemap": sitemaps.discover,
    "urls": urls.discover,
    "warc": warc.discover,
}
# A source may write a day for a time, and leave out its zone.
SLACK = timedelta(days=1)


def kind_of(source: Source, more: Mapping[str, Kind] | None = None) -> Kind:
    """The function of a source's kind; ``more`` are the user's own. Raises StopRun naming the valid ones."""
    kinds = {**KINDS, **(more or {})}
    if source.kind not in kinds:
        raise StopRun(f"{source.url}: no such kind of source: {source.kind!r}; valid are {', '.join(sorted(kinds))}")
    return kinds[source.kind]


async def discover(
    source: Source, ask: Ask, fetch: Fetch, more: Mapping[str, Kind] | None = None
) -> AsyncIterator[Found]:
    """What a source has: candidates not older than ``ask.since``, and a Refused for each part that cannot be read.

    Raises StopRun where its kind is none, and whatever a user's own kind raises.
    """
    async for found in kind_of(source, more)(source, ask, fetch):
        if not (isinstance(found, Candidate) and _is_old(found, ask)):
            yield found


def _is_old(candidate: Candidate, ask: Ask) -> bool:
    dates = [moment for moment in (candidate.published, candidate.modified) if moment is not None]
    return ask.since is not None and bool(dates) and max(dates) < ask.since - SLACK
