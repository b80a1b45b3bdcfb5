"""Twice the input costs about twice the CPU, whatever it is made of, or the limit of its process ends it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tamis.flows.cleaning.worker import Worker, WorkStopped
from tests.flows.fetching.growth import BODIES, READERS, cost

SIZE = 60_000
TOO_SHORT_TO_TELL = 0.04
AT_MOST = 2.6
STOPPED = {("feed", "author")}
"""What only the limit stops: nothing else of ours may need it."""


@pytest.fixture(scope="module")
def child() -> Iterator[Worker]:
    opened = Worker(seconds=2.0, memory_mb=2048)
    assert opened.versions
    yield opened
    opened.close()


@pytest.mark.parametrize(("kind", "case"), [(kind, case) for kind, cases in BODIES.items() for case in cases])
def test_twice_the_size_costs_about_twice_the_time(kind: str, case: str, child: Worker) -> None:
    if (kind, case) in STOPPED:
        with pytest.raises(WorkStopped, match="stopped after 2 s"):
            child.call(cost, kind, case, SIZE)
        return
    ratios = []
    for _ in range(3):  # another process may have had the caches
        once, twice = child.call(cost, kind, case, SIZE), child.call(cost, kind, case, 2 * SIZE)
        ratios.append(twice / once)
        if twice < TOO_SHORT_TO_TELL or ratios[-1] <= AT_MOST:
            return
    pytest.fail(f"twice the size costs {min(ratios):.1f} times the CPU")


def test_every_reader_is_measured() -> None:
    assert {*READERS} == {*BODIES}
