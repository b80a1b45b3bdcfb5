"""A child process that reads what strangers wrote, so that nothing can hang, crash or exhaust the run itself.

C parsers cannot be interrupted from within: 30,000 nested list items hold one for 40 seconds. Here a document
that takes too long, or takes its process with it, becomes a rejection, and the next one gets a fresh process.
What else is read in there (feeds, sitemaps, archives) is a function of ours that ``Worker.call`` names.
"""

from __future__ import annotations

import atexit
import os
import signal
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from multiprocessing.connection import Pipe
from multiprocessing.reduction import ForkingPickler
from operator import attrgetter
from queue import Empty, SimpleQueue
from typing import Any, ParamSpec, TypeVar

from tamis.cleaners.errors import StopRun, TamisError
from tamis.cleaners.records import Block, CleanDocument, RawDocument, Reason, Rejection, Verdict

START_SECONDS = 120.0
MOST_BYTES = 100 * 1024 * 1024
"""The largest answer of a child."""
MEMORY_MB = 2048
"""The most memory of a child where no setting says another figure."""

Given = ParamSpec("Given")
Result = TypeVar("Result")
Outcome = CleanDocument | Rejection
Cleaned = tuple[Outcome, tuple[int, ...]]


class WorkStopped(TamisError):
    """A child gave no answer: it was stopped, it died, or its work raised an error; the message says which."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What a child answers whose work raised an error."""

    detail: str
    error: TamisError | None = None


def _send_by_position(record: type) -> None:
    """Lets records of which a page has hundreds travel without their fields' names, in half the time."""
    values = attrgetter(*(each.name for each in fields(record)))
    ForkingPickler.register(record, lambda each: (record, values(each)))


_send_by_position(Block)
_send_by_position(Verdict)


class Worker:
    """One child ``process``, which has ``seconds`` for each answer.

    Its methods may be called from one thread at a time.
    """

    def __init__(self, seconds: float, memory_mb: int) -> None:
        self.seconds = seconds
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
        try:
            cleaned: Cleaned = self._answer(None, (raw,), {"sketched": sketched, **known})
        except WorkStopped as stopped:
            detail = f"{stopped}; raise document_seconds or memory_mb if the document is sound"
            return Rejection(raw.key, Reason.INTERNAL_ERROR, detail), ()
        return cleaned

    def call(self, work: Callable[Given, Result], *given: Given.args, **known: Given.kwargs) -> Result:
        """What ``work``, a function of a module, makes of what it is given; both ways by way of pickle.

        Raises WorkStopped where there is no answer, StopRun where no child process can be started, and what
        ``work`` raises on purpose.
        """
        answer: Result | Failure = self._answer(work, given, known)
        if isinstance(answer, Failure):
            raise answer.error or WorkStopped(answer.detail)
        return answer

    def _answer(self, work: Callable[..., Any] | None, given: tuple[Any, ...], known: Mapping[str, Any]) -> Any:
        """The answer to one message. Raises WorkStopped, after which another child stands ready."""
        _ = self.versions  # the time limit counts from when the child is ready
        try:
            self._connection.send((work, given, known))
            if self._connection.poll(self.seconds):
                return self._connection.recv()
            why = f"stopped after {self.seconds:g} s"
        except (EOFError, OSError):
            why = f"its process died ({self._death()})"
        self.close()
        self._start()
        raise WorkStopped(why)

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


_idle: dict[int, SimpleQueue[Worker]] = defaultdict(SimpleQueue)  # by the memory that they may use


@contextmanager
def borrowed(seconds: float, memory_mb: int = MEMORY_MB) -> Iterator[Worker]:
    """A worker for the time of a batch; it is kept for the next one, as starting it costs half a second."""
    worker = _take(memory_mb) or Worker(seconds, memory_mb)
    worker.seconds = seconds
    try:
        yield worker
    except TamisError:
        _idle[memory_mb].put(worker)
        raise
    except BaseException:
        worker.close()
        raise
    _idle[memory_mb].put(worker)


@atexit.register
def close_idle() -> None:
    """Ends the workers that nobody has borrowed."""
    for memory_mb in list(_idle):
        while worker := _take(memory_mb):
            worker.close()


def _take(memory_mb: int) -> Worker | None:
    try:
        return _idle[memory_mb].get_nowait()
    except Empty:
        return None
