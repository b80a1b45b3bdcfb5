"""A host that struggles is asked less at once, and more again slowly; never faster than it wants."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tamis.flows.fetching import pacing

SECONDS = st.floats(0, 500)
EVENTS = st.lists(st.tuples(st.booleans(), SECONDS, SECONDS), max_size=30)


@given(st.floats(0, 60), SECONDS, EVENTS)
def test_a_pace_keeps_to_its_floor_and_its_ceiling(floor: float, crawl_delay: float, events: EVENTS) -> None:  # type: ignore[valid-type]
    pace, now = pacing.with_crawl_delay(pacing.start(floor), crawl_delay), 0.0
    least = max(floor, min(crawl_delay, pacing.SLOWEST))
    for trouble, took, asked in events:
        now += took
        before = pace.delay
        pace = pacing.after_trouble(pace, now, asked) if trouble else pacing.after_answer(pace, now, took)
        assert least <= pace.delay <= pacing.SLOWEST
        assert pace.wait(now) >= (max(pace.delay, asked) if trouble else pace.delay) - 1e-6
        assert pace.delay >= before or not trouble


def test_it_recovers_slowly() -> None:
    pace = pacing.start(1.0)
    for _ in range(4):
        pace = pacing.after_trouble(pace, 0.0)
    assert pace.delay == 16.0
    answers = 0
    while pace.delay > 1.0:
        pace, answers = pacing.after_answer(pace, 0.0, took=0.1), answers + 1
    assert answers > 20


def test_a_slow_host_is_asked_as_slowly_as_it_answers() -> None:
    assert pacing.after_answer(pacing.start(1.0), 0.0, took=8.0).delay == 8.0


def test_a_crawl_delay_holds_for_the_request_that_comes_next() -> None:
    pace = pacing.after_answer(pacing.start(1.0), now=100.0, took=0.1)
    assert pacing.with_crawl_delay(pace, 10.0).wait(100.0) == 10.0
    assert pacing.with_crawl_delay(pace, None) == pacing.with_crawl_delay(pace, 0.5) == pace
