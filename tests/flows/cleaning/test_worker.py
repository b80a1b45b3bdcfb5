"""A document may hang, crash or raise: it alone is rejected, and the next one is cleaned as if nothing had been."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from time import sleep

import pytest

from tamis.cleaners.errors import SkipDocument, StopRun
from tamis.cleaners.records import CleanDocument, RawDocument, Reason, Rejection
from tamis.flows.cleaning import child, worker
from tamis.flows.cleaning.worker import Worker, WorkStopped
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
    with worker.borrowed(31.0, 1024) as second:
        assert second is first
        assert second.seconds == 31.0
    with worker.borrowed(30.0, 1025) as third:
        assert third is not first
    worker.close_idle()
    assert first.process.returncode is not None


def raises(error: Exception) -> None:
    raise error


def much(size: int) -> bytes:
    return b"x" * size


def test_the_child_does_other_work_too_and_tells_what_it_raises(cleaner: Worker) -> None:
    cleaner.seconds = 60.0  # on a busy machine the imports of this module alone take more than one
    assert cleaner.call(sorted, [2, 1], reverse=False) == [1, 2]
    with pytest.raises(StopRun, match="on purpose"):
        cleaner.call(raises, StopRun("on purpose"))
    with pytest.raises(WorkStopped, match=r"KeyError: 'odd' \(test_worker.py:"):
        cleaner.call(raises, KeyError("odd"))
    with pytest.raises(WorkStopped, match="larger than"):
        cleaner.call(much, worker.MOST_BYTES + 1)
    pid = cleaner.process.pid
    assert isinstance(cleaner.clean(RAW)[0], CleanDocument)
    assert cleaner.process.pid == pid, "none of this cost a new process"


def test_work_that_hangs_is_stopped_and_the_next_is_done(cleaner: Worker) -> None:
    assert cleaner.versions  # it is up
    cleaner.seconds = 0.2
    with pytest.raises(WorkStopped, match=r"stopped after 0\.2 s"):
        cleaner.call(sleep, 60.0)
    cleaner.seconds = 60.0
    assert cleaner.call(len, "abc") == 3


def test_a_worker_ends_with_its_parent(cleaner: Worker) -> None:
    assert cleaner.versions
    cleaner.hang_up()
    assert cleaner.process.wait(timeout=30) == 0
