"""Sitemaps, news sitemaps and indexes of them (sitemaps.org 0.9, Google News 0.9), plain or gzipped."""

from __future__ import annotations

import io
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from lxml import etree

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching import addresses
from tamis.flows.fetching.discover.kind import Fetch, Found, leading, read_aside
from tamis.flows.fetching.discover.markup import check_xml, one_line
from tamis.flows.fetching.discover.moments import read_moment
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Candidate, Fetched, Refusal, Refused, Source
from tamis.flows.fetching.unpacking import gunzip

UNPACKED_BYTES = 20 * 1024 * 1024
MOST_SITEMAPS = 50
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
    async for document in _documents(raw, source, ask, fetch):
        if isinstance(document, Refused):
            yield document
            continue
        for found in await read_aside(document, source, read):
            yield found


discover = leading(follow)
"""The pages of the sitemap at ``source.url``, and of those it points to that changed since ``ask.since``."""


async def _documents(raw: RawDocument, source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[RawDocument | Refused]:
    yield raw
    seen = {raw.url}
    waiting = _pointed(raw, ask)
    while waiting:
        pointer, *waiting = waiting
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
            yield outcome.raw
            waiting = _latest_first([*waiting, *_pointed(outcome.raw, ask)])


def read(raw: RawDocument, source: Source) -> Iterator[Candidate]:
    """The pages of a sitemap, none of an index. Raises SkipAddress, after what stood before a break."""
    for element in _entries(raw, "url"):
        if (url := _address(element, raw.url)) is not None:
            yield _candidate(element, url, source)


def pointers(raw: RawDocument) -> Iterator[Pointer]:
    """The sitemaps that an index points to. Raises SkipAddress."""
    for element in _entries(raw, "sitemap"):
        if (url := _address(element, raw.url)) is not None:
            yield Pointer(url, read_moment(_value(element, "lastmod")))


def _pointed(raw: RawDocument, ask: Ask) -> list[Pointer]:
    """What an index points to and is worth reading; a break in it is told by reading its pages."""
    found: list[Pointer] = []
    with suppress(SkipAddress):
        found.extend(pointers(raw))
    return _latest_first([pointer for pointer in found if _is_fresh(pointer, ask)])


def _is_fresh(pointer: Pointer, ask: Ask) -> bool:
    return ask.since is None or pointer.modified is None or pointer.modified >= ask.since - SLACK


def _latest_first(pointers: list[Pointer]) -> list[Pointer]:
    return sorted(pointers, key=lambda pointer: pointer.modified.timestamp() if pointer.modified else 0.0, reverse=True)


def _entries(raw: RawDocument, wanted: str) -> Iterator[etree._Element]:
    """The elements ``wanted`` one by one, each gone when the next one comes."""
    body = gunzip(raw.body, UNPACKED_BYTES)
    plain = body.replace(b"\0", b"")
    check_xml(plain.decode("latin-1"), MORE_TAGS)
    if (root := _ROOT.search(plain)) is None:
        raise SkipAddress(Refusal.UNREADABLE, "it is no sitemap: it has neither <urlset> nor <sitemapindex>")
    for element in _elements(body):
        if _name(element) == wanted:
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


def _address(element: etree._Element, base: str | None) -> str | None:
    try:
        written = _value(element, "loc").strip()
        return addresses.parse(written, base).href if written else None
    except SkipAddress:
        return None


def _value(element: etree._Element, name: str, *, news: bool = False) -> str:
    """The text of the first child ``name``, or of the first element of the news extension with that name."""
    for inner in element.iter() if news else element:
        if isinstance(inner.tag, str) and _name(inner) == name and (_NEWS in inner.tag) is news:
            return "".join(inner.itertext())
    return ""


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
