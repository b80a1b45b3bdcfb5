"""How an address fails: with a named reason, and whether asking again later can help."""

from __future__ import annotations

import copyreg
from typing import Any

from tamis.cleaners.errors import TamisError
from tamis.flows.fetching.records import Refusal


class SkipAddress(TamisError):
    """This address cannot be had now: record its reason and go on with the next.

    ``retry_in`` is the seconds after which asking again may help; None where it will not.
    """

    def __init__(
        self, reason: Refusal, detail: str, *, status: int | None = None, retry_in: float | None = None
    ) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.status = status
        self.retry_in = retry_in

    def __reduce__(self) -> tuple[Any, ...]:
        """How it comes back from a child process."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined]
