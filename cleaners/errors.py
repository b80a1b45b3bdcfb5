"""Errors, named by what the caller should do next."""

from __future__ import annotations

from tamis.cleaners.records import Reason


class TamisError(Exception):
    """Base of every error that tamis raises on purpose; its message names the input and the remedy."""


class RetryLater(TamisError):
    """A passing trouble (a lock held, a disk busy): the same call may work in a while."""


class SkipDocument(TamisError):
    """This document cannot be cleaned: quarantine it with its reason and go on with the next."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail


class StopRun(TamisError):
    """Nothing further can succeed (wrong settings, a foreign file): stop and tell the user."""
