"""What a robots.txt allows (RFC 9309), and for how long that answer holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from protego import Protego

from tamis.flows.fetching.records import Refusal

PATH = "/robots.txt"
PARSED_BYTES = 500 * 1024
REDIRECTS = 5
DAY = 24 * 3600.0
SHORTEST = 300.0
DEFERRED = 600.0
LONGEST_DELAY = 120.0


@dataclass(frozen=True, slots=True)
class RobotsFile:
    """The robots.txt of one origin as it was read at one time.

    ``unreachable`` is the reason why it could not be read, which disallows everything until ``expires_at``
    (seconds since the epoch); ``body`` is empty where there is none, which allows everything.
    """

    origin: str
    expires_at: float
    body: bytes = b""
    unreachable: Refusal | None = None
    detail: str = ""


def missing(origin: str, now: float) -> RobotsFile:
    """There is none (4xx, or too many redirects): everything is allowed (section 2.3.1.3)."""
    return RobotsFile(origin, now + DAY)


def found(origin: str, body: bytes, headers: Mapping[str, str], now: float) -> RobotsFile:
    """It was read: kept as long as Cache-Control says, five minutes at least and a day at most (section 2.4)."""
    return RobotsFile(origin, now + _lifetime(headers.get("cache-control", "")), body[:PARSED_BYTES])


def unreachable(origin: str, reason: Refusal, detail: str, now: float, wait: float | None) -> RobotsFile:
    """It cannot be read now (5xx, 429, no connection): everything is disallowed, and deferred (section 2.3.1.4)."""
    return RobotsFile(origin, now + min(DAY, max(DEFERRED, wait or 0.0)), unreachable=reason, detail=detail)


def allows(file: RobotsFile, agent: str, url: str) -> bool:
    """Whether ``agent`` (a product token) may fetch ``url``; the robots.txt itself always may."""
    if file.unreachable is not None:
        return False
    return may_fetch(file.body, agent, url)


def may_fetch(body: bytes, agent: str, url: str) -> bool:
    """What the rules in ``body`` say of one address; it never raises, whatever the bytes."""
    return bool(_rules(body).can_fetch(url, agent))


def crawl_delay(file: RobotsFile, agent: str) -> float | None:
    """The seconds between requests that it asks of ``agent``, at most 120; None where it asks nothing."""
    try:
        delay = float(_rules(file.body).crawl_delay(agent) or 0.0)
    except (ValueError, OverflowError):
        return None
    return min(delay, LONGEST_DELAY) if delay > 0 else None


def sitemaps(body: bytes) -> tuple[str, ...]:
    """The sitemaps that it names, as they are written."""
    return tuple(dict.fromkeys(_rules(body).sitemaps))


@lru_cache(maxsize=256)
def _rules(body: bytes) -> Protego:
    # Sites save it with a byte-order mark, which would hide the first rule.
    return Protego.parse(body[:PARSED_BYTES].decode("utf-8-sig", "replace"))


def _lifetime(cache_control: str) -> float:
    for directive in cache_control.lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name in ("no-cache", "no-store"):
            return SHORTEST
        if name == "max-age" and value.strip('"').isdecimal():
            return min(DAY, max(SHORTEST, float(value.strip('"'))))
    return DAY
