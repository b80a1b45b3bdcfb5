"""A lock file that one process holds at a time, and that tells the others who it is."""

from __future__ import annotations

import fcntl
import logging
import math
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tamis.cleaners.errors import RetryLater, StopRun

_PAUSE = 0.05  # seconds between two looks; a waiting writer costs next to nothing
_PATIENCE = 1.0  # seconds before whoever waits is told why
_log = logging.getLogger(__name__)


@contextmanager
def hold(path: Path, deadline: float, what: str | None = None) -> Iterator[None]:
    """Holds the lock ``path`` exclusively; waits for it until ``deadline`` (of ``time.monotonic``).

    ``what`` tells in the message what the holder does ("the warehouse is being written").
    The file stays when the lock is let go; what counts is the flock on it, which dies with its process.
    Raises RetryLater naming the process that holds it; StopRun when the file cannot be made.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StopRun(f"cannot write beside the warehouse ({path}): {error.strerror}") from error
    try:
        _wait(handle, what or f"{path.name.removesuffix('.lock')} is being written", deadline)
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"process {os.getpid()} ({' '.join(sys.argv)[:200]})".encode(errors="replace"), 0)
        yield
        os.ftruncate(handle, 0)
    finally:
        os.close(handle)


def _wait(handle: int, what: str, deadline: float) -> None:
    waiting = Waiting(deadline)
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 1000, 0).decode(errors="replace") or "another process"
            if not waiting.goes_on(f"{what} by {holder}"):
                raise RetryLater(f"{what} by {holder}; wait until it is done, or stop it, and run again") from None
        else:
            return


class Waiting:
    """Waiting politely for somebody else until ``deadline`` (of ``time.monotonic``)."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._told_at = time.monotonic() + _PATIENCE

    def goes_on(self, why: str) -> bool:
        """Waits a little; False where the deadline has passed. After a second the log says ``why``, once."""
        now = time.monotonic()
        if now >= self._deadline:
            return False
        if now >= self._told_at:
            _log.warning("%s; waiting for it, up to %d s more", why, self._deadline - now)
            self._told_at = math.inf
        time.sleep(_PAUSE)
        return True
