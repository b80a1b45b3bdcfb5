"""GDELT's DOC 2.0 service: news of the last three months in many languages, found by search words.

Its ``seendate`` is when its crawler met the article, and is kept as ``seen``: it is no date of publication.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any
from urllib.parse import urlencode

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching import addresses
from tamis.flows.fetching.discover.jsonfeed import objects, read_json, text
from tamis.flows.fetching.discover.kind import Fetch, Found, entries, read_address
from tamis.flows.fetching.discover.moments import read_moment
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Candidate, Refusal, Source

SERVICE = "https://api.gdeltproject.org/api/v2/doc/doc"
AT_MOST = "250"


async def discover(source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:
    """What GDELT finds for each query; ``source.url`` may name another address of the service, or be empty."""
    for query in ask.queries:
        async for found in read_address(search_address(source.url or SERVICE, query, ask), source, fetch, read):
            yield found


def search_address(service: str, query: str, ask: Ask) -> str:
    """The address that asks for one query, newest first."""
    asked = {"query": query, "mode": "artlist", "format": "json", "sort": "datedesc", "maxrecords": AT_MOST}
    if ask.since is not None:
        asked["startdatetime"] = ask.since.strftime("%Y%m%d%H%M%S")
    return f"{service}?{urlencode(asked)}"


def read(raw: RawDocument, source: Source) -> Iterator[Found]:
    """The articles of an answer. Raises SkipAddress (``unreadable``): the service tells its errors in plain text."""
    if not raw.body.lstrip().startswith(b"{"):
        raise SkipAddress(Refusal.UNREADABLE, f"GDELT says: {raw.body[:200].decode('utf-8', 'replace').strip()!r}")
    answer = read_json(raw)
    yield from entries(objects(answer.get("articles")), lambda article: _candidate(article, source), raw.url)


def _candidate(article: dict[str, Any], source: Source) -> Candidate | None:
    url = addresses.link(text(article.get("url")), None)
    if url is None:
        return None
    return Candidate(
        url=url,
        source=source.name or source.url or "gdelt",
        kind=source.kind,
        title=text(article.get("title")),
        seen=read_moment(article.get("seendate")),
        language=text(article.get("language")),
    )
