"""The guard refuses what would hold a parser up, lets ordinary feeds pass, and is linear itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.flows.fetching.discover.markup import (
    MAX_ATTRIBUTES,
    MAX_DEPTH,
    MAX_REFERENCES,
    MAX_TAGS,
    MAX_UNENDED,
    check_xml,
    plain,
)
from tamis.flows.fetching.errors import SkipAddress

MANY = 1_000_000
HOSTILE = {
    "levels": "<a>" * (MAX_DEPTH + 1),
    "levels with ends that end nothing": "<a></b>" * (MAX_DEPTH + 1),
    "attributes": "<a" + " b='c'" * (MAX_ATTRIBUTES + 1) + ">",
    "attributes without values": "<a" + " b" * (MAX_ATTRIBUTES + 1) + ">",
    "attributes in a tag without an end": "<a" + " b" * MANY,
    "tags": "<a/>" * (MAX_TAGS + 1),
    "brackets": "<" * MANY,
    "references": "&lt;" * (MAX_REFERENCES + 1),
    "comments without an end": "<!--" * MANY,
    "character data without an end": "<![CDATA[" * MANY,
    "instructions without an end": "<?a " * MANY,
    "quotes without an end": '<a b="' * MANY,
    "declarations": "<!ENTITY a 'b'>" * MANY,
    "much depth much of the time": "<a>" * 500 + "<b/>" * 50_000,
    "hidden behind a comment without an end": "<!-- <a>" * (MAX_UNENDED + 1),
}


@pytest.mark.parametrize("markup", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_markup_is_refused(markup: str) -> None:
    with pytest.raises(SkipAddress, match=r"hostile_markup: at least [\d,]+ .*limit is [\d,]+"):
        check_xml(markup)


HARMLESS = {
    "items": "<rss><channel>" + "<item><title>a</title><link>b</link></item>" * 10_000 + "</channel></rss>",
    "at the limit": "<a>" * MAX_DEPTH + "</a>" * MAX_DEPTH,
    "side by side": "<r>" + "<a></a><b/>" * 20_000 + "</r>",
    "in a comment": "<r><!--" + "<a>" * 5_000 + "--></r>",
    "in character data": "<r><![CDATA[" + "<p>" * 5_000 + "]]></r>",
    "text": "x" * MANY,
    "empty": "",
}


@pytest.mark.parametrize("markup", HARMLESS.values(), ids=HARMLESS.keys())
def test_ordinary_markup_passes(markup: str) -> None:
    check_xml(markup)


@given(st.text("<>/!-[]?'\"= ab&;", max_size=200))
def test_no_text_breaks_the_guard(text: str) -> None:
    check_xml(text)
    assert isinstance(plain(text), str)


@pytest.mark.parametrize(
    ("markup", "text"),
    [("<p>Un <b>mot</b></p>", "Un mot"), ("a &amp; b", "a & b"), ("1 < 2", "1 < 2"), ("<3", "<3"),
     ("<script>x()</script>y", "y"), ("a<!-- b -->c", "a c"), ("l&#8217;État", "l’État"), ("a\n\n b\u00a0c", "a b c")],
)  # fmt: skip
def test_titles_are_plain_text(markup: str, text: str) -> None:
    assert plain(markup) == text


@pytest.mark.parametrize("markup", ["<" * MANY, "<script" * MANY, "<!--" * MANY, "<script>" * MANY, "&" * MANY])
def test_no_title_takes_long(markup: str) -> None:
    assert len(plain(markup)) <= MANY  # what is not linear would not end here
