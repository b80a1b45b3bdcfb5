"""A document may hang, crash or raise: it alone is rejected, and the next one is cleaned as if nothing had been."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from tamis.cleaners.errors import SkipDocument
from tamis.cleaners.records import CleanDocument, RawDocument, Reason, Rejection
from tamis.flows.cleaning import child, worker
from tamis.flows.cleaning.worker import Worker
from tests.flows.conftest import ARTICLE

RAW = RawDocument(body=ARTICLE.encode(), source="port.txt")


@pytest.fixture
def cleaner() -> Iterator[Worker]:
    child = Worker(seconds=1.0, memory_mb=2048)
    yield child
    child.close()


def test_a_document_comes_back_clean_with_its_sketch(cleaner: Worker) -> None:
    outcome, sketch = cleaner.clean(RAW)
    assert isinstance(outcome, CleanDocument)
    assert outcome.title == "Le port rouvre après la tempête"
    assert "dockers" in outcome.text
    assert len(sketch) > 0
    assert cleaner.versions == outcome.versions


@pytest.mark.parametrize(
    ("fate", "detail"),
    [(signal.SIGSTOP, "stopped after 1 s"), (signal.SIGKILL, "SIGKILL"), (signal.SIGSEGV, "SIGSEGV")],
)
def test_only_the_document_that_hangs_or_crashes_is_lost(fate: signal.Signals, detail: str, cleaner: Worker) -> None:
    assert cleaner.versions  # it is up
    os.kill(cleaner.process.pid, fate)
    outcome, sketch = cleaner.clean(RAW)
    assert isinstance(outcome, Rejection)
    assert (outcome.raw_key, outcome.reason, sketch) == (RAW.key, Reason.INTERNAL_ERROR, ())
    assert detail in outcome.detail
    assert isinstance(cleaner.clean(RAW)[0], CleanDocument)


def raising(error: BaseException) -> Callable[[RawDocument], worker.Cleaned]:
    def clean(_: RawDocument) -> worker.Cleaned:
        raise error

    return clean


@pytest.mark.parametrize(
    ("error", "reason", "detail"),
    [
        (SkipDocument(Reason.EMPTY, "nothing in it"), Reason.EMPTY, "nothing in it"),
        (ValueError("odd"), Reason.INTERNAL_ERROR, "ValueError: odd (test_worker.py:"),
        (MemoryError(), Reason.INTERNAL_ERROR, "MemoryError"),
        (RecursionError("deep"), Reason.INTERNAL_ERROR, "RecursionError: deep"),
    ],
)
def test_whatever_cleaning_raises_is_the_rejection_of_one_document(
    error: Exception, reason: Reason, detail: str
) -> None:
    outcome, _ = child.guarded(raising(error), RAW)
    assert isinstance(outcome, Rejection)
    assert (outcome.raw_key, outcome.reason) == (RAW.key, reason)
    assert detail in outcome.detail


def test_a_worker_is_used_again_and_one_with_other_limits_is_not() -> None:
    worker.close_idle()
    with worker.borrowed(30.0, 1024) as first:
        pass
    with worker.borrowed(30.0, 1024) as second:
        assert second is first
    with worker.borrowed(31.0, 1024) as third:
        assert third is not first
    worker.close_idle()


def test_a_worker_ends_with_its_parent(cleaner: Worker) -> None:
    assert cleaner.versions
    cleaner.hang_up()
    assert cleaner.process.wait(timeout=30) == 0
