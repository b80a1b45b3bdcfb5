"""RSS and Atom in all their flavours, read by feedparser behind a guard."""

from __future__ import annotations

import calendar
import io
import re
import sys
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser
from feedparser.encodings import convert_to_utf8

from tamis.cleaners.normalise import whole
from tamis.cleaners.records import RawDocument
from tamis.flows.fetching import addresses
from tamis.flows.fetching.discover.kind import Fetch, Found, entries, read_address
from tamis.flows.fetching.discover.markup import check_xml, one_line, plain
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Candidate, Refusal, Source

_REFERENCE = re.compile(rb"&#(?:([0-9]++)|[xX]([0-9a-fA-F]++));?+")
_REFERENCES = re.compile(rb"(?:" + _REFERENCE.pattern + rb")++")
_NO_SIGN = 0xFFFD
HTML = ("text/html", "application/xhtml+xml")


async def discover(source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:  # noqa: ARG001 - all kinds alike
    """The entries of the feed at ``source.url``."""
    async for found in read_address(source.url, source, fetch, read):
        yield found


def read(raw: RawDocument, source: Source) -> Iterator[Found]:
    """The entries of a feed that have an address. Raises SkipAddress (``unreadable``, ``hostile_markup``)."""
    parsed = parse(raw)
    if not parsed.get("version") and not parsed.entries:
        why = str(parsed.get("bozo_exception") or "no entry in it")
        raise SkipAddress(Refusal.UNREADABLE, f"it is no feed that can be read ({why})")
    language = parsed.feed.get("language", "")
    yield from entries(parsed.entries, lambda entry: _candidate(entry, raw.url, source, language), raw.url)


def parse(raw: RawDocument) -> Any:
    """What feedparser makes of a feed, its embedded HTML untouched.

    Raises SkipAddress (``hostile_markup``, or ``unreadable`` where feedparser itself breaks).
    """
    headers = {"content-type": raw.http.get("content-type", raw.media_type), "content-location": raw.url or ""}
    body = _REFERENCES.sub(_signs, raw.body)
    try:
        # Charsets can hide markup (UTF-7, EBCDIC): what is checked is what feedparser will see.
        check_xml(convert_to_utf8(headers, body, {}).decode("utf-8", "replace"))
        # The stream keeps feedparser from taking the bytes for the name of a file or an address.
        return feedparser.parse(
            io.BytesIO(body), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except SkipAddress:
        raise
    except Exception as error:  # feedparser raises whatever its parts do on bytes that nobody foresaw
        raise SkipAddress(Refusal.UNREADABLE, f"feedparser breaks on it ({type(error).__name__}: {error})") from error


def address(entry: Any, base: str | None) -> str | None:
    """Where the entry's page is: its link, or an id that is one; None where it names no address of the web.

    Raises SkipAddress (``too_large``).
    """
    for written in (entry.get("link"), entry.get("id")):
        found = addresses.link(written, base if written == entry.get("link") else None) if written else None
        if found is not None:
            return found
    return None


def title(entry: Any) -> str:
    """The entry's title as text."""
    return _text({"value": entry.get("title"), "type": (entry.get("title_detail") or {}).get("type")})


def summary(entry: Any) -> str:
    """The entry's summary as text, or its content where it has no summary."""
    texts = (_text(part) for part in (entry.get("summary_detail"), *(entry.get("content") or ())))
    return next((text for text in texts if text), "")


def _candidate(entry: Any, base: str | None, source: Source, language: str) -> Candidate | None:
    url = address(entry, base)
    if url is None:
        return None
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
        tags=tuple(one_line(tag["term"]) for tag in entry.get("tags") or [] if tag.get("term")),
    )


def moment(parsed: Any) -> datetime | None:
    """A time of feedparser (always UTC) as a datetime; None where there is none, or one outside the calendar."""
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, TypeError, OSError):
        return None


def _signs(written: re.Match[bytes]) -> bytes:
    """A run of references to characters, so that each means one.

    JavaScript writes a sign beyond U+FFFF as two halves, which are no characters in XML: feedparser breaks on them.
    """
    numbers = [_number(*each) for each in _REFERENCE.findall(written.group())]
    if all(number < 0xD800 or 0xE000 <= number <= sys.maxunicode for number in numbers):
        return written.group()
    signs = b"".join((n if n <= sys.maxunicode else _NO_SIGN).to_bytes(4, "little") for n in numbers)
    text = whole(signs.decode("utf-32-le", "surrogatepass"))
    return b"".join(b"&#%d;" % ord(sign) for sign in text)


def _number(decimal: bytes, hexadecimal: bytes) -> int:
    digits = (decimal or hexadecimal).lstrip(b"0") or b"0"
    return int(digits, 10 if decimal else 16) if len(digits) <= 7 else sys.maxunicode + 1


def _text(part: Any) -> str:
    """The text of a title, summary or content with its type."""
    value = (part or {}).get("value") or ""
    return plain(value) if value and part.get("type") in HTML else one_line(value)
