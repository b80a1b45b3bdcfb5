"""What strangers say comes in printable, encodable and no longer than it may be; a login stays outside."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.flows.fetching import addresses, entering
from tamis.flows.fetching.errors import SkipAddress
from tamis.flows.fetching.records import Candidate, Refusal, Refused, Rights

FOUND = Candidate("https://a.example/1", "Gazette", "feed", title="Rabat", authors=("Salma",), tags=("Justice",))


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("a \ud83d b", "a \ufffd b"),
        ("a \ud83d\ude00 b", "a 😀 b"),
        ("a\x1b[31m b\x07", "a b"),
        ("a\u202e b\u2066", "a b"),
        ("a\n\t b\0", "a b"),
    ],
)
def test_every_text_is_made_printable(said: str, kept: str) -> None:
    given = replace(FOUND, title=said, summary=said, source=said, language=said, authors=(said,), tags=(said, "\x1b"))
    found, cuts = entering.candidate(given)
    assert (found.title, found.summary, found.source, found.language) == (kept,) * 4
    assert (found.authors, found.tags, cuts) == ((kept,), (kept,), 0)
    assert entering.refused(Refused(f"https://a.example/{said}", Refusal.ROBOTS, said)).detail == kept
    assert entering.rights(Rights(evidence=(said,), tdm_policy=said)) == Rights(evidence=(kept,), tdm_policy=kept)


@given(st.text(st.characters(codec=None), max_size=60))
def test_what_came_in_can_be_written_anywhere(said: str) -> None:
    found, _ = entering.candidate(replace(FOUND, title=said, summary=said))
    for kept in (found.title, found.summary, addresses.shown(said)):
        kept.encode()
        assert not {unicodedata.category(sign) for sign in kept} & {"Cc", "Cs"}


def test_what_is_too_long_is_cut_and_counted() -> None:
    long = "x" * 30_000
    found, cuts = entering.candidate(replace(FOUND, title=long, summary=long, authors=(long,), tags=("a",) * 150))
    assert len(found.title) == entering.LONGEST_TITLE
    assert len(found.summary) == entering.LONGEST_SUMMARY
    assert [len(name) for name in found.authors] == [entering.LONGEST_NAME]
    assert len(found.tags) == entering.MOST_NAMES
    assert cuts == 1 + 1 + 50, "a long summary is only its beginning, and not counted"


def test_times_come_in_as_utc_or_not_at_all() -> None:
    last = datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=12)))
    found, _ = entering.candidate(replace(FOUND, published=last, modified=datetime(2026, 11, 20)))
    assert (found.published, found.modified) == (None, datetime(2026, 11, 20, tzinfo=UTC))


@pytest.mark.parametrize("wrong", [{"title": None}, {"authors": 7}, {"tags": (1,)}, {"published": "2026"}, {"url": 1}])
def test_a_field_of_another_type_is_an_error(wrong: dict[str, object]) -> None:
    with pytest.raises((TypeError, AttributeError)):
        entering.candidate(replace(FOUND, **wrong))  # type: ignore[arg-type]


@pytest.mark.parametrize("wait", [1e300, float("inf"), float("nan"), -5.0])
def test_a_wait_is_a_day_at_most(wait: float) -> None:
    kept = entering.refused(Refused("https://a.example/", Refusal.SERVER_ERROR, "", retry_in=wait)).retry_in
    assert kept is None or 0.0 <= kept <= 86_400.0


LOGINS = ["https://me:secret@a.example/1", "http:me:secret@a.example/1", "https:\\\\me:secret@a.example/1"]


@pytest.mark.parametrize("url", [*LOGINS, "https://me:secret@a.example/?q={query}"])
def test_a_login_is_not_shown(url: str) -> None:
    assert "secret" not in addresses.shown(url)
    assert "a.example/" in addresses.shown(url)
    with pytest.raises(SkipAddress) as refused:
        addresses.parse(url)
    assert "secret" not in str(refused.value)


def test_an_entry_loses_its_login_and_a_long_address_is_named() -> None:
    assert addresses.link(LOGINS[0], None) == "https://a.example/1"
    assert addresses.link("http://[x", None) is None
    with pytest.raises(SkipAddress, match=r"too_large: .*an address of more than 4,096 characters"):
        addresses.link("https://a.example/" + "a" * 5_000, None)
