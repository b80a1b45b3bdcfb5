"""Source kinds: each a plain function from a source to candidates; ``KINDS`` is the registry."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing
from datetime import timedelta

from tamis.cleaners.errors import StopRun
from tamis.flows.fetching import addresses, entering
from tamis.flows.fetching.discover import auto, feeds, gdelt, jsonfeed, page, search, sitemaps, urls, warc
from tamis.flows.fetching.discover.kind import Fetch, Found, Kind
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Candidate, Refusal, Refused, Source

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
MOST_PAGES = 100_000
"""Of one source, over all its parts: what it names is held in memory until it is ranked."""
MOST_REFUSALS = 100


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

    What it says is made printable and is no longer than ``entering`` allows. Raises StopRun where its kind is none,
    and whatever a user's own kind raises.
    """
    met: Counter[str] = Counter()
    async with aclosing(_entered(source, ask, kind_of(source, more)(source, ask, fetch), met)) as entered:
        async for found in entered:
            met["parts" if isinstance(found, Refused) else "pages"] += 1
            if met["pages"] > MOST_PAGES:
                detail = f"it names more than {MOST_PAGES:,} pages; the others were left out"
                yield Refused(addresses.shown(source.url), Refusal.TOO_LARGE, detail)
                break
            if not isinstance(found, Refused) or met["parts"] <= MOST_REFUSALS:
                yield found
    if met["parts"] > MOST_REFUSALS:
        detail = f"{met['parts'] - MOST_REFUSALS:,} parts more could not be read"
        yield Refused(addresses.shown(source.url), Refusal.UNREADABLE, detail)
    if met["cuts"]:
        detail = f"{met['cuts']:,} titles, names or tags were longer or more than may be; they were cut"
        yield Refused(addresses.shown(source.url), Refusal.TOO_LARGE, detail)


async def _entered(
    source: Source, ask: Ask, given: AsyncIterator[Found], met: Counter[str]
) -> AsyncGenerator[Found, None]:
    """What a kind gives as it may be kept; what is no Candidate is told, and how often something was cut counted."""
    async for found in given:
        try:
            if isinstance(found, Refused):
                yield entering.refused(found)
                continue
            kept, cuts = entering.candidate(found)
        except SkipAddress as error:
            yield Refused(addresses.shown(source.url), error.reason, error.detail)
        except (TypeError, ValueError, AttributeError) as error:
            detail = entering.cut(f"it gave no candidate but {found!r:.200} ({error})", entering.LONGEST_DETAIL)
            yield Refused(addresses.shown(source.url), Refusal.UNREADABLE, detail)
        else:
            met["cuts"] += cuts
            if not _is_old(kept, ask):
                yield kept


def _is_old(candidate: Candidate, ask: Ask) -> bool:
    dates = [moment for moment in (candidate.published, candidate.modified) if moment is not None]
    return ask.since is not None and bool(dates) and max(dates) < ask.since - SLACK
