"""Dates as people print them."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.cleaners.dates import find_dates, find_times

CASES = [
    ("25 avril 2024 à 15h05", "2024-04-25T15:05:00", "minute", None),
    ("le 1er mai 2023", "2023-05-01T00:00:00", "day", None),
    ("April 14, 2025 3:05 pm EDT", "2025-04-14T15:05:00-04:00", "minute", "-04:00"),
    ("14. April 2025, 10:30 Uhr", "2025-04-14T10:30:00", "minute", None),
    ("14 de abril de 2025 a las 10:30", "2025-04-14T10:30:00", "minute", None),
    ("14 أبريل 2025", "2025-04-14T00:00:00", "day", None),
    ("14 نيسان 2025", "2025-04-14T00:00:00", "day", None),
    ("٢٥/٠٤/٢٠٢٤", "2024-04-25T00:00:00", "day", None),
    ("2024-04-25T15:05:09+02:00", "2024-04-25T15:05:09+02:00", "second", "+02:00"),
    ("2024-04-25T15:05:09Z", "2024-04-25T15:05:09+00:00", "second", "+00:00"),
    ("04/05/2024", "2024-05-04T00:00:00", "day", None),
    ("04/25/2024", "2024-04-25T00:00:00", "day", None),
    ("12:30 am, 4 mai 2024 12:30 AM", "2024-05-04T00:30:00", "minute", None),
]


@pytest.mark.parametrize(("text", "at", "precision", "zone"), CASES, ids=[c[0] for c in CASES])
def test_a_date_is_read_as_written(text: str, at: str, precision: str, zone: str | None) -> None:
    (date,) = find_dates(text)
    assert (date.at.isoformat(), date.precision, date.zone) == (at, precision, zone)


@pytest.mark.parametrize(
    "text",
    [
        "31/02/2024",
        "31 février 2024",
        "mai 2024",
        "en 2024",
        "1.2.3.2024",
        "14 avril",
        "14/04/1823",
        "version 10.12.2024.1",
    ],
)
def test_what_is_no_date_is_none(text: str) -> None:
    assert find_dates(text) == []


@pytest.mark.parametrize(
    ("text", "time"),
    [("Publié : 14h51 par", (14, 51)), ("at 2:51 pm", (14, 51)), ("à 9h", None), ("12:345", None)],
)
def test_times_of_day(text: str, time: tuple[int, int] | None) -> None:
    assert [(t.hour, t.minute) for t in find_times(text)] == ([time] if time else [])


@given(st.text(), st.sampled_from([c[0] for c in CASES]), st.text())
def test_spans_lie_in_the_text_and_do_not_overlap(before: str, date: str, after: str) -> None:
    text = before + date + after
    found = find_dates(text)
    assert all(0 <= d.start < d.end <= len(text) for d in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
