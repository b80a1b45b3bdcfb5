"""JSON Feed, versions 1 and 1.1 (jsonfeed.org)."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from typing import Any

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching import addresses
from tamis.flows.fetching.discover.kind import Fetch, Found, entries, read_address
from tamis.flows.fetching.discover.markup import one_line, plain
from tamis.flows.fetching.discover.moments import read_moment
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Candidate, Refusal, Source

VERSION = "jsonfeed.org/version/"


async def discover(source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:  # noqa: ARG001 - all kinds alike
    """The items of the JSON Feed at ``source.url``."""
    async for found in read_address(source.url, source, fetch, read):
        yield found


def read(raw: RawDocument, source: Source) -> Iterator[Found]:
    """The items of a JSON Feed that have an address. Raises SkipAddress (``unreadable``)."""
    feed = read_json(raw)
    if not isinstance(feed, dict) or VERSION not in str(feed.get("version")):
        raise SkipAddress(Refusal.UNREADABLE, "it is JSON, but no JSON Feed (it names no version)")
    language = text(feed.get("language"))
    yield from entries(objects(feed.get("items")), lambda item: _candidate(item, raw.url, source, language), raw.url)


def read_json(raw: RawDocument) -> Any:
    """The JSON of a body; control characters in its strings are let pass. Raises SkipAddress (``unreadable``)."""
    try:
        return json.loads(raw.body.decode("utf-8-sig"), strict=False)
    except (ValueError, RecursionError) as error:
        raise SkipAddress(Refusal.UNREADABLE, f"it is no JSON ({error})") from error


def objects(value: object) -> list[dict[str, Any]]:
    """The objects of a list; nothing where it is none."""
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def text(value: object) -> str:
    """A string on one line; nothing where it is none."""
    return one_line(value) if isinstance(value, str) else ""


def _address(item: dict[str, Any], base: str | None) -> str | None:
    for written, relative_to in ((item.get("url"), base), (item.get("external_url"), base), (item.get("id"), None)):
        found = addresses.link(written, relative_to) if isinstance(written, str) and written else None
        if found is not None:
            return found
    return None


def _candidate(item: dict[str, Any], base: str | None, source: Source, language: str) -> Candidate | None:
    url = _address(item, base)
    if url is None:
        return None
    written = item.get("content_html")
    authors = [*objects(item.get("authors")), *objects([item.get("author")])]
    tags = item.get("tags")
    return Candidate(
        url=url,
        source=source.name or source.url,
        kind=source.kind,
        title=text(item.get("title")),
        summary=text(item.get("summary"))
        or text(item.get("content_text"))
        or (plain(written) if isinstance(written, str) else ""),
        published=read_moment(item.get("date_published")),
        modified=read_moment(item.get("date_modified")),
        language=text(item.get("language")) or language or source.language,
        authors=tuple(filter(None, (text(author.get("name")) for author in authors))),
        tags=tuple(filter(None, map(text, tags))) if isinstance(tags, list) else (),
    )
