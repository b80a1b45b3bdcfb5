"""When to ask again: what Retry-After says, and otherwise a growing pause with jitter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
LONGEST_WAIT = 24 * 3600.0
"""Whoever asks for more than a day's rest is asked once more after a day: a slip (a year 9999, milliseconds) would
otherwise silence a source for ever, and one request a day is no burden."""


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110, section 10.2.3), a day at most.

    None where it says nothing usable; it never raises.
    """
    text = (value or "").strip()[:64]
    if text.isascii() and text.isdecimal():
        return min(float(text), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(text)
        wait = ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return min(max(0.0, wait), LONGEST_WAIT)


def pause(attempt: int, random: Callable[[], float]) -> float:
    """The seconds before attempt ``attempt`` + 1: a random share of a span that doubles ("full jitter")."""
    return random() * min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**attempt)
