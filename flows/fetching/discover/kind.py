"""What every source kind is, and the step they share: fetch an address, read what came, name what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Protocol

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Candidate, Fetched, Outcome, Refused, Source

Found = Candidate | Refused
"""A kind gives candidates, and a Refused for each part of the source that it could not read."""


class Fetch(Protocol):
    """The caller's way to fetch: it knows the client and the validators of earlier visits.

    ``whole`` asks for a page even if it has not changed, as it leads to others that may have.
    """

    def __call__(self, url: str, *, whole: bool = False) -> Awaitable[Outcome]:
        """How ``url`` ended; NotModified where the caller sent validators, which it must not for ``whole``."""
        ...


Kind = Callable[[Source, Ask, Fetch], AsyncIterator[Found]]
"""A source kind: a plain function, or a user's hook of the same form."""

Read = Callable[[RawDocument, Source], Iterable[Candidate]]
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
    """What ``read`` finds, worked out beside the event loop; a source that breaks midway gives what stood before."""
    return await asyncio.to_thread(_read, raw, source, read)


def _read(raw: RawDocument, source: Source, read: Read) -> list[Found]:
    found: list[Found] = []
    try:
        found.extend(read(raw, source))
    except SkipAddress as error:
        found.append(Refused(raw.url or raw.source, error.reason, error.detail))
    return found
