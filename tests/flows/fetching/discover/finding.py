"""How the tests of source kinds ask: a local site, the real client, one source."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching.client import Client, open_client
from tamis.flows.fetching.discover import discover
from tamis.flows.fetching.discover.kind import Found
from tamis.flows.fetching.records import Ask, Candidate, Fetched, Outcome, Refused, Source, Validators
from tests.faults.checking import settings_for
from tests.faults.server import Answer, Request, serving


@dataclass(slots=True)
class Visits:
    """A way to fetch that remembers validators, as a flow does."""

    client: Client
    known: dict[str, Validators] = field(default_factory=dict)

    async def __call__(self, url: str, *, whole: bool = False) -> Outcome:
        outcome = await self.client.fetch(url, None if whole else self.known.get(url))
        if isinstance(outcome, Fetched):
            self.known[url] = outcome.validators
        return outcome


def find(
    kind: str, pages: Mapping[str, Answer], url: str | Path = "/source", ask: Ask | None = None, **options: str
) -> tuple[list[Found], list[Request]]:
    """What a source has, and what the local site was asked; ``url`` is a path on it, a file, or an address."""

    async def asked() -> tuple[list[Found], list[Request]]:
        async with serving(pages) as site, open_client(settings_for(site)) as client:
            here = isinstance(url, str) and url.startswith("/")
            source = Source(kind, site.url(str(url)) if here else str(url), "Test", "fr", options)
            found = [each async for each in discover(source, ask or Ask(), Visits(client))]
            return [relative(each, site.url("")) for each in found], site.log

    return asyncio.run(asked())


def relative(found: Found, home: str) -> Found:
    """The same with addresses on the site cut to their paths, so that a test can write them down."""
    return replace(found, url=found.url.removeprefix(home))


def candidates(found: list[Found]) -> list[Candidate]:
    """The candidates alone; nothing else may be there."""
    assert all(isinstance(each, Candidate) for each in found), found
    return [each for each in found if isinstance(each, Candidate)]


def refusals(found: list[Found]) -> list[tuple[str, str]]:
    """The address and the reason of each part that could not be read."""
    return [(each.url, each.reason.value) for each in found if isinstance(each, Refused)]


def raw(
    body: str | bytes, url: str = "https://news.example/feed", content_type: str = "application/xml"
) -> RawDocument:
    """A fetched document."""
    content = body.encode() if isinstance(body, str) else body
    return RawDocument(content, url, content_type.partition(";")[0], url, http={"content-type": content_type})


SOURCE = Source("feed", "https://news.example/feed", "Test", "fr")
