"""How fast one host is asked: slower at once when it struggles, faster again slowly. No clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace

SLOWER = 2.0
FASTER = 0.9
FIRST_STEP = 1.0
SLOWEST = 120.0


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of one host.

    ``floor`` is the least delay between two requests (the user's, or the crawl delay if that is longer),
    ``delay`` the one in force, ``ready_at`` when the next request may start (seconds of the caller's clock).
    """

    floor: float
    delay: float
    ready_at: float = 0.0

    def wait(self, now: float) -> float:
        """The seconds until the next request may start."""
        return max(0.0, self.ready_at - now)


def start(delay: float) -> Pace:
    """The pace of a host that nothing is known of."""
    return Pace(floor=delay, delay=delay)


def with_crawl_delay(pace: Pace, seconds: float | None) -> Pace:
    """The pace with the crawl delay of a robots.txt kept, up to two minutes; it also holds for the next request."""
    if seconds is None or not seconds > pace.floor:
        return pace
    floor = min(seconds, SLOWEST)
    return Pace(floor, max(pace.delay, floor), pace.ready_at + max(0.0, floor - pace.delay))


def after_answer(pace: Pace, now: float, took: float) -> Pace:
    """The pace after an answer that ``took`` so many seconds: a tenth faster, but no faster than the host answers."""
    delay = max(pace.floor, min(took, SLOWEST), pace.delay * FASTER)
    return replace(pace, delay=delay, ready_at=now + delay)


def after_trouble(pace: Pace, now: float, asked: float | None = None) -> Pace:
    """The pace after 429, 5xx or a time-out: half as fast, and not before the ``asked`` seconds are over."""
    delay = min(SLOWEST, max(pace.floor, FIRST_STEP, pace.delay * SLOWER))
    return replace(pace, delay=delay, ready_at=now + max(delay, asked or 0.0))
