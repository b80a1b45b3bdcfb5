"""Asks the client for a fault's page and tells what came of it."""

from __future__ import annotations

from tamis.flows.fetching.client import open_client
from tamis.flows.fetching.records import NotModified, Outcome, Refused
from tamis.flows.fetching.settings import FetchSettings
from tests.faults.faults import FETCHED, LIMIT, Fault
from tests.faults.server import Site, serving

SECONDS = 1.0


def settings_for(*sites: Site, **changes: object) -> FetchSettings:
    """Settings that let the client reach local sites, at once and with small limits."""
    given: dict[str, object] = {
        "contact": "faults@tamis.test",
        "seconds": SECONDS,
        "max_bytes": LIMIT,
        "delay": 0.0,
        "retries": 0,
        "allow": tuple(site.place for site in sites),
    }
    return FetchSettings(**{**given, **changes})  # type: ignore[arg-type]


async def meet(fault: Fault) -> Outcome:
    """What the client makes of a fault."""
    async with serving(fault.pages) as site, open_client(settings_for(site)) as client:
        return await client.fetch(site.url("/page"))


def named(outcome: Outcome) -> str:
    """The outcome in one word, to compare with ``Fault.outcome``."""
    if isinstance(outcome, Refused):
        return outcome.reason.value
    return "not_modified" if isinstance(outcome, NotModified) else FETCHED
