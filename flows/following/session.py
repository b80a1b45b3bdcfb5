"""One client for a whole run, so that no step forgets the pace of a host; asked from plain code."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

from tamis.flows import settings
from tamis.flows.fetching.client import Client, open_client
from tamis.flows.fetching.hosts import Time
from tamis.flows.fetching.records import Refusal
from tamis.flows.fetching.robots import RobotsFile
from tamis.flows.settings import Settings
from tamis.warehouse import storage
from tamis.warehouse.connection import open_working_reader
from tamis.warehouse.following import topic_store
from tamis.warehouse.following.records import RobotsRow

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Session:
    """The open client with its event loop and its clock; ``robots`` are the robots files that it knows."""

    client: Client
    runner: asyncio.Runner
    time: Time
    robots: dict[str, RobotsFile]

    @property
    def now(self) -> datetime:
        """The time of day as the warehouse keeps it: UTC without a zone."""
        return self.time.now.astimezone(UTC).replace(tzinfo=None)

    def run(self, work: Callable[[Client], Coroutine[Any, Any, Result]]) -> Result:
        """The result of ``work`` with the client."""
        return self.runner.run(work(self.client))

    @property
    def robots_rows(self) -> tuple[RobotsRow, ...]:
        """The robots files as the warehouse keeps them."""
        return tuple(
            RobotsRow(file.origin, file.expires_at, file.body, file.unreachable and file.unreachable.value, file.detail)
            for file in self.robots.values()
        )


@contextmanager
def open_session(chosen: Settings, when: Time | None = None) -> Iterator[Session]:
    """A session for the time of a run; ``when`` stands in for the clock.

    Raises StopRun where fetching is not set up: there is no contact, for one.
    """
    ticking = when or Time(time.time, asyncio.sleep, random.random)
    robots = _robots(chosen, ticking.clock())
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        opened = open_client(settings.fetching(chosen), robots=robots, when=ticking)
        client = runner.run(stack.enter_async_context(opened))
        try:
            yield Session(client, runner, ticking, robots)
        finally:
            runner.run(stack.aclose())


def _robots(chosen: Settings, now: float) -> dict[str, RobotsFile]:
    if not storage.is_there(chosen.warehouse):
        return {}
    with open_working_reader(chosen.warehouse) as con:
        rows = topic_store.robots(con, now) if topic_store.is_there(con) else []
    return {
        row.origin: RobotsFile(
            row.origin, row.expires_at, row.body, Refusal(row.unreachable) if row.unreachable else None, row.detail
        )
        for row in rows
    }
