"""Every kind is in the registry and its table; old candidates are left out; a user's own kind is a kind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tamis.cleaners.errors import StopRun
from tamis.flows.fetching import discover as registry
from tamis.flows.fetching.client import open_client
from tamis.flows.fetching.discover import KINDS, discover
from tamis.flows.fetching.discover.kind import Fetch, Found
from tamis.flows.fetching.discover.moments import read_moment
from tamis.flows.fetching.records import Ask, Candidate, NotModified, Outcome, Source, Validators
from tests.faults.checking import settings_for
from tests.faults.server import Answer, Request, reply, serving
from tests.flows.fetching.discover.finding import Visits, candidates, find
from tests.flows.fetching.discover.test_feeds import ATOM

NOW = datetime(2026, 11, 22, tzinfo=UTC)


async def unchanged(url: str, *, whole: bool = False) -> Outcome:
    return NotModified(url, Validators(url))


def test_every_kind_is_in_the_table_of_the_readme() -> None:
    table = (Path(registry.__file__).parent / "README.md").read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f"| `{kind}` |" not in table] == []


@pytest.mark.parametrize("kind", sorted({*KINDS} - {"warc"}))
def test_a_source_that_has_not_changed_gives_nothing(kind: str) -> None:
    async def found() -> list[Found]:
        source = Source(kind, "https://a.example/{query}" if kind == "search" else "https://a.example/")
        return [each async for each in discover(source, Ask(("a",)), unchanged)]

    assert asyncio.run(found()) == []


def kept(*bodies: str) -> Answer:
    """A page with one ETag for each of its bodies; it shows the next body when it was asked for the one before."""
    left = list(bodies)

    def answer(request: Request) -> AsyncIterator[bytes]:
        body = left.pop(0) if len(left) > 1 else left[0]
        etag = f'"{hash(body)}"'
        same = request.headers.get("if-none-match") == etag
        return (reply(b"", 304, etag=etag) if same else reply(body, etag=etag))(request)

    return answer


LEADING = {
    "sitemap": "<sitemapindex><sitemap><loc>/next</loc></sitemap></sitemapindex>",
    "page": '<!doctype html><html><link rel="sitemap" href="/next">',
    "auto": "<sitemapindex><sitemap><loc>/next</loc></sitemap></sitemapindex>",
}
MAPS = [f"<urlset><url><loc>/{n}</loc></url></urlset>" for n in range(2)]


@pytest.mark.parametrize("kind", LEADING)
def test_a_page_that_stays_the_same_leads_to_what_changes(kind: str) -> None:
    async def test() -> None:
        pages = {"/source": kept(LEADING[kind]), "/next": kept(MAPS[0], MAPS[1])}
        async with serving(pages) as site, open_client(settings_for(site)) as client:
            visits, source = Visits(client), Source(kind, site.url("/source"))
            runs = [[each.url async for each in discover(source, Ask(), visits)] for _ in range(2)]
            assert runs == [[site.url("/0")], [site.url("/1")]]

    asyncio.run(test())


def test_a_feed_that_stays_the_same_is_not_sent_again() -> None:
    async def test() -> None:
        async with serving({"/source": kept(ATOM)}) as site, open_client(settings_for(site)) as client:
            visits, source = Visits(client), Source("feed", site.url("/source"))
            assert [len([each async for each in discover(source, Ask(), visits)]) for _ in range(2)] == [1, 0]

    asyncio.run(test())


def test_a_kind_that_is_none_is_told_with_those_that_are() -> None:
    with pytest.raises(StopRun, match=r"'rss'; valid are auto, feed, .*warc"):
        find("rss", {})


def test_candidates_older_than_asked_for_are_left_out() -> None:
    dates = {"new": NOW, "day": NOW - timedelta(hours=20), "old": NOW - timedelta(days=9), "unknown": None}
    home = "https://a.example/"

    async def mine(source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:
        for url, published in dates.items():
            yield Candidate(home + url, "mine", "mine", published=published)

    async def found() -> list[str]:
        ask = Ask(since=NOW)
        return [
            each.url.removeprefix(home) async for each in discover(Source("mine", ""), ask, unchanged, {"mine": mine})
        ]

    assert asyncio.run(found()) == ["new", "day", "unknown"]


def test_what_changed_lately_is_not_old() -> None:
    body = ATOM.replace("2026-11-20T09:30:00", "2020-01-01T00:00:00")
    assert len(candidates(find("feed", {"/source": reply(body)}, ask=Ask(since=NOW - timedelta(days=1)))[0])) == 1


@pytest.mark.parametrize(
    ("written", "moment"),
    [("2026-11-20T09:30:00+01:00", (2026, 11, 20, 8, 30)), ("2026-11-20T08:30Z", (2026, 11, 20, 8, 30)),
     ("2026-11-20", (2026, 11, 20, 0, 0)), ("20261120T083000Z", (2026, 11, 20, 8, 30)),
     ("Fri, 20 Nov 2026 09:30:00 +0100", (2026, 11, 20, 8, 30)), ("soon", None), ("", None), (None, None), (7, None),
     ("9" * 100, None), ("0001-01-01T00:00:00+14:00", None)],
)  # fmt: skip
def test_moments_are_read_as_utc(written: object, moment: tuple[int, int, int, int, int] | None) -> None:
    assert read_moment(written) == (datetime(*moment, tzinfo=UTC) if moment else None)
