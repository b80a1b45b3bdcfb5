"""When sources and pages are asked again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.errors import StopRun
from tamis.flows.fetching.records import Refusal, Refused
from tamis.flows.following import polling
from tamis.flows.following.durations import read_span
from tamis.flows.following.ranking import words_of

NOW = datetime(2026, 3, 1, 12)
PAUSES = st.timedeltas(polling.FASTEST, polling.SLOWEST)


@given(PAUSES, st.booleans(), st.booleans())
def test_news_is_sooner_silence_later_failure_latest(before: timedelta, news: bool, failed: bool) -> None:
    pauses = [polling.next_pause(before, news=n, failed=f) for n, f in ((True, False), (False, False), (False, True))]
    assert pauses == sorted(pauses)
    assert all(polling.FASTEST <= pause <= polling.SLOWEST for pause in pauses)
    assert polling.next_pause(before, news=news, failed=failed) in pauses


def test_a_busy_source_is_soon_asked_every_quarter_of_an_hour_and_a_silent_one_once_a_day() -> None:
    busy = silent = polling.FIRST
    for _ in range(20):
        busy = polling.next_pause(busy, news=True, failed=False)
        silent = polling.next_pause(silent, news=False, failed=False)
    assert (busy, silent) == (timedelta(minutes=15), timedelta(days=1))


def test_a_page_is_looked_at_ever_less_often() -> None:
    due = [polling.recheck(NOW, unchanged) for unchanged in range(6)]
    assert [at and (at - NOW).days for at in due] == [1, 2, 4, 8, None, None]


@pytest.mark.parametrize(
    ("retry_in", "failures", "wanted"),
    [(None, 1, None), (0.0, 1, timedelta(minutes=30)), (0.0, 3, timedelta(hours=2)),
     (7200.0, 1, timedelta(hours=2)), (0.0, 7, None)],
)  # fmt: skip
def test_only_a_passing_refusal_is_tried_again(retry_in: float | None, failures: int, wanted: timedelta | None) -> None:
    refused = Refused("u", Refusal.SERVER_ERROR, "", retry_in=retry_in)
    due = polling.retry(NOW, refused, failures)
    assert due == (NOW + wanted if wanted is not None else None)


@pytest.mark.parametrize(
    ("text", "span"), [("30m", timedelta(minutes=30)), (" 2D", timedelta(days=2)), ("1w", timedelta(7))]
)
def test_spans(text: str, span: timedelta) -> None:
    assert read_span(text) == span


@pytest.mark.parametrize("text", ["", "2", "d", "0d", "-1d", "2 d", "1.5h", "999999d", "tomorrow"])
def test_what_is_no_span(text: str) -> None:
    with pytest.raises(StopRun, match="no span of time"):
        read_span(text)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://a.example/2026/11/paris-et-rabat-signent-123.html", "paris et rabat signent"),
        ("https://a.example/fr/articles/المغرب-وفرنسا-الأمن", "المغرب وفرنسا الأمن"),
        ("https://a.example/co%C3%BBts-de-la-s%C3%A9curit%C3%A9", "coûts de la sécurité"),
        ("https://a.example/a/44.html", ""),
        ("https://a.example/", ""),
        ("https://a.example/index.php?id=3", ""),
    ],
)  # fmt: skip
def test_the_words_of_an_address(url: str, words: str) -> None:
    assert words_of(url) == words
