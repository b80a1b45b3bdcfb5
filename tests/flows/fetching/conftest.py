"""What the tests of fetching share: a clock that they move themselves."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from tamis.flows.fetching.hosts import Time

START = 1_790_000_000.0


@dataclass(slots=True)
class FakeTime:
    """A clock that only waiting moves on; ``waits`` are all waits that were not nothing."""

    at: float = START
    waits: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += seconds
        if seconds:
            self.waits.append(seconds)

    @property
    def when(self) -> Time:
        return Time(self.clock, self.sleep, lambda: 1.0)


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()
