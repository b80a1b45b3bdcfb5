"""When to ask again: a source sooner that brings news and later that is silent or fails; a page ever less often."""

from __future__ import annotations

from datetime import datetime, timedelta

from tamis.flows.fetching.records import Refused

FIRST = timedelta(minutes=30)
FASTEST = timedelta(minutes=15)
SLOWEST = timedelta(days=1)
SOONER = 0.5
LATER = 1.25
FAILING = 2.0
SLACK = timedelta(minutes=2)
"""Runs start on a clock, not on the second."""
RECHECK = timedelta(days=1)
RECHECKS = 4
"""A page is looked at again after 1, 2, 4 and 8 days without a change: corrections come early."""
RETRY = timedelta(minutes=30)
RETRIES = 6


def is_due(at: datetime | None, now: datetime) -> bool:
    """Whether something that is due at ``at`` is to be done now; never, where that is None."""
    return at is not None and at <= now + SLACK


def next_pause(before: timedelta | None, *, news: bool, failed: bool) -> timedelta:
    """The pause until a source is asked again, from the one before (None for a first visit)."""
    if before is None:
        return FIRST
    factor = FAILING if failed else SOONER if news else LATER
    return min(SLOWEST, max(FASTEST, before * factor))


def recheck(now: datetime, unchanged: int) -> datetime | None:
    """When to look at a page on topic again that was found ``unchanged`` so many times; None for never."""
    return now + RECHECK * 2.0**unchanged if unchanged < RECHECKS else None


def retry(now: datetime, refused: Refused, failures: int) -> datetime | None:
    """When to try an address again that gave no page ``failures`` times in a row; None for never."""
    if refused.retry_in is None or failures > RETRIES:
        return None
    return now + max(timedelta(seconds=refused.retry_in), RETRY * 2.0 ** (failures - 1))
