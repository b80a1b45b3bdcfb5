"""Reservations are seen wherever they may stand, and only there."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.flows.fetching import rights
from tamis.flows.fetching.records import Rights

PAGE = b"<!doctype html><head>%s</head><body>%s"
URL = "https://news.example/2026/article?id=3"


def of_page(headers: dict[str, str] | None = None, head: bytes = b"", body: bytes = b"") -> Rights:
    return rights.of_page(headers or {}, "text/html", PAGE % (head, body), "tamis")


HEADERS = [
    ({}, None, False),
    ({"tdm-reservation": "1"}, True, False),
    ({"tdm-reservation": " 0 "}, False, False),
    ({"tdm-reservation": "0, 1"}, True, False),
    ({"tdm-reservation": "yes"}, None, False),
    ({"x-robots-tag": "noai"}, None, True),
    ({"x-robots-tag": "noindex, NoAI"}, None, True),
    ({"x-robots-tag": "tamis: noai"}, None, True),
    ({"x-robots-tag": "otherbot: noindex, noai"}, None, False),
    ({"x-robots-tag": "otherbot: noindex, tamis: noai"}, None, True),
    ({"x-robots-tag": "noindex, noimageai, nofollow"}, None, False),
]


@pytest.mark.parametrize(("headers", "reserved", "noai"), HEADERS)
def test_headers(headers: dict[str, str], reserved: bool | None, noai: bool) -> None:
    found = of_page(headers)
    assert (found.tdm_reserved, found.noai) == (reserved, noai)
    assert bool(found.evidence) == (found.noai or found.tdm_reserved is not None)


HEADS = [
    (b'<meta name="tdm-reservation" content="1">', True),
    (b"<META CONTENT=1 NAME=TDM-Reservation>", True),
    (b'<meta name=robots content="noai">', True),
    (b'<meta name=tamis content="noai">', True),
    (b'<meta name=otherbot content="noai">', False),
    (b'<meta name=robots content="index,follow,max-image-preview:large">', False),
    (b'<!-- <meta name="tdm-reservation" content="1"> -->', False),
    (b'<script>"<meta name=robots content=noai>"</script>', False),
]


@pytest.mark.parametrize(("head", "reserved"), HEADS)
def test_metas(head: bytes, reserved: bool) -> None:
    assert of_page(head=head).reserved is reserved


@pytest.mark.parametrize(("header", "meta", "reserved"), [("1", b"0", True), ("0", b"1", True), ("0", b"0", False)])
def test_of_header_and_meta_one_reservation_is_enough(header: str, meta: bytes, reserved: bool) -> None:
    found = of_page({"tdm-reservation": header}, b'<meta name="tdm-reservation" content="%s">' % meta)
    assert found.tdm_reserved is reserved
    assert len(found.evidence) == 2


def test_a_policy_is_kept() -> None:
    head = b'<meta name="tdm-reservation" content="1"><meta name="tdm-policy" content="https://news.example/p.json">'
    assert of_page(head=head).tdm_policy == "https://news.example/p.json"


SITE = b"""[{"location": "/2026/*", "tdm-reservation": 1, "tdm-policy": "https://news.example/p"},
 {"location": "/free$", "tdm-reservation": 0}, {"location": 7}, "no rule", {"tdm-reservation": 1}]"""


@pytest.mark.parametrize(
    ("url", "reserved"),
    [
        (URL, True),
        ("https://news.example/free", False),
        ("https://news.example/free/not", None),
        ("https://news.example/", None),
    ],
)
def test_the_site_speaks_where_the_page_is_silent(url: str, reserved: bool | None) -> None:
    assert rights.with_site(Rights(), rights.read_site(SITE), url).tdm_reserved is reserved
    assert rights.with_site(Rights(tdm_reserved=False), rights.read_site(SITE), url).tdm_reserved is False


def test_of_several_rules_one_reservation_is_enough() -> None:
    rules = rights.read_site(
        b'[{"location": "/", "tdm-reservation": 0}, {"location": "/2026/", "tdm-reservation": "1"}]'
    )
    assert rights.with_site(Rights(), rules, URL).reserved


@given(st.binary(max_size=200))
def test_no_bytes_break_it(body: bytes) -> None:
    assert isinstance(rights.read_site(body), tuple)
    assert isinstance(rights.of_page({}, "text/html", body, "tamis"), Rights)


def test_a_head_that_would_hold_the_parser_up_is_not_parsed() -> None:
    assert of_page(head=b"<meta " + b"a " * 60_000 + b">").evidence == ()
