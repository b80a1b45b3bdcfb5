"""What every source kind is, and the step they share: fetch an address, read what came, name what went wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from typing import Protocol, TypeVar

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching.aside import aside
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Candidate, Fetched, Outcome, Refusal, Refused, Source

Found = Candidate | Refused
"""A kind gives candidates, and a Refused for each part of the source that it could not read."""


class Fetch(Protocol):
    """The caller's way to fetch: it knows the client and the validators of earlier visits.

    ``whole`` asks for a page even if it has not changed, as it leads to others that may have.
    """

    def __call__(self, url: str, *, whole: bool = False) -> Awaitable[Outcome]:
        """How ``url`` ended; NotModified where the caller sent validators, which it must not for ``whole``."""
        ...


Entry = TypeVar("Entry")
Made = TypeVar("Made")
MOST_CANDIDATES = 50_000
"""As many as the protocol of sitemaps allows in one file."""
REST = "the others were left out"

Kind = Callable[[Source, Ask, Fetch], AsyncIterator[Found]]
"""A source kind: a plain function, or a user's hook of the same form."""

Read = Callable[[RawDocument, Source], Iterable[Found]]
"""How the body of a source is read, in a child process: a function of one of our modules."""
Follow = Callable[[RawDocument, Source, Ask, Fetch], AsyncIterator[Found]]


def leading(follow: Follow) -> Kind:
    """The kind whose address leads to others: fetched whole, changed or not; ``follow`` goes on from there."""

    async def discover(source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:
        outcome = await fetch(source.url, whole=True)
        if isinstance(outcome, Refused):
            yield outcome
        elif isinstance(outcome, Fetched):
            async for found in follow(outcome.raw, source, ask, fetch):
                yield found

    return discover


async def read_address(url: str, source: Source, fetch: Fetch, read: Read) -> AsyncIterator[Found]:
    """The candidates that ``read`` finds at ``url``; nothing where it has not changed since the last visit."""
    outcome = await fetch(url)
    if isinstance(outcome, Refused):
        yield outcome
    elif isinstance(outcome, Fetched):
        for found in await read_aside(outcome.raw, source, read):
            yield found


async def read_aside(raw: RawDocument, source: Source, read: Read) -> list[Found]:
    """What ``read`` finds, worked out in a child process; a source that breaks midway gives what stood before."""
    try:
        return await aside(read_here, raw, source, read)
    except SkipAddress as error:
        return [Refused(raw.url or raw.source, error.reason, error.detail)]


def read_here(raw: RawDocument, source: Source, read: Read) -> list[Found]:
    """What ``read`` finds, up to ``MOST_CANDIDATES`` and with the break that ended it as a Refused."""
    found: list[Found] = []
    place = raw.url or raw.source
    try:
        for each in read(raw, source):
            if len(found) >= MOST_CANDIDATES:
                found.append(Refused(place, Refusal.TOO_LARGE, f"it names more than {MOST_CANDIDATES:,} pages; {REST}"))
                break
            found.append(each)
    except SkipAddress as error:
        found.append(Refused(place, error.reason, error.detail))
    except Exception as error:  # parsers raise whatever their parts do on bytes that nobody foresaw
        found.append(Refused(place, Refusal.UNREADABLE, f"it cannot be read ({type(error).__name__}: {error})"))
    return found


def entries(
    given: Iterable[Entry], make: Callable[[Entry], Made | None], place: str | None
) -> Iterator[Made | Refused]:
    """What ``make`` makes of each entry of a source (None for one without an address); a bad one stops only itself."""
    for number, entry in enumerate(given, 1):
        try:
            found = make(entry)
        except SkipAddress as error:
            yield Refused(place or "", error.reason, f"entry {number}: {error.detail}")
        except Exception as error:
            yield Refused(place or "", Refusal.UNREADABLE, f"entry {number}: {type(error).__name__}: {error}")
        else:
            if found is not None:
                yield found
