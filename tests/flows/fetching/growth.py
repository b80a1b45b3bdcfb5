"""What reading costs as its input grows: bodies of any size by kind, and the CPU that our functions take for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from time import process_time

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching import rights, robots
from tamis.flows.fetching.discover import auto, feeds, gdelt, jsonfeed, page, sitemaps, urls
from tamis.flows.fetching.discover.kind import read_here
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Rights, Source

URL = "https://news.example/source"
ATOM = "http://www.w3.org/2005/Atom"
VERSION = "https://jsonfeed.org/version/1.1"
ENTRY = "<item><title>Un titre</title><link>/a</link>{}</item>"


def filled(before: str, piece: str, after: str, size: int) -> str:
    """``piece`` again and again between two ends, about ``size`` characters in all."""
    return before + piece * (size // len(piece)) + after


def rss(piece: str) -> Callable[[int], str]:
    """A feed with one entry that is filled up with a piece."""
    return lambda size: filled("<rss><channel><item><link>/a</link>", piece, "</item></channel></rss>", size)


def between(before: str, piece: str, after: str) -> Callable[[int], str]:
    """A body between two ends."""
    return lambda size: filled(before, piece, after, size)


def items(item: object) -> Callable[[int], str]:
    """A JSON Feed of as many items as fill it, or one item with a long string."""
    written = json.dumps(item)
    return lambda size: f'{{"version": "{VERSION}", "items": [{", ".join([written] * (size // len(written)))}]}}'


FEEDS = {
    "entries": between("<rss><channel>", ENTRY.format(""), "</channel></rss>"),
    "author": between("<rss><channel><item><link>/a</link><author>", "a", "</author></item></channel></rss>"),
    "author with signs": between("<rss><channel><item><author>", "a@b.", "</author></item></channel></rss>"),
    "title": between("<rss><channel><item><title>", "a &amp;lt;b ", "</title><link>/a</link></item></channel></rss>"),
    "title of markup": between(
        "<rss><channel><item><title>", "&lt;b ", "</title><link>/a</link></item></channel></rss>"
    ),
    "elements": rss("<a>b</a>"),
    "categories": rss("<category>a</category>"),
    "links": rss('<link href="/b"/>'),
    "namespaces": lambda size: "<rss>" + "".join(f'<a xmlns:n{n}="u{n}"/>' for n in range(size // 25)) + "</rss>",
    "namespaces on one tag": lambda size: "<rss " + " ".join(f'xmlns:n{n}="u{n}"' for n in range(size // 20)) + "/>",
    "halves": rss("<title>&#55357;</title>"),
    "references": between(
        "<rss><channel><item><link>/a</link><title>", "&#1234567;", "</title></item></channel></rss>"
    ),
    "digits": between("<rss><channel><item><link>/a</link><title>&#", "1", ";</title></item></channel></rss>"),
    "date": between("<rss><channel><item><link>/a</link><pubDate>", "1 ", "</pubDate></item></channel></rss>"),
    "brackets": between("<rss>", "<", ""),
    "spaces": between("<rss>", " ", "</rss>"),
    "doctype": between("<!DOCTYPE rss [", '<!ENTITY a "b">', "]><rss/>"),
    "address": between("<rss><channel><item><link>", "/a", "</link></item></channel></rss>"),
}
SITEMAPS = {
    "pages": between("<urlset>", "<url><loc>/a</loc><lastmod>2026-11-20</lastmod></url>", "</urlset>"),
    "maps": between("<sitemapindex>", "<sitemap><loc>/a</loc></sitemap>", "</sitemapindex>"),
    "one address": between("<urlset><url><loc>", "/a", "</loc></url></urlset>"),
    "one page": between("<urlset><url><loc>/a</loc>", "<a/>", "</url></urlset>"),
    "ampersands": between("<urlset>", "&", "</urlset>"),
    "not closed": between("<urlset>", "<url>", ""),
    "roots": between("", "<urlset ", ""),
    "keywords": between(
        "<urlset><url><loc>/a</loc><n:keywords xmlns:n='sitemap-news'>", "a,", "</n:keywords></url></urlset>"
    ),
}
JSON_FEEDS = {
    "items": items({"url": "/a", "title": "b"}),
    "tags": lambda size: items({"url": "/a", "tags": ["a"] * (size // 5)})(size),
    "content": lambda size: items({"url": "/a", "content_html": "<p " * (size // 3)})(size + 60),
    "lists": between("", "[", ""),
    "numbers": between('{"a": ', "9", "}"),
    "escapes": between('{"version": "', "\\ud83d", '"}'),
}
PAGES = {
    "links": between("<html>", '<link rel="alternate" type="application/rss+xml" href="/a">', ""),
    "options": between("<html><select>", "<option>", ""),
    "attributes": between("<html><link ", "a ", ">"),
    "brackets": between("<html>", "<", ""),
    "nested": between("<html>", "<b>", ""),
    "tables": between("<html>", "<table><a>", ""),
}
ROBOTS = {
    "rules": between("User-agent: *\n", "Disallow: /a*b$\n", ""),
    "agents": between("", "User-agent: a\nDisallow: /\n", ""),
    "one rule": between("User-agent: *\nDisallow: /", "*a", "$\n"),
    "one line": between("", "a", ""),
    "maps": lambda size: "".join(f"Sitemap: https://a.example/{n}\n" for n in range(size // 32)),
}
LISTS = {
    "addresses": between("", "https://a.example/1 a\n", ""),
    "lines": between("", "\n", ""),
    "no address": between("", "a\n", ""),
    "one line": between("", "a ", ""),
}
RESERVATIONS = {"rules": lambda size: json.dumps([{"location": "/a*b", "tdm-reservation": 1}] * (size // 45))}


def source(read: Callable[..., object], body: bytes) -> object:
    """What a source kind reads."""
    raw = RawDocument(body, URL, url=URL, http={"content-type": "text/html"})
    return read_here(raw, Source("feed", URL), read)  # type: ignore[arg-type]


def sitemap(body: bytes) -> object:
    """What reading a sitemap does."""
    return sitemaps.read_both(RawDocument(body, URL, url=URL), Source("sitemap", URL), Ask())


def linked(body: bytes) -> object:
    """What looking for the feeds of a page does, and for its rights."""
    rights.of_page({}, "text/html", body, "tamis")
    return page.linked(RawDocument(body, URL, url=URL))


def robots_txt(body: bytes) -> object:
    """What a robots.txt is asked."""
    file = robots.found(URL, body, {}, 0.0)
    long = "https://news.example/" + "a" * 4_000
    return robots.crawl_delay(file, "tamis"), robots.allows(file, "tamis", long), robots.sitemaps(body)


def reservations(body: bytes) -> object:
    """What the rules of a site on text and data mining say of a page."""
    return rights.with_site(Rights(), rights.read_site(body), "https://news.example/" + "a" * 4_000)


def told(body: bytes) -> object:
    """What kind of source a body is."""
    return auto.root_of(RawDocument(body, URL, url=URL))


BODIES: Mapping[str, Mapping[str, Callable[[int], str]]] = {
    "feed": FEEDS,
    "sitemap": SITEMAPS,
    "jsonfeed": JSON_FEEDS,
    "gdelt": {"articles": lambda size: json.dumps({"articles": [{"url": "https://a.example/"}] * (size // 33)})},
    "page": PAGES,
    "robots": ROBOTS,
    "urls": LISTS,
    "tdmrep": RESERVATIONS,
    "auto": {"brackets": between("", "<", ""), "colons": between("", "<a:", "")},
}
READERS: Mapping[str, Callable[[bytes], object]] = {
    "feed": lambda body: source(feeds.read, body),
    "sitemap": sitemap,
    "jsonfeed": lambda body: source(jsonfeed.read, body),
    "gdelt": lambda body: source(gdelt.read, body),
    "page": linked,
    "robots": robots_txt,
    "urls": lambda body: source(urls.read, body),
    "tdmrep": reservations,
    "auto": told,
}


def cost(kind: str, case: str, size: int) -> float:
    """The seconds of CPU that reading takes, with what it refuses after a look."""
    body = BODIES[kind][case](size).encode()
    begun = process_time()
    with suppress(SkipAddress):
        READERS[kind](body)
    return process_time() - begun
