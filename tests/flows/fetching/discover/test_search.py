"""Searches by template, and GDELT: what is asked, and what is made of the answer."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from tamis.flows.fetching.discover import gdelt, search
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Ask, Source
from tests.faults.server import reply
from tests.flows.fetching.discover.finding import SOURCE, candidates, find, raw, refusals
from tests.flows.fetching.discover.test_feeds import ATOM

ASK = Ask(("France Maroc", "المغرب & police"), ("fr", "ar"), datetime(2026, 11, 20, tzinfo=UTC))
TEMPLATES = [
    ("https://s.example/?q={query}", "", ["France+Maroc", "%D8%A7%D9%84%D9%85%D8%BA%D8%B1%D8%A8+%26+police"]),
    ("https://s.example/{lang}?q={query}&hl={hl}", "es", ["es?q=France+Maroc&hl=es"]),
    ("https://s.example/?l={lang}&q={query}", "", ["l=fr&q=France+Maroc", "l=ar&q=France+Maroc"]),
    ("https://s.example/?q={query}+after:{since}", "", ["France+Maroc+after:2026-11-20"]),
]


@pytest.mark.parametrize(("template", "language", "parts"), TEMPLATES)
def test_a_template_is_filled_in_for_each_query_and_language(template: str, language: str, parts: list[str]) -> None:
    asked = list(search.search_addresses(Source("search", template, language=language), ASK))
    assert all(any(part in url for url in asked) for part in parts)
    assert len(asked) == len(set(asked)) == (4 if "{lang}" in template and not language else 2)


@pytest.mark.parametrize(
    "template",
    ["https://s.example/?q=maroc", "https://s.example/?q={query}&x={other}", "https://s.example/?q={query",
     "{query.__class__}", "https://s.example/?q={query!r}x{}", "{0}{query}"],
)  # fmt: skip
def test_what_is_no_template_is_named(template: str) -> None:
    assert refusals(find("search", {}, url=template, ask=ASK)[0]) == [(template, "bad_address")]


def test_a_format_specification_fills_no_memory() -> None:
    [asked] = search.search_addresses(Source("search", "https://s.example/?q={query:>9999999999}"), Ask(("a",)))
    assert len(asked) < 100


@pytest.mark.parametrize(
    "body", [ATOM, json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"url": "/2026/accord"}]})]
)
def test_a_search_may_answer_with_any_feed(body: str) -> None:
    found, log = find("search", {"/search?q=maroc": reply(body)}, url="/search?q={query}", ask=Ask(("maroc",)))
    assert [candidate.url for candidate in candidates(found)] == ["/2026/accord"]
    assert log[-1].target == "/.well-known/tdmrep.json"


def test_gdelt_is_asked_for_each_query_and_its_date_is_no_publication() -> None:
    article = {"url": "https://a.example/1", "title": "Rabat", "seendate": "20261121T101500Z", "language": "French"}
    answer = reply(json.dumps({"articles": [article, {"url": "javascript:x"}, 7]}), content_type="application/json")
    asked = gdelt.search_address("", "France Maroc", ASK)
    assert "startdatetime=20261120000000" in asked
    assert "query=France+Maroc" in asked
    found, _ = find("gdelt", {"/doc" + asked: answer}, url="/doc", ask=Ask(("France Maroc",), since=ASK.since))
    [one] = candidates(found)
    assert (one.url, one.title, one.language) == ("https://a.example/1", "Rabat", "French")
    assert (one.published, one.seen) == (None, datetime(2026, 11, 21, 10, 15, tzinfo=UTC))


def test_gdelts_errors_are_passed_on_and_its_loose_json_is_read() -> None:
    with pytest.raises(SkipAddress, match="phrase is too short"):
        list(gdelt.read(raw("The specified phrase is too short."), SOURCE))
    [one] = gdelt.read(raw('{"articles": [{"url": "https://a.example/", "title": "a\tb\n c"}]}'), SOURCE)
    assert one.title == "a b c"
    assert list(gdelt.read(raw("{}"), SOURCE)) == []
