"""Dates as people print them, in the languages of the vocabulary, read no more exactly than they are written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache

from tamis.cleaners.vocabulary import alternatives, fold_in_place, grammar, months

_FIRST_YEAR, _LAST_YEAR = 1970, 2100
_ZONES = {
    "z": 0, "gmt": 0, "utc": 0, "bst": 60, "cet": 60, "cest": 120, "est": -300, "edt": -240, "pst": -480, "pdt": -420,
}  # fmt: skip
_TIME = (
    r"(?P<hour>[01]?\d|2[0-3])(?:\s?[h:]\s?(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d+)?)?|(?=\s?[ap]\.?m\b))"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?(?:\s?(?:uhr|h)\b)?(?:\s?(?P<zone>gmt|utc|cet|cest|est|edt|pst|pdt|bst|z)\b"
    r"|\s?(?P<offset>[+-][01]\d:?[0-5]\d)\b)?"
)
_YEAR = re.compile(r"\d{4}")
_NUMERIC = re.compile(r"(?<![\d/.-])(?P<a>\d{1,2})(?P<sep>[/.-])(?P<b>\d{1,2})(?P=sep)(?P<year>\d{4})(?![./-]?\d)")
_YEAR_FIRST = re.compile(
    r"(?<![\d/.-])(?P<year>\d{4})(?P<sep>[/.-])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?![./-]?\d)"
)


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date found in a text: ``start`` and ``end`` are character offsets; precision as in DateEvidence."""

    start: int
    end: int
    at: datetime
    precision: str
    zone: str | None


@dataclass(frozen=True, slots=True)
class PrintedTime:
    """A time of day found alone, with its offsets in the text."""

    start: int
    end: int
    hour: int
    minute: int


def find_dates(text: str) -> list[PrintedDate]:
    """All dates of an NFC text, in order, none overlapping.

    ``04/05/2024`` is read day first, unless the numbers say otherwise. Days that do not exist
    and years outside 1970 to 2100 are not dates.
    """
    folded = fold_in_place(text)
    found: list[PrintedDate] = []
    for start, end, year, month, day in sorted(_days(folded)):
        if found and start < found[-1].end:
            continue
        date = _with_time(folded, start, end, (year, month, day))
        if date is not None:
            found.append(date)
    return found


def find_times(text: str) -> list[PrintedTime]:
    """All times of day of an NFC text (``14h51``, ``14:51``, ``2:51 pm``), in order."""
    return [
        PrintedTime(m.start(), m.end(), _hour(m), int(m["minute"] or 0))
        for m in _time_alone().finditer(fold_in_place(text))
    ]


def _days(folded: str) -> Iterator[tuple[int, int, int, int, int]]:
    if _YEAR.search(folded) is None:
        return
    for m in _YEAR_FIRST.finditer(folded):
        yield m.start(), m.end(), int(m["year"]), int(m["month"]), int(m["day"])
    for m in _NUMERIC.finditer(folded):
        a, b = int(m["a"]), int(m["b"])
        swap = b > 12
        yield m.start(), m.end(), int(m["year"]), a if swap else b, b if swap else a
    for pattern in _worded():
        for m in pattern.finditer(folded):
            yield m.start(), m.end(), int(m["year"]), months()[m["month"]], int(m["day"])


def _with_time(folded: str, start: int, end: int, day: tuple[int, int, int]) -> PrintedDate | None:
    if not _FIRST_YEAR <= day[0] <= _LAST_YEAR:
        return None
    try:
        at = datetime(*day)  # a printed date has the zone it states, mostly none
    except ValueError:
        return None
    time = _time_after().match(folded, end)
    if time is None:
        return PrintedDate(start, end, at, "day", None)
    at = at.replace(hour=_hour(time), minute=int(time["minute"] or 0), second=int(time["second"] or 0))
    zone = _zone(time)
    if zone is not None:
        at = at.replace(tzinfo=zone)
    return PrintedDate(start, time.end(), at, "second" if time["second"] else "minute", _offset(zone) if zone else None)


def _hour(time: re.Match[str]) -> int:
    hour = int(time["hour"])
    if time["half"] == "p" and hour < 12:
        return hour + 12
    return 0 if time["half"] == "a" and hour == 12 else hour


def _zone(time: re.Match[str]) -> timezone | None:
    if time["zone"]:
        return timezone(timedelta(minutes=_ZONES[time["zone"]]))
    if time["offset"]:
        sign, digits = time["offset"][0], time["offset"][1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:])
        return timezone(timedelta(minutes=-minutes if sign == "-" else minutes))
    return None


def _offset(zone: timezone) -> str:
    return datetime(2000, 1, 1, tzinfo=zone).isoformat()[-6:]


@cache
def _worded() -> tuple[re.Pattern[str], ...]:
    month = alternatives(months())
    link = r"(?:\s+|\s*[.,]\s*|\s+(?:de|del|of)\s+)"
    return (
        re.compile(
            rf"(?<!\d)(?P<day>\d{{1,2}})(?:er|st|nd|rd|th|º)?{link}(?P<month>{month})\b{link}(?P<year>\d{{4}})(?!\d)"
        ),
        re.compile(rf"\b(?P<month>{month})\b\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d)"),
    )


@cache
def _time_after() -> re.Pattern[str]:
    words = alternatives(w for w in grammar("dates"))
    return re.compile(rf"(?:t|\s*[,|·•-]?\s*(?:(?:{words})\s+)?){_TIME}")


@cache
def _time_alone() -> re.Pattern[str]:
    return re.compile(rf"(?<![\d:.,/]){_TIME}(?![\d:/])")
