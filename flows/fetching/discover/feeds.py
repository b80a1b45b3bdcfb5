"""RSS and Atom in all their flavours, read by feedparser behind a guard."""

from __future__ import annotations

import calendar
import io
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser
from feedparser.encodings import convert_to_utf8

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching import addresses
from tamis.flows.fetching.discover.kind import Fetch, Found, read_address
from tamis.flows.fetching.discover.markup import check_xml, one_line, plain
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Candidate, Refusal, Source

HTML = ("text/html", "application/xhtml+xml")


async def discover(source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:  # noqa: ARG001 - all kinds alike
    """The entries of the feed at ``source.url``."""
    async for found in read_address(source.url, source, fetch, read):
        yield found


def read(raw: RawDocument, source: Source) -> Iterator[Candidate]:
    """The entries of a feed that have an address. Raises SkipAddress (``unreadable``, ``hostile_markup``)."""
    parsed = parse(raw)
    if not parsed.get("version") and not parsed.entries:
        why = str(parsed.get("bozo_exception") or "no entry in it")
        raise SkipAddress(Refusal.UNREADABLE, f"it is no feed that can be read ({why})")
    for entry in parsed.entries:
        url = address(entry, raw.url)
        if url is not None:
            yield _candidate(entry, url, source, parsed.feed.get("language", ""))


def parse(raw: RawDocument) -> Any:
    """What feedparser makes of a feed, its embedded HTML untouched.

    Raises SkipAddress (``hostile_markup``, or ``unreadable`` where feedparser itself breaks).
    """
    headers = {"content-type": raw.http.get("content-type", raw.media_type), "content-location": raw.url or ""}
    try:
        # Charsets can hide markup (UTF-7, EBCDIC): what is checked is what feedparser will see.
        check_xml(convert_to_utf8(headers, raw.body, {}).decode("utf-8", "replace"))
        # The stream keeps feedparser from taking the bytes for the name of a file or an address.
        return feedparser.parse(
            io.BytesIO(raw.body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except SkipAddress:
        raise
    except Exception as error:  # feedparser raises whatever its parts do on bytes that nobody foresaw
        raise SkipAddress(Refusal.UNREADABLE, f"feedparser breaks on it ({type(error).__name__}: {error})") from error


def address(entry: Any, base: str | None) -> str | None:
    """Where the entry's page is: its link, or an id that is one; None where it names no address of the web."""
    for written in (entry.get("link"), entry.get("id")):
        try:
            if written:
                return addresses.parse(written, base if written == entry.get("link") else None).href
        except SkipAddress:
            continue
    return None


def title(entry: Any) -> str:
    """The entry's title as text."""
    return _text({"value": entry.get("title"), "type": (entry.get("title_detail") or {}).get("type")})


def summary(entry: Any) -> str:
    """The entry's summary as text, or its content where it has no summary."""
    texts = (_text(part) for part in (entry.get("summary_detail"), *(entry.get("content") or ())))
    return next((text for text in texts if text), "")


def _candidate(entry: Any, url: str, source: Source, language: str) -> Candidate:
    authors = [author.get("name") or "" for author in entry.get("authors") or []] or [entry.get("author") or ""]
    return Candidate(
        url=url,
        source=source.name or source.url,
        kind=source.kind,
        title=title(entry),
        summary=summary(entry),
        published=moment(entry.get("published_parsed")),
        modified=moment(entry.get("updated_parsed")) if "updated_parsed" in entry.keys() else None,  # noqa: SIM118
        language=str((entry.get("title_detail") or {}).get("language") or language or source.language),
        authors=tuple(one_line(name) for name in authors if name.strip()),
        tags=tuple(tag["term"] for tag in entry.get("tags") or [] if tag.get("term")),
    )


def moment(parsed: Any) -> datetime | None:
    """A time of feedparser (always UTC) as a datetime; None where there is none, or one outside the calendar."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, TypeError, OSError):
        return None


def _text(part: Any) -> str:
    """The text of a title, summary or content with its type."""
    value = (part or {}).get("value") or ""
    return plain(value) if value and part.get("type") in HTML else one_line(value)
