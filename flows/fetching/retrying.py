"""When to ask again: what Retry-After says, and otherwise a growing pause with jitter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0


def retry_after(value: str | None, now: datetime) -> float | None:
    """The seconds that a Retry-After header asks for (RFC 9110, section 10.2.3); None where it says nothing usable."""
    text = (value or "").strip()
    if text.isascii() and text.isdecimal() and len(text) < 10:
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return max(0.0, ((at if at.tzinfo else at.replace(tzinfo=UTC)) - now).total_seconds())


def pause(attempt: int, random: Callable[[], float]) -> float:
    """The seconds before attempt ``attempt`` + 1: a random share of a span that doubles ("full jitter")."""
    return random() * min(LONGEST_PAUSE, FIRST_PAUSE * 2.0**attempt)
