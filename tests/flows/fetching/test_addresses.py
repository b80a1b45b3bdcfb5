"""Addresses are what a browser makes of them, and one page has one canonical address."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.flows.fetching import addresses
from tamis.flows.fetching.errors import SkipAddress

WRITTEN = [
    ("HTTP://News.Example:80/a/../b?x=1#top", "http://news.example/b?x=1"),
    ("https://é.example/é", "https://xn--9ca.example/%C3%A9"),
    ("https://news.example", "https://news.example/"),
    ("http://0x7f.1/", "http://127.0.0.1/"),
    ("http://[::FFFF:7F00:1]/", "http://[::ffff:7f00:1]/"),
    (" https://news.example/a\tb ", "https://news.example/ab"),
]


@pytest.mark.parametrize(("written", "meant"), WRITTEN)
def test_an_address_is_read_as_a_browser_reads_it(written: str, meant: str) -> None:
    assert addresses.parse(written).href == meant


@pytest.mark.parametrize(
    "written", ["", "/a", "mailto:a@b.c", "http://a b/", "http://u:p@a.b/", "https://a.b/" + "x" * 5000]
)
def test_what_is_no_address_to_fetch_is_refused(written: str) -> None:
    with pytest.raises(SkipAddress, match="bad_address"):
        addresses.parse(written)


def test_a_refusal_shows_no_password() -> None:
    with pytest.raises(SkipAddress) as error:
        addresses.parse("http://me:secret@news.example/")
    assert "secret" not in str(error.value)


def test_the_parts_fit_together() -> None:
    address = addresses.parse("https://news.example:8443/a?b#c")
    assert (address.origin, address.host, address.port, address.target) == (
        "https://news.example:8443", "news.example", 8443, "/a?b",
    )  # fmt: skip


SAME = [
    ("https://a.example/p?utm_source=x&id=2&fbclid=y", "https://a.example/p?id=2"),
    ("https://a.example/p?b=2&a=1", "https://a.example/p?a=1&b=2"),
    ("https://a.example/%7euser/%c3%a9", "https://a.example/~user/%C3%A9"),
    ("https://a.example/p?#part", "https://a.example/p"),
    ("https://a.example/p?xtor=RSS-1", "https://a.example/p"),
    ("HTTPS://A.example:443/p", "https://a.example/p"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_two_ways_of_writing_an_address_are_one(one: str, other: str) -> None:
    assert addresses.canonical(one) == addresses.canonical(other) == other


@pytest.mark.parametrize(
    ("one", "other"),
    [("https://a.example/p?id=1", "https://a.example/p?id=2"), ("https://a.example/P", "https://a.example/p"),
     ("https://a.example/a%2Fb", "https://a.example/a/b")],
)  # fmt: skip
def test_two_pages_stay_two(one: str, other: str) -> None:
    assert addresses.canonical(one) != addresses.canonical(other)


@given(st.text(st.characters(codec="utf-8"), max_size=40), st.text(st.characters(codec="utf-8"), max_size=40))
def test_the_canonical_form_of_any_address_is_an_address_and_final(path: str, query: str) -> None:
    once = addresses.canonical(f"https://a.example/{path}?{query}")
    assert addresses.canonical(once) == once
    assert addresses.is_address(once)


@given(st.text(max_size=60))
def test_no_text_breaks_the_parser(text: str) -> None:
    assert addresses.is_address(text) in (True, False)


def test_addresses_are_read_as_whatwg_says(shared: Path) -> None:
    """All cases of the web platform tests; what is not http(s), or carries a password, is refused."""
    cases = json.loads((shared / "conformance" / "urltestdata.json").read_text(encoding="utf-8"))
    wrong = []
    for case in (case for case in cases if isinstance(case, dict)):
        fetchable = case.get("href", "").startswith(("http:", "https:")) and not (case["username"] or case["password"])
        wanted = case["href"].partition("#")[0] if fetchable else None
        try:
            found = addresses.parse(case["input"], case["base"]).href
        except SkipAddress:
            found = None
        if found != wanted:
            wrong.append((case["input"], case["base"], found, wanted))
    assert wrong == []
    assert len(cases) > 800
