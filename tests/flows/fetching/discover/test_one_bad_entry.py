"""One bad entry stops only itself, whatever the kind of source; and nobody may name without end."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from tamis.cleaners.records import RawDocument
from tamis.flows.fetching import aside, discover
from tamis.flows.fetching.discover import kind
from tamis.flows.fetching.discover.kind import Fetch, Found
from tamis.flows.fetching.records import Ask, Candidate, Outcome, Refusal, Refused, Source
from tests.faults.server import reply
from tests.flows.fetching.discover.finding import candidates, find, refusals

LONG = "https://a.example/" + "x" * 5_000


def item(title: str, url: str = "/good") -> str:
    return f"<item><title>{title}</title><link>{url}</link></item>"


def feed(*entries: str) -> str:
    return f"<rss><channel>{''.join(entries)}</channel></rss>"


def json_feed(*entries: object) -> str:
    return json.dumps({"version": "https://jsonfeed.org/version/1", "items": entries})


SOURCES = {
    "a pair of halves": ("feed", feed(item("a &#233;&#55357;&#56832; b"), item("c")), ["a é😀 b", "c"]),
    "halves in base 16": ("feed", feed(item("a &#xD83D;&#xDE00; b"), item("c")), ["a 😀 b", "c"]),
    "half a pair": ("feed", feed(item("a &#55357; b"), item("c")), ["a \ufffd b", "c"]),
    "two first halves": ("feed", feed(item("&#xD83D;&#xD83D;"), item("c")), ["\ufffd\ufffd", "c"]),
    "no sign at all": ("feed", feed(item("a &#1114112; &#0; b"), item("c")), ["a \ufffd b", "c"]),
    "date outside the calendar": (
        "feed",
        feed(item("a</title><pubDate>Fri, 31 Dec 9999 23:59:59 -2359</pubDate><title>"), item("c")),
        ["a", "c"],
    ),
    "not an address": ("feed", feed(item("a", "http://[x"), item("c")), ["c"]),
    "half a pair in JSON": ("jsonfeed", json_feed({"url": "/a", "title": "a \ud83d"}, {"url": "/b", "title": "c"}),
                            ["a \ufffd", "c"]),
    "not an address in JSON": ("jsonfeed", json_feed({"url": "http://[x"}, {"url": "/b", "title": "c"}), ["c"]),
    "dates in JSON": (
        "jsonfeed",
        json_feed({"url": "/a", "title": "a", "date_published": "0001-01-01T00:00:00+14:00"}, {"url": "/b"}),
        ["a", ""],
    ),
    "sitemap": (
        "sitemap",
        "<urlset><url><loc>http://[x</loc></url><url><loc>/a</loc><lastmod>0001-01-01T00:00:00+14:00</lastmod></url>"
        "</urlset>",
        [""],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("of_kind", "body", "titles"), SOURCES.values(), ids=SOURCES.keys())
def test_the_others_come(of_kind: str, body: str, titles: list[str]) -> None:
    found = candidates(find(of_kind, {"/source": reply(body, content_type="application/xml")})[0])
    assert [each.title for each in found] == titles


@pytest.mark.parametrize(
    ("of_kind", "body"),
    [
        ("feed", feed(item("a", LONG), item("c"))),
        ("jsonfeed", json_feed({"url": LONG}, {"url": "/c"})),
        ("sitemap", f"<urlset><url><loc>{LONG}</loc></url><url><loc>/c</loc></url></urlset>"),
    ],
)
def test_an_address_too_long_is_named(of_kind: str, body: str) -> None:
    found, _ = find(of_kind, {"/source": reply(body, content_type="application/xml")})
    assert refusals(found) == [("/source", "too_large")]
    assert sum(isinstance(each, Candidate) for each in found) == 1


def test_a_title_too_long_is_cut_and_told() -> None:
    found, _ = find("feed", {"/source": reply(feed(item("x" * 9_000), item("y" * 9_000)))})
    assert [len(each.title) for each in found if isinstance(each, Candidate)] == [2_000, 2_000]
    assert isinstance(found[-1], Refused)
    assert found[-1].detail.startswith("2 titles, names or tags")


def everything(given: list[object]) -> list[Found]:
    """What comes in of what a kind of one's own gives."""

    async def mine(source: Source, ask: Ask, fetch: Fetch) -> AsyncIterator[Found]:
        for each in given:
            yield each  # type: ignore[misc]

    async def found() -> list[Found]:
        return [each async for each in discover.discover(Source("mine", ""), Ask(), unasked, {"mine": mine})]

    return asyncio.run(found())


async def unasked(url: str, *, whole: bool = False) -> Outcome:
    raise AssertionError(url)


MANY = [Candidate(f"https://a.example/{number}", "", "") for number in range(9)]


def test_one_answer_names_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kind, "MOST_CANDIDATES", 3)
    found = kind.read_here(RawDocument(b"", "a"), Source("feed", ""), lambda *_: MANY)
    assert len(found) == 4
    assert isinstance(found[-1], Refused)
    assert "more than 3 pages" in found[-1].detail


def test_one_source_names_no_more_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discover, "MOST_PAGES", 3)
    monkeypatch.setattr(discover, "MOST_REFUSALS", 2)
    failed = [Refused("https://a.example/", Refusal.CUT, "x")] * 5
    found = everything([*failed, *MANY])
    assert [type(each).__name__ for each in found] == ["Refused"] * 2 + ["Candidate"] * 3 + ["Refused"] * 2
    assert [each.detail for each in found[-2:] if isinstance(each, Refused)] == [
        "it names more than 3 pages; the others were left out",
        "3 parts more could not be read",
    ]


def test_what_is_no_candidate_is_told() -> None:
    found = everything([7, None, replace(MANY[0], title=3), replace(MANY[0], url="nonsense"), MANY[1]])
    assert [each.reason.value for each in found if isinstance(each, Refused)] == ["unreadable"] * 3 + ["bad_address"]
    assert isinstance(found[-1], Candidate)


def test_a_source_that_holds_its_parser_up_is_stopped_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "SECONDS", 1.0)
    author = f"<rss><channel><item><author>{'a' * 100_000}</author><link>/a</link></item></channel></rss>"
    found, _ = find("feed", {"/source": reply(author, content_type="application/xml")})
    assert refusals(found) == [("/source", "unreadable")]
    assert "stopped after 1 s" in found[0].detail  # type: ignore[union-attr]
    assert len(candidates(find("feed", {"/source": reply(feed(item("a")))})[0])) == 1


def test_an_archive_that_never_opens_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "SECONDS", 0.1)
    os.mkfifo(tmp_path / "a.warc")
    found, _ = find("warc", {}, url=tmp_path / "a.warc")
    assert refusals(found) == [(str(tmp_path / "a.warc"), "unreadable")]
    assert "it was read no further" in found[0].detail  # type: ignore[union-attr]
