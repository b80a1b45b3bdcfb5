"""Sitemaps, news sitemaps and indexes of them (sitemaps.org 0.9, Google News 0.9), plain or gzipped."""

from __future__ import annotations

import io
import re
from collections import deque
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching import addresses
from tamis.flows.fetching.aside import aside
from tamis.flows.fetching.discover.kind import Fetch, Found, entries, leading, read_here
from tamis.flows.fetching.discover.markup import check_xml, one_line
from tamis.flows.fetching.discover.moments import read_moment
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Candidate, Fetched, Refusal, Refused, Source
from tamis.flows.fetching.unpacking import gunzip

UNPACKED_BYTES = 20 * 1024 * 1024
MOST_SITEMAPS = 50
MOST_POINTERS = 1_000
PAGE, POINTER = "url", "sitemap"
MORE_TAGS = 10
SLACK = timedelta(days=1)
TAIL = 4096
_STRAY = re.compile(rb"&(?!(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)\b[^<>]*+>")
_ROOT_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:urlset|sitemapindex)\s*>")
_NEWS = "sitemap-news"


@dataclass(frozen=True, slots=True)
class Pointer:
    """A sitemap that an index names, with the time of its last change where it is stated."""

    url: str
    modified: datetime | None


async def follow(raw: RawDocument, source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:
    """The pages of a fetched sitemap and of those it points to, the latest first and 50 at most."""
    seen = {raw.url}
    pointed, pages = await _read(raw, source, ask)
    waiting = deque(pointed)
    for found in pages:
        yield found
    while waiting:
        pointer = waiting.popleft()
        if pointer.url in seen:
            continue
        if len(seen) > MOST_SITEMAPS:
            left = f"{1 + len(waiting)} of its sitemaps were left out, the oldest; name them as sources"
            yield Refused(source.url, Refusal.TOO_LARGE, left)
            return
        seen.add(pointer.url)
        outcome = await fetch(pointer.url)
        if isinstance(outcome, Refused):
            yield outcome
        elif isinstance(outcome, Fetched):
            more, pages = await _read(outcome.raw, source, ask)
            for found in pages:
                yield found
            waiting = deque(_latest_first([*waiting, *more])[:MOST_POINTERS])


discover = leading(follow)
"""The pages of the sitemap at ``source.url``, and of those it points to that changed since ``ask.since``."""


async def _read(raw: RawDocument, source: Source, ask: Ask) -> tuple[list[Pointer], list[Found]]:
    try:
        return await aside(read_both, raw, source, ask)
    except SkipAddress as error:
        return [], [Refused(raw.url or raw.source, error.reason, error.detail)]


def read_both(raw: RawDocument, source: Source, ask: Ask) -> tuple[list[Pointer], list[Found]]:
    """The sitemaps that an index points to and that are worth reading, the latest first; and the pages of a sitemap."""
    pointers: list[Pointer] = []

    def pages(raw: RawDocument, source: Source) -> Iterator[Found]:
        for found in parts(raw, source):
            if not isinstance(found, Pointer):
                yield found
            elif _is_fresh(found, ask):
                pointers.append(found)

    found = read_here(raw, source, pages)
    if len(pointers) > MOST_POINTERS:
        left = f"it points to {len(pointers):,} sitemaps; the latest {MOST_POINTERS:,} were taken"
        found.append(Refused(raw.url or raw.source, Refusal.TOO_LARGE, left))
    return _latest_first(pointers)[:MOST_POINTERS], found


def read(raw: RawDocument, source: Source) -> Iterator[Found]:
    """The pages of a sitemap, none of an index. Raises SkipAddress, after what stood before a break."""
    return (found for found in parts(raw, source) if not isinstance(found, Pointer))


def parts(raw: RawDocument, source: Source) -> Iterator[Found | Pointer]:
    """The pages of a sitemap and the sitemaps of an index. Raises SkipAddress, after what stood before a break."""
    return entries(_entries(raw), lambda element: _part(element, raw.url, source), raw.url)


def _part(element: etree._Element, base: str | None, source: Source) -> Candidate | Pointer | None:
    written = _value(element, "loc").strip()
    url = addresses.link(written, base) if written else None
    if url is None:
        return None
    if _name(element) == POINTER:
        return Pointer(url, read_moment(_value(element, "lastmod")))
    return _candidate(element, url, source)


def _is_fresh(pointer: Pointer, ask: Ask) -> bool:
    return ask.since is None or pointer.modified is None or pointer.modified >= ask.since - SLACK


def _latest_first(pointers: Iterable[Pointer]) -> list[Pointer]:
    return sorted(pointers, key=lambda each: each.modified.timestamp() if each.modified else 0.0, reverse=True)


def _entries(raw: RawDocument) -> Iterator[etree._Element]:
    """The elements of pages and sitemaps one by one, each gone when the next one comes."""
    body = gunzip(raw.body, UNPACKED_BYTES)
    plain = body.replace(b"\0", b"")
    check_xml(plain.decode("latin-1"), MORE_TAGS)
    if (root := _ROOT.search(plain)) is None:
        raise SkipAddress(Refusal.UNREADABLE, "it is no sitemap: it has neither <urlset> nor <sitemapindex>")
    for element in _elements(body):
        if _name(element) in (PAGE, POINTER):
            yield element
            element.clear()
    if not root.group().endswith(b"/>") and not _ROOT_END.search(plain, max(0, len(plain) - TAIL)):
        raise SkipAddress(Refusal.CUT, "the sitemap ends in the middle; what stood before was read")


def _elements(body: bytes) -> Iterator[etree._Element]:
    # No entity is resolved, no file or address opened. Going on after a stray & the parser would drop what follows it.
    reading = etree.iterparse(
        io.BytesIO(_STRAY.sub(b"&amp;", body)),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
    )
    try:
        yield from (element for _, element in reading)
    except etree.XMLSyntaxError as error:
        raise SkipAddress(Refusal.UNREADABLE, f"it is no sitemap that can be read ({error})") from error


def _candidate(element: etree._Element, url: str, source: Source) -> Candidate:
    keywords = one_line(_value(element, "keywords", news=True))
    return Candidate(
        url=url,
        source=source.name or source.url,
        kind=source.kind,
        title=one_line(_value(element, "title", news=True)),
        published=read_moment(_value(element, "publication_date", news=True)),
        modified=read_moment(_value(element, "lastmod")),
        language=one_line(_value(element, "language", news=True)) or source.language,
        tags=tuple(word.strip() for word in keywords.split(",") if word.strip()),
    )


def _value(element: etree._Element, name: str, *, news: bool = False) -> str:
    """The text of the first child ``name``, or of the first element of the news extension with that name."""
    for inner in element.iter() if news else element:
        if isinstance(inner.tag, str) and _name(inner) == name and (_NEWS in inner.tag) is news:
            return "".join(inner.itertext())
    return ""


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
