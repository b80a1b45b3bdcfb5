"""An address of which nobody said what it is: told by what comes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching.aside import aside
from tamis.flows.fetching.discover import feeds, gdelt, jsonfeed, page, sitemaps
from tamis.flows.fetching.discover.kind import Fetch, Found, Read, leading, read_aside
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Refused, Source
from tamis.flows.fetching.unpacking import gunzip

SNIFFED = 64 * 1024
_ROOT = re.compile(rb"<(?:[a-z]{1,20}:)?(urlset|sitemapindex|rss|feed|rdf|html)[\s>/]", re.IGNORECASE)


async def follow(raw: RawDocument, source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:
    """The candidates of what was fetched."""
    try:
        root = await aside(root_of, raw)
    except SkipAddress as error:
        yield Refused(source.url, error.reason, error.detail)
        return
    if root in ("urlset", "sitemapindex"):
        async for found in sitemaps.follow(raw, source, ask, fetch):
            yield found
    elif root == "html":
        async for found in page.follow(raw, source, ask, fetch):
            yield found
    else:
        read: Read = {"json feed": jsonfeed.read, "articles": gdelt.read}.get(root, feeds.read)
        for found in await read_aside(raw, source, read):
            yield found


discover = leading(follow)
"""The candidates of whatever is at ``source.url``: a feed, a sitemap, or a page that names some."""


def root_of(raw: RawDocument) -> str:
    """What a body is, by its first telling element; a feed is what nothing else claims. Raises SkipAddress."""
    head = (
        gunzip(raw.body, sitemaps.UNPACKED_BYTES)[:SNIFFED].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    )
    if head.startswith(b"{"):
        return "articles" if b'"articles"' in head else "json feed"
    found = _ROOT.search(head)
    return found.group(1).decode("ascii").lower() if found else "feed"
