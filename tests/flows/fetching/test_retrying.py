"""Retry-After in both its forms, and pauses that grow and differ."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.flows.fetching import retrying

NOW = datetime(2026, 11, 22, 7, 28, tzinfo=UTC)
DAY = retrying.LONGEST_WAIT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120.0), (" 0 ", 0.0), ("Sun, 22 Nov 2026 07:30:00 GMT", 120.0), ("Sun, 22 Nov 2026 07:00:00 GMT", 0.0),
     (None, None), ("", None), ("soon", None), ("-5", None), ("1e9", None), ("99999999999", DAY), ("999999999", DAY),
     ("9" * 5_000, DAY), ("Fri, 31 Dec 9999 23:59:59 GMT", DAY), ("Fri, 31 Dec 9999 23:59:59 -2359", DAY),
     ("Mon, 01 Jan 0001 00:00:00 +2359", 0.0), ("٣", None)],
)  # fmt: skip
def test_retry_after_is_read(value: str | None, seconds: float | None) -> None:
    assert retrying.retry_after(value, NOW) == seconds


@given(st.text(max_size=40))
def test_no_retry_after_breaks_it(value: str) -> None:
    seconds = retrying.retry_after(value, NOW)
    assert seconds is None or seconds >= 0


@given(st.integers(0, 500), st.floats(0, 1))
def test_pauses_are_bounded(attempt: int, drawn: float) -> None:
    assert 0 <= retrying.pause(attempt, lambda: drawn) <= retrying.LONGEST_PAUSE
