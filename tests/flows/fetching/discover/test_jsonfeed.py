"""JSON Feed, as it should be and as it is."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.flows.fetching.discover import jsonfeed
from tamis.flows.fetching.errors import SkipAddress
from tests.faults.server import reply
from tests.flows.fetching.discover.finding import SOURCE, candidates, find, raw, refusals

ITEM = {
    "id": "1",
    "url": "/2026/accord",
    "title": "Rabat et Paris",
    "content_html": "<p>Un <b>accord</b>.</p>",
    "date_published": "2026-11-20T09:30:00+01:00",
    "date_modified": "2026-11-20T10:30:00Z",
    "authors": [{"name": "Salma Idrissi"}],
    "tags": ["Justice", 7],
}
VERSION = "https://jsonfeed.org/version/1.1"
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*ITEM, "items"]), inner, max_size=4),
)


def test_a_json_feed_gives_its_items() -> None:
    feed = {
        "version": VERSION,
        "language": "fr",
        "items": [ITEM, {"title": "no address"}, "no item", {"id": "https://a.example/x"}],
    }
    found, _ = find("jsonfeed", {"/source": reply(json.dumps(feed), content_type="application/feed+json")})
    first, second = candidates(found)
    assert (first.url, first.title, first.summary) == ("/2026/accord", "Rabat et Paris", "Un accord.")
    assert first.published == datetime(2026, 11, 20, 8, 30, tzinfo=UTC)
    assert first.modified == datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
    assert (first.authors, first.tags, first.language) == (("Salma Idrissi",), ("Justice",), "fr")
    assert second.url == "https://a.example/x"


@pytest.mark.parametrize(
    "body", ["", "[1]", '{"items": []}', "{" * 5000, '{"version": "https://jsonfeed.org/version/1"']
)
def test_what_is_no_json_feed_is_named(body: str) -> None:
    found, _ = find("jsonfeed", {"/source": reply(body, content_type="application/json")})
    assert refusals(found) == [("/source", "unreadable")]


@given(JSON)
def test_no_json_breaks_the_reader(value: object) -> None:
    for body in (value, {"version": VERSION, "items": [value]}, {"version": VERSION, "items": value}):
        try:
            list(jsonfeed.read(raw(json.dumps(body)), SOURCE))
        except SkipAddress as error:
            assert error.detail  # noqa: PT017 - either outcome is right
