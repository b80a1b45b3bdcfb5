"""Dates as machines write them: ISO 8601 and relatives, RFC 5322, seconds since 1970, dated addresses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from tamis.cleaners.dates import find_dates

_ISO = re.compile(
    r"(?P<year>(?:19|20)\d\d)(?P<sep>[-/.]?)(?P<month>1[0-2]|0?[1-9])(?P=sep)(?P<day>[12]\d|3[01]|0?[1-9])(?!\d)"
    r"(?:[T\s,]\s*(?P<hour>[01]\d|2[0-3]):?(?P<minute>[0-5]\d)(?::?(?P<second>[0-5]\d)(?:[.,]\d+)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+-][01]\d:?[0-5]\d|[+-][01]\d(?!\d))?)?",
    re.I,
)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_IN_ADDRESS = (
    re.compile(r"/(?P<year>(?:19|20)\d\d)[/-](?P<month>1[0-2]|0?[1-9])[/-](?P<day>[12]\d|3[01]|0?[1-9])(?=[/_-]|$)"),
    re.compile(r"[/_-](?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"),
    re.compile(r"[/_-](?P<year>20\d\d)-(?P<month>0[1-9]|1[0-2])-(?P<day>0[1-9]|[12]\d|3[01])(?=[/_.-]|$)"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stamp:
    """A moment as a machine states it; ``precision`` and ``zone`` as in DateEvidence."""

    at: datetime
    precision: str
    zone: str | None


def read_stamp(text: str) -> Stamp | None:
    """The moment that an attribute or property states, or None where it states no day.

    Midnight to the second is how software writes a bare day, so it counts as one.
    """
    text = text.strip()
    if _EPOCH.fullmatch(text):
        return Stamp(datetime.fromtimestamp(int(text[:10]), UTC), "second", "+00:00")
    if match := _ISO.match(text):
        return _from_match(match)
    if re.match(r"[A-Za-z]{3},? ", text) and re.search(r"\d:\d\d", text):
        try:
            at = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            at = None
        if at is not None:
            return Stamp(at, "second", _offset(at))
    found = find_dates(text[:100])
    return Stamp(found[0].at, found[0].precision, found[0].zone) if found else None


def read_address(url: str) -> Stamp | None:
    """The day written in an address (``/2024/05/31/``, ``-20240531``), or None."""
    path = re.sub(r"^[a-z]+://[^/]*|[?#].*$", "", url.lower())
    for pattern in _IN_ADDRESS:
        if match := pattern.search(path):
            return _day(match)
    return None


def _from_match(match: re.Match[str]) -> Stamp | None:
    stamp = _day(match)
    if stamp is None or match["hour"] is None:
        return stamp
    at = stamp.at.replace(hour=int(match["hour"]), minute=int(match["minute"]), second=int(match["second"] or 0))
    if (at.hour, at.minute, at.second) == (0, 0, 0):
        return stamp
    at = at.replace(tzinfo=_zone(match["zone"]))
    return Stamp(at, "second" if match["second"] else "minute", _offset(at))


def _day(match: re.Match[str]) -> Stamp | None:
    try:
        at = datetime(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        return None
    return Stamp(at, "day", None)


def _zone(stated: str | None) -> timezone | None:
    if not stated:
        return None
    if stated[0] not in "+-":
        return UTC
    minutes = int(stated[1:3]) * 60 + int(stated[-2:] if len(stated) > 3 else 0)
    return timezone(timedelta(minutes=-minutes if stated[0] == "-" else minutes))


def _offset(at: datetime) -> str | None:
    return at.isoformat()[-6:] if at.tzinfo else None
