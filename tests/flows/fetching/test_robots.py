"""Robots files are read as Google's parser reads them, but for named exceptions."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.flows.fetching import robots
from tamis.flows.fetching.records import Refusal

SITE = "https://news.example"
EXCEPTIONS = {
    # A product token has letters, - and _ only (RFC 9309, section 2.2.1): Google cuts a name at its first space, we
    # take it as it stands. Ours has no space, so that a line which names it with more words is not about us.
    "ID_UserAgentValueCaseInsensitive": 6,
    "GoogleOnly_AcceptUserAgentUpToFirstSpace": 2,
    # A line that is no rule ends a group's list of names for us, and does not for Google.
    "ID_LineSyntax_Groups_OtherRules": 1,
    # Google matches an escaped letter in a rule only with the same escape; we undo it, as RFC 3986 (6.2.2.2) says.
    "ID_Encoding": 1,
    # Google cuts lines at 16,664 bytes, a rule that is cut off matches more; we read them whole.
    "GoogleOnly_LineTooLong": 2,
}


def test_decisions_are_those_of_googles_parser(shared: Path) -> None:
    lines = (shared / "conformance" / "robots-google.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines]
    wrong = Counter(
        case["case"]
        for case in cases
        if robots.may_fetch(case["robots"].encode("latin-1"), case["agent"], case["url"]) != case["allowed"]
    )
    assert wrong == EXCEPTIONS
    assert len(cases) - wrong.total() >= 131


RULES = [
    ("User-agent: *\nDisallow: /a", "/a/b", False),
    ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
    ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
    ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y", True),
    ("User-agent: tamis\nAllow: /\n\nUser-agent: *\nDisallow: /", "/", True),
    ("User-agent: TAMIS\nDisallow: /", "/", False),
    ("User-agent: otherbot\nUser-agent: tamis\nDisallow: /", "/", False),
    ("\ufeffUser-agent: *\nDisallow: /", "/", False),
    ("User-agent: *\nDisallow: /caf\u00e9", "/caf%C3%A9", False),
    ("User-agent: *\r\nDisallow: /a\r\n", "/a", False),
    ("User-agent: *\rDisallow: /a\r", "/a", False),
    ("User-agent: *\nDisallow:", "/a", True),
    ("<html><p>not found</p>", "/a", True),
]


@pytest.mark.parametrize(("rules", "path", "allowed"), RULES)
def test_rules_are_kept(rules: str, path: str, allowed: bool) -> None:
    file = robots.found(SITE, rules.encode(), {}, 0.0)
    assert robots.allows(file, "tamis", SITE + path) is allowed


@given(st.binary(max_size=300))
def test_no_bytes_break_the_parser(body: bytes) -> None:
    file = robots.found(SITE, b"User-agent: *\nCrawl-delay: " + body, {}, 0.0)
    assert robots.allows(file, "tamis", SITE + "/a") in (True, False)
    delay = robots.crawl_delay(file, "tamis")
    assert delay is None or 0 < delay <= robots.LONGEST_DELAY
    assert isinstance(robots.sitemaps(body), tuple)


def test_only_the_first_500_kib_count() -> None:
    body = b"User-agent: *\n" + b"#" * robots.PARSED_BYTES + b"\nDisallow: /"
    assert robots.allows(robots.found(SITE, body, {}, 0.0), "tamis", SITE + "/a")


def test_what_cannot_be_reached_disallows_and_what_is_missing_allows() -> None:
    away = robots.unreachable(SITE, Refusal.ROBOTS_UNREACHABLE, "503", now=0.0, wait=None)
    assert not robots.allows(away, "tamis", SITE + "/a")
    assert away.expires_at == robots.DEFERRED
    assert robots.allows(robots.missing(SITE, 0.0), "tamis", SITE + "/a")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("", robots.DAY), ("max-age=3600", 3600), ("public, max-age=60", robots.SHORTEST), ("no-cache", robots.SHORTEST),
     ("max-age=999999999", robots.DAY), ("max-age=soon", robots.DAY)],
)  # fmt: skip
def test_it_is_kept_as_long_as_its_site_says_and_a_day_at_most(header: str, seconds: float) -> None:
    assert robots.found(SITE, b"", {"cache-control": header}, 100.0).expires_at == 100.0 + seconds


def test_sitemaps_are_named() -> None:
    assert robots.sitemaps(b"Sitemap: https://a.example/1.xml\nsitemap: https://a.example/2.xml") == (
        "https://a.example/1.xml",
        "https://a.example/2.xml",
    )
