"""Sitemaps of every kind, read hardened, followed with measure."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from tamis.flows.fetching.discover import sitemaps
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Candidate
from tests.faults.server import Answer, reply
from tests.flows.fetching.discover.finding import SOURCE, candidates, find, raw, refusals

NAMESPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:image="http://www.google.com/schemas/sitemap-image/1.1"'
)
NEWS = f"""<?xml version="1.0" encoding="UTF-8"?><urlset {NAMESPACES}>
<url><image:image><image:loc>https://a.example/i.jpg</image:loc><image:title>Une image</image:title></image:image>
<loc> /2026/accord </loc><lastmod>2026-11-20T11:00:00+01:00</lastmod>
<news:news><news:publication><news:name>Le Test</news:name><news:language>fr</news:language></news:publication>
<news:publication_date>2026-11-20T09:30:00+01:00</news:publication_date><news:title>Rabat &amp; Paris</news:title>
<news:keywords>police, justice</news:keywords></news:news></url>
<url><loc>https://b.example/other</loc></url><url><loc>javascript:alert(1)</loc></url><url/></urlset>"""
SINCE = Ask(since=datetime(2026, 11, 20, tzinfo=UTC))


def urlset(*paths: str) -> Answer:
    return reply(
        "<urlset>" + "".join(f"<url><loc>{p}</loc></url>" for p in paths) + "</urlset>", content_type="text/xml"
    )


def index(**dates: str) -> Answer:
    maps = "".join(f"<sitemap><loc>/{n}.xml</loc><lastmod>{d}</lastmod></sitemap>" for n, d in dates.items())
    return reply(f"<sitemapindex {NAMESPACES}>{maps}</sitemapindex>", content_type="text/xml")


def test_a_news_sitemap_gives_its_pages_with_their_dates() -> None:
    # A picture's address stands before the page's, and is not it.
    first, second = candidates(find("sitemap", {"/source": reply(NEWS, content_type="application/xml")})[0])
    assert (first.url, first.title, first.language) == ("/2026/accord", "Rabat & Paris", "fr")
    assert first.tags == ("police", "justice")
    assert first.published == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert first.modified == datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert (second.url, second.title, second.published) == ("https://b.example/other", "", None)


PACKED = gzip.compress(b"<urlset><url><loc>/a</loc></url></urlset>")


@pytest.mark.parametrize(
    "answer",
    [
        reply(PACKED, content_type="application/gzip"),
        reply(PACKED, content_type="text/xml", content_encoding="gzip"),
        reply(gzip.compress(PACKED), content_type="application/x-gzip", content_encoding="gzip"),
    ],
    ids=["a file", "on the way", "both"],
)
def test_a_packed_sitemap_is_unpacked(answer: Answer) -> None:
    assert [c.url for c in candidates(find("sitemap", {"/source": answer})[0])] == ["/a"]


@pytest.mark.parametrize("charset", ["utf-8", "utf-16", "iso-8859-1"])
def test_a_sitemap_in_any_charset_is_read(charset: str) -> None:
    body = f'<?xml version="1.0" encoding="{charset}"?><urlset><url><loc>/é</loc></url></urlset>'.encode(charset)
    assert [c.url for c in sitemaps.read(raw(body), SOURCE)] == ["https://news.example/%C3%A9"]


def test_an_index_is_followed_the_latest_first_and_only_to_what_is_new() -> None:
    pages = {
        "/source": index(old="2020-01-01", older="2026-11-20", latest="2026-11-22T08:00:00Z"),
        "/latest.xml": urlset("/1"),
        "/older.xml": urlset("/2"),
    }
    found, log = find("sitemap", pages, ask=SINCE)
    assert [candidate.url for candidate in candidates(found)] == ["/1", "/2"]
    assert "/old.xml" not in [request.target for request in log]


def test_an_index_in_an_index_is_followed_and_a_ring_of_them_ends() -> None:
    pages = {"/source": index(a="2026-11-22"), "/a.xml": index(b="2026-11-22", a="2026-11-22"), "/b.xml": urlset("/1")}
    found, log = find("sitemap", pages)
    assert [candidate.url for candidate in candidates(found)] == ["/1"]
    assert [request.target for request in log].count("/a.xml") == 1


def test_a_missing_sitemap_does_not_hold_up_the_others() -> None:
    pages = {"/source": index(gone="2026-11-22", there="2026-11-21"), "/there.xml": urlset("/1")}
    found, _ = find("sitemap", pages)
    assert refusals(found) == [("/gone.xml", "not_found")]
    assert [each.url for each in found if isinstance(each, Candidate)] == ["/1"]


def test_more_sitemaps_than_one_run_reads_are_named() -> None:
    many = {f"m{n:03}": f"2026-11-{1 + n % 20:02}" for n in range(sitemaps.MOST_SITEMAPS + 5)}
    pages = {"/source": index(**many), **{f"/{name}.xml": urlset(f"/{name}") for name in many}}
    found, _ = find("sitemap", pages)
    assert refusals(found) == [("/source", "too_large")]
    assert len(found) == sitemaps.MOST_SITEMAPS + 1


def test_a_cut_sitemap_gives_what_is_there_and_says_so() -> None:
    body = "<urlset><url><loc>/1</loc></url><url><loc>/2</loc></url><url><loc>/3"
    found, _ = find("sitemap", {"/source": reply(body, content_type="text/xml")})
    assert [each.url for each in found if isinstance(each, Candidate)][:2] == ["/1", "/2"]
    assert refusals(found) == [("/source", "cut")]


def test_a_stray_ampersand_costs_nothing() -> None:
    body = "<urlset><url><loc>/a?b=1&c=2&amp;d=3&#38;e=4</loc></url><url><loc>/d</loc></url></urlset>"
    found = [candidate.url.removeprefix("https://news.example") for candidate in sitemaps.read(raw(body), SOURCE)]
    assert found == ["/a?b=1&c=2&d=3&e=4", "/d"]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "unreadable"),
        (b"<!doctype html><p>sorry</p>", "unreadable"),
        (b"<rss version='2.0'/>", "unreadable"),
        (PACKED[:-9], "truncated"),
        (gzip.compress(b"\0" * (sitemaps.UNPACKED_BYTES + 1)), "too_large"),
        (b"<urlset>" + b"<a>" * 100_000, "hostile_markup"),
        (b"<urlset " + b"a " * 100_000 + b"/>", "hostile_markup"),
    ],
    ids=["empty", "page", "feed", "cut gzip", "bomb", "depth", "attributes"],
)
def test_what_is_no_sitemap_is_named(body: bytes, reason: str) -> None:
    with pytest.raises(SkipAddress, match=reason):
        list(sitemaps.read(raw(body), SOURCE))


def test_no_entity_reads_a_file_or_an_address() -> None:
    for entity in ('SYSTEM "file:///etc/passwd"', '"x"', 'SYSTEM "http://127.0.0.1:1/"'):
        body = f"<!DOCTYPE u [<!ENTITY x {entity}>]><urlset><url><loc>/a&x;</loc></url></urlset>"
        assert all("root" not in candidate.url for candidate in sitemaps.read(raw(body), SOURCE))


def test_ten_thousand_pages_are_read() -> None:
    body = "<urlset>" + "<url><loc>/p</loc><lastmod>2026-11-20</lastmod></url>" * 10_000 + "</urlset>"
    assert sum(1 for _ in sitemaps.read(raw(body), SOURCE)) == 10_000
