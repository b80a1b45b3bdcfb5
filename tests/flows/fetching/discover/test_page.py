"""A page's own feeds and sitemaps, and addresses of which nobody said what they are."""

from __future__ import annotations

import gzip
import json

import pytest

from tamis.flows.fetching.discover import page
from tamis.flows.fetching.errors import SkipAddress
from tests.faults.server import Answer, reply
from tests.flows.fetching.discover.finding import candidates, find, raw, refusals
from tests.flows.fetching.discover.test_feeds import ATOM, RSS

HOME = """<!doctype html><html><head><title>Le Test</title>
<link rel="alternate" type="application/rss+xml" title="Justice" href="/rss">
<link rel="alternate" type="application/feed+json" href="/feed.json">
<link rel="ALTERNATE stylesheet" type="Application/Atom+XML" href="/atom">
<link rel="alternate" hreflang="ar" href="/ar"><link rel="stylesheet" href="/style.css">
<link rel="alternate" type="application/rss+xml" href="javascript:alert(1)">
<link rel="alternate" type="application/rss+xml">
</head><body><p>Bonjour</body></html>"""
URLSET = "<urlset><url><loc>/2026/carte</loc></url></urlset>"
JSON = json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"url": "/2026/json"}]})
SITE: dict[str, Answer] = {
    "/source": reply(HOME),
    "/rss": reply(RSS.replace("accord", "rss"), content_type="application/rss+xml"),
    "/atom": reply(ATOM.replace("accord", "atom"), content_type="application/atom+xml"),
    "/feed.json": reply(JSON, content_type="application/feed+json"),
    "/robots.txt": reply("User-agent: *\nDisallow:\nSitemap: /relative-is-none\n", content_type="text/plain"),
}


def test_the_links_of_a_page_are_found() -> None:
    found = [(link.kind, link.url, link.name) for link in page.links(raw(HOME, "https://a.example/x/", "text/html"))]
    assert found == [
        ("feed", "https://a.example/rss", "Justice"),
        ("jsonfeed", "https://a.example/feed.json", ""),
        ("feed", "https://a.example/atom", ""),
    ]


@pytest.mark.parametrize("kind", ["page", "auto"])
def test_all_that_a_page_names_is_read(kind: str) -> None:
    found, log = find(kind, SITE)
    assert {candidate.url for candidate in candidates(found)} == {"/2026/rss", "/2026/atom", "/2026/json"}
    assert {candidate.source for candidate in candidates(found)} == {"Test"}
    assert len([request for request in log if request.target == "/rss"]) == 1


def test_the_sitemaps_of_robots_txt_are_read() -> None:
    def robots(request: object) -> object:
        host = request.headers["host"]  # type: ignore[attr-defined]
        return reply(f"Sitemap: http://{host}/map.xml\nSitemap: ftp://{host}/none.xml")(request)  # type: ignore[arg-type]

    pages = {"/source": reply("<!doctype html><html><p>x"), "/robots.txt": robots, "/map.xml": reply(URLSET)}
    assert [candidate.url for candidate in candidates(find("page", pages)[0])] == ["/2026/carte"]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<!doctype html><html><p>no link", "unreadable"),
        ("", "unreadable"),
        ("<html>" + "<div>" * 100_000, "hostile_markup"),
    ],
    ids=["no link", "empty", "hostile"],
)
def test_a_page_that_names_nothing_is_named(body: str, reason: str) -> None:
    assert refusals(find("page", {"/source": reply(body)})[0]) == [("/source", reason)]


def test_hostile_links_are_not_parsed() -> None:
    with pytest.raises(SkipAddress, match="hostile_markup"):
        list(page.links(raw("<html><link " + "a " * 100_000 + ">", content_type="text/html")))


KINDS = {
    "rss": (reply(RSS), ["/2026/accord"]),
    "atom said to be a page": (reply(ATOM, content_type="text/html"), ["/2026/accord"]),
    "utf-16": (reply(ATOM.encode("utf-16")), ["/2026/accord"]),
    "json feed": (reply(JSON), ["/2026/json"]),
    "gdelt": (reply('{"articles": [{"url": "https://a.example/1"}]}'), ["https://a.example/1"]),
    "sitemap": (reply(URLSET), ["/2026/carte"]),
    "packed sitemap": (reply(gzip.compress(URLSET.encode()), content_type="application/gzip"), ["/2026/carte"]),
}


@pytest.mark.parametrize(("answer", "urls"), KINDS.values(), ids=KINDS.keys())
def test_what_an_address_holds_is_told_by_what_comes(answer: Answer, urls: list[str]) -> None:
    assert [candidate.url for candidate in candidates(find("auto", {"/source": answer})[0])] == urls
