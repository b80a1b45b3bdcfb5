"""A child process that cleans, so that no document can hang, crash or exhaust the run that reads it.

C parsers cannot be interrupted from within: 30,000 nested list items hold one for 40 seconds. Here a document
that takes too long, or takes its process with it, becomes a rejection, and the next one gets a fresh process.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from multiprocessing.connection import Pipe
from multiprocessing.reduction import ForkingPickler
from operator import attrgetter
from queue import Empty, SimpleQueue
from typing import Any

from tamis.cleaners.errors import StopRun
from tamis.cleaners.records import Block, CleanDocument, RawDocument, Reason, Rejection, Verdict

START_SECONDS = 120.0

Outcome = CleanDocument | Rejection
Cleaned = tuple[Outcome, tuple[int, ...]]


def _send_by_position(record: type) -> None:
    """Lets records of which a page has hundreds travel without their fields' names, in half the time."""
    values = attrgetter(*(each.name for each in fields(record)))
    ForkingPickler.register(record, lambda each: (record, values(each)))


_send_by_position(Block)
_send_by_position(Verdict)


class Worker:
    """One child ``process``; its methods may be called from one thread at a time."""

    def __init__(self, seconds: float, memory_mb: int) -> None:
        self._seconds = seconds
        self._memory_mb = memory_mb
        self._versions: Mapping[str, str] | None = None
        self._start()

    @property
    def versions(self) -> Mapping[str, str]:
        """What cleans, each part with its version; waits until the child is ready.

        Raises StopRun where no child process can be started.
        """
        if self._versions is None:
            try:
                if self._connection.poll(START_SECONDS):
                    self._versions = self._connection.recv()
            except (EOFError, OSError):
                pass
        if self._versions is None:
            self.close()
            raise StopRun(
                "no cleaning process starts; see the message above (try: python -m tamis.flows.cleaning.child)"
            )
        return self._versions

    def clean(self, raw: RawDocument, *, sketched: bool = True, **known: Any) -> Cleaned:
        """The outcome of one document and its sketch (empty for a rejection, or where none is wanted).

        ``known`` is what ``cleaners.clean.clean`` is told besides: what the site repeats, decisions of a person.

        Raises StopRun where no child process can be started.
        """
        _ = self.versions  # the time limit counts from when the child is ready
        try:
            self._connection.send((raw, {"sketched": sketched, **known}))
            if self._connection.poll(self._seconds):
                cleaned: Cleaned = self._connection.recv()
                return cleaned
            why = f"stopped after {self._seconds:g} s; raise document_seconds if the document is sound"
        except (EOFError, OSError):
            why = f"the cleaning process died ({self._death()}); raise memory_mb if the document is sound"
        self.close()
        self._start()
        return Rejection(raw.key, Reason.INTERNAL_ERROR, why), ()

    def hang_up(self) -> None:
        """Lets go of the child, which then ends, as it also does when this process dies."""
        self._connection.close()

    def close(self) -> None:
        """Ends the child at once."""
        self.process.kill()
        self.process.wait()
        self.hang_up()

    def _start(self) -> None:
        self._connection, theirs = Pipe()
        command = [sys.executable, "-P", "-m", "tamis.flows.cleaning.child", str(theirs.fileno()), str(self._memory_mb)]
        # The child finds the packages where this process found them, wherever it was started. What it multiplies is
        # small: further threads of OpenBLAS would only wait busily.
        packages = os.pathsep.join(path or os.getcwd() for path in sys.path)
        environment = {**os.environ, "PYTHONPATH": packages, "OPENBLAS_NUM_THREADS": "1"}
        self.process = subprocess.Popen(  # noqa: S603 - our own module by our own interpreter
            command,
            pass_fds=[theirs.fileno()],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            process_group=0,  # Ctrl-C is the parent's to answer, also while the child starts
        )
        theirs.close()
        self._versions = None

    def _death(self) -> str:
        code = self.process.wait()
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


_idle: SimpleQueue[tuple[tuple[float, int], Worker]] = SimpleQueue()


@contextmanager
def borrowed(seconds: float, memory_mb: int) -> Iterator[Worker]:
    """A worker for the time of a batch; it is kept for the next one, as starting it costs half a second."""
    limits = (seconds, memory_mb)
    worker = _take(limits) or Worker(seconds, memory_mb)
    try:
        yield worker
    except BaseException:
        worker.close()
        raise
    _idle.put((limits, worker))


@atexit.register
def close_idle() -> None:
    """Ends the workers that nobody has borrowed."""
    while True:
        try:
            _idle.get_nowait()[1].close()
        except Empty:
            return


def _take(limits: tuple[float, int]) -> Worker | None:
    try:
        found, worker = _idle.get_nowait()
    except Empty:
        return None
    if found == limits:
        return worker
    worker.close()
    return None
