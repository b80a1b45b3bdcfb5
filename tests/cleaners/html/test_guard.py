"""Markup that would keep a parser busy for minutes is refused by name; pages that people write pass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.errors import SkipDocument
from tamis.cleaners.html.guard import MAX_ATTRIBUTES, MAX_DEPTH, check_markup
from tamis.cleaners.html.html_page import read_page
from tamis.cleaners.records import Reason

HOSTILE = {
    "nested": ("<div>" * 100_000, "levels of nesting"),
    "nested lists": ("<ul><li>" * 30_000, "levels of nesting"),
    "closed out of order": ("<div><ul></div>" * 60_000, "levels of nesting"),
    "stray ends do not pay": ("</b><i>" * 90_000, "levels of nesting"),
    "hidden in an svg title": ("<svg><title>" + "<div>" * 90_000, "levels of nesting"),
    "hidden in an svg script": ("<svg><script>" + "<g>" * 90_000, "levels of nesting"),
    "after an empty comment": ("<!-->" + "<div>" * 20_000, "levels of nesting"),
    "attributes": ("<p " + " ".join(f"a{i}=1" for i in range(200_000)) + ">", "attributes on one tag"),
    "attributes after a quoted bracket": ('<p a=">" ' + "b " * 150_000 + ">", "attributes on one tag"),
    "attributes in an open quote": ('<a b="' * 100_000, "attributes on one tag"),
    "tags": ("<br>" * 200_001, "tags"),
    "formatting": ("".join(f"<font a={i}>" for i in range(400)) + "<p>x" * 6_000, "formatting elements"),
}
HARMLESS = {
    "empty": "",
    "depth at the limit": "<div>" * MAX_DEPTH,
    "attributes at the limit": "<p " + " a=1" * MAX_ATTRIBUTES + ">",
    "paragraphs left open": "<p>one " * 2_000,
    "cells left open": "<table>" + "<tr><td>one " * 2_000,
    "markup in a script": "<script>" + "document.write('<div>');" * 1_000 + "</script>",
    "markup in an attribute": '<p data-card="' + "<div>" * 1_000 + '">',
    "markup in a comment": "<!-- " + "<div>" * 1_000 + " -->",
    "drawing": "<svg>" + "<path/>" * 2_000 + "</svg>",
    "only brackets": "<" * 100_000,
}


@pytest.mark.parametrize(("html", "what"), HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_markup_is_refused_with_its_figure(html: str, what: str) -> None:
    with pytest.raises(SkipDocument) as refused:
        check_markup(html)
    assert refused.value.reason is Reason.HOSTILE_MARKUP
    assert what in refused.value.detail
    assert "the limit is" in refused.value.detail


@pytest.mark.parametrize("html", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_people_write_passes(html: str) -> None:
    check_markup(html)


@given(st.text(alphabet="<>/!-='\" abpdivscript", max_size=300))
def test_any_small_page_passes(html: str) -> None:
    check_markup(html)


def test_a_page_of_few_tags_is_refused_where_they_are_nested_too_deep() -> None:
    read_page("<div>" * (MAX_DEPTH - 1) + "One.")
    with pytest.raises(SkipDocument, match="levels of nesting"):
        read_page("<div>" * (MAX_DEPTH + 1) + "One.")


@pytest.mark.parametrize("name", ["attributes", "attributes after a quoted bracket", "attributes in an open quote"])
def test_attributes_count_on_a_page_of_few_tags(name: str) -> None:
    with pytest.raises(SkipDocument, match="attributes on one tag"):
        check_markup("<p>One.</p>" + HOSTILE[name][0][:15_000])
